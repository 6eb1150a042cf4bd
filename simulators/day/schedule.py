"""A dog's habits, what it does besides, and how its days differ."""

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

JUMP_S = 3.0
NIGHT_UNTIL_H, NIGHT_FROM_H = 6.5, 22.5
Step = tuple[str, float]
"""A kind of behaviour and its seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bout:
    """One thing that the dog does, and when; a row of them is the truth of a day.

    Attributes
    ----------
    kind
        A name in `simulators.behaviours.registry.BEHAVIOURS`.
    start_s, end_s
        Unix times.
    """

    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a healthy dog spends its days, and what its owner does with it.

    Attributes
    ----------
    walk_at_h, walk_min
        Local hours at which walks begin, and their length.
    home_min
        Minutes on the move besides walks.
    fast_share
        Share of trot and gallop in moving time.
    jumps, shakes, scratches, stairs
        How many a day; of stairs, flights.
    night_share, turns_per_h
        Share of night minutes with movement, and turns an hour of sleep.
    off_at_h, off_min
        Local hours at which the collar is taken off, and for how long.
    car_at_h, car_min
        Local hours at which the dog rides in a car, and for how long.
    day_cv, day_memory, weekend
        How much days differ, how much of that the next day keeps, and what weekends add.
    """

    walk_at_h: tuple[float, ...] = (7.5, 18.0)
    walk_min: float = 30.0
    home_min: float = 60.0
    fast_share: float = 0.25
    jumps: float = 8.0
    shakes: float = 15.0
    scratches: float = 10.0
    stairs: float = 6.0
    night_share: float = 0.06
    turns_per_h: float = 2.0
    off_at_h: tuple[float, ...] = ()
    off_min: float = 60.0
    car_at_h: tuple[float, ...] = ()
    car_min: float = 20.0
    day_cv: float = 0.25
    day_memory: float = 0.2
    weekend: float = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Something that a dog does at a given local time whatever its plan says."""

    at: time
    kind: str
    duration_s: float = JUMP_S


def unix_s(day: date, hour: float, time_zone: str) -> float:
    """Return the Unix time of a local hour of the clock; 24 is the next midnight."""
    days, hour = divmod(hour, 24.0)
    midnight = datetime.combine(day + timedelta(days=int(days)), time(0), ZoneInfo(time_zone))
    # Wall-clock arithmetic, so that a walk at 7:30 is at 7:30 on the day the clocks change too.
    return (midnight + timedelta(seconds=round(hour * 3600.0))).timestamp()


def day_factors(rng: np.random.Generator, first: date, n_days: int, habits: Habits) -> list[float]:
    """Return each day's activity over the usual: a memory of the day before, and weekends."""
    spread = math.sqrt(math.log(1.0 + habits.day_cv**2))
    fresh = math.sqrt(1.0 - habits.day_memory**2)
    mood = float(rng.standard_normal())
    factors = []
    for number in range(n_days):
        weekend = (first + timedelta(days=number)).weekday() >= 5
        usual = 1.0 + (habits.weekend if weekend else 0.0)
        factors.append(usual * math.exp(spread * mood - spread**2 / 2.0))
        mood = habits.day_memory * mood + fresh * float(rng.standard_normal())
    return factors
