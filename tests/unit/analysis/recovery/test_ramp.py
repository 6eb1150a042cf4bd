"""Next week's cap: at most 15 % above what was done this week, and held on a setback."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

import pytest

from analysis.model.plan import Phase, Plan
from analysis.recovery.ramp import Cap, DayTotal, cap_on
from analysis.recovery.settings import PlanSettings

START = date(2026, 11, 2)
REST = Phase(name="rest", days=14, active_min_cap=30.0)
WALKS = Phase(name="walks", days=28, active_min_cap=75.0, walks_per_day=3, walk_min=5.0)
PLAN = Plan(name="disc", start=START, phases=(REST, WALKS))
NOTHING: Mapping[date, DayTotal] = {}


def week(number: int, active_min: float, *, worn_h: float = 15.0, days: int = 7) -> dict:  # type: ignore[type-arg]
    """Return days of the plan's week `number`, from 0."""
    first = START + timedelta(days=7 * number)
    total = DayTotal(active_min=active_min, worn_h=worn_h)
    return {first + timedelta(days=day): total for day in range(days)}


def cap_in_week(
    number: int,
    totals: Mapping[date, DayTotal],
    setbacks: Collection[date] = (),
    plan: Plan = PLAN,
    weekday: int = 0,
) -> Cap:
    day = START + timedelta(days=7 * number + weekday)
    found = cap_on(plan, day, totals, setbacks, PlanSettings())
    assert found is not None
    return found


def test_a_week_of_40_minutes_allows_46_in_the_next() -> None:
    """1.15 x 40 = 46, and the plan would allow 75."""
    found = cap_in_week(3, week(2, 40.0))

    assert found.minutes == pytest.approx(46.0)
    assert (found.plan_min, found.reason, found.last_week_min) == (75.0, "ramp", 40.0)


@pytest.mark.parametrize("weekday", range(7))
def test_the_cap_is_one_for_the_whole_week(weekday: int) -> None:
    assert cap_in_week(3, week(2, 40.0), weekday=weekday) == cap_in_week(3, week(2, 40.0))


def test_the_plan_is_never_passed() -> None:
    """1.15 x 70 = 80.5 is more than 75."""
    assert cap_in_week(3, week(2, 70.0)) == Cap(minutes=75.0, plan_min=75.0)


def test_the_first_phase_is_not_ramped() -> None:
    assert cap_in_week(1, week(0, 10.0)) == Cap(minutes=30.0, plan_min=30.0)


def test_a_phase_without_ramp_has_the_plans_cap() -> None:
    free = Phase(name="walks", days=28, active_min_cap=75.0, ramp=False)
    plan = Plan(name="disc", start=START, phases=(REST, free))

    assert cap_in_week(3, week(2, 40.0), plan=plan).minutes == 75.0


def test_a_week_of_deep_rest_does_not_choke_the_plan() -> None:
    """The cap of the phase before holds at least, not 1.15 x 5."""
    found = cap_in_week(3, week(2, 5.0))

    assert found == Cap(minutes=30.0, plan_min=75.0, reason="floor", last_week_min=5.0)


def test_the_planned_walks_always_fit_under_the_cap() -> None:
    """3 x 15 = 45, although the week before had 20."""
    long = Phase(name="walks", days=28, active_min_cap=75.0, walks_per_day=3, walk_min=15.0)
    plan = Plan(name="disc", start=START, phases=(REST, long))

    assert cap_in_week(3, week(2, 20.0), plan=plan).minutes == 45.0


def test_a_setback_holds_the_cap() -> None:
    """Week 3 had 46; 45 a day in it would allow 51.75, but on its second day the dog got worse."""
    worse = START + timedelta(days=7 * 3 + 1)
    totals = {**week(2, 40.0), **week(3, 45.0)}

    free, held = cap_in_week(4, totals), cap_in_week(4, totals, {worse})

    assert free.minutes == pytest.approx(51.75)
    assert held.minutes == pytest.approx(46.0)
    assert (held.reason, held.setback) == ("setback", worse)


def test_a_setback_in_the_last_week_of_rest_keeps_its_cap() -> None:
    held = cap_in_week(2, week(1, 30.0), {START + timedelta(days=13)})

    assert (held.minutes, held.reason) == (30.0, "setback")


@pytest.mark.parametrize("weekday", [0, 6])
def test_a_setback_acts_from_the_next_week_on_and_for_one_week(weekday: int) -> None:
    totals = {**week(2, 40.0), **week(3, 40.0), **week(4, 46.0)}
    worse = {START + timedelta(days=7 * 3 + weekday)}

    assert cap_in_week(3, totals, worse) == cap_in_week(3, totals)
    assert cap_in_week(4, totals, worse).minutes == pytest.approx(46.0)
    assert cap_in_week(5, totals, worse).minutes == pytest.approx(1.15 * 46.0)


def test_a_week_that_says_too_little_leaves_the_cap_where_it_is() -> None:
    """Two days, or seven with the collar in a drawer, say nothing; nor do they mean rest."""
    known = week(2, 40.0)

    for unknown in (week(3, 70.0, days=2), week(3, 0.0, worn_h=11.9), {}):
        found = cap_in_week(4, {**known, **unknown})
        assert found.minutes == pytest.approx(46.0)
        assert found.reason == "unknown"
    assert cap_in_week(4, {**known, **week(3, 60.0, days=3)}).minutes == pytest.approx(69.0)


def test_a_collar_that_comes_late_into_a_plan_begins_with_the_plans_cap() -> None:
    """What nobody has measured cannot hold a dog back."""
    assert cap_in_week(4, NOTHING) == Cap(minutes=75.0, plan_min=75.0)


def test_days_after_today_make_no_difference() -> None:
    totals = {**week(2, 40.0), **week(3, 10.0), **week(4, 10.0)}

    assert cap_in_week(3, totals, weekday=3) == cap_in_week(3, week(2, 40.0), weekday=3)


def test_a_phase_without_a_cap_has_none() -> None:
    free = Plan(name="disc", start=START, phases=(REST, Phase(name="return", days=7)))

    assert cap_on(free, START + timedelta(days=14), week(1, 5.0), (), PlanSettings()) is None
    assert cap_on(free, START + timedelta(days=21), week(1, 5.0), (), PlanSettings()) is None
    assert cap_on(free, START - timedelta(days=1), NOTHING, (), PlanSettings()) is None
