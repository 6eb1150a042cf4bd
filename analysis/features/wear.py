"""Whether the collar is worn: a sleeping dog breathes, a collar on a hook does not."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import median

import numpy as np

from analysis.model import FloatArray, Minute

_TAPER = np.hanning(120)
_FREQUENCY_HZ = np.fft.rfftfreq(120, 0.5)
"""Of a minute of half seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WearSettings:
    """When a still collar counts as taken off.

    Attributes
    ----------
    still_below_g
        Standard deviation of the magnitude over ten seconds.
    after_min
        Minutes without a break that it takes; 15 to 60 are sensible (a judgement).
    breath_from_hz, breath_until_hz
        Where a sleeping dog's breathing lies: 12 to 42 breaths a minute.
    breath_line
        How far the strongest line there must stand above the median of the spectrum.
        Noise alone exceeds six times the median in one minute out of two thousand.
    """

    still_below_g: float = 0.005
    after_min: int = 30
    breath_from_hz: float = 0.2
    breath_until_hz: float = 0.7
    breath_line: float = 6.0


class Doubt(StrEnum):
    """What a minute says about wear."""

    NONE = "none"
    STILL = "still"


@dataclass(slots=True)
class WearState:
    """What must survive a restart.

    Attributes
    ----------
    held
        Doubtful minutes whose fate is open.
    off
        Whether the collar counts as taken off.
    """

    held: list[Minute] = field(default_factory=list)
    off: bool = False


class WearGate:
    """Holds back still minutes until it is known whether the collar was worn.

    Kept apart from rest: a minute that is not worn has `worn_s` 0 and says nothing about the dog.
    """

    def __init__(self, settings: WearSettings) -> None:
        self._settings = settings
        self.state = WearState()

    def update(self, minute: Minute, doubt: Doubt) -> list[Minute]:
        """Take the next minute and return those whose wear is settled."""
        state = self.state
        if doubt is Doubt.NONE:
            settled, state.held, state.off = [*state.held, minute], [], False
            return settled
        if state.off:
            return [_unworn(minute)]
        state.held.append(minute)
        if len(state.held) < self._settings.after_min:
            return []
        settled, state.held, state.off = state.held, [], True
        return [_unworn(each) for each in settled]

    def settled_until_s(self, current_s: float) -> float:
        """Return the time up to which every minute is settled; `current_s` begins the next."""
        return self.state.held[0].start_s if self.state.held else current_s

    def finish(self) -> list[Minute]:
        """Return the minutes still in doubt as worn: there were too few to say otherwise."""
        settled, self.state.held = self.state.held, []
        return settled


def breathes(halves_g: FloatArray, settings: WearSettings) -> bool:
    """Return whether a minute of half-second means, shape (3, 120), has a breathing line.

    The spectra of the three axes are added, so that the collar's turn does not matter.
    """
    moving_g = halves_g - halves_g.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(moving_g * _TAPER, axis=1)) ** 2
    power = spectrum.sum(axis=0)
    first = int(np.searchsorted(_FREQUENCY_HZ, settings.breath_from_hz))
    end = int(np.searchsorted(_FREQUENCY_HZ, settings.breath_until_hz, side="right"))
    floor = median(power[first:].tolist())
    return bool(floor > 0.0 and power[first:end].max() > settings.breath_line * floor)


def _unworn(minute: Minute) -> Minute:
    return replace(
        minute, worn_s=0.0, vedba_g=0.0, rest_s=0.0, light_s=0.0, walk_s=0.0, vigorous_s=0.0
    )
