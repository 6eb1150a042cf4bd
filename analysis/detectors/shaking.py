"""Shaking: the dog shakes its body or head, and the collar is thrown outwards all the while."""

from dataclasses import dataclass

import numpy as np

from analysis.detectors.base import DetectorContext, JudgedFrames, RunDetector, SignalSpec
from analysis.model import BoolArray, Event, FloatArray, Signal
from analysis.signal.fixed_point import row_sums, running_sum
from analysis.signal.framing import Frames
from analysis.signal.intervals import Run
from analysis.units import ticks

_FRAME_S, _HOP_S = 1.0, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ShakingSettings:
    """What counts as a shake.

    Attributes
    ----------
    mean_from_g
        Mean magnitude over a second: turning to and fro throws the collar outwards all the time.
        Hard running reaches it too, in one second of twenty of a recorded run.
    never_below_g
        Least mean over any quarter of that second. A running dog is light once a stride (0.6-0.85 g
        on that recording), a shaking one never is.
    peak_from_g
        Highest magnitude within that second.
    longest_s
        A longer shake is told in pieces of this length.
    """

    mean_from_g: float = 1.6
    never_below_g: float = 0.9
    peak_from_g: float = 2.0
    longest_s: float = 10.0


class ShakingDetector(RunDetector):
    """Reports shakes; other detectors keep away from what looks like one."""

    def __init__(self, settings: ShakingSettings, context: DetectorContext) -> None:
        del context
        super().__init__(_FRAME_S, _HOP_S, settings.longest_s)
        self._settings = settings

    def rows(self, signal: Signal) -> FloatArray:
        """Return the magnitude."""
        return signal.magnitude_g

    def judge(self, frames: Frames, signal: Signal) -> JudgedFrames:
        """Return which frames show a shake, and their highest magnitude."""
        del signal
        peak_g = frames.values.max(axis=1, initial=0.0)
        shows = peak_g >= self._settings.peak_from_g
        if shows.any():
            shows[shows] = is_shake(frames.values[shows], self._settings)
        return JudgedFrames(shows=shows, value=peak_g)

    def event(self, run: Run) -> Event:
        """Return a shake."""
        return Event(
            kind="shake",
            start_s=run.start_s,
            end_s=run.end_s,
            confidence="medium",
            evidence={"peak_g": run.peak, "duration_s": run.end_s - run.start_s},
        )


def is_shake(magnitude_g: FloatArray, settings: ShakingSettings) -> BoolArray:
    """Return, for each second of magnitude, shape (n, 50), whether it shows a shake."""
    n_ticks = magnitude_g.shape[1]
    mean_g = row_sums(magnitude_g) / n_ticks
    quarter = ticks(_FRAME_S / 4)
    sums = running_sum(magnitude_g)
    lightest_g = (sums[:, quarter:] - sums[:, :-quarter]).min(axis=1, initial=1e9) / quarter
    return np.asarray(
        (mean_g >= settings.mean_from_g)
        & (lightest_g >= settings.never_below_g)
        & (magnitude_g.max(axis=1, initial=0.0) >= settings.peak_from_g)
    )


SPEC = SignalSpec(name="shaking", emits=("shake",), settings=ShakingSettings, build=ShakingDetector)
