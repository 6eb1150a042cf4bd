"""Gravity calibration: a collar at rest reads one gravity, whichever way it hangs."""

from dataclasses import dataclass, field

import numpy as np

from analysis.model import FloatArray
from analysis.signal.fixed_point import STEPS_PER_G, row_sums
from analysis.signal.framing import Framer
from analysis.signal.resample import Grid
from analysis.units import ticks

_OFFSET_SPREAD_G, _GAIN_SPREAD = 0.05, 0.03
"""What one sensor differs from another before anything is known of it (evidence.md 8.1)."""

_NOISE_G = 0.003

_FAR_G = 0.015
"""Readings further from the sphere count less: one of them was not at rest."""

_MOST_STEPS = 50

_STEPS_PER_G = 2.0**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Takes readings ``a`` to ``gain * a + offset_g``, axis by axis."""

    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    offset_g: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def is_none(self) -> bool:
        """Whether it leaves readings as they are."""
        return self == Correction()

    def of(self, acceleration_g: FloatArray) -> FloatArray:
        """Return readings, shape (n, 3), corrected."""
        return np.asarray(acceleration_g * np.asarray(self.gain) + np.asarray(self.offset_g))

    def is_within(self, gain_error: float, offset_g: float) -> bool:
        """Return whether it corrects no more than so much."""
        by_gain = max(abs(each - 1.0) for each in self.gain)
        return by_gain <= gain_error and max(map(abs, self.offset_g)) <= offset_g


def error_g(at_rest_g: FloatArray, correction: Correction) -> float:
    """Return how far readings at rest, shape (n, 3), lie from one gravity: root mean square.

    Examples
    --------
    >>> error_g(np.array([[0.0, 0.0, 1.5], [0.0, 0.5, 0.0]]), Correction())
    0.5
    """
    off_g = np.linalg.norm(correction.of(at_rest_g), axis=1) - 1.0
    return float(np.sqrt(np.mean(off_g * off_g)))


def one_gain(at_rest_g: FloatArray) -> Correction:
    """Return the same gain for all axes: the inverse of the median reading."""
    gain = _rounded(1.0 / float(np.median(np.linalg.norm(at_rest_g, axis=1))))
    return Correction(gain=(gain, gain, gain))


def closest_sphere(at_rest_g: FloatArray) -> Correction:
    """Return the gain and offset of each axis that put readings at rest nearest to one gravity.

    Notes
    -----
    After van Hees et al. 2014, who pull each reading to the closest point of the sphere until
    nothing changes. Here each step solves for all six numbers at once (Gauss-Newton), which needs
    a few steps instead of hundreds, and what the readings leave open stays near no correction:
    a dog hardly ever lies on its back. Far readings are weighed down (Huber).
    """
    found = np.concatenate([np.ones(3), np.zeros(3)])
    usual = found.copy()
    doubt = np.diag(1.0 / np.repeat([_GAIN_SPREAD, _OFFSET_SPREAD_G], 3) ** 2)
    for _ in range(_MOST_STEPS):
        corrected_g = at_rest_g * found[:3] + found[3:]
        length_g = np.linalg.norm(corrected_g, axis=1)
        towards = corrected_g / length_g[:, None]
        slopes = np.hstack([towards * at_rest_g, towards])
        off_g = length_g - 1.0
        weight = _FAR_G / np.maximum(np.abs(off_g), _FAR_G) / _NOISE_G**2
        pull = slopes.T @ (weight * off_g) + doubt @ (found - usual)
        step = np.linalg.solve(slopes.T @ (weight[:, None] * slopes) + doubt, pull)
        found = found - step
        if np.abs(step).max() < 0.1 / _STEPS_PER_G:
            break
    x, y, z, dx, dy, dz = (_rounded(each) for each in found.tolist())
    return Correction(gain=(x, y, z), offset_g=(dx, dy, dz))


def _rounded(value: float) -> float:
    """Return a number rounded to a millionth, so that the last bits of a solver do not show."""
    return round(value * _STEPS_PER_G) / _STEPS_PER_G


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
