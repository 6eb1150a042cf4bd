"""How often a healthy dog is said to move less, and how soon a drop is found: a Monte-Carlo.

Days as in docs/evidence.md 4.3: log-normal, autocorrelation 0.2, weekends 10 % busier.
"""

from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from analysis.alerts.book import AlertBook, AlertSettings
from analysis.detectors.reduced_activity import ReducedActivityDetector, ReducedActivitySettings
from analysis.model import Day, Level

DAY_S = 86_400.0
FIRST_S = 1_790_553_600.0  # Monday, 28 September 2026
LEARNING = 35
N_DOGS = 200


def days(seed: int, cv: float, n_days: int, *, drop: float = 0.0) -> list[list[Day]]:
    """Return days of dogs, the usual 100 minutes less a drop after the days of learning."""
    dice = np.random.default_rng(seed)
    mood = dice.standard_normal((N_DOGS, n_days))
    for index in range(1, n_days):
        mood[:, index] = 0.2 * mood[:, index - 1] + np.sqrt(1.0 - 0.2**2) * mood[:, index]
    number = np.arange(n_days)
    minutes = 100.0 * np.exp(np.sqrt(np.log(1.0 + cv**2)) * mood)
    minutes *= np.where(number % 7 >= 5, 1.10, 1.0) * np.where(number >= LEARNING, 1.0 - drop, 1.0)
    return [[_day(index, each) for index, each in enumerate(row)] for row in minutes.tolist()]


def _day(index: int, active_min: float) -> Day:
    start_s = FIRST_S + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        worn_h=24.0,
        waking_worn_h=16.0,
        night_worn_h=8.0,
        active_min=active_min,
    )


def told(dog: list[Day]) -> int:
    """Return how often the owner was told, from the first day of the collar on."""
    detector = ReducedActivityDetector(ReducedActivitySettings())
    alerts = AlertBook("rex", AlertSettings())
    return sum(
        change.notify
        for day in dog
        for verdict in detector.update(day)
        for change in alerts.process(verdict)
    )


def warned_after(dog: list[Day]) -> float:
    """Return after how many days of the drop it was a warning; infinity if it never was."""
    detector = ReducedActivityDetector(ReducedActivitySettings())
    said = [verdict.level for day in dog for verdict in detector.update(day)]
    return next(
        (n for n, level in enumerate(said[LEARNING:], start=1) if level is Level.WARNING), np.inf
    )


@cache
def delays(cv: float, drop: float) -> list[float]:
    return [warned_after(dog) for dog in days(1126, cv, LEARNING + 14, drop=drop)]


@pytest.mark.slow
@pytest.mark.parametrize("cv", [0.15, 0.25])
def test_at_most_one_reduced_activity_alert_per_60_dog_days(cv: float) -> None:
    """The claim is about days that differ by 25 %; 200 dogs, the weeks of learning included."""
    n_told = sum(told(dog) for dog in days(2026, cv, LEARNING + 60))

    assert 0.0 < n_told / (N_DOGS * (LEARNING + 60)) * 60.0 <= 1.0


@pytest.mark.slow
@pytest.mark.parametrize("cv", [0.15, 0.25])
def test_a_30_percent_drop_is_found_within_14_days_in_80_percent_by_day_5(cv: float) -> None:
    """In at least 80 %, with a median delay of at most 5 days; one published rule has 76 %, 6."""
    found = delays(cv, 0.30)

    assert np.mean(np.isfinite(found)) >= 0.80
    assert np.median(found) <= 5.0


@pytest.mark.slow
def test_a_40_percent_drop_is_found_in_nine_dogs_of_ten_even_if_days_differ_by_35_percent() -> None:
    """Published for 25 %: 93 %, on the fourth day."""
    found = delays(0.35, 0.40)

    assert np.mean(np.isfinite(found)) >= 0.90
