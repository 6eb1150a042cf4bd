"""Which tables stand for a condition and a collar: the nearest levels, by chance in proportion."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log

import numpy as np

from simulators.behaviours.gait import CADENCE_POWER
from simulators.dog.collar import Mounting
from simulators.dog.condition import Condition
from simulators.evaluation.surrogate.tables import LEVELS

_STRENGTH_STEP, _RHYTHM_STEP = 0.2, 0.1
"""Differences in the logarithm of strength and in regularity that weigh alike (a judgement)."""
_LEAST_SHARE = 0.02
_LOOSE_RING, _LOOSE_TAGS = 0.45, 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a dog moves and wears its collar, as the tables know it.

    Attributes
    ----------
    cadence
        Stride rate over the healthy dog's.
    felt
        Logarithm of the strength that the collar feels, over the healthy dog's.
    seat
        As in `simulators.evaluation.surrogate.tables.Level`.
    shares
        Levels by name, and how much of it each stands for; they add up to 1.
    """

    cadence: float
    felt: float
    seat: str
    shares: Mapping[str, float]

    def levels(self, rng: np.random.Generator, n: int) -> list[str]:
        """Return a level for each of n bouts."""
        names = list(self.shares)
        if len(names) == 1:
            return names * n
        return [str(each) for each in rng.choice(names, n, p=list(self.shares.values()))]


@lru_cache(maxsize=512)
def way_of(condition: Condition, mounting: Mounting) -> Way:
    """Return the way of a condition under a collar."""
    seat = _seat(mounting)
    felt = log(condition.amplitude * mounting.follow) + CADENCE_POWER * log(condition.cadence)
    weights = {}
    for name, level in LEVELS.items():
        if level.seat != seat:
            continue
        of_level = level.condition
        level_felt = log(of_level.amplitude) + CADENCE_POWER * log(of_level.cadence)
        rhythm = condition.regularity_loss - of_level.regularity_loss
        apart = ((felt - level_felt) / _STRENGTH_STEP) ** 2 + (rhythm / _RHYTHM_STEP) ** 2
        weights[name] = 1.0 / (apart + 0.01) ** 2
    total = sum(weights.values())
    shares = {name: weight / total for name, weight in weights.items()}
    shares = {name: share for name, share in shares.items() if share >= _LEAST_SHARE}
    total = sum(shares.values())
    return Way(
        cadence=condition.cadence,
        felt=felt,
        seat=seat,
        shares={name: share / total for name, share in shares.items()},
    )


def _seat(mounting: Mounting) -> str:
    if mounting.leashed:
        return "leash_on_collar"
    loose = mounting.ring >= _LOOSE_RING and mounting.tags_per_min >= _LOOSE_TAGS
    return "loose_collar" if loose else "plain"
