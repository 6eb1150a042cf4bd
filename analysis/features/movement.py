"""Minutes: how much the dog moved, second by second."""

from dataclasses import dataclass, field

import numpy as np

from analysis.errors import SettingsError
from analysis.features.wear import Doubt, WearGate, WearSettings, WearState, breathes
from analysis.model import FloatArray, Minute, Signal
from analysis.signal.exact import row_sums
from analysis.signal.framing import Framer
from analysis.units import RATE_HZ

_COUNT, _VEDBA, _MAGNITUDE, _SQUARE, _CLIPPED = range(5)
_HALVES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementSettings:
    """How intensities are told apart, by the mean VeDBA of a second.

    Attributes
    ----------
    rest_below_g, light_below_g, walk_below_g
        Below the first is rest, below the second light movement, below the third walking; the
        rest is vigorous. On recorded collars lying reads 0.01, sitting 0.04, walking 0.25-0.47
        and trotting 0.64-0.82 g.
    """

    rest_below_g: float = 0.05
    light_below_g: float = 0.20
    walk_below_g: float = 0.55

    def __post_init__(self) -> None:
        if not 0.0 < self.rest_below_g < self.light_below_g < self.walk_below_g:
            msg = (
                f"rest, light and walk end at {self.rest_below_g:g}, {self.light_below_g:g} and"
                f" {self.walk_below_g:g} g, expected rising numbers"
            )
            raise SettingsError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Minutes that became settled together.

    Attributes
    ----------
    time_s
        End of the minute that settled them: when they could be known, however the stream was cut.
    minutes
        In order; more than one where they were held back.
    """

    time_s: float
    minutes: list[Minute]


@dataclass(slots=True)
class MinuteState:
    """One minute as far as it has been heard.

    Attributes
    ----------
    start_s
        Unix time of the minute; negative before the first.
    seconds
        Shape (5, 60): for each second the number of ticks (0 if it was not heard whole), and the
        sums of VeDBA, magnitude, squared magnitude and clipping over them.
    breath_g
        Shape (3, 120): mean acceleration of each half second, for the breathing line.
    """

    start_s: float = -1.0
    seconds: FloatArray = field(default_factory=lambda: np.zeros((5, 60)))
    breath_g: FloatArray = field(default_factory=lambda: np.zeros((3, 120)))


class Movement:
    """Turns the signal into minutes.

    The current minute belongs to the dog, not to the segment: after a short hole it goes on.
    """

    def __init__(self, settings: MovementSettings, wear: WearSettings) -> None:
        self._settings = settings
        self.framer = Framer(RATE_HZ, RATE_HZ)
        self.gate = WearGate(wear)
        self._wear = wear
        self.state = MinuteState()

    def start_segment(self) -> None:
        """Forget the unfinished second."""
        self.framer.start_segment()

    def start_again(self) -> None:
        """Forget the current minute and those held back: time goes back."""
        self.state = MinuteState()
        self.gate.state = WearState()

    def update(self, heard: Signal) -> list[Released]:
        """Take the next piece of signal and return the minutes that it settles."""
        rows = np.vstack([heard.acceleration_g, heard.vedba_g, heard.magnitude_g, heard.clipped])
        frames = self.framer.push(heard.first_tick, rows)
        if not len(frames):
            return []
        sums = _sums(frames.values)
        n_seconds = len(frames)
        halves = row_sums(frames.values[:3].reshape(3, n_seconds * _HALVES, -1))
        halves /= RATE_HZ // _HALVES
        first = frames.first_tick // RATE_HZ
        settled: list[Released] = []
        place = 0
        while place < n_seconds:
            second = first + place
            end = min(n_seconds, place + 60 - second % 60)
            settled += self._start(float(second - second % 60))
            within = second % 60
            self.state.seconds[:, within : within + end - place] = sums[:, place:end]
            breath = slice(_HALVES * within, _HALVES * (within + end - place))
            self.state.breath_g[:, breath] = halves[:, _HALVES * place : _HALVES * end]
            place = end
        return settled

    def settled_until_s(self) -> float:
        """Return the time up to which every minute has been given out."""
        return self.gate.settled_until_s(self.state.start_s)

    def finish(self) -> list[Released]:
        """Return the unfinished minute and those held back."""
        last = self._start(-1.0)
        held = self.gate.finish()
        return [*last, Released(time_s=held[-1].start_s + 60.0, minutes=held)] if held else last

    def _start(self, start_s: float) -> list[Released]:
        """Begin a minute, unless it is the current one; return what that settles."""
        state = self.state
        if start_s == state.start_s:
            return []
        self.state = MinuteState(start_s=start_s)
        if not state.seconds[_COUNT].any():
            return []
        minute = _minute(state, self._settings)
        settled = self.gate.update(minute, self._doubt(state, minute))
        return [Released(time_s=minute.start_s + 60.0, minutes=settled)] if settled else []

    def _doubt(self, state: MinuteState, minute: Minute) -> Doubt:
        by_block = row_sums(state.seconds.reshape(5, 6, 10))
        count = np.maximum(by_block[_COUNT], 1.0)
        mean_g = by_block[_MAGNITUDE] / count
        variance_g2 = by_block[_SQUARE] / count - mean_g * mean_g
        if variance_g2.max() >= self._wear.still_below_g**2:
            return Doubt.NONE
        whole = minute.worn_s == 60.0
        return Doubt.NONE if whole and breathes(state.breath_g, self._wear) else Doubt.STILL


def _sums(values: FloatArray) -> FloatArray:
    """Return count and sums of each second; `values` has shape (6, n_seconds, 50)."""
    vedba_g, magnitude_g, clipped = values[3:]
    sums = np.empty((5, values.shape[1]))
    sums[_COUNT] = RATE_HZ
    sums[_VEDBA] = row_sums(vedba_g)
    sums[_MAGNITUDE] = row_sums(magnitude_g)
    sums[_SQUARE] = np.einsum("ij,ij->i", magnitude_g, magnitude_g)
    sums[_CLIPPED] = row_sums(clipped)
    return sums


def _minute(state: MinuteState, settings: MovementSettings) -> Minute:
    """Return the minute; its sums are exact, so their order does not show."""
    heard = state.seconds[_COUNT] > 0.0
    totals = row_sums(state.seconds)
    n_ticks = float(totals[_COUNT])
    edges_g = (settings.rest_below_g, settings.light_below_g, settings.walk_below_g)
    which = np.searchsorted(edges_g, state.seconds[_VEDBA, heard] / RATE_HZ, side="right")
    rest_s, light_s, walk_s, vigorous_s = np.bincount(which, minlength=4).tolist()
    return Minute(
        start_s=state.start_s,
        worn_s=float(len(which)),
        vedba_g=float(totals[_VEDBA]) / n_ticks,
        rest_s=float(rest_s),
        light_s=float(light_s),
        walk_s=float(walk_s),
        vigorous_s=float(vigorous_s),
        clipped=float(totals[_CLIPPED]) / n_ticks,
    )
