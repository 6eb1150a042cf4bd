"""Gait windows: how the dog steps while it walks, trots or gallops steadily."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.errors import SettingsError
from analysis.features.gait.asymmetry import asymmetry_of
from analysis.features.gait.periodicity import Periodicity, periodicity
from analysis.features.gait.step_variability import StepVariability, evenness_of
from analysis.model import BoolArray, FloatArray, GaitWindow, Signal
from analysis.signal.fixed_point import quantised, row_sums
from analysis.signal.framing import Framer, Frames
from analysis.units import RATE_HZ, seconds, ticks

StringArray = NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitSettings:
    """What counts as steady gait.

    Attributes
    ----------
    window_s, hop_s
        Length of a window and the step from one to the next.
    weakest_g
        Least root mean square of the band-passed magnitude; slow walks read 0.13-0.31 g, those of
        a dog in pain half of it.
    least_vedba_g, ample_vedba_g, broad_from
        A window needs the first as mean VeDBA, and less than the second only if it is so many
        times the root mean square. Eating and a bouncing car have the rhythm and the strength of
        a slow walk, but go to and fro on one line: 1.1 times at most. A walk sways as well: 1.4
        times, and 1.8 when slow (docs/evidence.md 1.2). Under a collar that jitters as recorded
        ones do, simulated eating comes to 0.19 g. The borders are judgements.
    trot_from_g, gallop_from_g
        Amplitude from which steady gait is faster than walk (walks stay below 0.44 g, trots begin
        at 0.48 g in a motion-captured dog), and from which it may be a gallop. Dogs of every size
        have the same amplitudes at the same gait (dynamic similarity), once what the band-pass
        takes from quick steps is given back.
    gallop_shortest_s, gallop_longest_s
        Range of stride times of a gallop of a dog of 0.52 m; scaled by the root of the height.
    quick_below_s, canter_from_g
        Steps of a trot take 0.24-0.29 s, so a longer period (scaled likewise) is no trot: from this
        amplitude on it is the stride of a canter, 0.39-0.47 s, and below it the step of a walk.
        Where the borders lie between these figures is a judgement.
    trot_below_s, weakest_trot_g
        Steps quicker than the first, scaled likewise, are those of a trot or a very fast walk.
        Weaker than the second they are none but fidgeting, which reaches 0.15 g in simulated dogs
        under collars that jitter. Of a healthy dog that leaves out nothing, with a leash at the
        collar either; of a sick one's fast walk under a leash at most one window in ten.
    quieter_half
        Least share of a window's power in the quieter of its halves: a window in which the dog
        sets out or stops is not steady.
    regular_from
        Least autocorrelation at the step lag.
    octave
        The earliest peak of at least this share of the best is the step: without it the stride is
        taken for the step above 3 Hz.
    slowest_stride_hz, fastest_stride_hz
        Range for a dog of 0.52 m at the withers; scaled by the root of the height.
    bout_windows
        Windows in a row that make a bout.
    bout_change
        Largest change of cadence from one window to the next within a bout.
    most_clipped
        Largest share of clipped samples in a window.
    """

    window_s: float = 4.0
    hop_s: float = 2.0
    weakest_g: float = 0.06
    least_vedba_g: float = 0.10
    ample_vedba_g: float = 0.20
    broad_from: float = 1.15
    trot_from_g: float = 0.44
    gallop_from_g: float = 0.65
    gallop_shortest_s: float = 0.28
    gallop_longest_s: float = 0.55
    quick_below_s: float = 0.36
    canter_from_g: float = 0.55
    trot_below_s: float = 0.265
    weakest_trot_g: float = 0.18
    quieter_half: float = 0.25
    regular_from: float = 0.40
    octave: float = 0.60
    slowest_stride_hz: float = 0.70
    fastest_stride_hz: float = 3.2
    bout_windows: int = 3
    bout_change: float = 0.20
    most_clipped: float = 0.02

    def __post_init__(self) -> None:
        n_ticks, hop = ticks(self.window_s), ticks(self.hop_s)
        if n_ticks < 2 * hop or hop < 1 or n_ticks % 2:
            msg = (
                f"window_s is {self.window_s:g} and hop_s {self.hop_s:g}, expected a hop of at"
                " least 0.02 s and a window of twice as much or more, a multiple of 0.04 s"
            )
            raise SettingsError(msg)
        if not 0.0 < self.slowest_stride_hz < self.fastest_stride_hz <= 5.0:
            msg = (
                f"strides from {self.slowest_stride_hz:g} to {self.fastest_stride_hz:g} Hz,"
                " expected a range within 0 to 5 Hz"
            )
            raise SettingsError(msg)


@dataclass(slots=True)
class GaitState:
    """What must survive a restart.

    Attributes
    ----------
    filter_state
        Memory of the band-pass, shape (n_sections, 2); empty before the first sample.
    run
        The last windows of the bout so far, at most those not given out yet and one more.
    run_length
        Windows in the bout so far.
    """

    filter_state: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
    run: list[GaitWindow] = field(default_factory=list)
    run_length: int = 0


class Gait:
    """Finds bouts of steady gait and measures their windows.

    Notes
    -----
    All is read off the magnitude, so it does not depend on how the collar has turned. At walk and
    trot the step, not the stride, dominates the magnitude: the vertical component at the stride
    rate is a tenth of the one at twice that rate.
    """

    def __init__(self, settings: GaitSettings, withers_m: float) -> None:
        self._settings = settings
        self._size = (withers_m / 0.52) ** 0.5
        self._slowest_step_hz = 2.0 * settings.slowest_stride_hz / self._size
        self._fastest_step_hz = 2.0 * settings.fastest_stride_hz / self._size
        self._band = np.asarray(
            scipy.signal.butter(2, (0.7, 8.0), "bandpass", fs=RATE_HZ, output="sos")
        )
        self.framer = Framer(ticks(settings.window_s), ticks(settings.hop_s))
        self.state = GaitState()

    def start_segment(self) -> None:
        """Forget the signal heard so far."""
        self.framer.start_segment()
        self.state = GaitState()

    def update(self, heard: Signal) -> list[GaitWindow]:
        """Take the next piece of signal and return the windows that belong to a bout."""
        if not heard.fine or not heard.n_ticks:
            return []
        if self.framer.is_broken_by(heard.first_tick):
            self.start_segment()
        state = self.state
        if not len(state.filter_state):
            state.filter_state = np.zeros((len(self._band), 2))
        moving_g, state.filter_state = scipy.signal.sosfilt(
            self._band, heard.magnitude_g - 1.0, zi=state.filter_state
        )
        rows = np.vstack([quantised(moving_g), heard.vedba_g, heard.clipped])
        frames = self.framer.push(heard.first_tick, rows)
        return self._windows(frames) if len(frames) else []

    def _windows(self, frames: Frames) -> list[GaitWindow]:
        """Return the windows that are now known to be part of a bout."""
        rms_g, strong = _strength(frames, self._settings)
        which = np.flatnonzero(strong)
        if not len(which):
            self._end_bout()
            return []
        moving_g = frames.values[0]
        rhythm = periodicity(
            moving_g[None, which],
            self._slowest_step_hz,
            self._fastest_step_hz,
            self._settings.octave,
        )
        steady = rhythm.regularity >= self._settings.regular_from
        rhythm, which = rhythm.only(steady), which[steady]
        felt_g, period_s = self._felt(rms_g[which], rhythm.lag_ticks)
        stepped = self._is_stepped(felt_g, period_s)
        rhythm, which = rhythm.only(stepped), which[stepped]
        walked = _Walked(
            start_s=[seconds(frames.tick(frame)) for frame in which.tolist()],
            moving_g=moving_g[which],
            rms_g=rms_g[which],
            rhythm=rhythm,
            evenness=evenness_of(moving_g[which], rhythm.lag_ticks),
            gait=self._gaits(felt_g[stepped], period_s[stepped]),
        )
        found: list[GaitWindow] = []
        for place in range(len(which)):
            window = _window(walked, place, self._settings.window_s)
            found += self._in_bout(window)
        if not len(which) or which[-1] != len(frames) - 1:
            self._end_bout()
        return found

    def _is_stepped(self, felt_g: FloatArray, period_s: FloatArray) -> BoolArray:
        """Return whether each window is strong enough for steps as quick as its period."""
        settings = self._settings
        return (period_s >= settings.trot_below_s) | (felt_g >= settings.weakest_trot_g)

    def _gaits(self, felt_g: FloatArray, period_s: FloatArray) -> StringArray:
        """Return the gait of windows; a gallop's only strong period is the stride."""
        settings = self._settings
        quick = period_s < settings.quick_below_s
        trots = quick & (felt_g >= settings.trot_from_g)
        strong_g = np.where(quick, settings.gallop_from_g, settings.canter_from_g)
        gallops = (felt_g >= strong_g) & (period_s >= settings.gallop_shortest_s)
        gallops &= period_s <= settings.gallop_longest_s
        return np.where(gallops, "gallop", np.where(trots, "trot", "walk"))

    def _felt(self, rms_g: FloatArray, lag_ticks: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the amplitude before the band-pass, and the period that a dog of 0.52 m has."""
        _, gain = scipy.signal.sosfreqz(self._band, RATE_HZ / lag_ticks, fs=RATE_HZ)
        return rms_g / np.abs(gain), lag_ticks / RATE_HZ / self._size

    def _in_bout(self, window: GaitWindow) -> list[GaitWindow]:
        """Add a window to the bout, or begin a new one; return what is now sure."""
        state, settings = self.state, self._settings
        if state.run and not _continues(state.run[-1], window, settings):
            self._end_bout()
        state.run_length += 1
        if state.run_length > settings.bout_windows:
            state.run = [window]
            return [window]
        state.run.append(window)
        if state.run_length < settings.bout_windows:
            return []
        sure, state.run = state.run, [window]
        return sure

    def _end_bout(self) -> None:
        self.state.run, self.state.run_length = [], 0


def _strength(frames: Frames, settings: GaitSettings) -> tuple[FloatArray, BoolArray]:
    """Return the root mean square of each frame, and whether it is strong, even and unclipped."""
    moving_g, vedba_g, clipped = frames.values
    n_ticks = moving_g.shape[1]
    halves_g = moving_g.reshape(len(frames), 2, -1)
    halves_g2 = np.einsum("ihj,ihj->ih", halves_g, halves_g)
    power_g2 = halves_g2.sum(axis=1)
    rms_g = np.sqrt(power_g2 / n_ticks)
    strong = rms_g >= settings.weakest_g
    mean_g = row_sums(vedba_g) / n_ticks
    broad = (mean_g >= settings.ample_vedba_g) | (mean_g >= settings.broad_from * rms_g)
    strong &= (mean_g >= settings.least_vedba_g) & broad
    strong &= halves_g2.min(axis=1) >= settings.quieter_half * power_g2
    strong &= row_sums(clipped) <= settings.most_clipped * n_ticks
    return rms_g, strong


def _continues(last: GaitWindow, window: GaitWindow, settings: GaitSettings) -> bool:
    follows = window.start_s - last.start_s <= 1.5 * settings.hop_s
    return follows and abs(window.step_hz / last.step_hz - 1.0) <= settings.bout_change


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Walked:
    """Steady windows and what was measured on them, one after the other."""

    start_s: list[float]
    moving_g: FloatArray
    rms_g: FloatArray
    rhythm: Periodicity
    evenness: StepVariability
    gait: StringArray


def _window(walked: _Walked, place: int, window_s: float) -> GaitWindow:
    """Return one window."""
    rhythm, gait = walked.rhythm, str(walked.gait[place])
    lag_ticks = float(rhythm.lag_ticks[place])
    if gait == "gallop":
        step_ticks, step, stride = lag_ticks / 2.0, rhythm.half_regularity, rhythm.regularity
    else:
        step_ticks, step, stride = lag_ticks, rhythm.regularity, rhythm.double_regularity
    return GaitWindow(
        start_s=walked.start_s[place],
        end_s=walked.start_s[place] + window_s,
        gait=gait,
        step_hz=RATE_HZ / step_ticks,
        stride_hz=RATE_HZ / step_ticks / 2.0,
        rms_g=float(walked.rms_g[place]),
        step_regularity=float(step[place]),
        stride_regularity=float(stride[place]),
        step_time_cv=float(walked.evenness.step_time_cv[place]),
        stride_time_cv=float(walked.evenness.stride_time_cv[place]),
        asymmetry=asymmetry_of(walked.moving_g[place], step_ticks) if gait == "trot" else 0.0,
    )


GaitSums = tuple[float, float, float, float, float, float]
"""n and the sums of x, y, xx, xy, yy with x = ln(stride_hz) and y = ln(rms_g)."""

NO_GAIT: GaitSums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def window_sums(stride_hz: float, rms_g: float) -> GaitSums:
    """Return the sums of one window."""
    x, y = log(stride_hz), log(rms_g)
    return 1.0, x, y, x * x, x * y, y * y


def together(first: GaitSums, second: GaitSums) -> GaitSums:
    """Return the sums of both."""
    n, x, y, xx, xy, yy = first
    m, u, v, uu, uv, vv = second
    return n + m, x + u, y + v, xx + uu, xy + uv, yy + vv


def gait_sums(stride_hz: Iterable[float], rms_g: Iterable[float]) -> GaitSums:
    """Return the sums of windows, one number each in both."""
    sums = NO_GAIT
    for each_hz, each_g in zip(stride_hz, rms_g, strict=True):
        sums = together(sums, window_sums(each_hz, each_g))
    return sums
