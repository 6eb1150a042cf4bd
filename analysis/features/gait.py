"""Gait windows: how the dog steps while it walks, trots or gallops steadily."""

from dataclasses import dataclass, field

import numpy as np
from scipy.signal import butter, sosfilt

from analysis.errors import SettingsError
from analysis.features.rhythm import Rhythm, rhythm_of
from analysis.features.steps import step_time_cv
from analysis.model import BoolArray, FloatArray, GaitWindow, Signal
from analysis.signal.exact import quantised, row_sums
from analysis.signal.framing import Framer, Frames
from analysis.units import RATE_HZ, seconds, ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitSettings:
    """What counts as steady gait.

    Attributes
    ----------
    window_s, hop_s
        Length of a window and the step from one to the next.
    weakest_g
        Least root mean square of the band-passed magnitude; slow walks read 0.13-0.31 g.
    trot_from_g, gallop_from_g
        Amplitude from which steady gait is faster than walk (walks stay below 0.44 g, trots begin
        at 0.48 g in a motion-captured dog), and from which it may be a gallop.
    gallop_shortest_s, gallop_longest_s
        Range of stride times of a gallop.
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
    weakest_g: float = 0.10
    trot_from_g: float = 0.46
    gallop_from_g: float = 0.65
    gallop_shortest_s: float = 0.28
    gallop_longest_s: float = 0.55
    quieter_half: float = 0.25
    regular_from: float = 0.40
    octave: float = 0.60
    slowest_stride_hz: float = 0.80
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
        scale = (0.52 / withers_m) ** 0.5
        self._slowest_step_hz = 2.0 * settings.slowest_stride_hz * scale
        self._fastest_step_hz = 2.0 * settings.fastest_stride_hz * scale
        self._band = np.asarray(butter(2, (0.7, 8.0), "bandpass", fs=RATE_HZ, output="sos"))
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
        moving_g, state.filter_state = sosfilt(
            self._band, heard.magnitude_g - 1.0, zi=state.filter_state
        )
        frames = self.framer.push(heard.first_tick, np.vstack([quantised(moving_g), heard.clipped]))
        return self._windows(frames) if len(frames) else []

    def _windows(self, frames: Frames) -> list[GaitWindow]:
        """Return the windows that are now known to be part of a bout."""
        rms_g, strong = _strength(frames, self._settings)
        which = np.flatnonzero(strong)
        if not len(which):
            self._end_bout()
            return []
        moving_g = frames.values[0]
        rhythm = rhythm_of(
            moving_g[which], self._slowest_step_hz, self._fastest_step_hz, self._settings.octave
        )
        steady = rhythm.regularity >= self._settings.regular_from
        rhythm, which = rhythm.only(steady), which[steady]
        cv = step_time_cv(moving_g[which], rhythm.lag_ticks)
        found: list[GaitWindow] = []
        for place, frame in enumerate(which.tolist()):
            start_s = seconds(frames.tick(frame))
            found += self._in_bout(self._window(start_s, float(rms_g[frame]), rhythm, cv, place))
        if not len(which) or which[-1] != len(frames) - 1:
            self._end_bout()
        return found

    def _window(
        self, start_s: float, rms_g: float, rhythm: Rhythm, cv: FloatArray, place: int
    ) -> GaitWindow:
        """Return one window; a gallop's only strong period is the stride, else it is the step."""
        settings = self._settings
        period_s = float(rhythm.lag_ticks[place]) / RATE_HZ
        gallops = (
            rms_g >= settings.gallop_from_g
            and settings.gallop_shortest_s <= period_s <= settings.gallop_longest_s
        )
        if gallops:
            gait, step_hz = "gallop", 2.0 / period_s
            step_regularity = float(rhythm.half_regularity[place])
            stride_regularity = float(rhythm.regularity[place])
        else:
            gait = "trot" if rms_g >= settings.trot_from_g else "walk"
            step_hz = 1.0 / period_s
            step_regularity = float(rhythm.regularity[place])
            stride_regularity = float(rhythm.double_regularity[place])
        return GaitWindow(
            start_s=start_s,
            end_s=start_s + settings.window_s,
            gait=gait,
            step_hz=step_hz,
            stride_hz=step_hz / 2.0,
            rms_g=rms_g,
            step_regularity=step_regularity,
            stride_regularity=stride_regularity,
            step_time_cv=float(cv[place]),
        )

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
    moving_g, clipped = frames.values
    n_ticks = moving_g.shape[1]
    halves_g = moving_g.reshape(len(frames), 2, -1)
    halves_g2 = np.einsum("ihj,ihj->ih", halves_g, halves_g)
    power_g2 = halves_g2.sum(axis=1)
    rms_g = np.sqrt(power_g2 / n_ticks)
    strong = rms_g >= settings.weakest_g
    strong &= halves_g2.min(axis=1) >= settings.quieter_half * power_g2
    strong &= row_sums(clipped) <= settings.most_clipped * n_ticks
    return rms_g, strong


def _continues(last: GaitWindow, window: GaitWindow, settings: GaitSettings) -> bool:
    follows = window.start_s - last.start_s <= 1.5 * settings.hop_s
    return follows and abs(window.step_hz / last.step_hz - 1.0) <= settings.bout_change
