"""Light moments, and the push before and the landing after each, as impulses in g s.

An impulse is what is above, or missing below, one gravity, summed over time. The sampling rate, the
sensor's low-pass and the height of a short peak hardly change it, and what the dog did before and
after is no part of it: a push begins, and a landing ends, where the collar is light.

Times go with the root of the dog's height, so every time here is in seconds of a dog of 0.52 m.
"""

import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.features.jump.model import strength
from analysis.model import FloatArray
from analysis.signal.fixed_point import running_sum
from analysis.units import RATE_HZ, ticks

IntArray = NDArray[np.intp]

BEFORE_S, AFTER_S = 2.4, 1.9
"""A moment is judged by what lies from `BEFORE_S` before it to `AFTER_S` after it, in any dog: the
less after it, the sooner a jump is told."""
SUPPORT_S = 0.50
LIGHT_S = (0.30, 0.56)
_REFERENCE_WITHERS_M = 0.52
_SHORTEST_S = 0.16
_NEAR_S = 0.22
_MOST_G = 4.0
_BREAK = 5.0
_STRONGEST = 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """Light moments; every array has one entry a moment.

    Attributes
    ----------
    at, width
        Where each begins, and how long it is, in ticks.
    light_gs, push_gs, landing_gs
        What was missing of one gravity in it, and what was above before and after, in seconds of
        a dog of 0.52 m.
    strength_gs
        How much of a jump each is, see `model.strength`.
    """

    at: IntArray
    width: IntArray
    light_gs: FloatArray
    push_gs: FloatArray
    landing_gs: FloatArray
    strength_gs: FloatArray


def unit_of(withers_m: float) -> float:
    """Return how long a second of the reference dog is for a dog of this height.

    Examples
    --------
    >>> unit_of(0.13)
    0.5
    """
    return math.sqrt(withers_m / _REFERENCE_WITHERS_M)


def moments(magnitude_g: FloatArray, unit: float, *, least_gs: float) -> Moments:
    """Return the light moments of a magnitude that are strong enough.

    Each is the first strongest one near it. Its beginning and its length are those that make it
    strongest, so nothing that is done to a jump can make it weaker by moving them.

    Parameters
    ----------
    magnitude_g
        Multiples of 2**-16.
    least_gs
        Least strength of a moment.
    """
    capped_g = np.minimum(magnitude_g, _MOST_G)
    widths = range(ticks(max(_SHORTEST_S, LIGHT_S[0] * unit)), ticks(LIGHT_S[1] * unit) + 1)
    per_gs = RATE_HZ * unit
    if _is_never_light(capped_g, widths[-1], per_gs * least_gs / _STRONGEST):
        return _none()
    missing_g = running_sum(1.0 - capped_g)
    strongest, width = np.zeros(len(magnitude_g)), np.zeros(len(magnitude_g), np.intp)
    push_gs, landing_gs = (each / per_gs for each in _supports(capped_g, ticks(SUPPORT_S * unit)))
    places = _promising(capped_g, push_gs, landing_gs, widths, per_gs, least_gs)
    for tried in widths:
        here_at = places[places + tried <= len(magnitude_g)]
        light_gs = (missing_g[here_at + tried] - missing_g[here_at]) / per_gs
        here = strength(light_gs, push_gs[here_at], landing_gs[here_at + tried])
        stronger = here > strongest[here_at]
        strongest[here_at[stronger]], width[here_at[stronger]] = here[stronger], tried
    at = _first_strongest(strongest, ticks(_NEAR_S * unit), least_gs)
    end = at + width[at]
    return Moments(
        at=at,
        width=width[at],
        light_gs=(missing_g[end] - missing_g[at]) / per_gs,
        push_gs=push_gs[at],
        landing_gs=landing_gs[end],
        strength_gs=strongest[at],
    )


def _is_never_light(capped_g: FloatArray, longest: int, least: float) -> bool:
    """Return whether no moment at all can be light enough."""
    if len(capped_g) < longest:
        return False
    sums = running_sum(np.maximum(1.0 - capped_g, 0.0))
    return bool((sums[longest:] - sums[:-longest]).max() < least)


def _promising(
    capped_g: FloatArray,
    push_gs: FloatArray,
    landing_gs: FloatArray,
    widths: range,
    per_gs: float,
    least_gs: float,
) -> IntArray:
    """Return the places that can be strong enough: few, so that only they are tried closely."""
    n_ticks, longest = len(capped_g), widths[-1]
    missing_g = running_sum(np.maximum(1.0 - capped_g, 0.0))
    until = np.minimum(np.arange(n_ticks) + longest, n_ticks)
    light_gs = (missing_g[until] - missing_g[:-1]) / per_gs
    hardest_gs = scipy.ndimage.maximum_filter1d(
        np.append(landing_gs, np.zeros(longest)), longest + 1, origin=-((longest + 1) // 2)
    )[:n_ticks]
    most_gs = strength(light_gs, push_gs[:n_ticks], hardest_gs)
    return np.flatnonzero(most_gs >= least_gs)


def _supports(capped_g: FloatArray, reach: int) -> tuple[FloatArray, FloatArray]:
    """Return what was above one gravity right before and right after each place between ticks.

    Of all stretches that end, or begin, there and are no longer than `reach`, the one with most.
    Below one gravity counts fivefold: no stretch goes on beyond the next light moment, so the
    strides of a run do not add up to a push.
    """
    sums = running_sum(np.where(capped_g > 1.0, 1.0, _BREAK) * (capped_g - 1.0))
    beyond = np.full(reach, np.inf)
    size, middle = reach + 1, (reach + 1) // 2
    lowest = scipy.ndimage.minimum_filter1d(np.concatenate([beyond, sums, beyond]), size)
    highest = -scipy.ndimage.minimum_filter1d(np.concatenate([-sums, beyond, beyond]), size)
    before, after = lowest[middle : middle + len(sums)], highest[middle : middle + len(sums)]
    return sums - before, after - sums


def _first_strongest(strength_gs: FloatArray, near: int, least_gs: float) -> IntArray:
    """Return places that are strong enough, none near them stronger, none before as strong."""
    around = scipy.ndimage.maximum_filter1d(strength_gs, 2 * near + 1, mode="constant")
    at = np.flatnonzero((strength_gs >= around) & (strength_gs >= max(least_gs, 2.0**-16)))
    padded = np.concatenate([np.zeros(near), strength_gs])
    before = padded[at[:, None] + np.arange(near)].max(axis=1, initial=0.0)
    return np.asarray(at[strength_gs[at] > before])


def _none() -> Moments:
    places, values = np.empty(0, np.intp), np.empty(0)
    return Moments(
        at=places,
        width=places,
        light_gs=values,
        push_gs=values,
        landing_gs=values,
        strength_gs=values,
    )
