"""The beat of walking in many windows at once: steps where they are even, strides where not."""

from dataclasses import dataclass

import numpy as np

from analysis.features.gait.periodicity import (
    earliest_peak,
    lagged_products,
    peak_near,
    read_off,
    unbiased,
)
from analysis.model import BoolArray, FloatArray
from analysis.signal.fixed_point import running_sum

_WEIGHT = 2.0
"""What the magnitude counts beside the axes: as much as all three of them, about."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beats:
    """What repeats itself in each window; every array has shape (n_windows,).

    Attributes
    ----------
    lag_ticks
        Time from one beat to the next: a step, or a stride if only that repeats itself.
    certainty
        How alike one beat and the next are, in the magnitude and on the axes together, times the
        share of the window that could be compared, 0-1.
    sway
        How much better the axes repeat themselves after two beats than after one. A dog sways to
        one side with one step and to the other with the next: positive where beats are steps.
    regularity, half_regularity, double_regularity
        Unbiased autocorrelation of the magnitude at the lag, at half and at twice of it, at most 1.
    """

    lag_ticks: FloatArray
    certainty: FloatArray
    sway: FloatArray
    regularity: FloatArray
    half_regularity: FloatArray
    double_regularity: FloatArray

    def only(self, which: BoolArray) -> "Beats":
        """Return the beats of some of the windows."""
        return Beats(
            lag_ticks=self.lag_ticks[which],
            certainty=self.certainty[which],
            sway=self.sway[which],
            regularity=self.regularity[which],
            half_regularity=self.half_regularity[which],
            double_regularity=self.double_regularity[which],
        )


def beats(moving_g: FloatArray, lags: tuple[int, int], longest: int, octave: float) -> Beats:
    """Return the beats of windows.

    Parameters
    ----------
    moving_g
        Band-passed magnitude and axes, quantised, shape (4, n_windows, n_ticks).
    lags
        Shortest and longest beat, in ticks.
    longest
        Lag up to which there must be a curve: two steps, and the longest beat.

    Notes
    -----
    The magnitude shows steps, the axes show strides, since the sway is theirs: together they find
    the rhythm of a sound dog's walk on a collar, and of people whose steps are so uneven that
    their magnitude has an autocorrelation of 0.06 after a step (docs/evidence.md 11).
    Each lag is measured by the power of the two stretches that are compared, so that a window in
    which the dog becomes faster or stronger is judged by its rhythm, and nothing exceeds 1.
    Noise is alike by chance, the more so the shorter these are: a slow beat is less certain.
    """
    n_ticks = moving_g.shape[-1]
    longest = min(longest + 2, n_ticks - 2)
    products_g2 = lagged_products(moving_g, longest)
    of_magnitude, of_axes = products_g2[0], products_g2[1:].sum(axis=0)
    power_g2, axes_g2 = moving_g[0] ** 2, np.einsum("kit,kit->it", moving_g[1:], moving_g[1:])
    curve = _likeness(_WEIGHT**2 * of_magnitude + of_axes, _WEIGHT**2 * power_g2 + axes_g2)
    axes_curve = _likeness(of_axes, axes_g2)
    regularity = unbiased(of_magnitude, n_ticks)
    found = earliest_peak(curve, *lags, octave)
    lag_ticks = found.lag_ticks
    return Beats(
        lag_ticks=lag_ticks,
        certainty=np.clip(found.regularity, 0.0, 1.0) * (1.0 - lag_ticks / n_ticks),
        sway=peak_near(axes_curve, 2.0 * lag_ticks) - peak_near(axes_curve, lag_ticks),
        regularity=np.minimum(peak_near(regularity, lag_ticks), 1.0),
        half_regularity=np.minimum(read_off(regularity, lag_ticks / 2.0), 1.0),
        double_regularity=peak_near(regularity, 2.0 * lag_ticks),
    )


def _likeness(products_g2: FloatArray, power_g2: FloatArray) -> FloatArray:
    """Return the products at each lag over the power of what they are products of, -1 to 1."""
    n_ticks = power_g2.shape[1]
    lags = np.arange(products_g2.shape[1])
    sums = running_sum(power_g2)
    ahead, behind = sums[:, n_ticks - lags], sums[:, -1:] - sums[:, lags]
    return np.asarray(products_g2 / np.sqrt(np.maximum(ahead * behind, np.finfo(float).tiny)))
