"""From the collar's own sample times to the even 50 Hz grid.

The grid is fixed to Unix time, so a dog has the same ticks whatever collar it wears and wherever
a recording begins. Sources faster than the grid are low-passed first; then a cubic through four
samples (Catmull-Rom) is read off at each tick, which keeps the peak of a landing where a straight
line would shave it.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d
from scipy.signal import firwin

from analysis.model import BoolArray, FloatArray, Samples
from analysis.signal.exact import quantised
from analysis.units import RATE_HZ, tick_at_or_after

_FASTEST_UNFILTERED_HZ = 1.1 * RATE_HZ
_CUTOFF_HZ = 20.0
_FRACTIONS = 4096.0
_FULL_SCALE = 0.98
_BLOCK = 4096
"""Ticks that are worked out together: few enough for the processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Samples on the even grid.

    Attributes
    ----------
    first_tick
        Tick of the first row.
    acceleration_g
        Shape (3, n), multiples of 2**-16 g.
    clipped
        Shape (n,), true next to a sample at full scale.
    """

    first_tick: int
    acceleration_g: FloatArray
    clipped: BoolArray


@dataclass(slots=True)
class ResamplerState:
    """What must survive a restart.

    Attributes
    ----------
    times_s, rows
        Times of the last samples; their acceleration (g), shape (4, n), the fourth row being 1
        where the sensor was at full scale.
    next_tick
        The first tick not yet given out.
    raw
        Rows that the low-pass still needs.
    taps
        The low-pass of this segment; empty for a source that needs none.
    begun
        Whether the segment has had a sample.
    source_hz
        Rate of the newest samples.
    """

    times_s: FloatArray = field(default_factory=lambda: np.empty(0))
    rows: FloatArray = field(default_factory=lambda: np.empty((4, 0)))
    next_tick: int = 0
    raw: FloatArray = field(default_factory=lambda: np.empty((4, 0)))
    taps: FloatArray = field(default_factory=lambda: np.empty(0))
    begun: bool = False
    source_hz: float = float(RATE_HZ)


class Resampler:
    """Puts one segment after the other on the grid."""

    def __init__(self) -> None:
        self.state = ResamplerState()

    def start_segment(self) -> None:
        """Forget the segment heard so far."""
        self.state = ResamplerState()

    def push(self, samples: Samples) -> Grid:
        """Take the next samples of the segment and return the ticks they settle."""
        state = self.state
        state.source_hz = samples.rate_hz
        rows = _with_clipping(samples)
        index = np.arange(samples.first_index, samples.first_index + samples.n_samples)
        times_s = samples.origin_s + index / samples.rate_hz
        if not state.begun:
            self._begin(samples.rate_hz, times_s[:1], rows[:, :1])
        if len(state.taps):
            rows, state.raw = _low_passed(np.hstack([state.raw, rows]), state.taps)
            times_s = times_s - (len(state.taps) // 2) / samples.rate_hz
        state.times_s = np.concatenate([state.times_s, times_s])
        state.rows = np.hstack([state.rows, rows])
        return self._settled()

    def finish(self) -> Grid:
        """Return the last ticks of the segment, as if its last sample went on for ever."""
        state = self.state
        if not state.begun:
            return Grid(first_tick=0, acceleration_g=np.empty((3, 0)), clipped=np.empty(0, bool))
        step_s = (state.times_s[-1] - state.times_s[0]) / (len(state.times_s) - 1)
        n_after = 1 + len(state.taps) // 2
        last = state.raw[:, -1:] if len(state.taps) else state.rows[:, -1:]
        rows = np.repeat(last, n_after, axis=1)
        if len(state.taps):
            rows, state.raw = _low_passed(np.hstack([state.raw, rows]), state.taps)
        times_s = state.times_s[-1] + step_s * np.arange(1, n_after + 1)
        state.times_s = np.concatenate([state.times_s, times_s])
        state.rows = np.hstack([state.rows, rows])
        return self._settled()

    def _begin(self, rate_hz: float, first_s: FloatArray, first_row: FloatArray) -> None:
        """Start as if the first sample had stood still for ever."""
        state = self.state
        state.begun = True
        state.next_tick = tick_at_or_after(float(first_s[0]))
        before = 1
        if rate_hz > _FASTEST_UNFILTERED_HZ:
            state.taps = _taps(rate_hz)
            state.raw = np.repeat(first_row, len(state.taps) - 1, axis=1)
            before = 1 + len(state.taps) // 2
        state.times_s = first_s - np.arange(before, before - 1, -1) / rate_hz
        state.rows = first_row.copy()

    def _settled(self) -> Grid:
        """Give out the ticks that have two samples on either side, and forget what lies behind."""
        state = self.state
        end_tick = first_tick = state.next_tick
        if len(state.times_s) >= 4:
            end_tick = max(first_tick, tick_at_or_after(float(state.times_s[-2])))
        grid = _grid(state.times_s, state.rows, first_tick, end_tick)
        keep = max(0, len(state.times_s) - 4)
        state.times_s = state.times_s[keep:].copy()
        state.rows = state.rows[:, keep:].copy()
        state.next_tick = end_tick
        return grid


def _grid(times_s: FloatArray, rows: FloatArray, first_tick: int, end_tick: int) -> Grid:
    """Return what samples, rows as in the state, read at some ticks."""
    n_ticks = end_tick - first_tick
    acceleration_g, clipped = np.empty((3, n_ticks)), np.empty(n_ticks, bool)
    for start in range(0, n_ticks, _BLOCK):
        part = slice(start, min(start + _BLOCK, n_ticks))
        wanted_s = np.arange(first_tick + part.start, first_tick + part.stop) / RATE_HZ
        left = _left_of(times_s, wanted_s)
        acceleration_g[:, part] = quantised(_cubic(times_s, rows[:3], left, wanted_s))
        clipped[part] = np.maximum(rows[3].take(left), rows[3].take(left + 1)) > 0.0
    return Grid(first_tick=first_tick, acceleration_g=acceleration_g, clipped=clipped)


def _with_clipping(samples: Samples) -> FloatArray:
    """Return acceleration with a fourth row: 1 where the sensor was at full scale."""
    rows = np.zeros((4, samples.n_samples))
    rows[:3] = samples.acceleration_g.T
    if samples.range_g is not None:
        full_g = _FULL_SCALE * samples.range_g
        if max(rows.max(), -rows.min()) >= full_g:
            rows[3] = np.abs(rows[:3]).max(axis=0) >= full_g
    return rows


def _taps(rate_hz: float) -> FloatArray:
    """Return a symmetric low-pass; its taps are multiples of 2**-16, so its sums are exact."""
    n_taps = 2 * round(2 * rate_hz / RATE_HZ) * 2 + 1
    taps = quantised(np.asarray(firwin(n_taps, _CUTOFF_HZ, fs=rate_hz)))
    taps[n_taps // 2] += 1.0 - taps.sum()
    return taps


def _low_passed(rows: FloatArray, taps: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return rows filtered where all taps lie on data, and the rows to carry on with."""
    n_before = len(taps) - 1
    half = n_before // 2
    n_samples = rows.shape[1]
    if n_samples <= n_before:
        return np.empty((4, 0)), rows
    full = np.asarray(convolve1d(quantised(rows), taps, axis=1, mode="nearest"))
    return full[:, half : n_samples - half], rows[:, -n_before:].copy()


def _left_of(times_s: FloatArray, wanted_s: FloatArray) -> NDArray[np.intp]:
    """Return which sample is the last not after each wanted time.

    A source in step with the grid needs no search: its samples follow each other one by one.
    """
    n_ticks = len(wanted_s)
    first = int(np.searchsorted(times_s, wanted_s[0], side="right")) - 1
    here_s, next_s = times_s[first : first + n_ticks], times_s[first + 1 : first + n_ticks + 1]
    if len(next_s) == n_ticks and (here_s <= wanted_s).all() and (wanted_s < next_s).all():
        return np.arange(first, first + n_ticks)
    return np.searchsorted(times_s, wanted_s, side="right") - 1


def _cubic(
    times_s: FloatArray, rows: FloatArray, left: NDArray[np.intp], wanted_s: FloatArray
) -> FloatArray:
    """Return rows at the wanted times; `left` is the sample before each.

    The place between two samples is rounded to 1/4096 of their distance (5 microseconds), which
    makes it the same number along an even source and lets whole runs be read as slices.
    """
    n_ticks = len(left)
    before_s = times_s.take(left)
    place = np.rint((wanted_s - before_s) / (times_s.take(left + 1) - before_s) * _FRACTIONS)
    place /= _FRACTIONS
    if place.min() < place.max() or left[-1] - left[0] != n_ticks - 1:
        near = [rows.take(left + shift, axis=1) for shift in (-1, 0, 1, 2)]
        return _weighted(near, _catmull_rom(place))
    at = int(left[0])
    near = [rows[:, at + shift : at + shift + n_ticks] for shift in (-1, 0, 1, 2)]
    return near[1] if not place[0] else _weighted(near, _catmull_rom(place[:1]))


def _weighted(near: list[FloatArray], weights: list[FloatArray]) -> FloatArray:
    """Return the weighted sum of four neighbours, always added in the same order."""
    total = near[0] * weights[0]
    for each, weight in zip(near[1:], weights[1:], strict=True):
        total += each * weight
    return total


def _catmull_rom(place: FloatArray) -> list[FloatArray]:
    """Return the weights of four neighbours at a place from 0 (second) to 1 (third)."""
    square = place * place
    cube = square * place
    return [
        (2.0 * square - cube - place) / 2.0,
        (3.0 * cube - 5.0 * square + 2.0) / 2.0,
        (4.0 * square - 3.0 * cube + place) / 2.0,
        (cube - square) / 2.0,
    ]
