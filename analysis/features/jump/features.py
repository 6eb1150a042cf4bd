"""What is known of a moment that may be a jump, in numbers that a model can weigh."""

from dataclasses import dataclass

import numpy as np

from analysis.features.jump.candidates import (
    AFTER_S,
    BEFORE_S,
    LANDING_S,
    PUSH_S,
    IntArray,
    short_ticks,
)
from analysis.model import BoolArray, FloatArray
from analysis.signal.fixed_point import quantised, running_sum
from analysis.units import RATE_HZ, ticks

NAMES = (
    "light_g",
    "short_g",
    "ln_push",
    "ln_landing",
    "push_gs",
    "landing_gs",
    "width_s",
    "apart_s",
    "dip_before_g",
    "dip_after_g",
    "peak_before",
    "peak_after",
    "mean_g",
    "ln_calm_before",
    "ln_calm_after",
    "turn_rad",
    "second_push",
    "landing_over_push",
)
"""The columns of the table: lowest means over 0.28 and 0.2 s; logarithms of the highest magnitudes
before and after; areas above 1 g of push and landing; width of the landing at half its height; time
from push to landing; lowest other means before and after, which a gallop has on both sides; highest
other peaks over the landing; mean of all; spread before and after, as logarithms: a collar on the
floor is perfectly still; angle between gravity before and after; second peak of the push over the
first; logarithm of landing over push."""

SMALLEST_SENSOR_G = 3.4
"""A sensor of 2 g an axis reads no more than this in any direction (root three times as much)."""

_CUT_PUSH_G, _CUT_LANDING_G = 3.2, 4.2
_LIGHT_S, _LIGHT_SHORTEST_S = 0.28, 0.16
_RHYTHM_S = (0.42, 1.30)
_BEFORE_PUSH_S, _AFTER_LANDING_S = 1.50, 1.30
_SETTLED_S = (0.35, 1.15)
_MIDDLE_S = (-0.5, 0.7)
_STILLEST_G = 0.002
_LONGEST_WIDTH = 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """Moments at which a collar was light; every array has one entry, or one row, a moment.

    Attributes
    ----------
    end
        Where each landing peaks, in ticks after the place.
    push_g, landing_g, light_g
        Highest magnitudes before and after, and the lowest mean between.
    clipped
        Whether the sensor was at its full scale.
    table
        Shape (n, 18), see `NAMES`.
    """

    end: IntArray
    push_g: FloatArray
    landing_g: FloatArray
    light_g: FloatArray
    clipped: BoolArray
    table: FloatArray


def moments(rows: FloatArray, at: IntArray, unit: float, *, peak_share: float) -> Moments:
    """Return what is known of each light moment.

    Parameters
    ----------
    rows
        Shape (5, n): magnitude, clipping, and the three axes of the acceleration, in g.
    at
        Places from `flights.places`.
    peak_share
        What a coarse source leaves of a peak; 1 for a fine one.
    """
    before, after = ticks(BEFORE_S), ticks(AFTER_S)
    padded = np.zeros((5, before + rows.shape[1] + after))
    padded[0] = 1.0
    padded[:, before:-after] = rows
    windows = padded[:, at[:, None] + np.arange(before + after)]
    return _Windows(windows, unit).moments(peak_share)


class _Windows:
    """Windows around light moments, each of which begins `BEFORE_S` after its window."""

    def __init__(self, windows: FloatArray, unit: float) -> None:
        self._unit = unit
        self._magnitude_g = windows[0]
        self._clipped = windows[1] > 0.0
        self._axes_g = windows[2:]
        place = ticks(BEFORE_S)
        self._at = np.arange(windows.shape[2]) - place
        sums = running_sum(self._magnitude_g)
        self._short, light = short_ticks(unit), ticks(max(_LIGHT_SHORTEST_S, _LIGHT_S * unit))
        self._short_g = (sums[:, place + self._short] - sums[:, place]) / self._short
        self._means_g = (sums[:, light:] - sums[:, :-light]) / light
        self._push_at, self._push_g = self._peak(-self._ticks(PUSH_S), 0)
        self._landing_at, self._landing_g = self._peak(
            self._short, self._short + self._ticks(LANDING_S)
        )

    def moments(self, peak_share: float) -> Moments:
        """Return all that is known."""
        near = self._ticks(0.15)
        light_g = self._lowest_mean(-near, near)
        clipped = self._clipped & self._within(self._push_at - 2, self._landing_at + 3)
        is_cut = clipped.any(axis=1)
        push_g = _uncut(self._push_g, is_cut, _CUT_PUSH_G) / peak_share
        landing_g = _uncut(self._landing_g, is_cut, _CUT_LANDING_G) / peak_share
        sizes = (light_g, self._short_g, np.log(push_g), np.log(landing_g))
        columns = (*sizes, *self._shape(), *self._rhythm(), *self._surroundings())
        return Moments(
            end=self._landing_at,
            push_g=self._push_g,
            landing_g=self._landing_g,
            light_g=light_g,
            clipped=is_cut,
            table=quantised(np.stack(columns, axis=1)),
        )

    def _shape(self) -> tuple[FloatArray, ...]:
        """Return the areas of push and landing, the landing's width, and the time between."""
        per_s = RATE_HZ * self._unit
        above_g = np.maximum(self._magnitude_g - 1.0, 0.0)
        push = self._within(-self._ticks(0.45), 0)
        landing = self._within(max(self._short, 1), self._landing_at + self._ticks(0.15) + 1)
        return (
            np.where(push, above_g, 0.0).sum(axis=1) / per_s,
            np.where(landing, above_g, 0.0).sum(axis=1) / per_s,
            np.minimum(self._width() / per_s, 0.4),
            (self._landing_at - self._push_at) / per_s,
        )

    def _width(self) -> FloatArray:
        """Return for how many ticks around its peak the landing is above half its height."""
        low = self._magnitude_g < (self._landing_g / 2.0)[:, None]
        away = self._at - self._landing_at[:, None]
        after = np.where(low & (away > 0), away, _LONGEST_WIDTH).min(axis=1)
        before = np.where(low & (away < 0), -away, _LONGEST_WIDTH).min(axis=1)
        return np.asarray(after + before - 1.0)

    def _rhythm(self) -> tuple[FloatArray, ...]:
        """Return other dips, and other peaks over the landing, before and after."""
        first, last = (self._ticks(each) for each in _RHYTHM_S)
        early, late = self._ticks(_BEFORE_PUSH_S), self._ticks(_AFTER_LANDING_S)
        before = self._within(self._push_at - early, self._push_at - self._ticks(0.30))
        behind = self._landing_at + self._ticks(0.40) + 1
        after = self._within(behind, self._landing_at + late + 1)
        return (
            self._lowest_mean(-last, -first),
            self._lowest_mean(first, last),
            np.where(before, self._magnitude_g, 0.0).max(axis=1) / self._landing_g,
            np.where(after, self._magnitude_g, 0.0).max(axis=1) / self._landing_g,
        )

    def _surroundings(self) -> tuple[FloatArray, ...]:
        """Return how strong and how calm all was, how far the dog turned, and what the push was."""
        first, end = (self._ticks(each) for each in _MIDDLE_S)
        middle = self._within(first, end)
        landed = self._landing_at
        still, end_still = (self._ticks(each) for each in _SETTLED_S)
        after = self._within(landed + still + 1, landed + end_still + 1)
        before = self._within(self._push_at - self._ticks(1.2), self._push_at - self._ticks(0.4))
        apart = np.abs(self._at - self._push_at[:, None]) >= max(3, self._ticks(0.08))
        push = self._within(-self._ticks(0.45), 0) & apart
        return (
            np.where(middle, self._magnitude_g, 0.0).sum(axis=1) / (end - first),
            np.log(self._spread(before)),
            np.log(self._spread(after)),
            self._turn(),
            np.where(push, self._magnitude_g, 0.0).max(axis=1) / self._push_g,
            np.log(self._landing_g / self._push_g),
        )

    def _spread(self, inside: BoolArray) -> FloatArray:
        """Return the standard deviation of the magnitude over a part, 0.002 to 1 g."""
        n_ticks = np.maximum(np.count_nonzero(inside, axis=1), 1)
        part_g = np.where(inside, self._magnitude_g, 0.0)
        mean_g = part_g.sum(axis=1) / n_ticks
        square_g2 = (part_g * part_g).sum(axis=1) / n_ticks
        return np.asarray(np.sqrt(np.clip(square_g2 - mean_g * mean_g, _STILLEST_G**2, 1.0)))

    def _turn(self) -> FloatArray:
        """Return the angle between gravity before and after, 0 where it is not known."""
        first = self._push_at - self._ticks(0.9)
        early = self._within(first, self._push_at - self._ticks(0.15))
        last = self._landing_at + self._ticks(1.1) + 1
        late = self._within(self._landing_at + self._ticks(0.35) + 1, last)
        before_g = np.where(early, self._axes_g, 0.0).sum(axis=2)
        after_g = np.where(late, self._axes_g, 0.0).sum(axis=2)
        product = (before_g * after_g).sum(axis=0)
        length = np.sqrt((before_g * before_g).sum(axis=0) * (after_g * after_g).sum(axis=0))
        cosine = product / np.maximum(length, np.finfo(float).tiny)
        return np.asarray(np.where(length > 0.0, np.arccos(np.clip(cosine, -1.0, 1.0)), 0.0))

    def _ticks(self, time_s: float) -> int:
        return ticks(time_s * self._unit)

    def _within(self, first: IntArray | int, end: IntArray | int) -> BoolArray:
        """Return which ticks of each window lie between two places of it."""
        start, stop = np.asarray(first), np.asarray(end)
        return np.broadcast_to(
            (self._at >= start[..., None]) & (self._at < stop[..., None]), self._magnitude_g.shape
        )

    def _peak(self, first: int, end: int) -> tuple[IntArray, FloatArray]:
        """Return place and height of the highest magnitude between two places."""
        part_g = np.where(self._within(first, end), self._magnitude_g, 0.0)
        index = part_g.argmax(axis=1)
        return self._at[index], part_g[np.arange(len(part_g)), index]

    def _lowest_mean(self, first: int, last: int) -> FloatArray:
        """Return the lowest mean over 0.28 s that begins between two places, at most 1.2 g."""
        at = self._at[: self._means_g.shape[1]]
        part_g = np.where((at >= first) & (at <= last), self._means_g, np.inf)
        return np.asarray(np.minimum(part_g.min(axis=1), 1.2))


def _uncut(peak_g: FloatArray, is_cut: BoolArray, usual_g: float) -> FloatArray:
    """Return what a peak may have been that a small sensor cut off."""
    return np.where(is_cut & (peak_g < SMALLEST_SENSOR_G), np.maximum(peak_g, usual_g), peak_g)
