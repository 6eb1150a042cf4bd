"""Stiff gait: slower steps, flatter than the cadence explains, and less trot than usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, fsum, log
from statistics import fmean

from analysis.baseline import BaselineSettings, Memory, normal_of, note_level, remember
from analysis.detectors.base import DaySpec
from analysis.model import Day, Level, Verdict

_LEAST_FAST_SHARE = 0.02
_WORST_Z = 3.0
_PRIOR_WEIGHT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class StiffGaitSettings(BaselineSettings):
    """When gait counts as stiff.

    Attributes
    ----------
    least_windows, least_bouts
        Steady gait that a day needs to be judged.
    prior_slope
        Rise of ln RMS with ln stride rate that is assumed until the dog's own is known.
    cadence_floor, amplitude_floor, fast_share_floor
        Least day-to-day spread of the logarithms. The one for amplitude is from collar
        recordings; cadence (3 %) and share (25 %) are judgements.
    watch_index, warning_index, component_z
        The index from which a day is suspect or stiff, and how far one component must be down.
    bad_days, of_days
        So many of the last so many valid days.
    """

    least_windows: int = 20
    least_bouts: int = 2
    prior_slope: float = 2.5
    cadence_floor: float = 0.03
    amplitude_floor: float = 0.10
    fast_share_floor: float = 0.25
    watch_index: float = -1.2
    warning_index: float = -1.5
    component_z: float = -1.0
    bad_days: int = 3
    of_days: int = 5


@dataclass(slots=True)
class StiffGaitState:
    """What must survive a restart."""

    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A dog's own ``ln RMS = level + slope * ln stride rate``."""

    level: float
    slope: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stiffness:
    """One day against normal: z of each component, held within 3, and their logarithmic change."""

    start_s: float
    z: tuple[float, float, float]
    change: tuple[float, float, float]

    @property
    def index(self) -> float:
        """Mean z of cadence, adjusted amplitude and fast share; negative is stiff."""
        return fsum(self.z) / 3.0


class StiffGaitDetector:
    """Judges how the dog walked against how it usually walks.

    Notes
    -----
    A new place of the collar lowers the amplitude, and with it the share of windows that count as
    faster than walk (which is told by amplitude). So these two alone are worth a watch at most: a
    warning needs a slower cadence as well, which no collar's place can change. Each z is held
    within 3, so that no single component reaches the watch index.
    """

    def __init__(self, settings: StiffGaitSettings) -> None:
        self._settings = settings
        self.state = StiffGaitState()

    def update(self, heard: Day, /) -> list[Verdict]:
        """Return one verdict on the day that ended, or none under a restricting plan."""
        if heard.resting_plan:
            return []
        settings, memory = self._settings, self.state.memory
        if not self._is_valid(heard):
            windows = {"windows": float(heard.n_gait_windows)}
            return [_verdict(heard, Level.UNKNOWN, heard.start_s, windows)]
        if not remember(memory, heard, settings, window=settings.of_days):
            learned = {"baseline_days": float(len(memory.learned))}
            return [_verdict(heard, Level.UNKNOWN, heard.start_s, learned)]
        days = stiffness(memory.learned, memory.recent[-settings.of_days :], settings)
        level, bad = judge(days, settings)
        if level is Level.WARNING and len(memory.learned) < settings.baseline_days:
            level = Level.WATCH
        onset_s = bad[0].start_s if bad else heard.start_s
        if note_level(memory, level, onset_s, settings):
            return [_verdict(heard, Level.UNKNOWN, heard.start_s, {"baseline_days": 0.0})]
        return [_verdict(heard, level, onset_s, _evidence(bad or days[-1:]))]

    def _is_valid(self, day: Day) -> bool:
        enough = day.n_gait_windows >= self._settings.least_windows
        return enough and day.n_gait_bouts >= self._settings.least_bouts


def fit_line(days: Sequence[Day], prior_slope: float) -> Line:
    """Return the line through all windows of the days, its slope drawn to the prior.

    The prior weighs as much as some 80 windows that spread over 8 % of cadence: a dog that always
    walks at one pace tells nothing of a slope, and keeps the prior's.
    """
    n, x, y, xx, xy, _ = (fsum(column) for column in zip(*(d.gait_sums for d in days), strict=True))
    spread_x = xx - x * x / n
    spread_xy = xy - x * y / n
    slope = (spread_xy + _PRIOR_WEIGHT * prior_slope) / (max(spread_x, 0.0) + _PRIOR_WEIGHT)
    return Line(level=(y - slope * x) / n, slope=slope)


def residual(day: Day, line: Line) -> float:
    """Return the day's mean ln RMS above the line."""
    n, x, y = day.gait_sums[:3]
    return (y - line.slope * x) / n - line.level


def stiffness(
    baseline: Sequence[Day], days: Sequence[Day], settings: StiffGaitSettings
) -> list[Stiffness]:
    """Return each of the days against the baseline."""
    line = fit_line(baseline, settings.prior_slope)
    floors = (settings.cadence_floor, settings.amplitude_floor, settings.fast_share_floor)
    columns = zip(*(_components(each, line) for each in baseline), strict=True)
    normals = [normal_of(column, floor=f) for column, f in zip(columns, floors, strict=True)]
    found = []
    for day in days:
        pairs = list(zip(_components(day, line), normals, strict=True))
        z = [max(-_WORST_Z, min(_WORST_Z, normal.z(value))) for value, normal in pairs]
        change = [value - normal.centre for value, normal in pairs]
        found.append(
            Stiffness(
                start_s=day.start_s, z=(z[0], z[1], z[2]), change=(change[0], change[1], change[2])
            )
        )
    return found


def judge(days: list[Stiffness], settings: StiffGaitSettings) -> tuple[Level, list[Stiffness]]:
    """Return how worrying the last days are, and which of them made it so."""
    stiff = [each for each in days if _is_stiff(each, settings)]
    if len(stiff) >= settings.bad_days:
        return Level.WARNING, stiff
    suspect = [each for each in days if each.index <= settings.watch_index]
    if len(suspect) >= settings.bad_days:
        return Level.WATCH, suspect
    if len(days) < settings.bad_days:
        return Level.UNKNOWN, []
    return Level.CLEAR, []


def _is_stiff(day: Stiffness, settings: StiffGaitSettings) -> bool:
    down = [each < settings.component_z for each in day.z]
    return day.index <= settings.warning_index and down[0] and any(down[1:])


def _components(day: Day, line: Line) -> tuple[float, float, float]:
    fast = log(max(day.fast_share, _LEAST_FAST_SHARE))
    return log(day.stride_hz), residual(day, line), fast


def _evidence(days: Sequence[Stiffness]) -> dict[str, float]:
    """Return the mean index and drops (shares of the usual) over the days that count."""
    cadence, amplitude, fast = (
        1.0 - exp(fmean(column)) for column in zip(*(each.change for each in days), strict=True)
    )
    return {
        "index": fmean(each.index for each in days),
        "cadence_drop": cadence,
        "amplitude_drop": amplitude,
        "fast_share_drop": fast,
        "days": float(len(days)),
    }


def _verdict(day: Day, level: Level, onset_s: float, evidence: Mapping[str, float]) -> Verdict:
    return Verdict(
        kind=SPEC.name, level=level, time_s=day.end_s, onset_s=onset_s, evidence=evidence
    )


SPEC = DaySpec(
    name="stiff_gait",
    sentence="{dog} walks more stiffly than usual, on {days:whole} days of late.",
    settings=StiffGaitSettings,
    build=StiffGaitDetector,
)
