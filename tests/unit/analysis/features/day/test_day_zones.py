"""Days when the clocks change, and when the dog travels: each once, and none lost."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from analysis.features.day.day import DayBuilder, DayState
from analysis.model import Day, Minute
from analysis.model.dog import DogProfile

HOUR_S = 3600.0
BERLIN, NEW_YORK, TOKYO = "Europe/Berlin", "America/New_York", "Asia/Tokyo"


def at(text: str) -> float:
    return datetime.fromisoformat(text).astimezone(UTC).timestamp()


def builder_in(zone: str) -> DayBuilder:
    return DayBuilder(DogProfile(id="rex", time_zone=zone))


def worn(builder: DayBuilder, from_s: float, until_s: float) -> list[Day]:
    """Hand in every fifth minute from one time to another, each time asking what is over."""
    days: list[Day] = []
    for number in range(round((until_s - from_s) / 300.0)):
        start_s = from_s + 300.0 * number
        builder.add_minute(
            Minute(
                start_s=start_s,
                worn_s=60.0,
                vedba_g=0.1,
                rest_s=0.0,
                light_s=0.0,
                walk_s=60.0,
                vigorous_s=0.0,
            )
        )
        days += [each for each in builder.advance(start_s) if isinstance(each, Day)]
    return days


def moved(builder: DayBuilder, zone: str) -> DayBuilder:
    """Return what goes on after a restart with another zone in the settings."""
    state = msgspec.json.decode(msgspec.json.encode(builder.state), type=DayState)
    other = builder_in(zone)
    other.state = state
    return other


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_the_days_around_a_change_of_clocks_are_whole_and_meet(day: str, hours: int) -> None:
    """Three days of 24, 23 or 25, and 24 hours; twelve minutes of each hour are heard."""
    middle = date.fromisoformat(day)
    zone = ZoneInfo(BERLIN)
    first, last = (
        datetime.combine(middle + timedelta(days=n), datetime.min.time(), zone).timestamp()
        for n in (-1, 2)
    )

    days = worn(builder_in(BERLIN), first, last + 600.0)

    assert [each.date for each in days] == [
        (middle + timedelta(days=n)).isoformat() for n in (-1, 0, 1)
    ]
    assert [(each.end_s - each.start_s) / HOUR_S for each in days] == [24, hours, 24]
    assert [each.active_min for each in days] == [12 * 24, 12 * hours, 12 * 24]
    assert [each.start_s for each in days[1:]] == [each.end_s for each in days[:-1]]


@pytest.mark.parametrize(
    ("zone", "moved_at", "hours"),
    [
        # New York's midnight is 6 hours after Berlin's, Tokyo's 8 before.
        (NEW_YORK, "2026-11-24T15:00+01:00", 30),
        (TOKYO, "2026-11-24T15:00+01:00", 16),
        # 20 minutes after midnight in Berlin it is yesterday again in New York.
        (NEW_YORK, "2026-11-25T00:20+01:00", 24),
        # At 20:00 in Berlin it is tomorrow in Tokyo: the hour that was open begins the next day.
        (TOKYO, "2026-11-24T20:00+01:00", 19),
    ],
)
def test_on_a_holiday_in_another_zone_no_day_is_lost_or_doubled(
    zone: str, moved_at: str, hours: int
) -> None:
    """All that is heard is counted once, and the day of the move is longer or shorter."""
    from_s, moved_s, until_s = (
        at("2026-11-23T00:00+01:00"),
        at(moved_at),
        at("2026-11-28T00:00+01:00"),
    )
    builder = builder_in(BERLIN)
    days = worn(builder, from_s, moved_s)
    builder = moved(builder, zone)
    days += worn(builder, moved_s, until_s)
    days += [each for each in builder.finish() if isinstance(each, Day)]

    dates = [each.date for each in days]
    assert dates == sorted(set(dates))
    assert dates[:4] == ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"]
    assert sum(each.active_min for each in days) == 12 * 5 * 24
    assert days[1].active_min == 12 * hours
    assert [each.start_s for each in days[1:]] == [each.end_s for each in days[:-1]]


def test_back_from_the_holiday_days_are_those_of_home_again() -> None:
    """Out on the 24th and home on the 26th, both at 15:00 in Berlin: 30, 24 and 18 hours."""
    builder = builder_in(BERLIN)
    days = worn(builder, at("2026-11-23T00:00+01:00"), at("2026-11-24T15:00+01:00"))
    builder = moved(builder, NEW_YORK)
    days += worn(builder, at("2026-11-24T15:00+01:00"), at("2026-11-26T15:00+01:00"))
    builder = moved(builder, BERLIN)
    days += worn(builder, at("2026-11-26T15:00+01:00"), at("2026-11-28T00:10+01:00"))

    assert [each.date[-2:] for each in days] == ["23", "24", "25", "26", "27"]
    assert [each.active_min / 12 for each in days] == [24, 30, 24, 18, 24]
