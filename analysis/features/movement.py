"""Minutes: how much the dog moved, second by second."""

from dataclasses import dataclass, field

import numpy as np

from analysis.features.wear import Doubt, WearGate, WearSettings, breathes
from analysis.model import BoolArray, FloatArray, Minute, Signal
from analysis.signal.framing import Framer
from analysis.units import RATE_HZ

_COLUMNS = 6
_VEDBA, _MAGNITUDE, _CLIPPED = 3, 4, 5
_BREATH_PARTS = 2


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


@dataclass(slots=True)
class MinuteSums:
    """One minute as far as it has been heard.

    Attributes
    ----------
    start_s
        Unix time of the minute; negative before the first.
    n_seconds
        Whole seconds heard.
    vedba_g
        Sum of the VeDBA of every tick: of whole sums no digit depends on the order.
    intensities
        Seconds of rest, light, walk and vigorous movement.
    clipped
        Number of clipped ticks.
    block_sums
        Shape (6, 3): count, sum and sum of squares of the magnitude for each ten seconds.
    breath_g
        Shape (120, 3): mean acceleration of each half second, for the breathing line.
    """

    start_s: float = -1.0
    n_seconds: int = 0
    vedba_g: float = 0.0
    intensities: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    clipped: float = 0.0
    block_sums: FloatArray = field(default_factory=lambda: np.zeros((6, 3)))
    breath_g: FloatArray = field(default_factory=lambda: np.zeros((120, 3)))


class Movement:
    """Turns the signal into minutes.

    The current minute belongs to the dog, not to the segment: after a short hole it goes on.
    """

    def __init__(self, settings: MovementSettings, wear: WearSettings) -> None:
        self._settings = settings
        self.framer = Framer(RATE_HZ, RATE_HZ)
        self.gate = WearGate(wear)
        self._wear = wear
        self.state = MinuteSums()

    def start_segment(self) -> None:
        """Forget the unfinished second."""
        self.framer.start_segment()

    def update(self, heard: Signal) -> list[Minute]:
        """Take the next piece of signal and return the minutes that are settled."""
        columns = np.empty((heard.n_ticks, _COLUMNS))
        columns[:, :3] = heard.acceleration_g
        columns[:, _VEDBA] = heard.vedba_g
        columns[:, _MAGNITUDE] = heard.magnitude_g
        columns[:, _CLIPPED] = heard.clipped
        frames = self.framer.push(heard.first_tick, columns)
        if not len(frames):
            return []
        seconds = np.arange(len(frames)) + frames.first_tick // RATE_HZ
        cuts = np.flatnonzero(np.diff(seconds // 60)) + 1
        settled: list[Minute] = []
        for which in np.split(np.arange(len(frames)), cuts):
            settled += self._add(
                float(seconds[which[0]] // 60 * 60), seconds[which], frames.values[which]
            )
        return settled

    def settled_until_s(self) -> float:
        """Return the time up to which every minute has been given out."""
        return self.gate.settled_until_s(self.state.start_s)

    def finish(self) -> list[Minute]:
        """Return the unfinished minute and those held back."""
        return self._close() + self.gate.finish()

    def _add(self, start_s: float, seconds: np.ndarray, values: FloatArray) -> list[Minute]:
        settled = self._close() if start_s != self.state.start_s else []
        state = self.state
        state.start_s = start_s
        vedba_g = values[:, :, _VEDBA].sum(axis=1)
        for intensity, count in enumerate(_intensities(vedba_g / RATE_HZ, self._settings)):
            state.intensities[intensity] += count
        state.n_seconds += len(seconds)
        state.vedba_g += float(vedba_g.sum())
        state.clipped += float(values[:, :, _CLIPPED].sum())
        within = seconds - int(start_s)
        magnitude_g = values[:, :, _MAGNITUDE]
        np.add.at(state.block_sums[:, 0], within // 10, RATE_HZ)
        np.add.at(state.block_sums[:, 1], within // 10, magnitude_g.sum(axis=1))
        np.add.at(state.block_sums[:, 2], within // 10, (magnitude_g * magnitude_g).sum(axis=1))
        halves = values[:, :, :3].reshape(len(seconds), _BREATH_PARTS, -1, 3).mean(axis=2)
        state.breath_g[2 * within], state.breath_g[2 * within + 1] = halves[:, 0], halves[:, 1]
        return settled

    def _close(self) -> list[Minute]:
        state = self.state
        if not state.n_seconds:
            return []
        rest_s, light_s, walk_s, vigorous_s = map(float, state.intensities)
        minute = Minute(
            start_s=state.start_s,
            worn_s=float(state.n_seconds),
            vedba_g=state.vedba_g / (state.n_seconds * RATE_HZ),
            rest_s=rest_s,
            light_s=light_s,
            walk_s=walk_s,
            vigorous_s=vigorous_s,
            clipped=state.clipped / (state.n_seconds * RATE_HZ),
        )
        doubt = Doubt.NONE
        if bool(_still(state.block_sums, self._wear.still_below_g).all()):
            whole = state.n_seconds == 60
            doubt = Doubt.NONE if whole and breathes(state.breath_g, self._wear) else Doubt.STILL
        self.state = MinuteSums()
        return self.gate.update(minute, doubt)


def _intensities(vedba_g: FloatArray, settings: MovementSettings) -> list[int]:
    """Return how many seconds are rest, light, walk and vigorous."""
    edges_g = [settings.rest_below_g, settings.light_below_g, settings.walk_below_g]
    which = np.searchsorted(edges_g, vedba_g, side="right")
    return [int(count) for count in np.bincount(which, minlength=4)]


def _still(block_sums: FloatArray, below_g: float) -> BoolArray:
    """Return, for each ten seconds, whether the magnitude hardly varied; unheard ones count."""
    count = np.maximum(block_sums[:, 0], 1.0)
    mean_g = block_sums[:, 1] / count
    variance = block_sums[:, 2] / count - mean_g * mean_g
    return np.asarray(variance < below_g * below_g)
