"""Vigorous bursts: a second or more of movement as strong as running."""

from dataclasses import dataclass

import numpy as np

from analysis.detectors.base import DetectorContext, JudgedFrames, RunDetector, SignalSpec
from analysis.detectors.scratching import ScratchingSettings, is_scratch
from analysis.detectors.shaking import ShakingSettings, is_shake
from analysis.model import Event, FloatArray, Signal
from analysis.model.kinds import AlertKind
from analysis.signal.fixed_point import row_sums
from analysis.signal.framing import Frames
from analysis.signal.intervals import Run
from analysis.units import ticks

_FRAME_S, _HOP_S = 1.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class VigorousBurstSettings:
    """What counts as a burst.

    Attributes
    ----------
    stronger_than_g
        Mean VeDBA over a second; a fast trot just reaches 0.8 g.
    most_marked
        A run of strong seconds of which more than this share looks like shaking or scratching is
        one of these, with its beginning and end.
    longest_s
        A longer burst is told in pieces of this length.
    """

    stronger_than_g: float = 0.8
    most_marked: float = 0.3
    longest_s: float = 10.0


class VigorousBurstDetector(RunDetector):
    """Reports seconds of running-like movement in a row as one burst.

    Notes
    -----
    In a plan that forbids running this is safer than naming every jump: running is as forbidden
    as jumping. Shaking and scratching are as strong but allowed; they are judged over the whole
    run, since their first and last second look like nothing in particular.
    """

    def __init__(self, settings: VigorousBurstSettings, context: DetectorContext) -> None:
        super().__init__(_FRAME_S, _HOP_S, settings.longest_s)
        self._settings = settings
        self._shaking = context.settings_of("shaking", ShakingSettings)
        self._scratching = context.settings_of("scratching", ScratchingSettings)

    def rows(self, signal: Signal) -> FloatArray:
        """Return VeDBA, the magnitude, and all axes."""
        return np.vstack([signal.vedba_g, signal.magnitude_g, signal.acceleration_g])

    def judge(self, frames: Frames, signal: Signal) -> JudgedFrames:
        """Return which frames are strong, how strong, and which look like what is allowed."""
        del signal
        mean_g = row_sums(frames.values[0]) / ticks(_FRAME_S)
        shows = mean_g >= self._settings.stronger_than_g
        marks = np.zeros(len(frames), bool)
        if shows.any():
            magnitude_g, axes_g = frames.values[1, shows], frames.values[2:, shows]
            marks[shows] = is_shake(magnitude_g, self._shaking)
            marks[shows] |= is_scratch(axes_g, self._scratching)
        return JudgedFrames(shows=shows, value=mean_g, marks=marks)

    def event(self, run: Run) -> Event | None:
        """Return a burst, unless most of it was allowed."""
        if run.marked > self._settings.most_marked:
            return None
        return Event(
            kind="vigorous_burst",
            start_s=run.start_s,
            end_s=run.end_s,
            confidence="medium",
            evidence={"peak_vedba_g": run.peak, "duration_s": run.end_s - run.start_s},
        )


KIND = AlertKind(
    name="vigorous_burst",
    is_momentary=True,
    has_end=False,
    title=("{dog} ran or played hard",),
    about="hard running or play",
    seen=(
        "{dog} ran or played hard{count:times}.",
        "{dog} ran or played hard.",
    ),
    advice=("End the game calmly, and use a leash.",),
    usual=("The plan asks for calm in this phase.",),
    certainty=("How sure: fairly. The movement was strong, and neither shaking nor scratching.",),
    limit="A collar cannot see whether it was play, fright or pain.",
)

SPEC = SignalSpec(
    name="vigorous_burst",
    emits=("vigorous_burst",),
    settings=VigorousBurstSettings,
    build=VigorousBurstDetector,
    kinds=(KIND,),
)
