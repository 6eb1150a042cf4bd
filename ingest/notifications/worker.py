"""The follower of the outbox that tells the owner: takes rows, sends what is due, remembers."""

from collections.abc import Sequence
from typing import Protocol

import msgspec
import structlog

from analysis.errors import InputError
from config.machine_settings import Notify
from ingest.notifications.policy import (
    NotificationPolicy,
    NotificationPolicyState,
)
from ingest.ports import Clock, Notifier
from ingest.records import decode_notification

log = structlog.get_logger(__name__)


class StateStorage(Protocol):
    """Where a few bytes outlive a restart."""

    def load(self) -> bytes | None:
        """Return what was saved last, or None at the very first start."""

    def save(self, body: bytes, /) -> None:
        """Keep bytes in place of those before, safe on disk when this returns."""


class NotificationConsumer:
    """Tells one notification service what it should hear, when it should hear it.

    Rows are taken into the saved state before anything is sent, so they may be offered again
    after a crash or a failed delivery: none is told twice, except where a service accepted a
    message and the computer stopped before this could be saved.
    """

    def __init__(
        self,
        settings: Notify,
        notifier: Notifier,
        clock: Clock,
        memory: StateStorage,
    ) -> None:
        self._notifier = notifier
        self._clock = clock
        self._memory = memory
        self.dispatcher = NotificationPolicy(settings, _remembered(memory.load()))

    def deliver(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Take rows (position from 1, body) and send all that is due; no rows is fine too.

        Raises
        ------
        DeliveryError
            If the service did not accept a message. The rows may be offered again, or not.
        """
        for position, body in rows:
            try:
                pending = decode_notification(body)
            except InputError as error:
                log.warning("unreadable notification", position=position, error=str(error))
                continue
            self.dispatcher.add(position, pending, self._clock.now_s())
        if rows:
            self._save()
        for outgoing in self.dispatcher.due(self._clock.now_s()):
            self._notifier.send(outgoing.message)
            self.dispatcher.sent(outgoing, self._clock.now_s())
            self._save()

    def snooze(self, dog: str, kind: str, until_s: float) -> None:
        """Hold back a kind of alert of a dog until a time; safe over a restart."""
        self.dispatcher.snooze(dog, kind, until_s)
        self._save()

    def next_s(self) -> float | None:
        """Return the Unix time at which `deliver` should be called again without new rows."""
        return self.dispatcher.next_s(self._clock.now_s())

    def _save(self) -> None:
        self._memory.save(msgspec.json.encode(self.dispatcher.state))


def _remembered(body: bytes | None) -> NotificationPolicyState | None:
    """Return the saved state; one that cannot be read is logged and started anew."""
    if body is None:
        return None
    try:
        return msgspec.json.decode(body, type=NotificationPolicyState)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        log.warning("notification memory unreadable, starting anew", error=str(error))
        return None
