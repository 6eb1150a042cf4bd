"""From the collar's own sample times to the even 50 Hz grid.

The grid is fixed to Unix time, so a dog has the same ticks whatever collar it wears and wherever
a recording begins. Sources faster than the grid are low-passed first; then a cubic through four
samples (Catmull-Rom) is read off at each tick, which keeps the peak of a landing where a straight
line would shave it.
"""

from dataclasses import dataclass, field

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.model import BoolArray, FloatArray, Samples
from analysis.signal.fixed_point import quantised
from analysis.signal.full_scale import FullScale
from analysis.units import RATE_HZ, seconds, tick_at_or_after

_FASTEST_UNFILTERED_HZ = 1.1 * RATE_HZ
_CUTOFF_HZ = 20.0
_FRACTIONS = 4096.0
_LONGEST_STEP_S = 1.0
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
    raw_s, raw
        Times and rows that the low-pass still needs.
    taps
        The low-pass of this segment; empty for a source that needs none.
    begun
        Whether the segment has had a sample.
    source_hz
        Rate at the start of the segment.
    """

    times_s: FloatArray = field(default_factory=lambda: np.empty(0))
    rows: FloatArray = field(default_factory=lambda: np.empty((4, 0)))
    next_tick: int = 0
    raw_s: FloatArray = field(default_factory=lambda: np.empty(0))
    raw: FloatArray = field(default_factory=lambda: np.empty((4, 0)))
    taps: FloatArray = field(default_factory=lambda: np.empty(0))
    begun: bool = False
    source_hz: float = float(RATE_HZ)


class Resampler:
    """Puts one segment after the other on the grid.

    Notes
    -----
    Samples that come a second or more after the last ones, or before them, are no part of the
    segment, although no gap was told: they begin a new one, so no hole is ever filled in.
    """

    def __init__(self) -> None:
        self.full_scale = FullScale()
        self.state = ResamplerState()

    def start_segment(self) -> None:
        """Forget the segment heard so far."""
        self.state = ResamplerState()

    def push(self, samples: Samples) -> Grid:
        """Take the next samples of the segment and return the ticks they settle."""
        if not samples.n_samples:
            return _nothing(self.state.next_tick)
        rows = np.empty((4, samples.n_samples))
        rows[:3] = samples.acceleration_g.T
        rows[3] = self.full_scale.marks(samples)
        index = np.arange(samples.first_index, samples.first_index + samples.n_samples)
        times_s = samples.origin_s + index / samples.rate_hz
        if not self._follows(float(times_s[0])):
            self.start_segment()
        if not self.state.begun:
            self._begin(samples.rate_hz, times_s[:1], rows[:, :1])
        return self._settled(times_s, rows)

    def finish(self) -> Grid:
        """Return the last ticks of the segment, as if its last sample went on for ever."""
        state = self.state
        if not state.begun:
            return _nothing(0)
        known_s = state.raw_s if len(state.taps) else state.times_s
        last = state.raw[:, -1:] if len(state.taps) else state.rows[:, -1:]
        step_s = (known_s[-1] - known_s[0]) / (len(known_s) - 1)
        n_after = 1 + len(state.taps) // 2
        times_s = known_s[-1] + step_s * np.arange(1, n_after + 1)
        return self._settled(times_s, np.repeat(last, n_after, axis=1))

    def _follows(self, first_s: float) -> bool:
        """Return whether a sample at this time can go on with the segment."""
        state = self.state
        last_s = state.raw_s[-1:] if len(state.taps) else state.times_s[-1:]
        return not len(last_s) or 0.0 < first_s - float(last_s[0]) < _LONGEST_STEP_S

    def _begin(self, rate_hz: float, first_s: FloatArray, first_row: FloatArray) -> None:
        """Start as if the first sample had stood still for ever."""
        state = self.state
        state.begun = True
        state.source_hz = rate_hz
        state.next_tick = tick_at_or_after(float(first_s[0]))
        before = 1
        if rate_hz > _FASTEST_UNFILTERED_HZ:
            state.taps = _taps(rate_hz)
            n_before = len(state.taps) - 1
            state.raw_s = first_s - np.arange(n_before, 0, -1) / rate_hz
            state.raw = np.repeat(first_row, n_before, axis=1)
            before = 1 + len(state.taps) // 2
        state.times_s = first_s - np.arange(before, before - 1, -1) / rate_hz
        state.rows = first_row.copy()

    def _filtered(self, times_s: FloatArray, rows: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the next times and rows behind the low-pass.

        A filtered row has the time of the sample at the middle of its taps. The delay in seconds
        would not do: it changes with the rate, and times would step back where a stretch ends.
        """
        state = self.state
        if not len(state.taps):
            return times_s, rows
        n_before, n_samples = len(state.taps) - 1, len(times_s)
        times_s = np.concatenate([state.raw_s, times_s])
        rows = np.hstack([state.raw, rows])
        state.raw_s, state.raw = times_s[-n_before:].copy(), rows[:, -n_before:].copy()
        middle = slice(n_before // 2, n_before // 2 + n_samples)
        rows = quantised(rows)
        filtered = np.asarray(scipy.ndimage.convolve1d(rows, state.taps, axis=1, mode="nearest"))
        return times_s[middle], filtered[:, middle]

    def _settled(self, times_s: FloatArray, rows: FloatArray) -> Grid:
        """Give out the ticks that have two samples on either side, and forget what lies behind."""
        state = self.state
        times_s, rows = self._filtered(times_s, rows)
        times_s = np.concatenate([state.times_s, times_s])
        rows = np.hstack([state.rows, rows])
        first_tick = state.next_tick
        if len(times_s) >= 4:
            state.next_tick = max(first_tick, _end_of_ticks_before(float(times_s[-2])))
        keep = max(0, len(times_s) - 4)
        state.times_s, state.rows = times_s[keep:].copy(), rows[:, keep:].copy()
        return _grid(times_s, rows, first_tick, state.next_tick)


def _end_of_ticks_before(time_s: float) -> int:
    """Return the end of the ticks before a time, to the last bit of how ticks are timed."""
    tick = tick_at_or_after(time_s)
    # In some years the product of a tick's time and the rate rounds to just above the tick.
    return tick - 1 if seconds(tick - 1) >= time_s else tick


def _nothing(tick: int) -> Grid:
    return Grid(first_tick=tick, acceleration_g=np.empty((3, 0)), clipped=np.empty(0, bool))


def _grid(times_s: FloatArray, rows: FloatArray, first_tick: int, end_tick: int) -> Grid:
    """Return what samples, rows as in the state, read at some ticks."""
    n_ticks = end_tick - first_tick
    acceleration_g, clipped = np.empty((3, n_ticks)), np.zeros(n_ticks, bool)
    any_clipped = bool(rows[3].any())
    for start in range(0, n_ticks, _BLOCK):
        part = slice(start, min(start + _BLOCK, n_ticks))
        wanted_s = np.arange(first_tick + part.start, first_tick + part.stop) / RATE_HZ
        left = _left_of(times_s, wanted_s)
        acceleration_g[:, part] = quantised(_cubic(times_s, rows[:3], left, wanted_s))
        if any_clipped:
            clipped[part] = np.maximum(rows[3].take(left), rows[3].take(left + 1)) > 0.0
    return Grid(first_tick=first_tick, acceleration_g=acceleration_g, clipped=clipped)


def _taps(rate_hz: float) -> FloatArray:
    """Return a symmetric low-pass; its taps are multiples of 2**-16, so its sums are exact."""
    n_taps = 2 * round(2 * rate_hz / RATE_HZ) * 2 + 1
    taps = quantised(np.asarray(scipy.signal.firwin(n_taps, _CUTOFF_HZ, fs=rate_hz)))
    taps[n_taps // 2] += 1.0 - taps.sum()
    return taps


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
