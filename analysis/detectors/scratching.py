"""Scratching: a hind leg beats evenly, faster than the dog can step."""

import math
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
_REFERENCE_WITHERS_M = 0.52


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
        self._settings = settings
        self._slowest_hz = slowest_scratch_hz(withers_m, settings)
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
        shows, spread_g = np.zeros(len(frames), bool), np.zeros(len(frames))
        if heard.fine:
            shows = is_scratch(frames.values, self._slowest_hz, self._settings)
            spread_g[shows] = _spread(frames.values[shows])
        return [_event(run) for run in self._runs.update(frames, shows, spread_g)]

    def finish(self) -> list[Event]:
        """Return the bout that the end of the segment cut off."""
        return [_event(run) for run in self._runs.finish()]


def slowest_scratch_hz(withers_m: float, settings: ScratchingSettings) -> float:
    """Return the slowest beat that no step of a dog of this height reaches."""
    scale = math.sqrt(_REFERENCE_WITHERS_M / withers_m)
    return max(settings.slowest_hz, 2.0 * _FASTEST_TROT_HZ * scale)


def is_scratch(
    magnitude_g: FloatArray, slowest_hz: float, settings: ScratchingSettings
) -> BoolArray:
    """Return, for each frame of magnitude, shape (n, n_ticks), whether it beats like scratching."""
    mean_g = row_sums(magnitude_g) / magnitude_g.shape[1]
    spread_g = _spread(magnitude_g)
    shows = (spread_g >= settings.weakest_g) & (spread_g <= settings.strongest_g)
    shows &= mean_g < settings.shake_from_g
    if shows.any():
        moving_g = quantised(magnitude_g[shows] - mean_g[shows, None])
        rhythm = rhythm_of(moving_g, settings.slowest_hz / 2.0, settings.fastest_hz, 0.6)
        beat_hz = RATE_HZ / rhythm.lag_ticks
        shows[shows] = (
            (rhythm.regularity >= settings.regular_from)
            & (beat_hz >= slowest_hz)
            & (beat_hz <= settings.fastest_hz)
        )
    return np.asarray(shows)


def _spread(magnitude_g: FloatArray) -> FloatArray:
    """Return the standard deviation of each frame."""
    n_ticks = magnitude_g.shape[1]
    mean_g = row_sums(magnitude_g) / n_ticks
    square_g2 = np.einsum("ij,ij->i", magnitude_g, magnitude_g) / n_ticks
    return np.asarray(np.sqrt(np.maximum(square_g2 - mean_g * mean_g, 0.0)))


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
