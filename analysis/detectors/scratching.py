"""Scratching: a hind leg beats evenly, faster than the dog can step."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.detectors.base import SignalSpec, Stateful
from analysis.features.rhythm import rhythm_of
from analysis.model import BoolArray, Event, FloatArray, Signal
from analysis.signal.exact import quantised, row_sums
from analysis.signal.framing import Framer
from analysis.signal.runs import Run, RunJoiner
from analysis.units import RATE_HZ, ticks

_FRAME_S, _HOP_S = 1.5, 0.5
_FASTEST_TROT_HZ = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchingSettings:
    """What counts as scratching.

    Attributes
    ----------
    slowest_hz, fastest_hz
        Range of the beat.
    regular_from
        Least autocorrelation at the beat over 1.5 s.
    weakest_g, strongest_g
        Range of the standard deviation of the magnitude.
    shake_from_g
        A mean magnitude this high is a shake.
    longest_s
        A longer bout is told in pieces of this length.
    """

    slowest_hz: float = 4.0
    fastest_hz: float = 9.0
    regular_from: float = 0.5
    weakest_g: float = 0.3
    strongest_g: float = 1.8
    shake_from_g: float = 1.4
    longest_s: float = 30.0


class ScratchingDetector:
    """Reports bouts of scratching.

    Notes
    -----
    A trot is as even and as strong, and steps at up to 5 Hz in a dog of half a metre. Only a beat
    above the fastest step of a dog of this size (five a second at 0.52 m, with the root of the
    height) is called scratching; slower scratching is not told from a trot, and not reported.
    """

    def __init__(self, settings: ScratchingSettings, withers_m: float) -> None:
        fastest_step_hz = 2.0 * _FASTEST_TROT_HZ * (0.52 / withers_m) ** 0.5
        self._settings = settings
        self._slowest_hz = max(settings.slowest_hz, fastest_step_hz)
        self._framer = Framer(ticks(_FRAME_S), ticks(_HOP_S))
        self._runs = RunJoiner(_FRAME_S, settings.longest_s)

    def parts(self) -> Mapping[str, Stateful]:
        """Return everything in it that has a state."""
        return {"frames": self._framer, "runs": self._runs}

    def start_segment(self) -> None:
        """Forget the signal heard so far."""
        self._framer.start_segment()
        self._runs.finish()

    def update(self, heard: Signal, /) -> list[Event]:
        """Return the bouts that have ended."""
        frames = self._framer.push(heard.first_tick, heard.magnitude_g)
        n_ticks = ticks(_FRAME_S)
        mean_g = row_sums(frames.values) / n_ticks
        square_g2 = np.einsum("ij,ij->i", frames.values, frames.values) / n_ticks
        spread_g = np.sqrt(np.maximum(square_g2 - mean_g * mean_g, 0.0))
        settings = self._settings
        shows = (spread_g >= settings.weakest_g) & (spread_g <= settings.strongest_g)
        shows &= (mean_g < settings.shake_from_g) & heard.fine
        if shows.any():
            shows[shows] = self._beats(quantised(frames.values[shows] - mean_g[shows, None]))
        return [_event(run) for run in self._runs.update(frames, shows, spread_g)]

    def finish(self) -> list[Event]:
        """Return the bout that the end of the segment cut off."""
        return [_event(run) for run in self._runs.finish()]

    def _beats(self, moving_g: FloatArray) -> BoolArray:
        """Return which windows beat evenly at a rate no step has."""
        settings = self._settings
        rhythm = rhythm_of(moving_g, settings.slowest_hz / 2.0, settings.fastest_hz, 0.6)
        beat_hz = RATE_HZ / rhythm.lag_ticks
        return np.asarray(
            (rhythm.regularity >= settings.regular_from)
            & (beat_hz >= self._slowest_hz)
            & (beat_hz <= settings.fastest_hz)
        )


def _event(run: Run) -> Event:
    return Event(
        kind="scratch",
        start_s=run.start_s,
        end_s=run.end_s,
        confidence="low",
        evidence={"spread_g": run.peak, "duration_s": run.end_s - run.start_s},
    )


SPEC = SignalSpec(
    name="scratching", emits=("scratch",), settings=ScratchingSettings, build=ScratchingDetector
)
