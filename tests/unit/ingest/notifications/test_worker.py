"""The follower that tells the owner: nothing lost, nothing twice, over failures and restarts."""

from dataclasses import dataclass, field

import msgspec
import pytest

from analysis.errors import DeliveryError
from analysis.model import AlertChange, Level, Status
from config.machine_settings import Notify
from ingest.notifications.policy import NotificationPolicyState
from ingest.notifications.worker import NotificationConsumer
from ingest.ports import Message
from ingest.records import LATEST_SNOOZE_S, PendingNotification, encode_notification

NOON_S = 1795521600.0
"""24 November 2026, 12:00 UTC."""


@dataclass
class Clock:
    """A clock that stands until it is set."""

    time_s: float = NOON_S

    def now_s(self) -> float:
        """Return the time that was set."""
        return self.time_s

    def monotonic_s(self) -> float:
        """Return the same."""
        return self.time_s


@dataclass
class Service:
    """A notifier that keeps messages, or refuses as many as it is told to."""

    refusals: int = 0
    messages: list[Message] = field(default_factory=list)

    def send(self, message: Message, /) -> None:
        """Keep or refuse a message."""
        if self.refusals:
            self.refusals -= 1
            reason = "refused"
            raise DeliveryError(reason)
        self.messages.append(message)


@dataclass
class Disk:
    """A memory that survives the follower."""

    body: bytes | None = None

    def load(self) -> bytes | None:
        """Return what was saved."""
        return self.body

    def save(self, body: bytes, /) -> None:
        """Keep bytes."""
        self.body = body


def row(alert: str = "a1", severity: Level = Level.WARNING, kind: str = "jumping") -> bytes:
    change = AlertChange(
        id=alert,
        dog="rex",
        kind=kind,
        severity=severity,
        status=Status.OPEN,
        onset_s=NOON_S,
        time_s=NOON_S,
        notify=True,
    )
    return encode_notification(PendingNotification(change=change, dog_name="Rex", zone="UTC"))


def follower(service: Service, clock: Clock, disk: Disk) -> NotificationConsumer:
    return NotificationConsumer(Notify(), service, clock, disk)


def test_rows_are_told_once_though_they_are_offered_twice_over_a_restart() -> None:
    service, clock, disk = Service(), Clock(), Disk()
    follower(service, clock, disk).deliver([(1, row())])
    follower(service, clock, disk).deliver([(1, row())])

    assert [each.title for each in service.messages] == ["Rex jumped"]


def test_a_refused_message_is_told_later_without_its_row() -> None:
    """The row was taken into the saved state before it was sent."""
    service, clock, disk = Service(refusals=1), Clock(), Disk()
    with pytest.raises(DeliveryError, match="refused"):
        follower(service, clock, disk).deliver([(1, row())])

    follower(service, clock, disk).deliver([])

    assert len(service.messages) == 1


def test_after_an_outage_many_alerts_are_one_message() -> None:
    """Two hours of refusals, forty alerts, one message."""
    service, clock, disk = Service(refusals=40), Clock(), Disk()
    telling = follower(service, clock, disk)
    for i in range(1, 41):
        with pytest.raises(DeliveryError, match="refused"):
            telling.deliver([(i, row(f"a{i}"))])
        clock.time_s += 180.0

    telling.deliver([])

    assert [each.title for each in service.messages] == ["Rex jumped, and 39 more"]


def test_an_unreadable_row_does_not_stop_the_ones_behind_it() -> None:
    service = Service()
    follower(service, Clock(), Disk()).deliver([(1, b"\xff"), (2, row())])

    assert len(service.messages) == 1


def test_an_unreadable_memory_starts_anew() -> None:
    """Better told twice than never."""
    service = Service()
    follower(service, Clock(), Disk(b"{")).deliver([(1, row())])

    assert len(service.messages) == 1


def test_it_says_when_it_wants_to_be_called_again() -> None:
    """An urgent alert is told again after 30 minutes, also after a restart."""
    service, clock, disk = Service(), Clock(), Disk()
    telling = follower(service, clock, disk)
    telling.deliver([(1, row(severity=Level.URGENT))])

    assert telling.next_s() == NOON_S + 1800.0
    clock.time_s += 1800.0
    follower(service, clock, disk).deliver([])
    assert len(service.messages) == 2


def test_a_snooze_survives_a_restart() -> None:
    service, clock, disk = Service(), Clock(), Disk()
    follower(service, clock, disk).snooze("rex", "jumping", NOON_S + 600.0)
    follower(service, clock, disk).deliver([(1, row())])
    assert service.messages == []

    clock.time_s += 600.0
    follower(service, clock, disk).deliver([])
    assert len(service.messages) == 1


def test_a_snooze_for_ever_does_not_silence_what_is_urgent() -> None:
    """Neither as it is given nor as it was saved by an earlier version."""
    saved = NotificationPolicyState(snoozed_until_s={"rex/jumping": 253_402_300_799.0})
    service, disk = Service(), Disk(msgspec.json.encode(saved))
    telling = follower(service, Clock(), disk)
    telling.snooze("rex", "vigorous_burst", 1e300)

    telling.deliver(
        [
            (1, row("a1")),
            (2, row("a2", kind="vigorous_burst")),
            (3, row("a3", Level.URGENT, kind="stiff_gait")),
        ]
    )

    assert [each.severity for each in service.messages] == ["urgent"]
    assert telling.dispatcher.state.snoozed_until_s == {
        "rex/jumping": LATEST_SNOOZE_S,
        "rex/vigorous_burst": LATEST_SNOOZE_S,
    }
