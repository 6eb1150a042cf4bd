"""Breathing: the slow line that tells a sleeping dog's collar from one on a hook."""

from dataclasses import dataclass, field
from functools import cache
from math import log

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.errors import SettingsError
from analysis.model import BoolArray, FloatArray

HALVES = 120
"""Half seconds in a minute."""
_TAPER = np.hanning(HALVES)
_FREQUENCY_HZ = np.fft.rfftfreq(HALVES, 0.5)
_AROUND = 9
"""Lines on either side that tell how strong the noise is: 0.15 Hz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathSettings:
    """What counts as a breathing line.

    Attributes
    ----------
    breath_from_hz, breath_until_hz
        Where a sleeping dog's breathing lies: 12 to 42 breaths a minute (evidence.md 8.6).
    breath_over_min
        Minutes whose spectra are added up, so that a weak line shows (a judgement).
    breath_by_chance
        How often noise alone may look like a line, a minute (a judgement).
    """

    breath_from_hz: float = 0.2
    breath_until_hz: float = 0.7
    breath_over_min: int = 5
    breath_by_chance: float = 0.0005

    def __post_init__(self) -> None:
        lowest_hz, highest_hz = _FREQUENCY_HZ[_AROUND], _FREQUENCY_HZ[-1 - _AROUND]
        first, end = _band(self.breath_from_hz, self.breath_until_hz)
        if not lowest_hz <= self.breath_from_hz or not self.breath_until_hz <= highest_hz:
            msg = (
                f"breath_from_hz is {self.breath_from_hz:g} and breath_until_hz"
                f" {self.breath_until_hz:g}, expected {lowest_hz:g} to {highest_hz:g} Hz"
            )
            raise SettingsError(msg)
        if end <= first:
            msg = (
                f"no breath lies between breath_from_hz, {self.breath_from_hz:g}, and"
                f" breath_until_hz, {self.breath_until_hz:g}"
            )
            raise SettingsError(msg)
        if self.breath_over_min < 1 or not 0.0 < self.breath_by_chance < 1.0:
            msg = (
                f"breath_over_min is {self.breath_over_min} and breath_by_chance"
                f" {self.breath_by_chance:g}, expected at least one minute and a share below 1"
            )
            raise SettingsError(msg)


@dataclass(slots=True)
class BreathState:
    """What must survive a restart.

    Attributes
    ----------
    power
        Spectra of the last still minutes, oldest first, each of shape (3, 61).
    """

    power: list[FloatArray] = field(default_factory=list)


class Breathing:
    """Listens for a breathing line over the last still minutes in a row."""

    def __init__(self, settings: BreathSettings) -> None:
        self._settings = settings
        self.state = BreathState()

    def reset(self) -> None:
        """Forget the minutes heard: the collar moved, or was not heard."""
        self.state = BreathState()

    def update(self, halves_g: FloatArray) -> bool:
        """Take a minute of half-second means, shape (3, 120); return whether a line shows."""
        power = self.state.power
        power.append(spectra(halves_g))
        del power[: -self._settings.breath_over_min]
        return has_line(power, self._settings)


def filled(halves_g: FloatArray, sampled: BoolArray) -> FloatArray:
    """Return half-second means with straight lines through the seconds that were not heard."""
    if sampled.all():
        return halves_g
    place = np.arange(HALVES)
    halves = np.repeat(sampled, 2)
    known = place[halves]
    return np.array([np.interp(place, known, axis_g[halves]) for axis_g in halves_g])


def spectra(halves_g: FloatArray) -> FloatArray:
    """Return the power of each axis of a minute, shape (3, 61)."""
    moving_g = halves_g - halves_g.mean(axis=1, keepdims=True)
    return np.asarray(np.abs(np.fft.rfft(moving_g * _TAPER, axis=1)) ** 2)


def has_line(minutes: list[FloatArray], settings: BreathSettings) -> bool:
    """Return whether the spectra of some minutes, shape (3, 61) each, together show a line.

    Notes
    -----
    Each axis is measured by its own noise, the median of the lines around, since a coarse sensor
    may be quiet on one axis and flicker on another; then axes are added, so that the collar's turn
    does not matter. Noise adds up to a gamma distribution, whose tail is the threshold; a noise
    that is itself estimated from few minutes makes its tail longer, which `_doubt` allows for.
    """
    power = sum(minutes[1:], minutes[0])
    first, end = _band(settings.breath_from_hz, settings.breath_until_hz)
    around = power[:, _neighbours(first, end)]
    around.partition(_AROUND, axis=2)
    floor = around[..., _AROUND]
    noisy = floor.min(axis=1) > 0.0
    n_minutes, n_axes = len(minutes), int(noisy.sum())
    if not n_axes:
        return False
    stands = (power[noisy, first:end] / floor[noisy]).sum(axis=0).max()
    least = _tail(n_minutes * n_axes, settings.breath_by_chance / (end - first))
    return bool(stands * _median(n_minutes) > _doubt(n_minutes) * least)


@cache
def _band(from_hz: float, until_hz: float) -> tuple[int, int]:
    """Return the first line of a band, and the one after its last."""
    first = int(np.searchsorted(_FREQUENCY_HZ, from_hz))
    return first, int(np.searchsorted(_FREQUENCY_HZ, until_hz, side="right"))


@cache
def _neighbours(first: int, end: int) -> NDArray[np.intp]:
    """Return the lines around each line of a band, itself among them; shape (end - first, 19)."""
    return np.arange(first, end)[:, None] + np.arange(-_AROUND, _AROUND + 1)


@cache
def _tail(n_spectra: int, chance: float) -> float:
    """Return what the sum of so many lines of noise, 1 on average, exceeds by chance."""
    return float(scipy.special.gammainccinv(n_spectra, chance))


@cache
def _median(n_spectra: int) -> float:
    """Return the median of such a sum; log 2 for one."""
    return _tail(n_spectra, 0.5) if n_spectra > 1 else log(2.0)


def _doubt(n_minutes: int) -> float:
    """Return how much higher a line must stand while the noise is not well known.

    By trial with white noise: the tail of one minute lies 1.6 to 1.8 times as far out.
    """
    return 1.0 + 0.8 / n_minutes**2
