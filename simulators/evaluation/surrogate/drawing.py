"""Drawing numbers from quantiles, so that those of one bout have something in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.model import FloatArray
from simulators.evaluation.surrogate.tables import KNOTS_Z, Spread

Places = NDArray[np.intp]
_STEP_Z = KNOTS_Z[1] - KNOTS_Z[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """Numbers, and the place of each in its distribution as a standard normal number."""

    values: FloatArray
    z: FloatArray


def draw(rng: np.random.Generator, spreads: Sequence[Spread], which: Places) -> Drawn:
    """Return a number for each entry of `which`, from the spread of the bout that it names."""
    quantiles = np.array([spread.quantiles for spread in spreads])
    of_bout = np.sqrt([spread.of_bout for spread in spreads])
    own = np.sqrt(1.0 - of_bout**2)
    z = (of_bout * rng.standard_normal(len(spreads)))[which]
    z += own[which] * rng.standard_normal(len(which))
    place = np.clip((z - KNOTS_Z[0]) / _STEP_Z, 0.0, len(KNOTS_Z) - 1.001)
    left = place.astype(np.intp)
    share = place - left
    low, high = quantiles[which, left], quantiles[which, left + 1]
    return Drawn(values=low + share * (high - low), z=z)
