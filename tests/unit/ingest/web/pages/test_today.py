"""Today by the hour."""

from datetime import date

import pytest

from analysis.features.day.calendar import Calendar
from analysis.model import Minute, Results
from analysis.model.dog import DogProfile
from ingest.storage.points import points_of
from ingest.web.context import DogView
from ingest.web.pages.today import Hour, UsualHours, hours_of, so_far, usual_by_hour
from simulators.testing.fakes import FakeStore

ZONE = "Europe/Berlin"
CALENDAR = Calendar(DogProfile(id="rex", time_zone=ZONE))
FAR_S = 4e9


def minute(start_s: float, walk_s: float) -> Minute:
    return Minute(
        start_s=start_s,
        worn_s=60.0,
        vedba_g=0.1,
        rest_s=60.0 - walk_s,
        light_s=0.0,
        walk_s=walk_s,
        vigorous_s=0.0,
    )


def hour(start_s: float, active_min: float | None, usual_min: float | None) -> Hour:
    return Hour(
        start_s=start_s,
        label=0,
        active_min=active_min,
        worn_min=60.0,
        usual_min=usual_min,
        ahead=False,
    )


def walks(day: date, *, n_min: int, walk_s: float) -> list[Minute]:
    """Return minutes from 7:00 on."""
    start_s = CALENDAR.bounds_s(day)[0] + 7 * 3600.0
    return [minute(start_s + 60.0 * each, walk_s) for each in range(n_min)]


@pytest.mark.parametrize(
    ("day", "n_hours"),
    [(date(2026, 3, 29), 23), (date(2026, 6, 1), 24), (date(2026, 10, 25), 25)],
    ids=["spring", "summer", "autumn"],
)
def test_a_day_has_as_many_hours_as_its_clock(day: date, n_hours: int) -> None:
    hours = hours_of([], CALENDAR.bounds_s(day), ZONE, FAR_S)

    assert len(hours) == n_hours
    assert hours[-1].label == 23


def test_an_hour_without_data_is_none_and_a_still_one_is_zero() -> None:
    """Nothing seen is not the same as nothing done."""
    bounds_s = CALENDAR.bounds_s(date(2026, 6, 1))
    hours = hours_of([minute(bounds_s[0], 0.0)], bounds_s, ZONE, bounds_s[0] + 5400.0)

    assert hours[0].active_min == 0.0
    assert hours[1].active_min is None
    assert [each.ahead for each in hours[:3]] == [False, False, True]


def test_the_usual_is_the_median_of_hours_that_were_worn() -> None:
    """10, 20 and 30 minutes on three days; a fourth was worn for 29 minutes only."""
    minutes = [
        *walks(date(2026, 6, 1), n_min=60, walk_s=10.0),
        *walks(date(2026, 6, 2), n_min=60, walk_s=20.0),
        *walks(date(2026, 6, 3), n_min=60, walk_s=30.0),
        *walks(date(2026, 6, 4), n_min=29, walk_s=60.0),
    ]

    usual = usual_by_hour(points_of("rex", "live", Results(minutes=minutes)), ZONE)

    assert usual == {7: pytest.approx(20.0)}


def test_two_days_are_no_usual() -> None:
    minutes = [
        *walks(date(2026, 6, 1), n_min=60, walk_s=10.0),
        *walks(date(2026, 6, 2), n_min=60, walk_s=20.0),
    ]

    assert usual_by_hour(points_of("rex", "live", Results(minutes=minutes)), ZONE) == {}


def test_the_comparison_leaves_out_hours_without_data_or_not_over() -> None:
    """Only the first hour has data, a usual and an end: 5 against 9."""
    hours = [
        hour(0.0, 5.0, 9.0),
        hour(3600.0, None, 8.0),
        hour(7200.0, 4.0, None),
        hour(10800.0, 3.0, 7.0),
    ]

    assert so_far(hours, 12_000.0) == (5.0, 9.0)
    assert so_far(hours[1:], 12_000.0) is None


def test_the_usual_is_read_again_in_the_next_hour_and_not_before() -> None:
    store, usual = FakeStore(), UsualHours()
    view = DogView(name="Rex", zone=ZONE, profile=DogProfile(id="rex", time_zone=ZONE))
    now_s = CALENDAR.bounds_s(date(2026, 6, 4))[0] + 12 * 3600.0
    assert usual.of(store, "rex", view, now_s) == {}

    for day in (1, 2, 3):
        minutes = walks(date(2026, 6, day), n_min=60, walk_s=20.0)
        store.write(points_of("rex", "live", Results(minutes=minutes)))

    assert usual.of(store, "rex", view, now_s + 3599.0) == {}
    assert usual.of(store, "rex", view, now_s + 3600.0) == {7: pytest.approx(20.0)}
