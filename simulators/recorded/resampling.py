"""Bringing recordings to another rate, and playing them at another speed."""

from fractions import Fraction

import numpy as np
import scipy

from analysis.model import FloatArray

_LARGEST_PART = 200
"""Rates are taken as a ratio of whole numbers up to this: right to a few in a hundred thousand."""


def resampled(acceleration_g: FloatArray, rate_hz: float, to_hz: float) -> FloatArray:
    """Return the same at another rate, without what the new rate cannot hold.

    Notes
    -----
    A polyphase filter of ten zero crossings (Kaiser, 5) cuts at half of the lower rate. Its ripple
    would show in gravity, so the mean is taken away first. Beyond its ends a recording is taken to
    stay as it was there.

    Examples
    --------
    >>> resampled(np.ones((100, 3)), 100.0, 25.0).shape
    (25, 3)
    """
    ratio = Fraction(to_hz / rate_hz).limit_denominator(_LARGEST_PART)
    if ratio == 1 or len(acceleration_g) == 0:
        return acceleration_g
    up, down = ratio.numerator, ratio.denominator
    mean_g = acceleration_g.mean(axis=0)
    moved_g = acceleration_g - mean_g
    made_g = scipy.signal.resample_poly(moved_g, up, down, axis=0, padtype="edge")
    return np.asarray(mean_g + made_g)


def read_at(acceleration_g: FloatArray, positions: FloatArray) -> FloatArray:
    """Return what a recording reads at places between its samples, counted in samples from 0.

    By a cubic spline: smooth, and exact where a place is a sample. Nothing is filtered, so places
    should not lie much further apart than the samples.
    """
    if len(acceleration_g) < 2:
        return acceleration_g[np.zeros(len(positions), dtype=np.intp)]
    spline = scipy.interpolate.CubicSpline(np.arange(len(acceleration_g)), acceleration_g)
    return np.asarray(spline(np.clip(positions, 0.0, len(acceleration_g) - 1.0)))
