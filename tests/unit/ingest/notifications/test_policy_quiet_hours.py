"""Quiet hours follow the wall clock of the dog's zone, in the nights of the clock change too."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.machine_settings import Notify
from ingest.notifications.policy import QuietHours

BERLIN = "Europe/Berlin"
NIGHT = QuietHours.of(Notify())


def at(text: str, fold: int = 0) -> float:
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN), fold=fold)
    return local.timestamp()


@pytest.mark.parametrize(
    ("now", "held"),
    [
        ("2026-11-23T21:59", False),
        ("2026-11-23T22:00", True),
        ("2026-11-24T00:00", True),
        ("2026-11-24T06:59", True),
        ("2026-11-24T07:00", False),
    ],
)
def test_the_night_is_quiet_across_midnight(now: str, *, held: bool) -> None:
    """The first minute belongs to the quiet hours, the last does not."""
    assert NIGHT.hold(at(now), BERLIN) is held


def test_an_afternoon_nap_is_quiet_within_one_day() -> None:
    """Start before end: not across midnight."""
    nap = QuietHours(starts=time(13), ends=time(15))

    assert nap.hold(at("2026-11-24T14:00"), BERLIN)
    assert not nap.hold(at("2026-11-24T15:00"), BERLIN)


def test_equal_times_mean_that_nothing_is_quiet() -> None:
    """An owner who wants every message writes the same time twice."""
    never = QuietHours(starts=time(0), ends=time(0))

    assert not never.hold(at("2026-11-24T00:00"), BERLIN)
    assert never.end_s(at("2026-11-24T00:00"), BERLIN) == at("2026-11-24T00:00")


def test_the_end_is_the_next_morning() -> None:
    """From ten to eleven in the evening it is eight hours to seven."""
    assert NIGHT.end_s(at("2026-11-23T22:50:30"), BERLIN) == at("2026-11-24T07:00")


def test_a_time_outside_is_its_own_end() -> None:
    """Nothing to wait for."""
    assert NIGHT.end_s(at("2026-11-24T12:00:30"), BERLIN) == at("2026-11-24T12:00:30")


@pytest.mark.parametrize(
    ("evening", "morning", "hours"),
    [
        ("2026-03-28T22:00", "2026-03-29T07:00", 8),
        ("2026-10-24T22:00", "2026-10-25T07:00", 10),
        ("2026-11-23T22:00", "2026-11-24T07:00", 9),
    ],
)
def test_the_night_of_the_clock_change_is_an_hour_shorter_or_longer(
    evening: str, morning: str, hours: int
) -> None:
    """Seven on the wall clock is what counts, not nine hours."""
    end_s = NIGHT.end_s(at(evening), BERLIN)

    assert end_s == at(morning)
    assert end_s - at(evening) == hours * 3600


def test_an_end_that_does_not_exist_that_night_comes_with_the_jump_of_the_clock() -> None:
    """On 29 March 2026 the clock goes from 01:59 to 03:00, so 02:30 is over at 03:00."""
    short = QuietHours(starts=time(22), ends=time(2, 30))

    assert short.end_s(at("2026-03-29T01:00"), BERLIN) == at("2026-03-29T03:00")


def test_an_end_that_comes_twice_holds_each_time() -> None:
    """On 25 October 2026 the hour from 02:00 comes again; at the second 02:10 it is quiet."""
    short = QuietHours(starts=time(22), ends=time(2, 30))

    assert short.end_s(at("2026-10-25T02:10", fold=1), BERLIN) == at("2026-10-25T02:30", fold=1)


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["UTC", BERLIN, "Pacific/Kiritimati", "Pacific/Pago_Pago"]),
)
@example(253_402_300_799.0, BERLIN)
@example(253_402_214_400.0, "Pacific/Kiritimati")
@example(-62_135_510_400.0, "Pacific/Pago_Pago")
def test_every_time_has_an_end_of_its_quiet_hours(time_s: float, zone: str) -> None:
    """Not before the time itself, and at most a night later."""
    end_s = NIGHT.end_s(time_s, zone)

    assert 0.0 <= end_s - time_s <= 26 * 3600.0


def test_beyond_the_calendar_no_hour_is_quiet() -> None:
    """Midnight after the last day of the year 9999; the midnight of a year before is quiet."""
    after_all_s = 253_402_300_800.0

    assert not NIGHT.hold(after_all_s, "UTC")
    assert NIGHT.hold(after_all_s - 365 * 86_400.0, "UTC")
