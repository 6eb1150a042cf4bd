"""Days in a row against the dog's own normal."""

from datetime import date, timedelta
from math import exp

import pytest

from analysis.detectors.reduced_activity import ReducedActivitySettings
from analysis.model import Day
from ingest.web.pages.trends import TrendSettings, trends_of

FIRST = date(2026, 11, 1)
DAY_S = 86_400.0
DEFAULT = TrendSettings()


def day(
    index: int, *, active_min: float = 80.0, worn_h: float = 24.0, night_min: float = 6.0
) -> Day:
    return Day(
        date=(FIRST + timedelta(days=index)).isoformat(),
        start_s=index * DAY_S,
        end_s=(index + 1) * DAY_S,
        worn_h=worn_h,
        waking_worn_h=max(0.0, worn_h - 8.0),
        night_worn_h=min(8.0, worn_h),
        active_min=active_min,
        night_active_min=night_min,
        jumps=2,
    )


def test_the_band_is_the_usual_for_the_hours_worn() -> None:
    """80 min in 16 waking hours, spread 0.12: 80 * exp(+-0.18); 8 hours less, half of that."""
    days = [*(day(index) for index in range(14)), day(14, worn_h=16.0, active_min=40.0)]

    active = trends_of(days, FIRST + timedelta(days=14), 15, DEFAULT)[0].days

    assert active[0].band == pytest.approx((80.0 * exp(-0.18), 80.0 * exp(0.18)))
    assert active[14].band == pytest.approx((40.0 * exp(-0.18), 40.0 * exp(0.18)))


def test_six_days_are_no_usual_and_seven_are() -> None:
    six = trends_of([day(index) for index in range(6)], FIRST + timedelta(days=5), 6, DEFAULT)[0]
    seven = trends_of([day(index) for index in range(7)], FIRST + timedelta(days=6), 7, DEFAULT)[0]

    assert not six.known
    assert seven.known


def test_a_missing_day_is_a_gap_and_not_zero() -> None:
    days = [day(0), day(2)]

    active, _, _, jumps = trends_of(days, FIRST + timedelta(days=2), 3, DEFAULT)

    assert [each.value for each in active.days] == [80.0, None, 80.0]
    assert [each.value for each in jumps.days] == [2.0, None, 2.0]


@pytest.mark.parametrize(
    ("worn_h", "value", "sure"),
    [(16.0, 80.0, True), (15.9, 80.0, False), (0.9, None, False)],
    ids=["enough", "few", "none"],
)
def test_a_day_hardly_worn_is_not_judged(worn_h: float, value: float | None, sure: bool) -> None:  # noqa: FBT001 (a parameter of the table)
    active = trends_of([day(0, worn_h=worn_h)], FIRST, 1, DEFAULT)[0].days[0]

    assert (active.value, active.sure) == (value, sure)


def test_a_drop_does_not_become_the_usual() -> None:
    """Ten days at half stay below a band that was learned before."""
    days = [
        *(day(index) for index in range(14)),
        *(day(14 + n, active_min=40.0) for n in range(10)),
    ]

    active = trends_of(days, FIRST + timedelta(days=23), 24, DEFAULT)[0].days

    assert active[-1].band is not None
    assert active[-1].band[0] > 60.0


def test_a_night_is_unusual_beyond_five_minutes_only() -> None:
    """All nights alike have no spread, so the floor of five minutes rules."""
    night = trends_of([day(index) for index in range(8)], FIRST + timedelta(days=7), 8, DEFAULT)[2]

    assert night.days[0].band == pytest.approx((1.0, 11.0))


def test_the_usual_is_what_the_owners_settings_call_usual() -> None:
    """A spread of at least 0.4 instead of 0.12 makes a band of exp(+-0.6) of a steady dog."""
    wide = TrendSettings(activity=ReducedActivitySettings(spread_floor=0.4))
    days = [day(index) for index in range(14)]

    active = trends_of(days, FIRST + timedelta(days=13), 14, wide)[0].days

    assert active[0].band == pytest.approx((80.0 * exp(-0.6), 80.0 * exp(0.6)))


def test_a_day_is_sure_from_the_hours_that_the_owner_set() -> None:
    wanted = TrendSettings(activity=ReducedActivitySettings(least_worn_h=6.0))

    active = trends_of([day(0, worn_h=7.0)], FIRST, 1, wanted)[0].days[0]

    assert active.sure
