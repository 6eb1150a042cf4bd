"""How evenly a dog steps: the spread of step times within a window."""

import numpy as np
from scipy.ndimage import maximum_filter1d

from analysis.model import FloatArray

_SHORTEST, _LONGEST = 0.5, 1.6
_FEWEST_STEPS = 3


def step_time_cv(windows_g: FloatArray, lag_ticks: FloatArray) -> FloatArray:
    """Return the coefficient of variation of step times of each window; 0 with too few steps.

    A step is a positive maximum of the band-passed magnitude with no higher one within half a
    step; its time is that of the parabola through it. Intervals far from the period (a step
    missed or counted twice) say nothing about evenness and are left out.

    Parameters
    ----------
    windows_g
        Shape (n_windows, n_ticks).
    lag_ticks
        Shape (n_windows,), the period of each.
    """
    cv = np.zeros(len(windows_g))
    reach = np.maximum(1, np.floor(lag_ticks / 2.0)).astype(int)
    for ticks_around in np.unique(reach):
        which = np.flatnonzero(reach == ticks_around)
        cv[which] = _cv_of(windows_g[which], int(ticks_around), lag_ticks[which])
    return cv


def _cv_of(windows_g: FloatArray, reach: int, lag_ticks: FloatArray) -> FloatArray:
    highest_g = np.asarray(maximum_filter1d(windows_g, 2 * reach + 1, axis=1))
    is_step = (windows_g == highest_g) & (windows_g > 0.0)
    is_step[:, 0] = is_step[:, -1] = False
    row, tick = np.nonzero(is_step)
    before, at, after = windows_g[row, tick - 1], windows_g[row, tick], windows_g[row, tick + 1]
    bend = before - 2.0 * at + after
    shift = np.where(bend < 0.0, 0.5 * (before - after) / np.where(bend < 0.0, bend, -1.0), 0.0)
    time_ticks = tick + shift
    interval = np.diff(time_ticks)
    same_row = np.diff(row) == 0
    share = interval / lag_ticks[row[:-1]]
    counted = same_row & (share >= _SHORTEST) & (share <= _LONGEST)
    row, interval = row[:-1][counted], interval[counted]
    n_steps = np.bincount(row, minlength=len(windows_g))
    enough = np.maximum(n_steps, 1)
    mean = np.bincount(row, interval, len(windows_g)) / enough
    spread = np.bincount(row, (interval - mean[row]) ** 2, len(windows_g)) / enough
    return np.where(n_steps >= _FEWEST_STEPS, np.sqrt(spread) / np.where(mean > 0, mean, 1.0), 0.0)
