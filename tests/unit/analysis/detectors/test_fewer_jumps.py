"""Fewer jumps: counts against the dog's own, and over made-up dogs."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from analysis.detectors.fewer_jumps import FewerJumpsDetector, FewerJumpsSettings
from analysis.model import Day, Level, Verdict

DAY_S = 86_400.0
FIRST_S = 1_790_553_600.0
LEARNING, N_DOGS = 42, 200


def day(index: int, jumps: int, *, waking_h: float = 16.0) -> Day:
    start_s = FIRST_S + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        worn_h=waking_h + 8.0,
        waking_worn_h=waking_h,
        night_worn_h=8.0,
        jumps=jumps,
    )


def verdicts(jumps: list[int]) -> list[Verdict]:
    detector = FewerJumpsDetector(FewerJumpsSettings())
    return [v for index, each in enumerate(jumps) for v in detector.update(day(index, each))]


USUAL = [8] * LEARNING
"""Eight a day, more evenly than chance: the excess is 1, the baseline 28 days."""
EXAMPLE = [day(index, 8 if index < LEARNING else 0) for index in range(LEARNING + 3)]


@pytest.mark.parametrize(
    ("jumps", "level"),
    [([3, 3, 3], Level.WATCH), ([3, 4, 3], Level.CLEAR), ([8, 8, 8], Level.CLEAR)],
)
def test_three_days_down_by_six_tenths_are_a_watch(jumps: list[int], level: Level) -> None:
    """Of 24 expected 9 are -62 %, 15 below at a spread of sqrt(24 x 31 / 28) = 5.2.

    Ten are -58 %.
    """
    assert verdicts([*USUAL, *jumps])[-1].level is level


@pytest.mark.parametrize(("last", "level"), [(3, Level.WATCH), (7, Level.CLEAR)])
def test_a_week_down_by_four_tenths_is_a_watch(last: int, level: Level) -> None:
    """Of 56 expected 33 are -41 %, 23 below at a spread of sqrt(56 x 35 / 28) = 8.4.

    37 are -34 %.
    """
    assert verdicts([*USUAL, *[5] * 6, last])[-1].level is level


def test_few_jumps_of_a_dog_that_hardly_jumps_say_nothing() -> None:
    """Four a day are below five; five a day are not, and then none at all is worth a watch."""
    assert {each.level for each in verdicts([*[4] * LEARNING, *[0] * 10])} == {Level.UNKNOWN}
    assert verdicts([*[5] * LEARNING, 0, 0, 0])[-1].level is Level.WATCH


def test_a_dog_whose_days_differ_is_given_more_room() -> None:
    """0 and 16 in turn are 8 on average as well; 3 days of 3 are no news for that dog."""
    assert verdicts([*[0, 16] * (LEARNING // 2), 3, 3, 3])[-1].level is Level.CLEAR
    assert verdicts([*USUAL, 3, 3, 3])[-1].level is Level.WATCH


def test_half_a_day_with_the_collar_has_half_the_jumps() -> None:
    detector = FewerJumpsDetector(FewerJumpsSettings())
    for index, each in enumerate(USUAL):
        detector.update(day(index, each))

    levels = [detector.update(day(index, 4, waking_h=8.0))[0].level for index in range(42, 45)]
    unworn = detector.update(day(45, 0, waking_h=7.9))[0].level

    assert (levels[-1], unworn) == (Level.CLEAR, Level.UNKNOWN)


def test_no_jumps_do_not_become_usual_for_four_weeks() -> None:
    levels = [each.level for each in verdicts([*USUAL, *[0] * 40])][LEARNING + 2 :]

    assert levels[:24] == [Level.WATCH] * 24
    assert Level.CLEAR not in levels


def test_a_plan_that_forbids_running_makes_no_jumps_no_news() -> None:
    detector = FewerJumpsDetector(FewerJumpsSettings())
    for index, each in enumerate(USUAL):
        detector.update(day(index, each))

    said = [detector.update(replace(day(42 + n, 0), resting_plan=True)) for n in range(5)]

    assert said == [[]] * 5
    assert [detector.update(day(47 + n, 0))[0].level for n in range(3)][-1] is Level.WATCH


def dogs(seed: int, n_days: int, *, left: float = 1.0) -> list[list[int]]:
    """Return jumps a day: 6 to 20 usually, on days that differ by 25 %; then what is left."""
    dice = np.random.default_rng(seed)
    usual = dice.uniform(6.0, 20.0, (N_DOGS, 1))
    mood = np.exp(np.sqrt(np.log(1.0 + 0.25**2)) * dice.standard_normal((N_DOGS, n_days)))
    share = np.where(np.arange(n_days) >= LEARNING, left, 1.0)
    rows: list[list[int]] = dice.poisson(usual * mood * share).tolist()
    return rows


@pytest.mark.slow
def test_a_healthy_dog_has_at_most_one_watch_for_fewer_jumps_in_60_days() -> None:
    """A watch is on the page and wakes nobody; days of a watch in a row are one."""
    n_watches = 0
    for row in dogs(11, LEARNING + 60):
        low = [each.level is Level.WATCH for each in verdicts(row)]
        n_watches += sum(now and not before for before, now in pairwise(low))

    assert n_watches / (N_DOGS * (LEARNING + 60)) * 60.0 <= 1.0


@pytest.mark.slow
@pytest.mark.parametrize(("left", "within"), [(0.1, 3), (0.5, 14)])
def test_a_dog_in_pain_that_jumps_less_is_seen(left: float, within: int) -> None:
    """Moderate back pain (-90 %) within three days, mild pain (-50 %) within two weeks."""
    found = [
        Level.WATCH in {each.level for each in verdicts(row)[LEARNING:]}
        for row in dogs(12, LEARNING + within, left=left)
    ]

    assert np.mean(found) >= 0.9
