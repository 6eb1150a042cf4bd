"""Moments that may be the flight of a jump: light, after a push and before a landing.

Times go with the root of the dog's height, so every window here and in `jump_features` is in
seconds of a dog of 0.52 m. A moment is judged by what lies from `BEFORE_S` before it to `AFTER_S`
after it, in any dog: the less after it, the sooner a jump is told.
"""

import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.model import FloatArray
from analysis.signal.fixed_point import moving_mean
from analysis.units import ticks

IntArray = NDArray[np.intp]

BEFORE_S, AFTER_S = 2.4, 1.9
PUSH_S, LANDING_S = 0.60, 0.55
_REFERENCE_WITHERS_M = 0.52
_SHORT_S, _SHORTEST_S = 0.20, 0.12
_NEAR_S = 0.22


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """What a moment needs at least, in g, so that it is worth a closer look.

    Attributes
    ----------
    light_below_g
        Mean magnitude over 0.2 s.
    push_from_g, landing_from_g
        Highest magnitude before and after.
    """

    light_below_g: float
    push_from_g: float
    landing_from_g: float


def unit_of(withers_m: float) -> float:
    """Return how long a second of the reference dog is for a dog of this height.

    Examples
    --------
    >>> unit_of(0.13)
    0.5
    """
    return math.sqrt(withers_m / _REFERENCE_WITHERS_M)


def short_ticks(unit: float) -> int:
    """Return the length of a light moment: less than a step of a trot, more than one dip."""
    return ticks(max(_SHORTEST_S, _SHORT_S * unit))


def places(magnitude_g: FloatArray, unit: float, floors: Floors) -> IntArray:
    """Return where light moments begin that lie between a push and a landing.

    Each is the first lowest one near it; the answer at a place depends only on what lies between
    `BEFORE_S` before and `AFTER_S` after it.
    """
    nothing = np.empty(0, np.intp)
    width = short_ticks(unit)
    if len(magnitude_g) <= width or magnitude_g.max() < floors.push_from_g:
        return nothing
    mean_g = moving_mean(magnitude_g, width)
    low = np.flatnonzero(mean_g <= floors.light_below_g)
    if not len(low):
        return nothing
    low = low[_is_first_lowest(mean_g, low, ticks(_NEAR_S * unit))]
    reach = ticks(LANDING_S * unit)
    push_g = _highest(magnitude_g, low - ticks(PUSH_S * unit), ticks(PUSH_S * unit))
    landing_g = _highest(magnitude_g, low + width, reach)
    return low[(push_g >= floors.push_from_g) & (landing_g >= floors.landing_from_g)]


def _is_first_lowest(mean_g: FloatArray, at: IntArray, reach: int) -> NDArray[np.bool_]:
    """Return whether nothing near each place is lower, and nothing before it as low."""
    around_g = scipy.ndimage.minimum_filter1d(mean_g, 2 * reach + 1, mode="constant", cval=np.inf)
    lowest = mean_g[at] <= around_g[at]
    padded_g = np.concatenate([np.full(reach, np.inf), mean_g])
    before_g = padded_g[at[lowest][:, None] + np.arange(reach)].min(axis=1, initial=np.inf)
    lowest[lowest] = mean_g[at[lowest]] < before_g
    return lowest


def _highest(magnitude_g: FloatArray, first: IntArray, length: int) -> FloatArray:
    """Return the highest magnitude of runs of ticks; outside of the signal there is none."""
    padded_g = np.concatenate([np.zeros(length), magnitude_g, np.zeros(length)])
    index = np.clip(first + length, 0, len(padded_g) - length)
    return np.asarray(padded_g[index[:, None] + np.arange(length)].max(axis=1, initial=0.0))
