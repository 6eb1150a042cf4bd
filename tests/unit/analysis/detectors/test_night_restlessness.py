"""Night restlessness: a dog's nights against its own, and over simulated and made-up dogs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from analysis.alerts.book import AlertBook, AlertSettings
from analysis.detectors.night_restlessness import (
    NightRestlessnessDetector,
    NightRestlessnessSettings,
)
from analysis.model import Day, Level, Verdict
from simulators.day.activities import planned_activities
from simulators.day.context import DayPlan
from simulators.dog.condition import HEALTHY, PRESETS
from simulators.scenarios.cohort import Member, cohort

DAY_S = 86_400.0
FIRST_S = 1_790_553_600.0  # Monday, 28 September 2026
FIRST = date(2026, 9, 28)
LEARNING, N_DOGS = 35, 60
NOTHING_BY_DAY: dict[str, Any] = {
    "walk_at_h": (),
    **dict.fromkeys(("home_min", "jumps", "shakes", "scratches", "stairs"), 0.0),
}


def day(index: int, restless_min: float, *, worn_h: float = 8.0) -> Day:
    """Return a day whose night had so many restless minutes."""
    start_s = FIRST_S + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        worn_h=16.0 + worn_h,
        waking_worn_h=16.0,
        night_worn_h=worn_h,
        night_active_min=restless_min,
    )


def verdicts(minutes: list[float]) -> list[Verdict]:
    detector = NightRestlessnessDetector(NightRestlessnessSettings())
    return [v for index, each in enumerate(minutes) for v in detector.update(day(index, each))]


EXAMPLE = [day(index, 28.0 if index < 42 else 60.0) for index in range(46)]
USUAL = [28.0] * 42
"""3.5 minutes an hour, 4 with the half minute added. The spread of 28 such nights is the floor.

The prior alone would give sqrt(8 x 0.30^2 / 36) = 0.14, less than 0.20.
"""


@pytest.mark.parametrize(
    ("usual_min", "minutes", "level"),
    [(0.0, 14.0, Level.CLEAR), (0.0, 24.0, Level.WARNING), (8.0, 14.0, Level.CLEAR)],
    ids=["nothing, then as calm as any", "nothing, then restless", "calm, then as calm as any"],
)
def test_a_dog_that_never_stirs_is_not_restless_in_a_calm_night(
    usual_min: float, minutes: float, level: Level
) -> None:
    """1.8 minutes an hour are 14.4 a night; 24 are 3 an hour, 1.52 times as much with 0.5 added."""
    last = verdicts([usual_min] * 42 + [minutes] * 3)[-1]

    assert last.level is level
    assert last.evidence["usual"] == pytest.approx(usual_min / 8.0)


@pytest.mark.parametrize(("minutes", "level"), [(48.0, Level.WARNING), (38.0, Level.CLEAR)])
def test_three_restless_nights_warn_and_livelier_ones_do_not(minutes: float, level: Level) -> None:
    """48: ln(6.5 / 4) = 0.49 is 2.4 spreads, three times 1.68 is 5.0. 38: ln(5.25 / 4) is 1.4.

    Three times 0.61 is 1.8, less than 3; and at 31 % above usual two nights are no watch.
    """
    assert verdicts([*USUAL, *[minutes] * (3 if level is Level.WARNING else 2)])[-1].level is level


def test_one_night_however_bad_is_no_warning() -> None:
    """Fireworks: 200 minutes count for three spreads and no more."""
    assert verdicts([*USUAL, 200.0])[-1].level is not Level.WARNING
    assert verdicts([*USUAL, 200.0, 28.0, 28.0])[-1].level is not Level.WARNING


def test_nights_that_calm_down_end_the_warning() -> None:
    levels = [each.level for each in verdicts([*USUAL, *[60.0] * 5, 28.0, 28.0, 28.0, 28.0, 28.0])]

    assert levels[46] is Level.WARNING
    assert levels[48] is not Level.WARNING
    assert levels[51] is Level.CLEAR


def test_a_dog_that_hardly_stirs_is_not_restless_for_a_few_minutes() -> None:
    """2, 3 and 12 minutes a night are all below 14.4, as calm as any; 24 are 3 an hour."""
    assert verdicts([*[2.0] * 42, 3.0, 3.0, 3.0, 3.0])[-1].level is Level.CLEAR
    assert verdicts([*[2.0] * 42, *[12.0] * 4])[-1].level is Level.CLEAR
    assert verdicts([*[2.0] * 42, *[24.0] * 4])[-1].level is Level.WARNING


def test_the_evidence_says_how_much_more_since_when() -> None:
    """60 minutes: (7.5 + 0.5) / (3.5 + 0.5) is twice as much."""
    last = verdicts([*USUAL, 60.0, 60.0, 60.0])[-1]

    assert last.onset_s == FIRST_S + 42 * DAY_S
    assert last.evidence["rise"] == pytest.approx(1.0)
    assert (last.evidence["usual"], last.evidence["now"]) == pytest.approx((3.5, 7.5))


@pytest.mark.parametrize(("worn_h", "level"), [(4.9, Level.UNKNOWN), (5.0, Level.CLEAR)])
def test_a_night_worn_too_little_is_not_judged(worn_h: float, level: Level) -> None:
    """17.5 minutes in 5 hours are the usual 3.5 an hour."""
    detector = NightRestlessnessDetector(NightRestlessnessSettings())
    for index, each in enumerate(USUAL):
        detector.update(day(index, each))

    assert detector.update(day(42, 17.5, worn_h=worn_h))[0].level is level


def test_restless_nights_do_not_become_usual() -> None:
    assert verdicts([*USUAL, *[60.0] * 28])[-1].level is Level.WARNING


def test_nights_of_guests_are_not_learned() -> None:
    """A fortnight of noted guests, then pain that is as loud as they were."""
    detector = NightRestlessnessDetector(NightRestlessnessSettings())
    for index, each in enumerate([*USUAL, *[45.0] * 14, *[28.0] * 8]):
        noted = ("guests",) if each > 40.0 else ()
        detector.update(replace(day(index, each), noted=noted))

    said = [verdict for index in range(64, 68) for verdict in detector.update(day(index, 48.0))]

    assert said[-1].level is Level.WARNING


def test_nights_of_a_crate_are_judged_too() -> None:
    """They are a setback that holds the plan."""
    detector = NightRestlessnessDetector(NightRestlessnessSettings())
    said: list[Verdict] = []
    for index, each in enumerate([*USUAL, 60.0, 60.0, 60.0]):
        said = detector.update(replace(day(index, each), resting_plan=index >= 20))

    assert said[-1].level is Level.WARNING


def told(minutes: list[float]) -> int:
    alerts = AlertBook("rex", AlertSettings())
    return sum(each.notify for verdict in verdicts(minutes) for each in alerts.process(verdict))


def night_min(member: Member, index: int, condition: str) -> float:
    """Return the restless minutes of a simulated night: a third of each on the move."""
    plan = DayPlan(
        date=FIRST + timedelta(days=index),
        habits=replace(member.habits, **NOTHING_BY_DAY),
        condition=HEALTHY if index < LEARNING else PRESETS[condition].condition,
    )
    moved_s = np.zeros(24 * 60 + 10)
    for at_h, steps in planned_activities(np.random.default_rng([member.seed, index]), plan):
        now_s = at_h * 3600.0
        for kind, length_s in steps:
            if kind == "fidgeting":
                seconds = np.arange(now_s, now_s + length_s)
                np.add.at(moved_s, (seconds // 60.0).astype(int), 1.0)
            now_s += length_s
    restless = moved_s > 20.0
    return float(restless[: int(6.5 * 60)].sum() + restless[int(22.5 * 60) : 24 * 60].sum())


@cache
def nights(seed: int, condition: str, n_days: int) -> list[list[float]]:
    """Return the restless minutes of dogs, ill from the end of the learning on."""
    return [
        [night_min(member, index, condition) for index in range(n_days)]
        for member in cohort(seed, N_DOGS)
    ]


def blurred(rows: list[list[float]], spread: float) -> list[list[float]]:
    """Return nights that differ more than simulated ones do, as those of real dogs may."""
    dice = np.random.default_rng(9)
    return [
        (np.array(row) * np.exp(spread * dice.standard_normal(len(row)))).tolist() for row in rows
    ]


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 0.3])
def test_at_most_one_restless_night_alert_per_60_dog_days(spread: float) -> None:
    """Nights of simulated dogs, and nights that differ by half as much again and more."""
    n_told = sum(told(row) for row in blurred(nights(3, "healthy", LEARNING + 60), spread))

    assert n_told / (N_DOGS * (LEARNING + 60)) * 60.0 <= 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("condition", "within", "share"), [("restless", 4, 0.9), ("moderate", 7, 0.9)]
)
def test_restless_nights_are_found(condition: str, within: int, share: float) -> None:
    """Twice as restless within four nights, moderate back pain (+60 %) within a week."""
    found = [
        Level.WARNING in {each.level for each in verdicts(row)[LEARNING : LEARNING + within]}
        for row in nights(4, condition, LEARNING + 7)
    ]

    assert np.mean(found) >= share
