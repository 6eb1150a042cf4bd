"""Minutes: how much the dog moved, whether the collar was worn and its sensor sound."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.features.day.minute import MinuteState, MovementSettings, minute_of, seconds_of
from analysis.features.wear.breathing import Breathing, filled
from analysis.features.wear.stuck_sensor import StuckSensor
from analysis.features.wear.wear import Doubt, WearGate, WearSettings, WearState, nothing_of_the_dog
from analysis.model import Minute, Signal
from analysis.signal.framing import Framer
from analysis.units import RATE_HZ

__all__ = ["Movement", "MovementSettings", "Released"]


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


class Movement:
    """Turns the signal into minutes.

    The current minute belongs to the dog, not to the segment: after a short hole it goes on.
    """

    def __init__(self, settings: MovementSettings, wear: WearSettings) -> None:
        self._settings = settings
        self.framer = Framer(RATE_HZ, RATE_HZ)
        self.gate = WearGate(wear)
        self.breathing = Breathing(wear)
        self.freezing = StuckSensor(wear)
        self._wear = wear
        self.state = MinuteState()

    def start_segment(self) -> None:
        """Forget the unfinished second."""
        self.framer.start_segment()

    def start_collar(self) -> None:
        """Forget what was learned of the collar: another one follows."""
        self.freezing.start_collar()

    def reset(self) -> None:
        """Forget the current minute and those held back: time goes back."""
        self.state = MinuteState()
        self.gate.state = WearState()
        self.breathing.reset()

    def update(self, signal: Signal) -> list[Released]:
        """Take the next piece of signal and return the minutes that it settles."""
        rows = np.vstack(
            [signal.acceleration_g, signal.vedba_g, signal.magnitude_g, signal.clipped]
        )
        frames = self.framer.push(signal.first_tick, rows)
        if not len(frames):
            return []
        part = seconds_of(frames.first_tick // RATE_HZ, frames.values, fine=signal.fine)
        settled: list[Released] = []
        place = 0
        while place < len(part):
            second = part.first + place
            end = min(len(part), place + 60 - second % 60)
            settled += self._start(float(second - second % 60))
            self.state.add(part, place, end)
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
        if not state.sampled().any():
            return []
        minute = minute_of(state, self._settings)
        doubt = self._doubt(state)
        if doubt is Doubt.STUCK:
            minute = replace(nothing_of_the_dog(minute), stuck_s=minute.worn_s)
        settled = self.gate.update(minute, doubt)
        return [Released(time_s=minute.start_s + 60.0, minutes=settled)] if settled else []

    def _doubt(self, state: MinuteState) -> Doubt:
        """Return what the minute says about wear."""
        sampled, wear = state.sampled(), self._wear
        still = (
            state.spread_of_magnitude_g() < wear.noise_below_g
            and state.slow_spread_g() < wear.still_below_g
        )
        stuck = self.freezing.update(state.mean_g(), state.spread_g, sampled, still=still)
        if stuck or not still:
            self.breathing.reset()
            return Doubt.STUCK if stuck else Doubt.NONE
        if sampled.sum() < wear.least_heard_s:
            return Doubt.UNHEARD
        halves_g = filled(state.halves_g, sampled)
        return Doubt.NONE if self.breathing.update(halves_g) else Doubt.STILL
