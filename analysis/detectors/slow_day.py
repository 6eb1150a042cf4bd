"""Slow day: by noon the dog has moved far less than it usually has by then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log

from analysis.baseline.baseline import Normal, is_ordinary, normal_of
from analysis.detectors.base import HourSpec
from analysis.model import Day, Hour, Level, Verdict
from analysis.model.kinds import AlertKind
from analysis.model.owner_notes import COLLAR_CIRCUMSTANCES, QUIETER_CIRCUMSTANCES

_LEAST_MIN_PER_H = 0.05
"""Stands for no movement at all, so that it has a logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowDaySettings:
    """When a morning counts as slow; all numbers but the baseline's are judgements.

    Attributes
    ----------
    by_clock_h
        Local hour at which the day so far is judged, once.
    least_worn_h
        Waking hours worn by then that a morning needs.
    baseline_days, provisional_days
        Mornings that are remembered, and from how many on there is a normal.
    spread_floor
        Least spread of a morning's logarithm. Half a day varies more than a whole one, for which
        docs/evidence.md 4.3 has 0.12.
    watch_drop, watch_z
        Watch: down by such a share of the usual, at such a z or lower.
    extreme_drop, extreme_z
        Warning. On simulated days of 40 healthy dogs 60 % and -3 warned once in 84 days, this never
        in 840.
    relearn_after_days
        After so many slow mornings in a row this is the new normal, learned afresh.
    """

    by_clock_h: int = 12
    least_worn_h: float = 3.0
    baseline_days: int = 28
    provisional_days: int = 7
    spread_floor: float = 0.20
    watch_drop: float = 0.40
    watch_z: float = -2.0
    extreme_drop: float = 0.75
    extreme_z: float = -3.5
    relearn_after_days: int = 28


@dataclass(slots=True)
class SlowDayState:
    """What must survive a restart.

    Attributes
    ----------
    mornings
        Logarithms of active minutes an hour by noon, oldest first.
    date, today, level
        The day whose morning was heard, its logarithm, and what was said of it.
    slow_days, onset_s
        Slow mornings in a row, and the start of the first one's day.
    """

    mornings: list[float] = field(default_factory=list)
    date: str = ""
    today: float = 0.0
    level: Level = Level.UNKNOWN
    slow_days: int = 0
    onset_s: float = 0.0


class SlowDayDetector:
    """Compares the day so far with the dog's own days at the same hour, per hour worn.

    Notes
    -----
    By noon, so that a bad day is seen before it is over. A late walk looks the same, so this is a
    watch unless it is extreme. Days under a restricting plan are neither judged nor learned.
    Slow days are not learned, since illness would become normal, nor those noted as unusual.
    """

    def __init__(self, settings: SlowDaySettings) -> None:
        self._settings = settings
        self.state = SlowDayState()

    def update(self, hour: Hour, /) -> list[Verdict]:
        """Return one verdict a day, at the hour set."""
        state, settings, day = self.state, self._settings, hour.day
        if hour.clock_h != settings.by_clock_h or day.resting_plan or day.date == state.date:
            return []
        if day.waking_worn_h < settings.least_worn_h:
            return [_verdict(hour, Level.UNKNOWN, day.start_s, {"worn_h": day.waking_worn_h})]
        state.date = day.date
        state.today = log(max(day.active_min / day.waking_worn_h, _LEAST_MIN_PER_H))
        state.level = Level.UNKNOWN
        evidence = {"baseline_days": float(len(state.mornings))}
        if len(state.mornings) < settings.provisional_days:
            return [_verdict(hour, Level.UNKNOWN, day.start_s, evidence)]
        normal = normal_of(state.mornings, floor=settings.spread_floor)
        state.level = _level(normal, state.today, settings)
        if state.level is Level.CLEAR or not state.slow_days:
            state.onset_s = day.start_s
        share = normal.share(state.today)
        evidence |= {
            "drop": 1.0 - share,
            "usual": exp(normal.centre),
            "now": share * exp(normal.centre),
            "z": normal.z(state.today),
            "clock_h": float(hour.clock_h),
        }
        return [_verdict(hour, state.level, state.onset_s, evidence)]

    def learn(self, day: Day, /) -> None:
        """Take the morning of the day that has ended, unless it was slow."""
        state, settings = self.state, self._settings
        if day.date != state.date or not is_ordinary(day):
            return
        if state.level in {Level.WATCH, Level.WARNING}:
            state.slow_days += 1
            if state.slow_days > settings.relearn_after_days:
                state.slow_days, state.mornings = 0, []
            return
        state.slow_days = 0
        state.mornings = [*state.mornings, state.today][-settings.baseline_days :]


def _level(normal: Normal, today: float, settings: SlowDaySettings) -> Level:
    drop, z = 1.0 - normal.share(today), normal.z(today)
    if drop >= settings.extreme_drop and z < settings.extreme_z:
        return Level.WARNING
    if drop >= settings.watch_drop and z <= settings.watch_z:
        return Level.WATCH
    return Level.CLEAR


def _verdict(hour: Hour, level: Level, onset_s: float, evidence: Mapping[str, float]) -> Verdict:
    return Verdict(
        kind=SPEC.name, level=level, time_s=hour.end_s, onset_s=onset_s, evidence=evidence
    )


KIND = AlertKind(
    name="slow_day",
    explained_by=QUIETER_CIRCUMSTANCES | COLLAR_CIRCUMSTANCES,
    title=("{dog} has a slow day",),
    about="a slow day",
    seen=(
        "By {clock_h:whole} o'clock {dog} had moved {drop:percent} less than usual by then.",
        "{dog} had moved far less than usual by noon.",
    ),
    advice=(
        (
            "See how {dog} stands and walks, and take a short walk. If {dog} will not go, ask "
            "your vet."
        ),
    ),
    over="{dog} moved about as usual by noon again.",
    usual=("Usual means {dog}'s own mornings, for each hour that the collar was worn.",),
    certainty=("How sure: not very. A walk that comes late looks the same.",),
    limit="A collar cannot tell pain from hot weather or a lazy morning.",
)

SPEC = HourSpec(
    name="slow_day",
    settings=SlowDaySettings,
    build=SlowDayDetector,
    kind=KIND,
)
