"""Reduced activity, one rule after the other, and over a simulated cohort."""

from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest

from analysis.alerting import AlertBook, AlertSettings
from analysis.detectors.reduced_activity import (
    ReducedActivityDetector,
    ReducedActivitySettings,
    ReducedActivityState,
)
from analysis.model import Day, Level, Verdict

DAY_S = 86400.0
FIRST_S = 1_790_640_000.0  # 29 September 2026


def day(index: int, active_min: float, *, worn_h: float = 24.0, resting_plan: bool = False) -> Day:
    start_s = FIRST_S + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        worn_h=worn_h,
        waking_worn_h=max(0.0, worn_h - 8.0),
        night_worn_h=8.0,
        active_min=active_min,
        resting_plan=resting_plan,
    )


def verdicts(minutes: list[float]) -> list[Verdict]:
    detector = ReducedActivityDetector(ReducedActivitySettings())
    return [v for index, each in enumerate(minutes) for v in detector.update(day(index, each))]


EXAMPLE = [day(index, 100.0 if index < 18 else 60.0) for index in range(22)]


def usual(n_days: int = 18) -> list[float]:
    """Return days of 100 minutes exactly: the spread is the floor of 0.12."""
    return [100.0] * n_days


def test_a_normal_dog_is_clear_once_there_is_a_baseline() -> None:
    """Seven days are learned; from the third judged day on a mean of three days exists."""
    levels = [each.level for each in verdicts(usual())]

    assert levels == [Level.UNKNOWN] * 9 + [Level.CLEAR] * 9


@pytest.mark.parametrize(("minutes", "level"), [(79.0, Level.WARNING), (84.0, Level.CLEAR)])
def test_three_low_days_warn_beyond_z_and_drop(minutes: float, level: Level) -> None:
    """With ln 0.79 / 0.12 = -1.96 and -21 %: a warning. ln 0.84 / 0.12 = -1.45: not low."""
    assert verdicts([*usual(), minutes, minutes, minutes])[-1].level is level


def test_low_days_that_fall_by_less_than_a_fifth_do_not_warn() -> None:
    """With ln 0.82 / 0.12 = -1.65 is low, but 18 % is less than 20 %."""
    assert verdicts([*usual(), 82.0, 82.0, 82.0])[-1].level is Level.CLEAR


def test_three_low_days_of_four_are_enough_and_two_are_not() -> None:
    assert verdicts([*usual(), 60.0, 90.0, 60.0])[-1].level is not Level.WARNING
    assert verdicts([*usual(), 60.0, 90.0, 60.0, 60.0])[-1].level is Level.WARNING


@pytest.mark.parametrize(("minutes", "level"), [(49.0, Level.WARNING), (51.0, Level.CLEAR)])
def test_one_day_at_half_is_acute(minutes: float, level: Level) -> None:
    """A single day at 51 % is -16 % over three days: not even a watch."""
    assert verdicts([*usual(), minutes])[-1].level is level


@pytest.mark.parametrize(("minutes", "level"), [(84.0, Level.WATCH), (87.0, Level.CLEAR)])
def test_a_slow_week_is_worth_a_watch(minutes: float, level: Level) -> None:
    """With ln 0.84 / 0.12 = -1.45 and -16 %; at 87 % it is -13 %."""
    assert verdicts([*usual(), *[minutes] * 7])[-1].level is level


def test_the_evidence_says_how_much_less_and_the_onset_since_when() -> None:
    """100 minutes in 16 waking hours are 6.25 an hour."""
    last = verdicts([*usual(), 60.0, 60.0, 60.0])[-1]

    assert last.onset_s == FIRST_S + 18 * DAY_S
    assert last.time_s == FIRST_S + 21 * DAY_S
    assert last.evidence["drop"] == pytest.approx(0.40)
    assert (last.evidence["usual"], last.evidence["now"]) == pytest.approx((6.25, 3.75))
    assert last.evidence["days"] == 3.0


def test_a_provisional_baseline_gives_a_watch_at_most() -> None:
    assert verdicts([*usual(8), 70.0, 70.0, 70.0])[-1].level is Level.WATCH


def test_illness_does_not_become_normal_until_four_weeks_are_over() -> None:
    """The 29th warned day starts the baseline afresh, and nothing is claimed any more."""
    levels = [each.level for each in verdicts([*usual(), *[60.0] * 40])][20:]

    assert levels[:28] == [Level.WARNING] * 28
    assert Level.UNKNOWN in levels[28:]
    assert Level.CLEAR not in levels[28:34]


@pytest.mark.parametrize(("worn_h", "level"), [(15.9, Level.UNKNOWN), (16.0, Level.CLEAR)])
def test_a_day_worn_too_little_is_not_judged(worn_h: float, level: Level) -> None:
    """Worn 16 h, 8 of them by day: 50 active minutes are the usual 6.25 an hour."""
    detector = ReducedActivityDetector(ReducedActivitySettings())
    for index, minutes in enumerate(usual()):
        detector.update(day(index, minutes))

    assert detector.update(day(18, 50.0, worn_h=worn_h))[0].level is level


def test_after_a_hole_of_weeks_nothing_is_known_until_three_days_are_there() -> None:
    detector = ReducedActivityDetector(ReducedActivitySettings())
    for index, minutes in enumerate(usual()):
        detector.update(day(index, minutes))

    levels = [detector.update(day(index, 100.0))[0].level for index in range(40, 44)]

    assert levels == [Level.UNKNOWN, Level.UNKNOWN, Level.CLEAR, Level.CLEAR]


def test_days_under_a_plan_are_neither_judged_nor_learned() -> None:
    detector = ReducedActivityDetector(ReducedActivitySettings())
    for index, minutes in enumerate(usual()):
        detector.update(day(index, minutes))
    before = msgspec.json.encode(detector.state)

    assert detector.update(day(18, 10.0, resting_plan=True)) == []
    assert msgspec.json.encode(detector.state) == before
    assert detector.update(day(19, 10.0))[0].level is Level.WARNING


def test_a_restart_on_any_day_changes_nothing() -> None:
    minutes = [*usual(), 60.0, 90.0, 60.0, 60.0, 95.0, 100.0, 99.0, 101.0, 70.0]
    expected = verdicts(minutes)
    detector = ReducedActivityDetector(ReducedActivitySettings())
    found = []
    for index, each in enumerate(minutes):
        found += detector.update(day(index, each))
        saved = msgspec.json.encode(detector.state)
        detector = ReducedActivityDetector(ReducedActivitySettings())
        detector.state = msgspec.json.decode(saved, type=ReducedActivityState)

    assert found == expected


def cohort(n_dogs: int, n_days: int, drop: float, drop_from: int) -> list[list[float]]:
    """Return days of dogs: log-normal, CV 25 %, autocorrelation 0.2, weekends 10 % busier."""
    generator = np.random.default_rng(43)
    sigma = np.sqrt(np.log(1.0 + 0.25**2))
    noise = generator.standard_normal((n_dogs, n_days))
    for index in range(1, n_days):
        noise[:, index] = 0.2 * noise[:, index - 1] + np.sqrt(1.0 - 0.04) * noise[:, index]
    minutes = 100.0 * np.exp(sigma * noise)
    number = np.arange(n_days)
    minutes *= np.where(number % 7 >= 5, 1.10, 1.0)
    minutes *= np.where(number >= drop_from, 1.0 - drop, 1.0)
    rows: list[list[float]] = minutes.tolist()
    return rows


def three_of_four(minutes: list[float]) -> list[float]:
    """Return onsets in days of warnings by the 3-of-4 rule alone, a week apart at least."""
    settings = ReducedActivitySettings(acute_drop=0.99)
    detector = ReducedActivityDetector(settings)
    found: list[float] = []
    for index, each in enumerate(minutes):
        for verdict in detector.update(day(index, each)):
            if verdict.level is Level.WARNING and (not found or index - found[-1] >= 7):
                found.append(index)
    return found


def test_false_warnings_of_healthy_dogs_are_near_the_published_rate() -> None:
    """0.24 in 30 days at CV 25 %; 300 dogs x 46 days give 110 expected.

    Poisson SD is 10.5; false warnings cluster in dogs with a lucky baseline, so twice that: four
    of those are 84, hence at most 194 (0.42 in 30 days), and at least 26.
    """
    dogs = cohort(300, 60, 0.0, 60)

    n_false = sum(len([d for d in three_of_four(each) if d >= 14]) for each in dogs)

    assert 26 <= n_false <= 194


def test_a_drop_by_thirty_percent_is_found_within_two_weeks_in_three_dogs_of_four() -> None:
    """Published: 76 %. Four binomial SD of 300 dogs, sqrt(0.76 x 0.24 / 300), are 10 %."""
    dogs = cohort(300, 46, 0.30, 32)

    n_found = sum(any(32 <= d < 46 for d in three_of_four(each)) for each in dogs)

    assert n_found / 300 == pytest.approx(0.76, abs=0.10)


def test_a_free_dog_is_told_of_reduced_activity_at_most_once_in_sixty_days() -> None:
    """The budget, with every rule on, through the book: 200 dogs x 60 days after learning."""
    n_told = 0
    for minutes in cohort(200, 74, 0.0, 74):
        alerts = AlertBook("rex", AlertSettings())
        for verdict in verdicts(minutes):
            n_told += sum(each.notify for each in alerts.take(verdict))

    assert 0 < n_told <= 200
