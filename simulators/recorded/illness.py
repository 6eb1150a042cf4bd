"""What an illness does to recorded motion: stated changes, and no more than that."""

from dataclasses import dataclass

import numpy as np
import scipy

from analysis.model import FloatArray
from simulators.recorded.resampling import read_at
from simulators.recorded.strides import stride_starts_s, uneven_places

_GRAVITY_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Illness:
    """Changes to how a dog moves; as it is, none.

    Attributes
    ----------
    pace
        Its speed of movement over the recorded one: 0.9 makes a second last 1.11 s.
    amplitude
        What is left of the movement about gravity.
    unevenness
        By what share every other stride is longer, and the one after it shorter.
    """

    pace: float = 1.0
    amplitude: float = 1.0
    unevenness: float = 0.0


WELL = Illness()
MODERATE = Illness(pace=0.9, amplitude=0.62)
"""Moderate pain as in `simulators.dog.condition`: cadence 0.9, and 0.8 of the movement at it.

A slower cadence comes with less of it already: 0.9 to the power 2.45 is 0.77.
"""
UNEVEN = Illness(unevenness=0.15)
"""Strides of 1.15 and 0.85 of the usual length in turn: the size is a judgement."""


def slowed(acceleration_g: FloatArray, pace: float) -> FloatArray:
    """Return motion in which everything takes ``1 / pace`` of the time, at the same rate.

    Examples
    --------
    >>> len(slowed(np.ones((90, 3)), 0.9))
    100
    """
    n = round(len(acceleration_g) / pace)
    return read_at(acceleration_g, np.arange(n, dtype=np.float64) * pace)


def flattened(acceleration_g: FloatArray, rate_hz: float, share: float) -> FloatArray:
    """Return motion of which a share is left about gravity, which stays as it is.

    Gravity is the mean over the two seconds around each sample.
    """
    n_around = max(round(_GRAVITY_S * rate_hz), 1)
    gravity_g = scipy.ndimage.uniform_filter1d(acceleration_g, n_around, axis=0, mode="nearest")
    return np.asarray(gravity_g + share * (acceleration_g - gravity_g))


def unevened(acceleration_g: FloatArray, rate_hz: float, share: float) -> FloatArray:
    """Return a gait of which every other stride lasts longer and the next shorter by a share.

    What has no strides to be found stays as it is.
    """
    starts_s = stride_starts_s(acceleration_g, rate_hz)
    places = uneven_places(starts_s, len(acceleration_g), rate_hz, share)
    return read_at(acceleration_g, places)


def ill(acceleration_g: FloatArray, rate_hz: float, illness: Illness) -> FloatArray:
    """Return motion as it is under an illness: uneven, then slower, then flatter."""
    if illness.unevenness:
        acceleration_g = unevened(acceleration_g, rate_hz, illness.unevenness)
    if illness.pace != 1.0:
        acceleration_g = slowed(acceleration_g, illness.pace)
    if illness.amplitude != 1.0:
        acceleration_g = flattened(acceleration_g, rate_hz, illness.amplitude)
    return acceleration_g
