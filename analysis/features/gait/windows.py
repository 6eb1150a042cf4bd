"""Gait windows: how the dog goes while it walks, trots or gallops, evenly or not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.errors import SettingsError
from analysis.features.gait.asymmetry import asymmetry_of
from analysis.features.gait.beats import Beats, beats
from analysis.features.gait.step_variability import StepVariability, evenness_of
from analysis.model import BoolArray, FloatArray, GaitWindow, IntArray, Signal
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
        The steps of a recorded trot take as long as the shortest of them, 0.24 to 0.33 s, with
        0.8 g at most: a gallop that quick is stronger than midway between steps and strides.
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
        Least certainty of a window.
    octave
        The earliest peak of at least this share of the best is the beat: without it the stride is
        taken for the step above 3 Hz.
    slowest_stride_hz, fastest_stride_hz
        Range for a dog of 0.52 m at the withers; scaled by the root of the height. A beat that is
        slower than the steps of the first is a stride, of which the steps are uneven.
    slowest_uneven_hz
        Slowest of these, scaled likewise. It is that of a person with a paralysed leg; a lame dog
        was not measured.
    bout_windows, bout_certainty
        Windows in a row that make a bout, and what they must add up to beyond the least certainty:
        three good ones, or more of less. Simulated fidgeting and sniffing and strong noise stay
        below 0.5 in 6 hours; a recorded walk gives as many windows from 0.4 to 0.7.
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
    gallop_shortest_s: float = 0.30
    gallop_longest_s: float = 0.55
    quick_below_s: float = 0.36
    canter_from_g: float = 0.55
    trot_below_s: float = 0.265
    weakest_trot_g: float = 0.18
    quieter_half: float = 0.15
    regular_from: float = 0.20
    octave: float = 0.60
    slowest_stride_hz: float = 0.70
    fastest_stride_hz: float = 3.2
    slowest_uneven_hz: float = 0.48
    bout_windows: int = 3
    bout_certainty: float = 0.5
    bout_change: float = 0.15
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
        if not 0.0 < self.slowest_uneven_hz <= self.slowest_stride_hz:
            msg = (
                f"slowest_uneven_hz is {self.slowest_uneven_hz:g}, expected at most"
                f" slowest_stride_hz, {self.slowest_stride_hz:g} Hz"
            )
            raise SettingsError(msg)


@dataclass(slots=True)
class GaitState:
    """What must survive a restart.

    Attributes
    ----------
    filter_state
        Memory of the band-pass, shape (n_sections, 4, 2); empty before the first sample.
    run
        The windows of the bout so far that are not given out yet, or else the last of it.
    run_certainty, run_is_sure
        What their certainty beyond the least adds up to, and whether they were given out.
    """

    filter_state: FloatArray = field(default_factory=lambda: np.empty((0, 4, 2)))
    run: list[GaitWindow] = field(default_factory=list)
    run_certainty: float = 0.0
    run_is_sure: bool = False


class Gait:
    """Finds bouts of walking, trotting or galloping and measures their windows.

    Notes
    -----
    What repeats itself tells that a dog goes: steps, or strides where steps are uneven, as a lame
    dog's are. How even they are is measured and never asked for.
    All is read off the magnitude and off the sum over the axes, so it does not depend on how the
    collar has turned. At walk and trot the step, not the stride, dominates the magnitude: the
    vertical component at the stride rate is a tenth of the one at twice that rate.
    """

    def __init__(self, settings: GaitSettings, withers_m: float) -> None:
        self._settings = settings
        self._size = (withers_m / 0.52) ** 0.5
        size_ticks = RATE_HZ * self._size
        n_ticks = ticks(settings.window_s)
        self._longest_step = 0.5 * size_ticks / settings.slowest_stride_hz
        # A beat must come twice, but for a tenth.
        self._longest_beat = min(int(size_ticks / settings.slowest_uneven_hz), int(0.55 * n_ticks))
        self._shortest_beat = max(2, int(0.5 * size_ticks / settings.fastest_stride_hz))
        self._band = np.asarray(
            scipy.signal.butter(2, (0.7, 8.0), "bandpass", fs=RATE_HZ, output="sos")
        )
        self.framer = Framer(n_ticks, ticks(settings.hop_s))
        self.state = GaitState()

    def start_segment(self) -> None:
        """Forget the signal heard so far."""
        self.framer.start_segment()
        self.state = GaitState()

    def update(self, signal: Signal) -> list[GaitWindow]:
        """Take the next piece of signal and return the windows that belong to a bout."""
        if not signal.fine or not signal.n_ticks:
            return []
        if self.framer.is_broken_by(signal.first_tick):
            self.start_segment()
        rows = np.vstack([self._moving(signal), signal.vedba_g, signal.clipped])
        frames = self.framer.push(signal.first_tick, rows)
        return self._windows(frames) if len(frames) else []

    def _moving(self, signal: Signal) -> FloatArray:
        """Return magnitude and axes, band-passed, as if the first sample had always been there."""
        state = self.state
        heard_g = np.vstack([signal.magnitude_g, signal.acceleration_g])
        if state.filter_state.shape != (len(self._band), len(heard_g), 2):
            before_g = np.array([1.0, *signal.acceleration_g[:, 0]])
            at_rest = scipy.signal.sosfilt_zi(self._band)
            state.filter_state = at_rest[:, None, :] * before_g[None, :, None]
        moving_g, state.filter_state = scipy.signal.sosfilt(
            self._band, heard_g, zi=state.filter_state
        )
        return quantised(moving_g)

    def _windows(self, frames: Frames) -> list[GaitWindow]:
        """Return the windows that are now known to be part of a bout."""
        rms_g, strong = _strength(frames, self._settings)
        which = np.flatnonzero(strong)
        walked = self._walked(frames, which, rms_g[which])
        found: list[GaitWindow] = []
        for place in range(len(walked.start_s)):
            found += self._in_bout(_window(walked, place, self._settings.window_s))
        last_s = seconds(frames.tick(len(frames) - 1))
        if not walked.start_s or walked.start_s[-1] != last_s:
            self._end_bout()
        return found

    def _walked(self, frames: Frames, which: IntArray, rms_g: FloatArray) -> "_Walked":
        """Return what was measured on those of some frames that have the rhythm of steps."""
        settings, moving_g = self._settings, frames.values[:4, which]
        lags = (self._shortest_beat, self._longest_beat)
        longest = max(self._longest_beat, int(2.0 * self._longest_step))
        beat = beats(moving_g, lags, longest, settings.octave)
        regular = beat.certainty >= settings.regular_from
        beat, rms_g = beat.only(regular), rms_g[regular]
        gait, step_ticks = self._gaits(rms_g, beat)
        slow = step_ticks / RATE_HZ / self._size >= settings.trot_below_s
        stepped = slow | (self._felt(rms_g, step_ticks) >= settings.weakest_trot_g)
        beat, walked_g = beat.only(stepped), moving_g[0, regular][stepped]
        return _Walked(
            start_s=[seconds(frames.tick(frame)) for frame in which[regular][stepped].tolist()],
            moving_g=walked_g,
            rms_g=rms_g[stepped],
            beat=beat,
            evenness=evenness_of(walked_g, beat.lag_ticks),
            gait=gait[stepped],
            step_ticks=step_ticks[stepped],
        )

    def _gaits(self, rms_g: FloatArray, beat: Beats) -> tuple[StringArray, FloatArray]:
        """Return the gait of windows, and the time of their steps in ticks.

        Notes
        -----
        A beat is taken for a step, except: a gallop has one beat a stride; so has a dog with
        uneven steps, if the beat is slower than any step, or as strong as strides of that rate are
        rather than steps (docs/evidence.md 1.2), and one beat sways like the next.
        """
        settings, lag_ticks = self._settings, beat.lag_ticks
        period_s = lag_ticks / RATE_HZ / self._size
        felt_g = self._felt(rms_g, lag_ticks)
        slow = period_s >= settings.quick_below_s
        between_g = _between_g(period_s)
        quick_g = np.maximum(settings.gallop_from_g, between_g)
        strong_g = np.where(slow, settings.canter_from_g, quick_g)
        gallops = (felt_g >= strong_g) & (period_s >= settings.gallop_shortest_s)
        gallops &= period_s <= settings.gallop_longest_s
        uneven = slow & (beat.sway < 0.0) & (felt_g >= between_g)
        uneven |= lag_ticks > self._longest_step
        step_ticks = np.where(gallops | uneven, lag_ticks / 2.0, lag_ticks)
        quick = step_ticks / RATE_HZ / self._size < settings.quick_below_s
        trots = quick & (self._felt(rms_g, step_ticks) >= settings.trot_from_g)
        return np.where(gallops, "gallop", np.where(trots, "trot", "walk")), step_ticks

    def _felt(self, rms_g: FloatArray, period_ticks: FloatArray) -> FloatArray:
        """Return the amplitude before the band-pass of what has a period."""
        _, gain = scipy.signal.sosfreqz(self._band, RATE_HZ / period_ticks, fs=RATE_HZ)
        return np.asarray(rms_g / np.abs(gain))

    def _in_bout(self, window: GaitWindow) -> list[GaitWindow]:
        """Add a window to the bout, or begin a new one; return what is now sure."""
        state, settings = self.state, self._settings
        if state.run and not _continues(state.run[-1], window, settings):
            self._end_bout()
        if state.run_is_sure:
            state.run = [window]
            return [window]
        state.run.append(window)
        state.run_certainty += window.certainty - settings.regular_from
        if len(state.run) < settings.bout_windows or state.run_certainty < settings.bout_certainty:
            return []
        sure, state.run, state.run_is_sure = state.run, [window], True
        return sure

    def _end_bout(self) -> None:
        self.state.run, self.state.run_certainty, self.state.run_is_sure = [], 0.0, False


def _between_g(period_s: FloatArray) -> FloatArray:
    """Return the amplitude between those of steps and of strides of a period, in proportion.

    Walk and trot have 0.107 times the stride rate to the power 2.45 (docs/evidence.md 1.2).
    """
    as_steps_hz, as_strides_hz = 0.5 / period_s, 1.0 / period_s
    return np.asarray(0.107 * (as_steps_hz * as_strides_hz) ** (2.45 / 2.0))


def _strength(frames: Frames, settings: GaitSettings) -> tuple[FloatArray, BoolArray]:
    """Return the root mean square of each frame, and whether it is strong, even and unclipped."""
    moving_g, vedba_g, clipped = frames.values[0], frames.values[4], frames.values[5]
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
    beat: Beats
    evenness: StepVariability
    gait: StringArray
    step_ticks: FloatArray


def _window(walked: _Walked, place: int, window_s: float) -> GaitWindow:
    """Return one window."""
    beat, gait = walked.beat, str(walked.gait[place])
    step_ticks = float(walked.step_ticks[place])
    if step_ticks < beat.lag_ticks[place]:
        step, stride = beat.half_regularity, beat.regularity
    else:
        step, stride = beat.regularity, beat.double_regularity
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
        certainty=float(beat.certainty[place]),
    )


GaitSums = tuple[float, float, float, float, float, float]
"""n and the sums of x, y, xx, xy, yy with x = ln(stride_hz) and y = ln(rms_g)."""

NO_GAIT: GaitSums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def window_sums(stride_hz: float, rms_g: float, certainty: float = 1.0) -> GaitSums:
    """Return the sums of one window, which counts as much as it is certain."""
    x, y, n = log(stride_hz), log(rms_g), certainty
    return n, n * x, n * y, n * x * x, n * x * y, n * y * y


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
