"""Too much rest, seen day by day and never made of missing data."""

from datetime import date, timedelta

import pytest

from analysis.model import Level, Verdict
from analysis.model.plan import Phase
from analysis.recovery.ramp import DayTotal
from analysis.recovery.rest_minimum import EndedDay, RestState, judge_rest
from analysis.recovery.settings import PlanSettings

FIRST = date(2026, 11, 2)
FIRST_S = 1_793_577_600.0
PHASE = Phase(name="rest", days=28, active_min_cap=30.0, least_active_min=10.0)
DAY_S = 86_400.0


def day(number: int, active_min: float, worn_h: float = 15.0) -> EndedDay:
    start_s = FIRST_S + number * DAY_S
    return EndedDay(
        date=FIRST + timedelta(days=number),
        start_s=start_s,
        end_s=start_s + DAY_S,
        walked=DayTotal(active_min=active_min, worn_h=worn_h),
    )


def judged(*days: EndedDay, phase: Phase = PHASE) -> list[Verdict]:
    state = RestState()
    return [each for ended in days for each in judge_rest(state, ended, phase, PlanSettings())]


def levels(*days: EndedDay) -> list[Level]:
    return [each.level for each in judged(*days)]


def test_one_day_of_too_much_rest_is_noted_and_three_running_are_told() -> None:
    found = judged(*(day(n, 4.0) for n in range(3)))

    assert [each.level for each in found] == [Level.WATCH, Level.WATCH, Level.WARNING]
    assert {each.onset_s for each in found} == {FIRST_S}
    assert found[2].time_s == FIRST_S + 3 * DAY_S
    assert found[2].evidence == {"active_min": 4.0, "least_min": 10.0, "days": 3.0, "worn_h": 15.0}


@pytest.mark.parametrize(("active_min", "level"), [(9.9, Level.WATCH), (10.0, Level.CLEAR)])
def test_the_floor_itself_is_enough(active_min: float, level: Level) -> None:
    assert levels(day(0, active_min)) == [level]


@pytest.mark.parametrize(("worn_h", "level"), [(11.9, Level.UNKNOWN), (12.0, Level.WATCH)])
def test_a_collar_that_was_off_saw_no_rest(worn_h: float, level: Level) -> None:
    assert levels(day(0, 0.0, worn_h)) == [level]


def test_the_count_begins_anew_after_a_day_that_says_nothing_or_better() -> None:
    rest = [day(0, 4.0), day(1, 4.0)]

    for between in (day(2, 0.0, worn_h=2.0), day(2, 20.0)):
        assert levels(*rest, between, day(3, 4.0))[-1] is Level.WATCH
    # A day of which there is no record at all.
    assert levels(*rest, day(3, 4.0)) == [Level.WATCH] * 3
    assert levels(*rest, day(2, 4.0))[-1] is Level.WARNING


def test_a_phase_without_a_floor_says_nothing() -> None:
    assert judged(day(0, 0.0), phase=Phase(name="free", days=28)) == []
