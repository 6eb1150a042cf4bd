"""Slow day: the morning against the dog's own mornings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import exp

import numpy as np
import pytest

from analysis.detectors.slow_day import SlowDayDetector, SlowDaySettings
from analysis.model import Day, Hour, Level, Verdict
from simulators.day.context import DayPlan
from simulators.day.planner import day_bouts
from simulators.day.schedule import day_factors
from simulators.dog.condition import PRESETS
from simulators.scenarios.cohort import Member, cohort

DAY_S, HOUR_S = 86_400.0, 3600.0
START_S = 1_790_640_000.0
FIRST = date(2026, 3, 2)
USUAL_MIN, WORN_H = 33.0, 5.5
GAIT = {"slow_walk", "walk", "fast_walk", "trot", "gallop"}


def day(index: int, share: float = 1.0, worn_h: float = WORN_H) -> Day:
    """Return a day so far: a share of six minutes an hour."""
    start_s = START_S + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        active_min=share * USUAL_MIN / WORN_H * worn_h,
        waking_worn_h=worn_h,
    )


def hour(so_far: Day, clock_h: int = 12) -> Hour:
    return Hour(
        start_s=so_far.start_s + (clock_h - 1) * HOUR_S,
        end_s=so_far.start_s + clock_h * HOUR_S,
        clock_h=clock_h,
        worn_s=HOUR_S,
        waking_worn_s=HOUR_S,
        active_s=0.0,
        n_gait_windows=0,
        day=so_far,
    )


EXAMPLE = [
    *(each for index in range(8) for each in (hour(day(index)), day(index))),
    hour(day(8, 0.1)),
    day(8, 0.1),
]


def lived(detector: SlowDayDetector, heard: Day) -> list[Verdict]:
    found = detector.update(hour(heard))
    detector.learn(heard)
    return found


def learned(n_days: int = 14, share: float = 1.0) -> SlowDayDetector:
    detector = SlowDayDetector(SlowDaySettings())
    for index in range(n_days):
        lived(detector, day(index, share))
    return detector


@pytest.mark.parametrize(
    ("share", "level"),
    [
        (exp(-0.2 * 3.55), Level.WATCH),
        (0.68, Level.CLEAR),
        (0.59, Level.WATCH),
        (0.26, Level.WATCH),
        (0.24, Level.WARNING),
        (0.0, Level.WARNING),
        (2.0, Level.CLEAR),
    ],
)
def test_a_morning_is_judged_at_noon(share: float, level: Level) -> None:
    """Steady mornings have the floor of 0.2 as spread: 0.67 is z = -2, but only 33 % less."""
    (found,) = learned().update(hour(day(14, share)))

    assert found.level is level
    assert found.time_s == START_S + 14 * DAY_S + 12 * HOUR_S
    assert found.evidence["drop"] == pytest.approx(1.0 - max(share, 0.05 / 6.0))


def test_mornings_that_vary_need_more() -> None:
    """A dog whose mornings spread by 0.59 on the log scale: 45 % less is one spread."""
    detector = SlowDayDetector(SlowDaySettings())
    for index in range(14):
        lived(detector, day(index, exp(0.4 if index % 2 else -0.4)))

    assert detector.update(hour(day(14, 0.55)))[0].level is Level.CLEAR
    assert detector.update(hour(day(15, 0.24)))[0].level is Level.WATCH


@pytest.mark.parametrize(("worn_h", "level"), [(2.9, Level.UNKNOWN), (3.0, Level.WARNING)])
def test_it_is_judged_by_the_hour_worn(worn_h: float, level: Level) -> None:
    """A collar put on late does not make the morning slow, and a short time says nothing."""
    assert learned().update(hour(day(14, 0.1, worn_h)))[0].level is level
    if level is not Level.UNKNOWN:
        assert learned().update(hour(day(14, 1.0, worn_h)))[0].level is Level.CLEAR


def test_other_hours_are_silent() -> None:
    detector = learned()

    assert detector.update(hour(day(14, 0.1), clock_h=11)) == []
    assert detector.update(hour(day(14, 0.1), clock_h=13)) == []
    assert detector.update(hour(day(14, 0.1), clock_h=12)) != []


def test_six_mornings_are_no_normal() -> None:
    assert learned(6).update(hour(day(14, 0.1)))[0].level is Level.UNKNOWN
    assert learned(7).update(hour(day(14, 0.1)))[0].level is Level.WARNING


def test_crate_rest_is_neither_judged_nor_learned() -> None:
    detector = learned()
    resting = replace(day(14, 0.1), resting_plan=True)

    assert lived(detector, resting) == []
    assert lived(detector, day(15, 0.1))[0].level is Level.WARNING
    assert len(detector.state.mornings) == 14


def test_illness_and_noted_days_do_not_become_normal() -> None:
    """Ten slow days in a row and ten hot ones."""
    detector = learned()
    for index in range(14, 24):
        lived(detector, day(index, 0.3))
    onset_s = lived(detector, day(24, 0.2))[0].onset_s
    for index in range(25, 35):
        lived(detector, replace(day(index, 0.7), noted=("heat",)))

    assert len(detector.state.mornings) == 14
    assert onset_s == START_S + 14 * DAY_S


def test_after_four_weeks_of_slow_mornings_they_are_the_new_normal() -> None:
    detector = learned()
    for index in range(14, 43):
        assert lived(detector, day(index, 0.3))[0].level is Level.WATCH
    for index in range(43, 50):
        assert lived(detector, day(index, 0.3))[0].level is Level.UNKNOWN

    assert lived(detector, day(50, 0.3))[0].level is Level.CLEAR


def said(member: Member, conditions: list[str]) -> Iterator[Level]:
    """Yield what is said of the mornings of a dog, simulated as bouts."""
    rng, detector = np.random.default_rng([member.seed, 6]), SlowDayDetector(SlowDaySettings())
    factors = day_factors(rng, FIRST, len(conditions), member.habits)
    for index, condition in enumerate(conditions):
        plan = DayPlan(
            date=FIRST + timedelta(days=index),
            condition=PRESETS[condition].condition,
            habits=member.habits,
            activity=factors[index],
        )
        noon_s = plan.at_s(12.0)
        active_s = sum(
            bout.end_s - bout.start_s
            for bout in day_bouts(rng, plan)
            if bout.kind in GAIT and bout.end_s <= noon_s
        )
        yield from (
            each.level for each in lived(detector, replace(day(index), active_min=active_s / 60.0))
        )


@pytest.mark.slow
def test_simulated_dogs_that_cannot_walk_are_told_by_noon_and_healthy_ones_are_not() -> None:
    """Twelve dogs of all sizes and habits, seeds that nothing was chosen on."""
    for member in cohort(606, 12):
        levels = list(said(member, ["healthy"] * 20 + ["non_walking"]))
        assert Level.WARNING not in levels[:20]
        assert levels[20] is Level.WARNING
