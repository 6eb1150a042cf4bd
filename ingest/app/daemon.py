"""The daemon: listens until it is told to stop, and keeps everybody informed meanwhile."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from analysis.errors import DeliveryError, StoreError
from config.machine_settings import Journal
from ingest.app.status_publisher import StatusPublisher
from ingest.app.systemd import ServiceManager
from ingest.health import HubHealth
from ingest.mqtt.subscriber import MqttLink
from ingest.notifications.store_alarm import StoreAlarm
from ingest.ports import Clock, Publication
from ingest.processing.service import IngestService
from ingest.processing.system_monitor import SystemStatus
from ingest.records import Delivery
from ingest.storage.database import DamagedError
from ingest.storage.outbox import Outbox
from ingest.storage.repair import COUNTED_AS

log = structlog.get_logger(__name__)

_LISTEN_S = 0.25
_MOST_AT_ONCE = 200
_RETRY_S = 5.0
_PUBLISH_S = 2.0
_LOOK_EVERY_S = 5.0
_TELL_EVERY_S = 60.0
_PRUNE_EVERY_S = 3600.0
_MOST_BEYOND = 0.05
"""It tidies up earlier once so much of the journal's bound has come, so the journal is never much
beyond it."""
_MB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a daemon is made of; each is open already.

    `disk_used` returns the share of the store's disk that is used.
    """

    service: IngestService
    link: MqttLink
    outbox: Outbox
    status_publisher: StatusPublisher
    clock: Clock
    supervisor: ServiceManager
    store_alarm: StoreAlarm
    disk_used: Callable[[], float] = lambda: 0.0


class Daemon:
    """One loop in one thread; everything else has threads of its own and cannot hold it up.

    Parameters
    ----------
    keeping
        How much of the past is kept.

    Attributes
    ----------
    parts
        What it is made of.
    health
        How the hub was doing some seconds ago; may be read from any thread.
    page_url
        Where the page is; empty without one.
    """

    def __init__(self, keeping: Journal, parts: Parts) -> None:
        self._keeping = keeping
        self.parts = parts
        self._n_connections = 0
        self._told_s = self._pruned_s = -1e18
        self._bytes_since_pruned = 0
        self._progress_s = self._looked_s = parts.clock.monotonic_s()
        self.health = parts.status_publisher.health()
        self.page_url = ""

    def run(self, stop: threading.Event) -> None:
        """Listen until `stop` is set; then save, so that the next start is quick."""
        parts = self.parts
        parts.supervisor.ready()
        while not stop.is_set():
            deliveries = parts.link.receive(_LISTEN_S, _MOST_AT_ONCE)
            if deliveries:
                self._take(deliveries, stop)
            self._housekeeping()
            self._progress_s = parts.clock.monotonic_s()
            parts.supervisor.alive()
        parts.supervisor.stopping()
        try:
            parts.service.save()
        except StoreError as error:
            log.warning("not saved; the next start computes it again", error=str(error))
        log.info("stopped")

    def progress_age_s(self) -> float:
        """Return how long ago the loop last came round; for health checks, from any thread."""
        return self.parts.clock.monotonic_s() - self._progress_s

    def _take(self, deliveries: Sequence[Delivery], stop: threading.Event) -> None:
        """Make deliveries safe and acknowledge them; try until it works, since nobody else can."""
        service = self.parts.service
        while not stop.is_set():
            try:
                if not service.is_sound:
                    service.restore()
                inbox = service.process(deliveries)
            except DamagedError:
                # Trying again does not help; the next start rebuilds the store.
                raise
            except StoreError as error:
                log.warning("not stored; nothing is acknowledged", error=str(error))
                self.parts.store_alarm.refused()
                # The loop is at work; to be started anew would not mend a disk.
                self.parts.supervisor.alive()
                stop.wait(_RETRY_S)
                continue
            self.parts.store_alarm.works()
            self._bytes_since_pruned += sum(len(each.payload) for each in deliveries)
            self.parts.link.acknowledge(deliveries)
            self.parts.outbox.wake()
            if inbox.births:
                self._publish(self.parts.status_publisher.discoveries())
            return

    def _housekeeping(self) -> None:
        """Do what is due beside the packets; trouble with it must not stop them."""
        parts, now_s = self.parts, self.parts.clock.monotonic_s()
        try:
            if not parts.service.is_sound:
                parts.service.restore()
            if parts.service.process_commands():
                parts.outbox.wake()
            if now_s - self._looked_s >= _LOOK_EVERY_S:
                self._looked_s = now_s
                self.health = parts.status_publisher.health()
                self._look(self.health)
            self._prune_if_due(now_s)
            self._tell(now_s)
        except DamagedError:
            raise
        except StoreError as error:
            log.warning("housekeeping failed", error=str(error))
            parts.store_alarm.refused()

    def _prune_if_due(self, now_s: float) -> None:
        keeping, most_bytes = self._keeping, self._keeping.max_mb * _MB
        is_much = self._bytes_since_pruned >= _MOST_BEYOND * most_bytes
        if is_much or now_s - self._pruned_s >= _PRUNE_EVERY_S:
            self._pruned_s, self._bytes_since_pruned = now_s, 0
            self.parts.service.prune(keeping.keep_days, most_bytes, keeping.details_days)
            self.parts.outbox.prune()

    def _look(self, health: HubHealth) -> None:
        """Look at what carries an alert to the owner; that it fails is an alert itself."""
        room = SystemStatus(
            unsent_s=health.oldest_unsent_s,
            disk_used=self.parts.disk_used(),
            n_rebuilt=health.drops.get(COUNTED_AS, 0),
        )
        if self.parts.service.check_system(room):
            self.parts.outbox.wake()

    def _tell(self, now_s: float) -> None:
        """Publish states when they are due, and everything at a new connection."""
        health = self.parts.link.healthy()
        if not health.connected:
            return
        n_connections = health.counts.get("connected", 0)
        if n_connections != self._n_connections:
            self._n_connections = n_connections
            self._told_s = -1e18
            self._publish(self.parts.status_publisher.discoveries())
        if now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            self._publish(self.parts.status_publisher.publications())

    def _publish(self, publications: Sequence[Publication]) -> None:
        """Publish one after the other; stop at the first that the broker does not take."""
        for publication in publications:
            try:
                self.parts.link.publish(publication, _PUBLISH_S)
            except DeliveryError as error:
                log.info("not published", topic=publication.topic, error=str(error))
                return
