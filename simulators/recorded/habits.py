"""How a dog spends its days, whatever its motion is recorded from."""

import math
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a dog does in a day.

    Attributes
    ----------
    walks_h, walk_min
        Hours at which walks begin, and their length in minutes.
    home_min, bout_s
        Minutes on the move besides walks, and the length of one such bout.
    run_share
        Share of runs in the moving time of a walk, and of bouts at home that end in one.
    jumps, weak_jumps, shakes
        How many a day.
    wakings
        How often in a night the dog gets up and walks about.
    sits
        Share of its quiet bouts by day in which it does not lie.
    day_cv
        How much days differ.
    """

    walks_h: tuple[float, ...] = (7.5, 18.0)
    walk_min: float = 30.0
    home_min: float = 60.0
    bout_s: float = 40.0
    run_share: float = 0.2
    jumps: float = 6.0
    weak_jumps: float = 6.0
    shakes: float = 15.0
    wakings: float = 2.0
    sits: float = 0.45
    day_cv: float = 0.25


FREE = Habits()
CRATED = Habits(
    walks_h=(7.0, 12.0, 17.0, 21.5),
    walk_min=5.0,
    home_min=4.0,
    bout_s=6.0,
    run_share=0.0,
    jumps=0.0,
    weak_jumps=0.0,
    wakings=1.0,
)
"""Strict rest that is kept: out on the leash four times, and turning round in the crate."""
NOT_WALKING = replace(
    FREE, walks_h=(), home_min=0.0, run_share=0.0, jumps=0.0, weak_jumps=0.0, wakings=0.0, shakes=0
)
"""A dog that cannot walk: it lies and sits. What it does when it tries is in no recording."""


def any_habits(rng: np.random.Generator) -> Habits:
    """Return the habits of a dog, within the ranges of `simulators.scenarios.cohort`."""
    n_walks = int(rng.choice((1, 2, 3, 4), p=(0.15, 0.45, 0.25, 0.15)))
    hours = {1: (8.0,), 2: (7.5, 18.0), 3: (7.5, 13.0, 18.5), 4: (7.0, 11.5, 16.0, 20.5)}[n_walks]
    longest_min = min(60.0, 130.0 / n_walks)
    return Habits(
        walks_h=tuple(hour + float(rng.uniform(-0.5, 0.5)) for hour in hours),
        walk_min=float(rng.triangular(10.0, min(30.0, longest_min - 1.0), longest_min)),
        home_min=float(rng.triangular(20.0, 60.0, 150.0)),
        bout_s=float(rng.uniform(20.0, 60.0)),
        run_share=float(rng.triangular(0.02, 0.2, 0.4)),
        jumps=float(rng.triangular(0.0, 6.0, 20.0)),
        weak_jumps=float(rng.triangular(0.0, 6.0, 20.0)),
        shakes=float(rng.triangular(5.0, 15.0, 40.0)),
        wakings=float(rng.triangular(0.0, 2.0, 4.0)),
        sits=float(rng.uniform(0.3, 0.6)),
        day_cv=float(rng.triangular(0.15, 0.25, 0.35)),
    )


def fewer_and_shorter(habits: Habits, share: float) -> Habits:
    """Return habits with a share of the time on the move: shorter walks, bouts fewer and shorter.

    Bouts at home are ``sqrt(share)`` as many, and as long.

    Examples
    --------
    >>> sore = fewer_and_shorter(Habits(walk_min=30.0, home_min=60.0, bout_s=40.0), 0.25)
    >>> sore.walk_min, sore.home_min, sore.bout_s
    (7.5, 15.0, 20.0)
    """
    return replace(
        habits,
        walk_min=habits.walk_min * share,
        home_min=habits.home_min * share,
        bout_s=habits.bout_s * math.sqrt(share),
    )


def sore(habits: Habits) -> Habits:
    """Return the habits of moderate pain, by the factors of `simulators.dog.condition.MODERATE`."""
    fewer = fewer_and_shorter(habits, 0.65)
    return replace(
        fewer,
        run_share=0.4 * habits.run_share,
        jumps=0.1 * habits.jumps,
        weak_jumps=0.1 * habits.weak_jumps,
        wakings=1.6 * habits.wakings,
    )


def restless(habits: Habits, times: float = 6.0) -> Habits:
    """Return the same days with nights in which the dog gets up so many times as often."""
    return replace(habits, wakings=times * habits.wakings)
