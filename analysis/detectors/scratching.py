"""Scratching: a hind leg beats the collar evenly from the side; steps throw it up and down."""

from dataclasses import dataclass

import numpy as np

from analysis.detectors.base import DetectorContext, JudgedFrames, RunDetector, SignalSpec
from analysis.features.gait.periodicity import periodicity
from analysis.model import BoolArray, Event, FloatArray, Signal
from analysis.signal.fixed_point import quantised, row_sums
from analysis.signal.framing import Frames
from analysis.signal.intervals import Run
from analysis.units import RATE_HZ

_FRAME_S, _HOP_S = 1.5, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchingSettings:
    """What counts as scratching.

    Attributes
    ----------
    slowest_hz, fastest_hz
        Range of the beat.
    regular_from
        Least autocorrelation at the beat over 1.5 s. Recorded dogs that walk and run reach 0.61
        where they move sideways, simulated scratching has 0.97.
    weakest_g, strongest_g
        Range of the standard deviation of the acceleration, all axes together; simulated shakes
        have 2.3 g or more.
    along_gravity_below
        Share of the movement's power along gravity, below which it is no step: of simulated steps
        95 % have 0.44 or more at every gait, simulated scratching has at most 0.29. Of the strong
        moments of a recorded run 1 % lie below, of a walk and another run a third and more: the
        direction alone does not tell.
    longest_s
        A longer bout is told in pieces of this length.
    """

    slowest_hz: float = 4.0
    fastest_hz: float = 9.0
    regular_from: float = 0.7
    weakest_g: float = 0.4
    strongest_g: float = 1.8
    along_gravity_below: float = 0.4
    longest_s: float = 30.0


class ScratchingDetector(RunDetector):
    """Reports bouts of scratching.

    Notes
    -----
    A trot is as even and as strong, and a small dog's is as fast; but steps throw the collar along
    gravity, and a hind leg pushes it aside. No scratching dog was recorded: that it does is the
    simulator's idea of it.
    """

    def __init__(self, settings: ScratchingSettings, context: DetectorContext) -> None:
        del context
        super().__init__(_FRAME_S, _HOP_S, settings.longest_s)
        self._settings = settings

    def rows(self, signal: Signal) -> FloatArray:
        """Return all axes."""
        return signal.acceleration_g

    def judge(self, frames: Frames, signal: Signal) -> JudgedFrames:
        """Return which frames show scratching, and how strong it is."""
        shows, spread_g = np.zeros(len(frames), bool), np.zeros(len(frames))
        if signal.fine and len(frames):
            shows = is_scratch(frames.values, self._settings)
            spread_g[shows] = _spread(_moving(frames.values[:, shows]))
        return JudgedFrames(shows=shows, value=spread_g)

    def event(self, run: Run) -> Event:
        """Return a bout of scratching."""
        return Event(
            kind="scratch",
            start_s=run.start_s,
            end_s=run.end_s,
            confidence="low",
            evidence={"spread_g": run.peak, "duration_s": run.end_s - run.start_s},
        )


def is_scratch(acceleration_g: FloatArray, settings: ScratchingSettings) -> BoolArray:
    """Return whether each frame of acceleration, shape (3, n, n_ticks), beats like scratching."""
    moving_g = _moving(acceleration_g)
    spread_g = _spread(moving_g)
    shows = (spread_g >= settings.weakest_g) & (spread_g <= settings.strongest_g)
    if shows.any():
        moving_g = moving_g[:, shows]
        rhythm = periodicity(moving_g, settings.slowest_hz / 2.0, settings.fastest_hz, 0.6)
        beat_hz = RATE_HZ / rhythm.lag_ticks
        shows[shows] = (
            (rhythm.regularity >= settings.regular_from)
            & (beat_hz >= settings.slowest_hz)
            & (beat_hz <= settings.fastest_hz)
            & (
                _share_along_gravity(acceleration_g[:, shows], moving_g)
                < settings.along_gravity_below
            )
        )
    return np.asarray(shows)


def _moving(acceleration_g: FloatArray) -> FloatArray:
    """Return frames without what is constant in each."""
    mean_g = row_sums(acceleration_g) / acceleration_g.shape[-1]
    return quantised(acceleration_g - mean_g[..., None])


def _spread(moving_g: FloatArray) -> FloatArray:
    """Return the standard deviation of each frame, all axes together."""
    return np.asarray(np.sqrt(_power(moving_g) / moving_g.shape[-1]))


def _power(moving_g: FloatArray) -> FloatArray:
    """Return the sum of squares of each frame, shape (n_axes, n, n_ticks)."""
    return np.asarray(np.einsum("kij,kij->i", moving_g, moving_g))


def _share_along_gravity(acceleration_g: FloatArray, moving_g: FloatArray) -> FloatArray:
    """Return the share of the moving power of each frame that lies along its mean, 0-1."""
    sums_g = row_sums(acceleration_g)
    length_g = np.sqrt((sums_g * sums_g).sum(axis=0))
    down = quantised(sums_g / np.maximum(length_g, np.finfo(float).tiny))
    along_g = quantised(np.einsum("kij,ki->ij", moving_g, down))
    return np.asarray(_power(along_g[None]) / _power(moving_g))


SPEC = SignalSpec(
    name="scratching", emits=("scratch",), settings=ScratchingSettings, build=ScratchingDetector
)
