"""The owner is told past the store that the store takes nothing."""

import threading
from datetime import time

import pytest

from analysis.errors import DeliveryError
from config.machine_settings import Watch
from ingest.notifications.policy import QuietHours
from ingest.notifications.store_alarm import StoreAlarm
from ingest.records import DogIdentity
from simulators.testing.daemon_harness import wait_until
from simulators.testing.fakes import FakeNotifier, ManualClock

REX = DogIdentity(dog="rex", name="Rex", zone="UTC")
NEVER = QuietHours(starts=time(0), ends=time(0))
MIDNIGHT_S = 1_700_006_400.0
"""15 November 2023, 00:00 UTC."""


class Hub:
    """A store that refuses or takes, as often as the daemon asks it, and two services."""

    def __init__(self, quiet: QuietHours = NEVER) -> None:
        self.clock = ManualClock(MIDNIGHT_S)
        self.phone, self.mail = FakeNotifier(), FakeNotifier()
        notifier_of = {"phone": self.phone, "mail": self.mail}
        self.alarm = StoreAlarm(Watch(), quiet, notifier_of, REX, self.clock)

    def refuse_for(self, duration_s: float, every_s: float = 5.0) -> None:
        """Let the store refuse something every few seconds."""
        for _ in range(round(duration_s / every_s)):
            self.alarm.refused()
            self.rest()
            self.clock.advance(every_s)

    def rest(self) -> None:
        """Wait until nothing is being told any more."""
        assert wait_until(lambda: not self.alarm.is_telling(), 5.0)

    def work(self) -> None:
        """Let the store take something."""
        self.alarm.works()
        self.rest()

    def titles(self) -> tuple[list[str], list[str]]:
        """Return what both services were told."""
        return ([each.title for each in self.phone.sent], [each.title for each in self.mail.sent])


@pytest.fixture
def hub() -> Hub:
    """Return a home without quiet hours."""
    return Hub()


def test_a_minute_of_refusals_is_told_to_every_service_once(hub: Hub) -> None:
    """A backup that holds the store for seconds is no trouble; the words are for the owner."""
    hub.refuse_for(60.0)
    assert hub.titles() == ([], [])

    hub.refuse_for(3600.0)

    told, also_told = hub.titles()
    assert told == also_told == ["Spryhound: nothing can be stored, so no alert is made"]
    (message,) = hub.phone.sent
    assert message.severity == "warning"
    assert "Watch Rex yourself" in message.body


def test_trouble_that_lasts_is_told_again_after_six_hours(hub: Hub) -> None:
    hub.refuse_for(12.5 * 3600.0, every_s=60.0)
    assert len(hub.phone.sent) == 3


def test_the_end_is_told_to_those_who_heard_of_the_trouble(hub: Hub) -> None:
    hub.work()
    hub.mail.fail_next(*[DeliveryError("away")] * 99)
    hub.refuse_for(120.0)
    hub.work()
    hub.work()

    assert len(hub.phone.sent) == 2
    assert hub.phone.sent[1].body.startswith("Everything can be stored again.")
    assert hub.mail.sent == []


def test_short_trouble_now_and_then_is_not_one_long_trouble(hub: Hub) -> None:
    for _ in range(10):
        hub.refuse_for(30.0)
        hub.work()
    assert hub.titles() == ([], [])


def test_trouble_that_comes_and_goes_is_told_every_six_hours(hub: Hub) -> None:
    for _ in range(17):
        hub.refuse_for(600.0, every_s=60.0)
        hub.work()
        hub.clock.advance(600.0)
    assert [each.severity for each in hub.phone.sent] == ["warning", "clear"]


def test_a_service_that_fails_is_asked_again_and_alone(hub: Hub) -> None:
    hub.mail.fail_next(*[DeliveryError("away")] * 3)
    hub.refuse_for(600.0)
    assert [len(each) for each in hub.titles()] == [1, 1]


def test_nobody_is_woken_by_it() -> None:
    """At the end of the night it is told if it still is so."""
    hub = Hub(QuietHours(starts=time(22), ends=time(7)))
    hub.refuse_for(7 * 3600.0 - 60.0, every_s=60.0)
    assert hub.phone.sent == []
    hub.refuse_for(180.0, every_s=60.0)
    assert len(hub.phone.sent) == 1


def test_a_service_that_does_not_answer_holds_nobody_up(hub: Hub) -> None:
    """The loop goes on while a service is waited for, and asks nobody twice meanwhile."""
    answers = threading.Event()
    hub.phone.happen = answers.wait  # type: ignore[method-assign, assignment]
    hub.alarm.refused()
    hub.clock.advance(61.0)
    for _ in range(3):
        hub.alarm.refused()
        hub.alarm.works()
    assert hub.alarm.is_telling()
    answers.set()
    hub.rest()
    assert len(hub.phone.sent) == 1
