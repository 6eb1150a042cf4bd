"""What is to be done in a day, and when: drawn by chance from habits."""

from dataclasses import dataclass

import numpy as np

from simulators.day.schedule import NIGHT_FROM_H, NIGHT_UNTIL_H, Step
from simulators.recorded.habits import Habits

MIDNIGHT_H = 24.0
_WALK_S, _STOP_S, _LEAD_S = (20.0, 120.0), (4.0, 25.0), (3.0, 6.0)
_STOPS = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A jump at a given hour of the day, whatever the habits say."""

    at_h: float
    kind: str = "jump"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Things to do one after the other, from a second of the day on."""

    start_s: float
    steps: tuple[Step, ...]


def day_dues(
    rng: np.random.Generator, habits: Habits, breaches: tuple[Breach, ...] = ()
) -> list[Due]:
    """Return what a day holds besides rest, in order; a jump has no length of its own.

    Kinds are ``walk``, ``potter``, ``run``, ``stop``, ``shake``, ``sit``, ``jump``, ``weak_jump``.
    """
    spread = np.sqrt(np.log(1.0 + habits.day_cv**2))
    activity = float(np.exp(spread * rng.standard_normal() - spread**2 / 2.0))
    dues = [
        Due(
            start_s=3600.0 * (hour + rng.uniform(-0.3, 0.3)),
            steps=_outing(rng, habits, 60.0 * habits.walk_min * activity),
        )
        for hour in habits.walks_h
    ]
    n_bouts = rng.poisson(activity * 60.0 * habits.home_min / habits.bout_s)
    dues += [Due(start_s=_by_day_s(rng), steps=_pottering(rng, habits)) for _ in range(n_bouts)]
    for kind, usual in (("jump", habits.jumps), ("weak_jump", habits.weak_jumps)):
        n = rng.poisson(usual * activity)
        dues += [Due(start_s=_by_day_s(rng), steps=_jumping(rng, kind)) for _ in range(n)]
    n_shakes = rng.poisson(habits.shakes)
    shake = (("stop", 3.0), ("shake", 2.0), ("stop", 3.0))
    dues += [Due(start_s=_by_day_s(rng), steps=shake) for _ in range(n_shakes)]
    n_wakings = rng.poisson(habits.wakings)
    dues += [Due(start_s=_by_night_s(rng), steps=_waking(rng)) for _ in range(n_wakings)]
    dues += [Due(start_s=3600.0 * each.at_h, steps=_jumping(rng, each.kind)) for each in breaches]
    return sorted(dues, key=lambda due: due.start_s)


def _by_day_s(rng: np.random.Generator) -> float:
    return float(3600.0 * rng.uniform(NIGHT_UNTIL_H, NIGHT_FROM_H))


def _by_night_s(rng: np.random.Generator) -> float:
    night_h = MIDNIGHT_H - NIGHT_FROM_H + NIGHT_UNTIL_H
    return float(3600.0 * ((NIGHT_FROM_H + rng.uniform(0.0, night_h)) % MIDNIGHT_H))


def _outing(rng: np.random.Generator, habits: Habits, length_s: float) -> tuple[Step, ...]:
    """Return a walk: stretches with stops and, for a dog that runs, runs between them."""
    length_s *= rng.uniform(0.8, 1.2)
    steps: list[Step] = []
    runs_s = habits.run_share / (1.0 - habits.run_share)
    while length_s > 0.0:
        walk_s = float(rng.uniform(*_WALK_S))
        run_s = walk_s * runs_s * float(rng.uniform(0.5, 1.5))
        stop_s = float(rng.uniform(*_STOP_S)) if rng.random() < _STOPS else 0.0
        steps += [("walk", min(walk_s, length_s)), ("run", run_s), ("stop", stop_s)]
        length_s -= walk_s + run_s + stop_s
    return tuple(step for step in steps if step[1] > 0.0)


def _pottering(rng: np.random.Generator, habits: Habits) -> tuple[Step, ...]:
    bout_s = habits.bout_s * float(rng.uniform(0.4, 1.6))
    share = float(rng.uniform(0.2, 0.8))
    run_s = float(rng.uniform(3.0, 10.0)) if rng.random() < habits.run_share else 0.0
    steps = (
        *(("potter", share * bout_s), ("stop", float(rng.uniform(2.0, 10.0)))),
        *(("potter", (1.0 - share) * bout_s), ("run", run_s)),
    )
    return tuple(step for step in steps if step[1] > 0.0)


def _jumping(rng: np.random.Generator, kind: str) -> tuple[Step, ...]:
    before_s, after_s = rng.uniform(*_LEAD_S, size=2)
    return (("walk", float(before_s)), (kind, 0.0), ("walk", float(after_s)))


def _waking(rng: np.random.Generator) -> tuple[Step, ...]:
    before_s, after_s = rng.uniform(10.0, 60.0, size=2)
    return (
        ("sit", float(before_s)),
        ("walk", float(rng.uniform(5.0, 40.0))),
        ("sit", float(after_s)),
    )
