"""Where a recording's times run on evenly, and where they break."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from analysis.model import FloatArray
from ingest.recordings.formats.base import Block

LOOK_SAMPLES = 9
"""A break is real only if the median of this many samples on both sides agrees."""

BREAK_PERIODS = 1.5
SUSPECT_PERIODS = 2.0


def measured_rate_hz(times_s: FloatArray) -> float | None:
    """Return the sampling rate that times show, or ``None`` if they show none.

    Notes
    -----
    The median step says what an ordinary step is; the rate is the mean over all ordinary steps,
    so rounding of single stamps averages out and gaps do not count. Stamps that come in bursts
    (several samples at one time) have no ordinary step; there the whole span is taken.
    """
    steps_s = np.diff(times_s)
    if not steps_s.size:
        return None
    median_s = float(np.median(steps_s))
    ordinary = (steps_s >= 0) & (steps_s <= SUSPECT_PERIODS * median_s)
    span_s = float(steps_s[ordinary].sum()) if median_s > 0 else float(times_s[-1] - times_s[0])
    n_steps = int(ordinary.sum()) if median_s > 0 else steps_s.size
    return round(n_steps / span_s, 4) if span_s > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """Some consecutive samples of one stretch; `is_new` where a stretch begins."""

    is_new: bool
    times_s: FloatArray
    acceleration_g: FloatArray
    range_g: float | None


@dataclass(slots=True)
class Segments:
    """Splits blocks at breaks in time, the same however the blocks were cut.

    A single stamp that is off is not a break, since its neighbours are not. After a step back,
    samples are dropped (and counted) until time passes the place where it went back.

    Attributes
    ----------
    rate_hz
        The recording's rate.
    n_backward
        Samples dropped so far, because their times had been heard already.
    """

    rate_hz: float
    n_backward: int = 0
    first_backward_s: float | None = None
    _times_s: FloatArray = field(default_factory=lambda: np.empty(0))
    _values: FloatArray = field(default_factory=lambda: np.empty((0, 3)))
    _n_done: int = 0
    _is_new: bool = True
    _floor_s: float = -np.inf
    _range_g: float | None = None

    def runs(self, blocks: Iterable[Block]) -> Iterator[Run]:
        """Yield the samples of the blocks, cut at breaks."""
        for block in blocks:
            self._range_g = block.range_g if block.range_g is not None else self._range_g
            self._times_s = np.concatenate([self._times_s, block.times_s])
            self._values = np.concatenate([self._values, block.acceleration_g])
            yield from self._advance(len(self._times_s) - LOOK_SAMPLES)
        yield from self._advance(len(self._times_s))

    def _advance(self, end: int) -> Iterator[Run]:
        """Yield what is decided: samples up to `end`, whose surroundings are all known."""
        if end <= self._n_done:
            return
        begin = self._n_done
        for place in self._suspects(begin, end):
            shift_s = self._shift_s(place)
            if abs(shift_s) * self.rate_hz <= BREAK_PERIODS:
                continue
            yield from self._emit(begin, place)
            begin, self._is_new = place, True
            if shift_s < 0:
                due_s = float(self._times_s[place]) - shift_s
                self._floor_s = max(self._floor_s, due_s)
        yield from self._emit(begin, end)
        keep = max(end - LOOK_SAMPLES, 0)
        self._times_s, self._values = self._times_s[keep:], self._values[keep:]
        self._n_done = end - keep

    def _suspects(self, begin: int, end: int) -> list[int]:
        first = max(begin, 1)
        periods = np.diff(self._times_s[first - 1 : end]) * self.rate_hz
        odd = (periods > SUSPECT_PERIODS) | (periods < 1.0 - SUSPECT_PERIODS)
        return [first + int(place) for place in np.flatnonzero(odd)]

    def _shift_s(self, place: int) -> float:
        """Return how far time really jumps before a sample, seen against the even line."""
        before = self._times_s[max(place - LOOK_SAMPLES, 0) : place]
        after = self._times_s[place : place + LOOK_SAMPLES]
        line_before = before + np.arange(len(before), 0, -1) / self.rate_hz
        line_after = after - np.arange(len(after)) / self.rate_hz
        return float(np.median(line_after) - np.median(line_before))

    def _emit(self, begin: int, end: int) -> Iterator[Run]:
        times_s, values = self._times_s[begin:end], self._values[begin:end]
        if np.isfinite(self._floor_s):
            late = times_s >= self._floor_s - 0.5 / self.rate_hz
            n_early = int(np.argmax(late)) if late.any() else len(times_s)
            if n_early and self.first_backward_s is None:
                self.first_backward_s = float(times_s[0])
            self.n_backward += n_early
            times_s, values = times_s[n_early:], values[n_early:]
            if len(times_s):
                self._floor_s = -np.inf
        if len(times_s):
            yield Run(
                is_new=self._is_new, times_s=times_s, acceleration_g=values, range_g=self._range_g
            )
            self._is_new = False
