"""Arithmetic that does not depend on the order of its terms.

Acceleration is rounded to multiples of 2**-16 g (15 micro-g, a sixtieth of a collar's count).
Sums of such numbers are exact in float64 as long as they stay below 2**37 g, which is a day of
samples at 16 g. So a running sum, a moving mean or an autocorrelation gives the same bits however
the stream was cut, on every machine, whatever order the additions are done in.
"""

import numpy as np

from analysis.model import FloatArray

STEPS_PER_G = 65536.0


def quantised(values_g: FloatArray) -> FloatArray:
    """Return values rounded to the nearest multiple of 2**-16.

    Examples
    --------
    >>> float(quantised(np.array([0.1]))[0]) * 65536
    6554.0
    """
    steps = values_g * STEPS_PER_G
    np.rint(steps, out=steps)
    steps /= STEPS_PER_G
    return steps


def running_sum(values: FloatArray) -> FloatArray:
    """Return sums of everything before each place, along the last axis, one longer than given."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums


def row_sums(values: FloatArray) -> FloatArray:
    """Return the sum of each row of quantised values, along the last axis.

    `einsum` adds rows of a few dozen three times as fast as `sum`, in another order; that does not
    matter here.

    Examples
    --------
    >>> row_sums(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [3.0, 7.0]
    """
    return np.asarray(np.einsum("...i->...", values))


def moving_mean(values: FloatArray, width: int) -> FloatArray:
    """Return the mean of every run of `width` neighbours; shape (n - width + 1,), or empty.

    `values` must be quantised; then the result is exact up to one rounding.

    Examples
    --------
    >>> moving_mean(np.array([0.0, 1.0, 2.0, 3.0]), 2).tolist()
    [0.5, 1.5, 2.5]
    """
    if len(values) < width:
        return np.empty(0)
    sums = running_sum(values)
    return np.asarray((sums[width:] - sums[:-width]) / width)
