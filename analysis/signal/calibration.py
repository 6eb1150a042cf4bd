"""Gravity calibration: a collar at rest reads one gravity, whichever way it hangs."""

from dataclasses import dataclass, field

import numpy as np

from analysis.model import FloatArray
from analysis.signal.fixed_point import STEPS_PER_G, row_sums
from analysis.signal.framing import Framer
from analysis.signal.resample import Grid
from analysis.signal.sphere import Correction, closest_sphere, error_g, one_gain
from analysis.units import ticks

_EVERY = 5
"""Ticks from one reading to the next: ten readings a second tell rest from movement."""
_BLOCK = ticks(10.0) // _EVERY
_HOUR = ticks(3600.0)
_PER_FACE = 3
N_CELLS = 6 * _PER_FACE * _PER_FACE


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationSettings:
    """When and how far readings are corrected so that rest reads one gravity.

    Attributes
    ----------
    still_below_g
        Standard deviation on each axis over ten seconds at rest (van Hees et al. 2014: 13 mg).
    least_blocks
        Ten-second rests that it takes before anything is corrected (a judgement: five minutes).
    least_ways, least_ways_all
        Different ways of hanging, some 30 degrees apart, that one gain for all axes takes, and
        that a gain and an offset for each axis take (six numbers; a judgement).
    from_error_g
        Readings that are not this far from one gravity are left alone.
    most_gain_error, most_offset_g
        What is further off is not corrected: a wrong unit or a broken sensor (a judgement; sensors
        differ by up to 3 % and 60 mg, evidence.md 8.1).
    """

    still_below_g: float = 0.013
    least_blocks: int = 30
    least_ways: int = 3
    least_ways_all: int = 9
    from_error_g: float = 0.010
    most_gain_error: float = 0.25
    most_offset_g: float = 0.15


@dataclass(slots=True)
class CalibrationState:
    """What must survive a restart; it belongs to the collar.

    Attributes
    ----------
    hour
        Hour of Unix time of the last tick; negative before the first.
    n_blocks
        Rests of ten seconds heard so far.
    at_rest_g
        Shape (54, 3): the newest reading at rest in each direction; zero for none.
    correction
        What is applied now.
    """

    hour: int = -1
    n_blocks: int = 0
    at_rest_g: FloatArray = field(default_factory=lambda: np.zeros((N_CELLS, 3)))
    correction: Correction = field(default_factory=Correction)


class Calibrator:
    """Corrects the grid by what the collar read at rest before.

    Notes
    -----
    A correction changes at whole hours of Unix time only, and only by what was heard before, so
    that the result does not depend on how the stream was cut. It is changed when readings at rest
    have become wrong, and only to one that at least halves the error; a gain and an offset for
    each axis must do so for readings that they were not fitted to.
    """

    def __init__(self, settings: CalibrationSettings) -> None:
        self._settings = settings
        self.blocks = Framer(_BLOCK, _BLOCK)
        self.state = CalibrationState()

    def start_segment(self) -> None:
        """Forget the unfinished block."""
        self.blocks.start_segment()

    def start_collar(self) -> None:
        """Forget all that was learned: another collar follows."""
        self.start_segment()
        self.state = CalibrationState()

    def push(self, grid: Grid) -> Grid:
        """Take the next ticks as they were read and return them corrected."""
        corrected_g = []
        first, n_ticks = 0, grid.acceleration_g.shape[1]
        while first < n_ticks:
            tick = grid.first_tick + first
            self._enter(tick // _HOUR)
            end = min(n_ticks, first + _HOUR - tick % _HOUR)
            part_g = grid.acceleration_g[:, first:end]
            corrected_g.append(self._corrected(part_g))
            self._gather(tick, part_g)
            first = end
        if not corrected_g:
            return grid
        return Grid(
            first_tick=grid.first_tick,
            acceleration_g=corrected_g[0] if len(corrected_g) == 1 else np.hstack(corrected_g),
            clipped=grid.clipped,
        )

    def _enter(self, hour: int) -> None:
        """Think again about the correction, if another hour has begun."""
        state = self.state
        if hour == state.hour:
            return
        state.hour = hour
        if state.n_blocks >= self._settings.least_blocks:
            at_rest_g = state.at_rest_g[state.at_rest_g.any(axis=1)]
            state.correction = better(at_rest_g, state.correction, self._settings)

    def _corrected(self, acceleration_g: FloatArray) -> FloatArray:
        correction = self.state.correction
        if correction.is_none:
            return acceleration_g
        steps = acceleration_g * (STEPS_PER_G * np.array(correction.gain))[:, None]
        steps += (STEPS_PER_G * np.array(correction.offset_g))[:, None]
        np.rint(steps, out=steps)
        steps *= 1.0 / STEPS_PER_G
        return steps

    def _gather(self, first_tick: int, acceleration_g: FloatArray) -> None:
        """Keep the newest reading at rest in each direction."""
        skip = -first_tick % _EVERY
        picked_g = acceleration_g[:, skip::_EVERY]
        blocks = self.blocks.push((first_tick + skip) // _EVERY, picked_g)
        if not len(blocks):
            return
        mean_g = row_sums(blocks.values) / _BLOCK
        square_g2 = np.einsum("ijk,ijk->ij", blocks.values, blocks.values) / _BLOCK
        still = (square_g2 - mean_g * mean_g < self._settings.still_below_g**2).all(axis=0)
        still &= mean_g.any(axis=0)
        self.state.n_blocks += int(still.sum())
        at_rest_g = mean_g[:, still].T
        for cell, reading_g in zip(cells(at_rest_g), at_rest_g, strict=True):
            self.state.at_rest_g[cell] = reading_g


def better(at_rest_g: FloatArray, current: Correction, settings: CalibrationSettings) -> Correction:
    """Return a correction that suits readings at rest, shape (n, 3); the current one if it does."""
    n_ways = len(at_rest_g)
    now_g = error_g(at_rest_g, current)
    if n_ways < settings.least_ways or now_g <= settings.from_error_g:
        return current
    found = one_gain(at_rest_g)
    left_g = error_g(at_rest_g, found)
    if n_ways >= settings.least_ways_all:
        halves = at_rest_g[::2], at_rest_g[1::2]
        unseen_g = max(
            error_g(halves[1], closest_sphere(halves[0])),
            error_g(halves[0], closest_sphere(halves[1])),
        )
        if unseen_g < left_g:
            found, left_g = closest_sphere(at_rest_g), unseen_g
    if left_g > now_g / 2.0 or not found.is_within(
        settings.most_gain_error, settings.most_offset_g
    ):
        return current
    return found


def cells(readings_g: FloatArray) -> list[int]:
    """Return in which of 54 directions each reading points: a cube's faces, cut in nine.

    Examples
    --------
    >>> cells(np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [0.9, 0.8, 0.1]]))
    [40, 49, 7]
    """
    axis = np.abs(readings_g).argmax(axis=1)
    row = np.arange(len(readings_g))
    facing = readings_g[row, axis]
    face = 2 * axis + (facing < 0.0)
    place = np.zeros(len(readings_g), int)
    for turn in (1, 2):
        share = (readings_g[row, (axis + turn) % 3] / np.abs(facing) + 1.0) / 2.0
        place = place * _PER_FACE + np.minimum((share * _PER_FACE).astype(int), _PER_FACE - 1)
    found: list[int] = (face * _PER_FACE * _PER_FACE + place).tolist()
    return found
