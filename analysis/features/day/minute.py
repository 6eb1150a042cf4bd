"""One minute as it is heard, second by second, and what it amounts to."""

from dataclasses import dataclass, field

import numpy as np

from analysis.errors import SettingsError
from analysis.features.wear.breathing import HALVES
from analysis.model import BoolArray, FloatArray, Minute
from analysis.signal.fixed_point import row_sums
from analysis.units import RATE_HZ

COUNT, VEDBA, MAGNITUDE, SQUARE, CLIPPED, COARSE = range(6)
_SECONDS = 60
_STILL_BELOW = 0.013
"""Standard deviation of the magnitude within a second at rest, in g (van Hees et al. 2014).

Of a sensor that reads more than 1 g it is a share of that: a wrong unit multiplies noise as well.
"""
_LEAST_G2 = 5e-9
"""Fifty times less than what one sample off by the finest step adds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementSettings:
    """How intensities are told apart, by the mean VeDBA of a second.

    Attributes
    ----------
    rest_below_g, light_below_g, walk_below_g
        Below the first is rest, below the second light movement, below the third walking; the
        rest is vigorous. On recorded collars lying reads 0.01, sitting 0.04, walking 0.25-0.47
        and trotting 0.64-0.82 g.
    steps_from_g, steps_last_s
        Movement that is as strong as the first in each second, for so long without a break, could
        be walking: the lamest recorded person has 0.12 to 0.28 g. Shifting about is as strong, but
        seldom lasts.
    """

    rest_below_g: float = 0.05
    light_below_g: float = 0.20
    walk_below_g: float = 0.55
    steps_from_g: float = 0.10
    steps_last_s: int = 15

    def __post_init__(self) -> None:
        if not 0.0 < self.rest_below_g < self.light_below_g < self.walk_below_g:
            msg = (
                f"rest, light and walk end at {self.rest_below_g:g}, {self.light_below_g:g} and"
                f" {self.walk_below_g:g} g, expected rising numbers"
            )
            raise SettingsError(msg)
        if not 1 <= self.steps_last_s <= _SECONDS:
            msg = f"steps_last_s is {self.steps_last_s}, expected 1 to {_SECONDS}, within a minute"
            raise SettingsError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seconds:
    """Whole seconds in a row.

    Attributes
    ----------
    first
        Unix time of the first.
    sums
        Shape (6, n): ticks in it, sums of VeDBA, magnitude, squared magnitude and clipping over
        them, and whether the rate was too low.
    halves_g
        Shape (3, 2 n): mean acceleration of each half second.
    spread_g
        Shape (3, n): standard deviation of each axis; 0 only if no reading differed.
    """

    first: int
    sums: FloatArray
    halves_g: FloatArray
    spread_g: FloatArray

    def __len__(self) -> int:
        return int(self.spread_g.shape[1])


def seconds_of(first: int, values: FloatArray, *, fine: bool) -> Seconds:
    """Return what seconds of 50 ticks amount to.

    Parameters
    ----------
    values
        Shape (6, n, 50): acceleration (three axes), VeDBA, magnitude, clipping; quantised.
    fine
        Whether the source was fast enough for gait and jumps.
    """
    n_seconds = values.shape[1]
    vedba_g, magnitude_g, clipped = values[3:]
    sums = np.empty((6, n_seconds))
    sums[COUNT] = RATE_HZ
    sums[VEDBA] = row_sums(vedba_g)
    sums[MAGNITUDE] = row_sums(magnitude_g)
    sums[SQUARE] = np.einsum("ij,ij->i", magnitude_g, magnitude_g)
    sums[CLIPPED] = row_sums(clipped)
    sums[COARSE] = 0.0 if fine else 1.0
    half_sums = row_sums(values[:3].reshape(3, 2 * n_seconds, -1))
    axis_sums = half_sums[:, ::2] + half_sums[:, 1::2]
    # Whole numbers of the finest step, so that no reading but the same gives exactly nothing.
    square = RATE_HZ * np.einsum("ijk,ijk->ij", values[:3], values[:3]) - axis_sums * axis_sums
    square[square < _LEAST_G2] = 0.0
    half_sums /= RATE_HZ // 2
    return Seconds(
        first=first, sums=sums, halves_g=half_sums, spread_g=np.sqrt(square) / float(RATE_HZ)
    )


@dataclass(slots=True)
class MinuteState:
    """One minute as far as it has been heard; rows as in `Seconds`, zero where it was not.

    Attributes
    ----------
    start_s
        Unix time of the minute; negative before the first.
    sums, halves_g, spread_g
        Shapes (6, 60), (3, 120) and (3, 60).
    """

    start_s: float = -1.0
    sums: FloatArray = field(default_factory=lambda: np.zeros((6, 60)))
    halves_g: FloatArray = field(default_factory=lambda: np.zeros((3, HALVES)))
    spread_g: FloatArray = field(default_factory=lambda: np.zeros((3, 60)))

    def add(self, part: Seconds, start: int, end: int) -> None:
        """Take some of the seconds, which all lie in this minute."""
        within = (part.first + start) % 60
        to = slice(within, within + end - start)
        self.sums[:, to] = part.sums[:, start:end]
        self.spread_g[:, to] = part.spread_g[:, start:end]
        halves = slice(2 * within, 2 * (within + end - start))
        self.halves_g[:, halves] = part.halves_g[:, 2 * start : 2 * end]

    def sampled(self) -> BoolArray:
        """Return which seconds have samples, shape (60,)."""
        return np.asarray(self.sums[COUNT] > 0.0)

    def mean_g(self) -> FloatArray:
        """Return the mean acceleration of each second, shape (3, 60)."""
        return np.asarray((self.halves_g[:, ::2] + self.halves_g[:, 1::2]) / 2.0)

    def slow_spread_g(self) -> float:
        """Return how far half seconds spread, all axes together, in the busiest ten seconds."""
        halves_g = self.halves_g.reshape(3, 6, 20)
        count = np.maximum(2.0 * self.sampled().reshape(6, 10).sum(axis=1), 1.0)
        mean_g = row_sums(halves_g) / count
        square_g2 = np.einsum("ijk,ijk->ij", halves_g, halves_g) / count
        return float(np.sqrt(max(0.0, (square_g2 - mean_g * mean_g).sum(axis=0).max())))

    def spread_of_magnitude_g(self) -> float:
        """Return how far the magnitude spreads in the busiest ten seconds."""
        by_block = row_sums(self.sums.reshape(6, 6, 10))
        count = np.maximum(by_block[COUNT], 1.0)
        mean_g = by_block[MAGNITUDE] / count
        return float(np.sqrt(max(0.0, (by_block[SQUARE] / count - mean_g * mean_g).max())))


def minute_of(state: MinuteState, settings: MovementSettings) -> Minute:
    """Return the minute as if it was worn; its sums are exact, so their order does not show."""
    sampled = state.sampled()
    sums = state.sums if sampled.all() else state.sums[:, sampled]
    totals = row_sums(sums)
    n_ticks = float(totals[COUNT])
    edges_g = (settings.rest_below_g, settings.light_below_g, settings.walk_below_g)
    which = np.searchsorted(edges_g, sums[VEDBA] / RATE_HZ, side="right")
    rest_s, light_s, walk_s, vigorous_s = np.bincount(which, minlength=4).tolist()
    mean_g = sums[MAGNITUDE] / RATE_HZ
    still_below_g = _STILL_BELOW * np.maximum(mean_g, 1.0)
    still = sums[SQUARE] / RATE_HZ - mean_g * mean_g < still_below_g**2
    n_still = int(still.sum())
    strong = state.sums[VEDBA] >= settings.steps_from_g * RATE_HZ
    return Minute(
        start_s=state.start_s,
        worn_s=float(len(which)),
        vedba_g=float(totals[VEDBA]) / n_ticks,
        rest_s=float(rest_s),
        light_s=float(light_s),
        walk_s=float(walk_s),
        vigorous_s=float(vigorous_s),
        clipped=float(totals[CLIPPED]) / n_ticks,
        coarse_s=float(totals[COARSE]),
        still_s=float(n_still),
        still_g=float(sums[MAGNITUDE, still].sum()) / (RATE_HZ * n_still) if n_still else 0.0,
        lasting_s=_lasting_s(strong, settings.steps_last_s),
    )


def _lasting_s(strong: BoolArray, least_s: int) -> float:
    """Return how many seconds lie in runs of strong ones of at least some length."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], strong, [False]])))
    lengths = edges[1::2] - edges[::2]
    return float(lengths[lengths >= least_s].sum())
