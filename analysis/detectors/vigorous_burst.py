"""Vigorous bursts: a second or more of movement as strong as running."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.detectors.base import SignalSpec, Stateful
from analysis.detectors.shaking import ShakingSettings, is_shake
from analysis.model import Event, Signal
from analysis.signal.exact import row_sums
from analysis.signal.framing import Framer
from analysis.signal.runs import Run, RunJoiner
from analysis.units import ticks

_FRAME_S, _HOP_S = 1.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class VigorousBurstSettings:
    """What counts as a burst.

    Attributes
    ----------
    stronger_than_g
        Mean VeDBA over a second; a fast trot just reaches 0.8 g.
    longest_s
        A longer burst is told in pieces of this length.
    """

    stronger_than_g: float = 0.8
    longest_s: float = 10.0


class VigorousBurstDetector:
    """Reports seconds of running-like movement in a row as one burst.

    Notes
    -----
    In a plan that forbids running this is safer than naming every jump: running is as forbidden
    as jumping. Seconds in which the dog shakes itself do not count.
    """

    def __init__(self, settings: VigorousBurstSettings, withers_m: float) -> None:
        del withers_m
        self._settings = settings
        self._shaking = ShakingSettings()
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
        """Return the bursts that have ended."""
        rows = np.vstack([heard.vedba_g, heard.magnitude_g])
        frames = self._framer.push(heard.first_tick, rows)
        vedba_g, magnitude_g = frames.values
        mean_g = row_sums(vedba_g) / ticks(_FRAME_S)
        shows = mean_g >= self._settings.stronger_than_g
        if shows.any():
            shows[shows] = ~is_shake(magnitude_g[shows], self._shaking)
        return [_event(run) for run in self._runs.update(frames, shows, mean_g)]

    def finish(self) -> list[Event]:
        """Return the burst that the end of the segment cut off."""
        return [_event(run) for run in self._runs.finish()]


def _event(run: Run) -> Event:
    return Event(
        kind="vigorous_burst",
        start_s=run.start_s,
        end_s=run.end_s,
        confidence="medium",
        evidence={"peak_vedba_g": run.peak, "duration_s": run.end_s - run.start_s},
    )


SPEC = SignalSpec(
    name="vigorous_burst",
    emits=("vigorous_burst",),
    settings=VigorousBurstSettings,
    build=VigorousBurstDetector,
)
