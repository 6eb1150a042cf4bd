"""Stiff gait: slower steps, flatter than the cadence explains, and less trot than usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from statistics import fmean

from analysis.baseline.baseline import Memory, Normal, normal_of, note_level, remember
from analysis.baseline.collar_fit import (
    CollarFit,
    Line,
    MountingSettings,
    Step,
    as_now,
    fit_line,
    has_gait,
    residual,
    sit,
)
from analysis.detectors.base import DaySpec
from analysis.model import Day, Level, Verdict
from analysis.model.kinds import AlertKind
from analysis.model.owner_notes import COLLAR_CIRCUMSTANCES

_LEAST_FAST_SHARE = 0.02
_WORST_Z = 3.0
_LAST_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StiffGaitSettings(MountingSettings):
    """When gait counts as stiff.

    Attributes
    ----------
    amplitude_floor, fast_share_floor
        Least day-to-day spread of the logarithms, as `cadence_floor`. The one for amplitude is
        from collar recordings; cadence (3 %) and share (25 %) are judgements.
    watch_index, warning_index, component_z
        The index from which a day is suspect or stiff, and how far one component must be down.
    bad_days, of_days
        So many of the last so many valid days.
    acute_index, acute_cadence_z
        A warning also if the last two days together are as bad as this, with so slow a cadence.
    share_days
        Days on one mounting of the collar that the usual share of fast gait needs: what counts as
        fast is told by amplitude.
    """

    amplitude_floor: float = 0.10
    fast_share_floor: float = 0.25
    watch_index: float = -1.2
    warning_index: float = -1.5
    component_z: float = -1.0
    bad_days: int = 3
    of_days: int = 5
    acute_index: float = -1.7
    acute_cadence_z: float = -1.5
    share_days: int = 5


@dataclass(slots=True)
class StiffGaitState:
    """What must survive a restart."""

    memory: Memory = field(default_factory=Memory)
    seat: CollarFit = field(default_factory=CollarFit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stiffness:
    """One day against normal.

    Attributes
    ----------
    start_s
        When the day began.
    z
        Of cadence, amplitude at that cadence and, if it can be told, fast share, each within 3.
    change
        Their logarithmic change.
    """

    start_s: float
    z: tuple[float, ...]
    change: tuple[float, ...]

    @property
    def index(self) -> float:
        """Mean z of the components; negative is stiff."""
        return fmean(self.z)


class StiffGaitDetector:
    """Judges how the dog walked against how it usually walks.

    Notes
    -----
    A new place of the collar lowers the amplitude, and with it the share of windows that count as
    faster than walk (which is told by amplitude). So these two alone are worth a watch at most: a
    warning needs a slower cadence as well, which no collar's place can change. Each z is held
    within 3, so that no single component reaches the watch index.
    Where amplitude steps and cadence does not, the days before are moved to the new level, and the
    share of fast gait is left out until its usual value is known again.
    """

    def __init__(self, settings: StiffGaitSettings) -> None:
        self._settings = settings
        self.state = StiffGaitState()

    def update(self, day: Day, /) -> list[Verdict]:
        """Return one verdict on the day that ended, or none under a restricting plan."""
        if day.resting_plan:
            return []
        settings, memory = self._settings, self.state.memory
        if not has_gait(day, settings):
            windows = {"windows": float(day.n_gait_windows)}
            return [_verdict(day, Level.UNKNOWN, day.start_s, windows)]
        sit(self.state.seat, day, settings)
        if not remember(memory, day, settings, window=settings.of_days):
            learned = {"baseline_days": float(len(memory.learned))}
            return [_verdict(day, Level.UNKNOWN, day.start_s, learned)]
        recent = memory.recent[-settings.of_days :]
        days = stiffness(memory.learned, recent, self.state.seat.steps, settings)
        level, bad = judge(days, settings)
        if level is Level.WARNING and len(memory.learned) < settings.baseline_days:
            level = Level.WATCH
        onset_s = bad[0].start_s if bad else day.start_s
        if note_level(memory, level, onset_s, settings):
            return [_verdict(day, Level.UNKNOWN, day.start_s, {"baseline_days": 0.0})]
        return [_verdict(day, level, onset_s, _evidence(bad or days[-1:]))]


def stiffness(
    baseline: Sequence[Day], days: Sequence[Day], steps: Sequence[Step], settings: StiffGaitSettings
) -> list[Stiffness]:
    """Return each of the days against the baseline, as the collar sits now."""
    seated = [as_now(day, steps) for day in baseline]
    line = fit_line(seated, settings.prior_slope)
    normals = _normals(seated, line, steps, settings)
    found = []
    for day in days:
        pairs = list(zip(_components(as_now(day, steps), line), normals, strict=False))
        if not _is_on_this_seat(day, steps):
            pairs = pairs[:2]
        found.append(
            Stiffness(
                start_s=day.start_s,
                z=tuple(max(-_WORST_Z, min(_WORST_Z, normal.z(value))) for value, normal in pairs),
                change=tuple(value - normal.centre for value, normal in pairs),
            )
        )
    return found


def _normals(
    seated: Sequence[Day], line: Line, steps: Sequence[Step], settings: StiffGaitSettings
) -> list[Normal]:
    """Return what is usual of each component, without the fast share if too few days tell it."""
    components = [_components(day, line) for day in seated]
    floors = (settings.cadence_floor, settings.amplitude_floor)
    normals = [
        normal_of([each[place] for each in components], floor=floor)
        for place, floor in enumerate(floors)
    ]
    shares = [
        each[2]
        for day, each in zip(seated, components, strict=True)
        if _is_on_this_seat(day, steps)
    ]
    if len(shares) >= settings.share_days:
        normals.append(normal_of(shares, floor=settings.fast_share_floor))
    return normals


def _is_on_this_seat(day: Day, steps: Sequence[Step]) -> bool:
    return not steps or day.start_s >= steps[-1].since_s


def judge(days: list[Stiffness], settings: StiffGaitSettings) -> tuple[Level, list[Stiffness]]:
    """Return how worrying the last days are, and which of them made it so."""
    stiff = [each for each in days if _is_stiff(each, settings.warning_index, settings)]
    if len(stiff) >= settings.bad_days:
        return Level.WARNING, stiff
    last = days[-_LAST_DAYS:]
    if len(last) == _LAST_DAYS:
        both = _mean(last)
        slow = both.z[0] <= settings.acute_cadence_z
        if slow and _is_stiff(both, settings.acute_index, settings):
            return Level.WARNING, last
    suspect = [each for each in days if each.index <= settings.watch_index]
    if len(suspect) >= settings.bad_days:
        return Level.WATCH, suspect
    if len(days) < settings.bad_days:
        return Level.UNKNOWN, []
    return Level.CLEAR, []


def _is_stiff(day: Stiffness, index: float, settings: StiffGaitSettings) -> bool:
    down = [each < settings.component_z for each in day.z]
    return day.index <= index and down[0] and any(down[1:])


def _mean(days: Sequence[Stiffness]) -> Stiffness:
    """Return days as one, of the components that all of them have."""
    return Stiffness(
        start_s=days[0].start_s,
        z=tuple(fmean(column) for column in zip(*(each.z for each in days), strict=False)),
        change=tuple(
            fmean(column) for column in zip(*(each.change for each in days), strict=False)
        ),
    )


def _components(day: Day, line: Line) -> tuple[float, float, float]:
    fast = log(max(day.fast_share, _LEAST_FAST_SHARE))
    return log(day.stride_hz), residual(day, line), fast


def _evidence(days: Sequence[Stiffness]) -> dict[str, float]:
    """Return the mean index and drops (shares of the usual) over the days that count."""
    names = ("cadence_drop", "amplitude_drop", "fast_share_drop")
    drops = {
        name: 1.0 - exp(change) for name, change in zip(names, _mean(days).change, strict=False)
    }
    return {
        "index": fmean(each.index for each in days),
        **drops,
        "days": float(len(days)),
    }


def _verdict(day: Day, level: Level, onset_s: float, evidence: Mapping[str, float]) -> Verdict:
    return Verdict(
        kind=SPEC.name, level=level, time_s=day.end_s, onset_s=onset_s, evidence=evidence
    )


KIND = AlertKind(
    name="stiff_gait",
    explained_by=frozenset({"heat", "swimming"}) | COLLAR_CIRCUMSTANCES,
    title=("{dog} walks more stiffly than usual",),
    about="a stiffer walk than usual",
    seen=(
        "{dog} walks more stiffly than usual, on {days:whole} of the last days.",
        "{dog} walks more stiffly than usual.",
    ),
    advice=("Short, level walks on the leash, no stairs, no jumps. Ask your vet.",),
    over="{dog} walks about as freely as usual again.",
    usual=(
        (
            "Steps are {cadence_drop:percent} slower and {amplitude_drop:percent} flatter than "
            "{dog}'s own normal."
        ),
        "Steps are {cadence_drop:percent} slower than {dog}'s own normal.",
        "Steps are {amplitude_drop:percent} flatter than {dog}'s own normal.",
        "Compared with {dog}'s own normal walk.",
    ),
    certainty=(
        (
            "How sure: fairly. Several signs of the walk changed together; a collar that sits "
            "differently can do that too, so check its fit."
        ),
    ),
    limit="A collar cannot see an arched back or feel where it hurts.",
)

SPEC = DaySpec(
    name="stiff_gait",
    settings=StiffGaitSettings,
    build=StiffGaitDetector,
    kind=KIND,
)
