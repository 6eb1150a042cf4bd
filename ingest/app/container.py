"""The composition root: the daemon's parts opened in order, and closed the other way round."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

from analysis.detectors import specs
from analysis.detectors.base import SignalSpec
from config.schema import Settings
from ingest.app.daemon import Daemon, Parts
from ingest.app.home import (
    database_path,
    dog_for_collar,
    dog_identities,
    sqlite_store,
)
from ingest.app.status_publisher import StatusPublisher, StatusPublisherSettings
from ingest.app.systemd import ServiceManager
from ingest.kinds import alert_kinds
from ingest.mqtt.homeassistant import Discovery
from ingest.mqtt.subscriber import MqttLink
from ingest.notifications.apprise_notifier import AppriseNotifier
from ingest.notifications.policy import QuietHours
from ingest.notifications.store_alarm import StoreAlarm
from ingest.notifications.worker import NotificationConsumer
from ingest.ports import Clock, Notifier, Publisher, Store
from ingest.processing.commands import Snooze, stored_command
from ingest.processing.result_writer import (
    NOTIFICATION,
    POINT,
    PUBLICATION,
    SNOOZE,
    ResultWriter,
    publication_of,
)
from ingest.processing.service import IngestService
from ingest.processing.stream_processor import StreamProcessor
from ingest.processing.system_monitor import used_share
from ingest.records import DogIdentity
from ingest.storage.database import DamagedError
from ingest.storage.influx import InfluxStore
from ingest.storage.journal import Journal, daemon_lock
from ingest.storage.outbox import Consumer, ConsumerState, Outbox, OutboxRow
from ingest.storage.points import decode_point
from ingest.storage.repair import mark, rescue
from ingest.web.context import DogView, PageContext
from ingest.web.pages.trends import TrendSettings


def notifiers(settings: Settings) -> dict[str, Notifier]:
    """Return the ways to reach the owner, by the name of their follower."""
    return {
        f"notify-{number}": AppriseNotifier(url.get_secret_value(), number=number)
        for number, url in enumerate(settings.notify.urls, start=1)
    }


def consumers(
    settings: Settings, clock: Clock, link: Publisher, notifier_of: Mapping[str, Notifier]
) -> list[Consumer]:
    """Return one follower for each of those who take what the outbox holds."""
    path = database_path(settings)
    found = [
        # One by one: an event that is published again would be counted twice by its readers.
        Consumer(name="mqtt", kinds=(PUBLICATION,), deliver=_publisher(link), most=1),
        *(
            _notification_consumer(name, notifier, settings, clock, ConsumerState(path, name))
            for name, notifier in notifier_of.items()
        ),
    ]
    if settings.influx.enabled:
        store = InfluxStore(settings.influx)
        found.append(Consumer(name="influx", kinds=(POINT,), deliver=_writer(store), most=5000))
    return found


def _publisher(link: Publisher) -> Callable[[Sequence[OutboxRow]], None]:
    def deliver(rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            link.publish(publication_of(row.body))

    return deliver


def _writer(store: Store) -> Callable[[Sequence[OutboxRow]], None]:
    def deliver(rows: Sequence[OutboxRow]) -> None:
        store.write([decode_point(row.body) for row in rows])

    return deliver


def _notification_consumer(
    name: str, notifier: Notifier, settings: Settings, clock: Clock, memory: ConsumerState
) -> Consumer:
    follower = NotificationConsumer(settings.notify, notifier, clock, memory)

    def deliver(rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            if row.kind == SNOOZE:
                command = stored_command(row.body)
                if isinstance(command, Snooze):
                    follower.snooze(command.dog, command.kind, command.until_s)
        follower.deliver([(row.id, row.body) for row in rows if row.kind == NOTIFICATION])

    return Consumer(name=name, kinds=(NOTIFICATION, SNOOZE), deliver=deliver, due_s=follower.next_s)


_DAY_S = 86_400


@contextmanager
def open_daemon(
    settings: Settings,
    clock: Clock,
    environ: Mapping[str, str],
    more_notifiers: Mapping[str, Notifier] | None = None,
    page_clock: Clock | None = None,
) -> Iterator[Daemon]:
    """Open everything that a daemon needs.

    Parameters
    ----------
    more_notifiers
        Ways to reach the owner besides those of the settings, by name.
    page_clock
        What "now" is on the page, if not the daemon's clock: in a sped-up demo the time up to
        which the samples have been analysed.

    Raises
    ------
    SettingsError
        If the page's address cannot be listened on.
    StoreError
        If the store is unusable or another daemon has it.
    """
    path, cards = database_path(settings), dog_identities(settings)
    with ExitStack() as stack:
        stack.enter_context(daemon_lock(path))
        rescue(path, clock)
        stack.enter_context(_damage_noted(path))
        journal = stack.enter_context(Journal(path, clock))
        recorder = ResultWriter(cards, settings.mqtt.root, to_influx=settings.influx.enabled)
        service = IngestService(
            lambda: _stream_processor(settings), journal, recorder, clock, settings.watch
        )
        service.restore()
        link = MqttLink(settings.mqtt, settings.home_assistant, clock)
        notifier_of = {**notifiers(settings), **(more_notifiers or {})}
        told = consumers(settings, clock, link, notifier_of)
        outbox = Outbox(path, told, clock, kept_s=settings.journal.keep_days * _DAY_S)
        stack.enter_context(link)
        stack.enter_context(outbox)
        parts = Parts(
            service=service,
            link=link,
            outbox=outbox,
            status_publisher=StatusPublisher(
                _publisher_settings(settings, cards), service, outbox, clock, link.queue_depth
            ),
            clock=clock,
            supervisor=ServiceManager(environ),
            store_alarm=_store_alarm(settings, notifier_of, cards, clock),
            disk_used=lambda: used_share(path.parent),
        )
        daemon = Daemon(settings.journal, parts)
        if settings.web.enabled:
            from ingest.web.app import WebServer

            web = WebServer(settings.web, _pages(settings, daemon, page_clock or clock))
            page = stack.enter_context(web)
            daemon.page_url = page.url
        yield daemon


@contextmanager
def _damage_noted(path: Path) -> Iterator[None]:
    """Let the next start rebuild a store that was found damaged only while it was in use."""
    try:
        yield
    except DamagedError:
        mark(path)
        raise


def _stream_processor(settings: Settings) -> StreamProcessor:
    dogs = {dog: settings.pipeline(dog) for dog in settings.dogs}
    return StreamProcessor(dogs, dog_for_collar(settings))


def _store_alarm(
    settings: Settings,
    notifier_of: Mapping[str, Notifier],
    cards: Mapping[str, DogIdentity],
    clock: Clock,
) -> StoreAlarm:
    quiet = QuietHours.of(settings.notify)
    return StoreAlarm(settings.watch, quiet, notifier_of, next(iter(cards.values())), clock)


def _trends(settings: Settings) -> TrendSettings:
    return TrendSettings(
        activity=settings.detectors["reduced_activity"], gait=settings.detectors["stiff_gait"]
    )


def _pages(settings: Settings, daemon: Daemon, clock: Clock) -> PageContext:
    """Return what the page shows; every callable may be called from the server's threads."""
    path = database_path(settings)

    def leave_command(body: bytes) -> None:
        with Journal(path, clock) as journal:
            journal.add_command(body)

    def last_heard_s(dog: str) -> float | None:
        # Asked for anew each time: after trouble with the store the service has another processor.
        return daemon.parts.service.processor.state.until_s.get(dog)

    def dead_letters() -> dict[str, int]:
        return {each.name: each.n_dead for each in daemon.parts.outbox.status()}

    return PageContext(
        clock=clock,
        dogs={
            dog: DogView(
                name=card.name,
                zone=card.zone,
                profile=settings.profile(dog),
                plan=settings.analysis.plan,
                trends=_trends(settings),
            )
            for dog, card in dog_identities(settings).items()
        },
        read_store=lambda: sqlite_store(settings),
        leave_command=leave_command,
        health=lambda: daemon.health,
        progress_age_s=daemon.progress_age_s,
        last_heard_s=last_heard_s,
        packet_age_s=lambda dog: daemon.parts.service.home.packet_age_s(dog, clock),
        dead_letters=dead_letters,
    )


def _publisher_settings(
    settings: Settings, cards: Mapping[str, DogIdentity]
) -> StatusPublisherSettings:
    known = [spec for spec in specs().values() if isinstance(spec, SignalSpec)]
    event_kinds = [kind for spec in known for kind in spec.emits]
    discoveries = [
        Discovery(
            root=settings.mqtt.root,
            dog=dog,
            name=card.name,
            version=version("spryhound"),
            alert_kinds=tuple(alert_kinds()),
            event_kinds=event_kinds,
            prefix=settings.home_assistant.prefix,
        )
        for dog, card in cards.items()
        if settings.home_assistant.enabled
    ]
    return StatusPublisherSettings(
        root=settings.mqtt.root,
        dogs={dog: settings.profile(dog) for dog in settings.dogs},
        cards=cards,
        discoveries=discoveries,
    )
