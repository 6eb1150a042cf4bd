"""Vigorous bursts: a second or more of movement as strong as running."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.detectors.base import DetectorContext, SignalSpec, Stateful
from analysis.detectors.scratching import ScratchingSettings, is_scratch
from analysis.detectors.shaking import ShakingSettings, is_shake
from analysis.model import BoolArray, Event, FloatArray, Signal
from analysis.model.kinds import AlertKind
from analysis.signal.fixed_point import row_sums
from analysis.signal.framing import Framer
from analysis.signal.intervals import IntervalMerger, Run
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


class VigorousBurstDetector:
    """Reports seconds of running-like movement in a row as one burst.

    Notes
    -----
    In a plan that forbids running this is safer than naming every jump: running is as forbidden
    as jumping. Shaking and scratching are as strong but allowed; they are judged over the whole
    run, since their first and last second look like nothing in particular.
    """

    def __init__(self, settings: VigorousBurstSettings, context: DetectorContext) -> None:
        self._settings = settings
        self._shaking = context.settings_of("shaking", ShakingSettings)
        self._scratching = context.settings_of("scratching", ScratchingSettings)
        self._framer = Framer(ticks(_FRAME_S), ticks(_HOP_S))
        self._runs = IntervalMerger(_FRAME_S, settings.longest_s)

    def parts(self) -> Mapping[str, Stateful]:
        """Return everything in it that has a state."""
        return {"frames": self._framer, "runs": self._runs}

    def start_segment(self) -> None:
        """Forget the signal heard so far."""
        self._framer.start_segment()
        self._runs.finish()

    def update(self, heard: Signal, /) -> list[Event]:
        """Return the bursts that have ended."""
        rows = np.vstack([heard.vedba_g, heard.magnitude_g, heard.acceleration_g])
        frames = self._framer.push(heard.first_tick, rows)
        vedba_g = frames.values[0]
        mean_g = row_sums(vedba_g) / ticks(_FRAME_S)
        shows = mean_g >= self._settings.stronger_than_g
        marks = np.zeros(len(frames), bool)
        if shows.any():
            marks[shows] = self._is_harmless(frames.values[1:, shows])
        return self._bursts(self._runs.update(frames, shows, mean_g, marks))

    def finish(self) -> list[Event]:
        """Return the burst that the end of the segment cut off."""
        return self._bursts(self._runs.finish())

    def _is_harmless(self, rows_g: FloatArray) -> BoolArray:
        """Return whether frames of magnitude and acceleration look like what is allowed."""
        return is_shake(rows_g[0], self._shaking) | is_scratch(rows_g[1:], self._scratching)

    def _bursts(self, runs: list[Run]) -> list[Event]:
        return [_event(run) for run in runs if run.marked <= self._settings.most_marked]


def _event(run: Run) -> Event:
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
