"""Frames in a row that show the same thing, told as one."""

from dataclasses import dataclass

import numpy as np

from analysis.model import BoolArray, FloatArray
from analysis.signal.framing import Frames
from analysis.units import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Frames in a row.

    Attributes
    ----------
    start_s, end_s
        From the first frame's beginning to the last one's end.
    peak
        The highest of the frames' values.
    marked
        Share of the frames that carried a mark, 0-1.
    """

    start_s: float
    end_s: float
    peak: float
    marked: float = 0.0


@dataclass(slots=True)
class OpenRun:
    """A run that may go on; `end_s` is 0 when there is none."""

    start_s: float = 0.0
    end_s: float = 0.0
    peak: float = 0.0
    n_frames: int = 0
    n_marked: int = 0


class IntervalMerger:
    """Joins frames that overlap or touch; a run is told when it ends or grows too long."""

    def __init__(self, frame_s: float, longest_s: float) -> None:
        self._frame_s = frame_s
        self._longest_s = longest_s
        self.state = OpenRun()

    def update(
        self,
        frames: Frames,
        shows: BoolArray,
        value: FloatArray,
        marks: BoolArray | None = None,
    ) -> list[Run]:
        """Take the next frames, whether each shows it and how strongly; return finished runs.

        `marks` are counted within each run, for whoever has to judge it as a whole.
        """
        finished: list[Run] = []
        for place in np.flatnonzero(shows):
            start_s = seconds(frames.tick(int(place)))
            if self.state.end_s and self._is_over(start_s):
                finished += self.finish()
            is_marked = marks is not None and bool(marks[place])
            self._extend(start_s, float(value[place]), is_marked=is_marked)
        if len(frames) and self.state.end_s < seconds(frames.tick(len(frames) - 1)):
            finished += self.finish()
        return finished

    def finish(self) -> list[Run]:
        """End the open run, if there is one."""
        state, self.state = self.state, OpenRun()
        if not state.end_s:
            return []
        return [
            Run(
                start_s=state.start_s,
                end_s=state.end_s,
                peak=state.peak,
                marked=state.n_marked / state.n_frames,
            )
        ]

    def _is_over(self, start_s: float) -> bool:
        state = self.state
        return start_s >= state.end_s or start_s + self._frame_s - state.start_s > self._longest_s

    def _extend(self, start_s: float, value: float, *, is_marked: bool) -> None:
        if not self.state.end_s:
            self.state = OpenRun(start_s=start_s)
        self.state.end_s = start_s + self._frame_s
        self.state.peak = max(self.state.peak, value)
        self.state.n_frames += 1
        self.state.n_marked += is_marked
