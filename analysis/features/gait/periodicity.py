"""The rhythm of many windows at once: the lag at which each repeats itself, and how well."""

from dataclasses import dataclass

import numpy as np

from analysis.model import BoolArray, FloatArray
from analysis.units import RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Periodicity:
    """Repetition of each window; every array has shape (n_windows,).

    Attributes
    ----------
    lag_ticks
        The strongest period, between the ticks where it falls there.
    regularity, half_regularity, double_regularity
        Unbiased autocorrelation at that lag, at half and at twice of it; -1 where the window is
        too short for it or no period was found.
    """

    lag_ticks: FloatArray
    regularity: FloatArray
    half_regularity: FloatArray
    double_regularity: FloatArray

    def only(self, which: BoolArray) -> "Periodicity":
        """Return the rhythm of some of the windows."""
        return Periodicity(
            lag_ticks=self.lag_ticks[which],
            regularity=self.regularity[which],
            half_regularity=self.half_regularity[which],
            double_regularity=self.double_regularity[which],
        )


def periodicity(
    windows_g: FloatArray, slowest_hz: float, fastest_hz: float, octave: float
) -> Periodicity:
    """Return the rhythm of windows, shape (n_axes, n_windows, n_ticks), by autocorrelation.

    That of several axes is the sum of theirs, which stays the same when all are turned.

    The period is the earliest local maximum of at least `octave` times the best one.

    Notes
    -----
    On synthetic strides the plain maximum takes the stride for the step above 3 Hz (48 % error);
    the rule of the earliest good maximum does not. A parabola through the maximum and its
    neighbours gives the lag between ticks: at 6 Hz a whole tick is 12 %.
    """
    shortest = max(2, int(RATE_HZ / fastest_hz))
    longest = int(np.ceil(RATE_HZ / slowest_hz))
    curve = _autocorrelation(windows_g, min(2 * longest + 1, windows_g.shape[-1] - 2))
    inner = curve[:, 1:-1]
    is_peak = (inner > curve[:, :-2]) & (inner >= curve[:, 2:])
    lags = np.arange(1, curve.shape[1] - 1)
    is_peak &= (lags >= shortest) & (lags <= longest)
    height = np.where(is_peak, inner, -1.0)
    good = is_peak & (height >= octave * height.max(axis=1, keepdims=True))
    first = np.argmax(good, axis=1) + 1
    lag_ticks, regularity = _interpolated(curve, first)
    return Periodicity(
        lag_ticks=lag_ticks,
        regularity=np.where(good.any(axis=1), regularity, -1.0),
        half_regularity=_read_off(curve, lag_ticks / 2.0),
        double_regularity=_peak_near(curve, 2.0 * lag_ticks),
    )


def _autocorrelation(windows_g: FloatArray, longest: int) -> FloatArray:
    """Return the unbiased autocorrelation from lag 0 to `longest`; 1 at lag 0.

    Sums of products of quantised numbers are exact, so a plain sum over each lag is as good as
    any other order of adding.
    """
    _, n_windows, n_ticks = windows_g.shape
    curve = np.empty((n_windows, longest + 1))
    for lag in range(longest + 1):
        products = np.einsum("kij,kij->i", windows_g[..., : n_ticks - lag], windows_g[..., lag:])
        curve[:, lag] = products / (n_ticks - lag)
    power = np.maximum(curve[:, :1], np.finfo(float).tiny)
    return np.asarray(curve / power)


def _interpolated(curve: FloatArray, peak: np.ndarray) -> tuple[FloatArray, FloatArray]:
    """Return place and height of the parabola through each peak and its neighbours."""
    row = np.arange(len(curve))
    before, at, after = curve[row, peak - 1], curve[row, peak], curve[row, peak + 1]
    bend = before - 2.0 * at + after
    safe = np.where(bend < 0.0, bend, -1.0)
    shift = np.where(bend < 0.0, np.clip(0.5 * (before - after) / safe, -0.5, 0.5), 0.0)
    return peak + shift, np.minimum(at - 0.25 * (before - after) * shift, 1.0)


def _read_off(curve: FloatArray, lag_ticks: FloatArray) -> FloatArray:
    """Return the curve at lags between ticks, by a straight line."""
    last = curve.shape[1] - 2
    left = np.clip(lag_ticks.astype(int), 0, last)
    place = np.clip(lag_ticks - left, 0.0, 1.0)
    row = np.arange(len(curve))
    return np.asarray(curve[row, left] * (1.0 - place) + curve[row, left + 1] * place)


def _peak_near(curve: FloatArray, lag_ticks: FloatArray) -> FloatArray:
    """Return the height of the curve's maximum within a tick of each lag."""
    last = curve.shape[1] - 2
    middle = np.clip(np.rint(lag_ticks).astype(int), 1, last)
    row = np.arange(len(curve))
    near = np.stack([curve[row, np.clip(middle + shift, 1, last)] for shift in (-1, 0, 1)])
    best = np.clip(middle + np.argmax(near, axis=0) - 1, 1, last)
    return _interpolated(curve, best)[1]
