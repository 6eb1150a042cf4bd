"""What carries an alert to the owner is watched over like the dog."""

import pytest

from analysis.alerts.alert import AlertSettings
from analysis.alerts.owner_notes import OwnerNotes, explained
from analysis.model import AlertChange, Circumstance, Level, Status, Verdict
from config.machine_settings import Watch
from ingest.kinds import alert_kind
from ingest.processing.commands import FalseAlarm
from ingest.processing.stream_processor import DogResults
from ingest.processing.system_monitor import (
    SystemMonitor,
    SystemStatus,
    VerdictAdjuster,
)
from simulators.testing.fakes import ManualClock

SETTINGS = Watch()


def as_it_is(verdict: Verdict) -> Verdict:
    """Return a verdict of a dog of which nothing was noted."""
    return verdict


class Watched:
    """A home that is looked at every five seconds, as the daemon does."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.watch = SystemMonitor(SETTINGS, self.clock.monotonic_s())
        self.changes: list[AlertChange] = []
        self.weigh: VerdictAdjuster = as_it_is

    def restart(self) -> None:
        """Go on with a new watch and what the old one saved."""
        saved = self.watch.save()
        self.watch = SystemMonitor(SETTINGS, self.clock.monotonic_s())
        self.watch.restore((saved, 0))

    def packet(self) -> None:
        """Hear of Rex."""
        self.watch.record_packet("rex", self.clock)

    def go_on(self, minutes: float, room: SystemStatus | None = None) -> list[AlertChange]:
        """Let time pass; return what changed meanwhile."""
        found: list[DogResults] = []
        for _ in range(round(minutes * 12)):
            self.clock.advance(5.0)
            found += self.watch.check(room or SystemStatus(), self.clock, {"rex": self.weigh})
        changes = [each for outcome in found for each in outcome.results.alerts]
        self.changes += changes
        return changes

    def said(self) -> list[tuple[str, Level, Status, bool]]:
        """Return all changes so far in short."""
        return [(each.kind, each.severity, each.status, each.notify) for each in self.changes]


@pytest.fixture
def home() -> Watched:
    """Return a home that has just heard of its dog."""
    watched = Watched()
    watched.packet()
    return watched


def test_no_packets_for_ten_minutes_is_shown_and_for_two_hours_told(home: Watched) -> None:
    """One silence is one alert, however often it is looked at: shown, told, over."""
    assert home.go_on(9.9) == []
    assert [each.severity for each in home.go_on(0.2)] == [Level.WATCH]
    assert home.go_on(109.8) == []
    assert [each.evidence["silent_min"] for each in home.go_on(0.2)] == [pytest.approx(120.0)]
    assert home.go_on(600.0) == []

    home.packet()
    home.go_on(1.0)

    assert home.said() == [
        ("no_data", Level.WATCH, Status.OPEN, False),
        ("no_data", Level.WARNING, Status.OPEN, True),
        ("no_data", Level.WARNING, Status.RESOLVED, False),
    ]
    assert len({each.id for each in home.changes}) == 1
    assert home.changes[0].onset_s == pytest.approx(1_700_000_000.0, abs=5.0)


def test_a_collar_that_is_heard_every_nine_minutes_is_no_alert(home: Watched) -> None:
    for _ in range(100):
        home.packet()
        assert home.go_on(9.0) == []


def test_a_dog_of_which_nothing_was_ever_heard_is_no_alert() -> None:
    """Its collar is still to be built."""
    clock = ManualClock()
    watch = SystemMonitor(SETTINGS, clock.monotonic_s())
    clock.advance(86_400.0)

    assert watch.check(SystemStatus(), clock, {}) == []
    assert watch.check(SystemStatus(), clock, {"rex": as_it_is}) != []


@pytest.mark.slow
def test_a_dog_that_boards_is_shown_as_silent_and_nobody_is_told(home: Watched) -> None:
    """For a day away, and three more; a collar that is silent then was left somewhere."""
    now_s, day_s = home.clock.now_s(), 86_400.0
    noted = OwnerNotes()
    noted.add(Circumstance(what="boarding", start_s=now_s - 60.0, end_s=now_s + day_s))
    causes = alert_kind("no_data").explained_by
    home.weigh = lambda verdict: explained(verdict, noted, AlertSettings(), causes)

    home.go_on(3.9 * 24.0 * 60.0)

    assert home.said() == [("no_data", Level.WATCH, Status.OPEN, False)]
    assert home.changes[0].evidence["noted_boarding"] == 1.0
    assert [each.notify for each in home.go_on(0.2 * 24.0 * 60.0)] == [True]


def test_a_collar_that_said_it_sleeps_is_not_told_of(home: Watched) -> None:
    """It is on the charger; the page shows that nothing comes."""
    home.watch.status("rex", "sleeping", None)

    home.go_on(600.0)

    assert home.said() == [("no_data", Level.WATCH, Status.OPEN, False)]


@pytest.mark.parametrize("every_min", [1.0, 9.0, 45.0])
def test_a_restart_neither_ends_a_silence_nor_tells_it_twice(
    home: Watched, every_min: float
) -> None:
    """Only a packet shows that a collar is heard again."""
    home.go_on(121.0)
    for _ in range(10):
        home.restart()
        assert home.go_on(every_min) == []

    home.packet()

    assert [each.status for each in home.go_on(1.0)] == [Status.RESOLVED]


def test_after_a_restart_packets_have_ten_minutes_to_come(home: Watched) -> None:
    """The hub was off for a day; what the broker kept is on its way."""
    home.clock.advance(86_400.0)
    home.restart()

    assert home.go_on(9.9) == []
    assert len(home.go_on(0.2)) == 1


def test_a_false_alarm_is_not_told_again_before_the_collar_was_heard(home: Watched) -> None:
    """And does nothing to the next silence: what is broken must be told."""
    home.go_on(121.0)
    command = FalseAlarm(dog="rex", alert_id=home.changes[-1].id)
    assert home.watch.holds(command)

    (over,) = home.watch.handle(command, home.clock.now_s())

    assert over.status is Status.FALSE_ALARM
    home.restart()
    assert home.go_on(600.0) == []
    home.packet()
    home.go_on(6.0 * 60.0)
    assert home.said()[-1] == ("no_data", Level.WARNING, Status.OPEN, True)


def test_a_collar_that_comes_and_goes_is_told_three_times_a_day_at_most(home: Watched) -> None:
    """Out of reach for 150 minutes again and again."""
    for _ in range(9):
        home.go_on(150.0)
        home.packet()
        home.go_on(1.0)

    told = [each for each in home.changes if each.notify]
    assert 1 <= len(told) <= 3
    assert len([each for each in home.changes if each.status is Status.RESOLVED]) == 9


@pytest.mark.parametrize(
    ("battery", "severity"),
    [(0.21, None), (0.20, Level.WATCH), (0.11, Level.WATCH), (0.10, Level.WARNING), (12.0, None)],
)
def test_a_low_battery_is_shown_then_told(
    home: Watched, battery: float, severity: Level | None
) -> None:
    """A share; 12 would be a per cent, or nonsense."""
    home.watch.status("rex", "online", battery)

    home.go_on(1.0)

    assert [each.severity for each in home.changes] == ([] if severity is None else [severity])


def test_a_battery_at_the_edge_is_one_alert_and_over_when_it_is_charged(home: Watched) -> None:
    """A voltage that trembles around 20 % is told once."""
    for battery in (0.20, 0.21, 0.20, 0.22, 0.19, 0.29):
        home.watch.status("rex", "online", battery)
        home.go_on(1.0)
    assert len(home.changes) == 1

    home.watch.status("rex", "online", 0.95)

    assert [each.status for each in home.go_on(1.0)] == [Status.RESOLVED]


@pytest.mark.parametrize(
    ("room", "kind", "severity"),
    [
        (SystemStatus(disk_used=0.84), None, None),
        (SystemStatus(disk_used=0.85), "disk_full", Level.WATCH),
        (SystemStatus(disk_used=0.90), "disk_full", Level.WARNING),
    ],
)
def test_a_full_disk_is_an_alert_like_any_other(
    home: Watched, room: SystemStatus, kind: str | None, severity: Level | None
) -> None:
    found = [(each.kind, each.severity) for each in home.go_on(5.0, room)]

    assert found == ([] if kind is None else [(kind, severity)])
    if kind is not None:
        assert [each.status for each in home.go_on(1.0)] == [Status.RESOLVED]


def test_an_outbox_that_grows_is_shown_after_ten_minutes_and_told_after_an_hour(
    home: Watched,
) -> None:
    """From when rows are a minute late; looked at every five seconds."""
    late = SystemStatus(unsent_s=86_400.0)
    home.watch.status("rex", "sleeping", None)

    def of_outbox(minutes: float, room: SystemStatus) -> list[tuple[Level, Status, bool]]:
        found = [each for each in home.go_on(minutes, room) if each.kind == "outbox_stuck"]
        return [(each.severity, each.status, each.notify) for each in found]

    assert of_outbox(10.0, late) == []
    assert of_outbox(0.2, late) == [(Level.WATCH, Status.OPEN, False)]
    assert of_outbox(49.8, late) == []
    assert of_outbox(0.2, late) == [(Level.WARNING, Status.OPEN, True)]
    home.restart()
    assert of_outbox(300.0, late) == []
    assert of_outbox(0.2, SystemStatus(unsent_s=61.0)) == []
    assert of_outbox(0.2, SystemStatus(unsent_s=59.0)) == [(Level.WARNING, Status.RESOLVED, False)]


def test_a_clock_that_is_set_makes_no_outbox_late(home: Watched) -> None:
    """Every row seems to be a day old until the followers have been through."""
    for _ in range(10):
        home.packet()
        assert home.go_on(9.0, SystemStatus(unsent_s=86_400.0)) == []
        assert home.go_on(0.2, SystemStatus(unsent_s=1.0)) == []


def test_a_store_that_was_rebuilt_is_told_once_and_over_after_a_day(home: Watched) -> None:
    """Also with a restart in between; its end needs nobody, and a second time is told again."""
    told = [("store_rebuilt", Level.WARNING, Status.OPEN, True)]
    home.packet()
    assert home.go_on(1, SystemStatus()) == []
    home.go_on(1, SystemStatus(n_rebuilt=1))
    assert home.said() == told
    home.restart()
    home.packet()
    home.go_on(5, SystemStatus(n_rebuilt=1))
    assert home.said() == told

    home.clock.advance(86_400.0)
    home.packet()
    home.go_on(1, SystemStatus(n_rebuilt=1))
    assert home.said()[1:] == [("store_rebuilt", Level.WARNING, Status.RESOLVED, False)]

    home.go_on(1, SystemStatus(n_rebuilt=2))
    assert home.said()[2:] == told


def test_what_was_saved_by_somebody_else_is_begun_anew(home: Watched) -> None:
    home.watch.restore((b"not ours", 0))

    assert len(home.go_on(121.0)) == 2
