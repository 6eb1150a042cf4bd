"""Fewer jumps: a dog that is free to jump does so much less than it used to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import fmean, variance

from analysis.baseline.baseline import BaselineSettings, Memory, note_level, remember
from analysis.detectors.base import DaySpec
from analysis.model import Day, Level, Verdict
from analysis.model.kinds import AlertKind
from analysis.model.owner_notes import COLLAR_CIRCUMSTANCES, QUIETER_CIRCUMSTANCES

_WINDOW_DAYS = 7
_FEW_DAYS = 3
_WAKING_H = 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FewerJumpsSettings(BaselineSettings):
    """When jumps count as fewer; judgements, from -50 % in mild and -90 % in moderate back pain.

    Attributes
    ----------
    baseline_days
        Days of a full baseline: counts are small, so that a fortnight says little.
    least_waking_h
        Waking hours that the collar must be worn on a day.
    least_a_day
        A dog that jumps less often than this on a waking day of 16 hours is not judged: no jumps
        for three days are chance then.
    few_drop
        Watch: down by such a share over the last three days.
    drop
        Watch: down by such a share over the last seven.
    low_z
        Either must be so many spreads below the usual.
    """

    baseline_days: int = 28
    least_waking_h: float = 8.0
    least_a_day: float = 5.0
    few_drop: float = 0.60
    drop: float = 0.40
    low_z: float = -2.5


@dataclass(slots=True)
class FewerJumpsState:
    """What must survive a restart."""

    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Jumps of an ordinary dog-day.

    Attributes
    ----------
    per_h
        Jumps per waking hour worn.
    excess
        Variance of a day's count over its mean: 1 if jumps came by pure chance, more since days
        differ, and never less.
    n_days
        Days that tell.
    """

    per_h: float
    excess: float
    n_days: int

    def drop(self, days: Sequence[Day]) -> float:
        """Return by what share some days are below the usual."""
        return 1.0 - sum(day.jumps for day in days) / self._expected(days)

    def z(self, days: Sequence[Day]) -> float:
        """Return how many spreads the jumps of some days are above the usual.

        The usual is itself only known from so many days, which adds to the spread.
        """
        expected = self._expected(days)
        spread = sqrt(self.excess * expected * (1.0 + len(days) / self.n_days))
        return (sum(day.jumps for day in days) - expected) / spread

    def _expected(self, days: Sequence[Day]) -> float:
        return self.per_h * sum(day.waking_worn_h for day in days)


class FewerJumpsDetector:
    """Judges counts of jumps against the dog's own, as counts: few of them vary a lot.

    Notes
    -----
    Absence is weak evidence (docs/evidence.md 7.1): a gate or a sofa that is gone does the same,
    so this is a watch and never more. Days under a restricting plan are neither judged nor learned,
    and neither are days of a watch learned, or a dog that stopped jumping would soon be usual.
    """

    def __init__(self, settings: FewerJumpsSettings) -> None:
        self._settings = settings
        self.state = FewerJumpsState()

    def update(self, day: Day, /) -> list[Verdict]:
        """Return one verdict on the day that ended, or none under a restricting plan."""
        settings, memory = self._settings, self.state.memory
        if day.resting_plan:
            return []
        if day.waking_worn_h < settings.least_waking_h:
            worn = {"worn_h": day.waking_worn_h}
            return [_verdict(day, Level.UNKNOWN, day.start_s, worn)]
        learned = remember(memory, day, settings, window=_WINDOW_DAYS)
        evidence = {"baseline_days": float(len(memory.learned))}
        if not learned:
            return [_verdict(day, Level.UNKNOWN, day.start_s, evidence)]
        usual = usual_of(memory.learned)
        evidence["usual"] = usual.per_h * _WAKING_H
        if usual.per_h * _WAKING_H < settings.least_a_day or len(memory.recent) < _FEW_DAYS:
            note_level(memory, Level.UNKNOWN, day.start_s, settings)
            return [_verdict(day, Level.UNKNOWN, day.start_s, evidence)]
        n_days, is_low = judge(memory.recent, usual, settings)
        last = memory.recent[-n_days:]
        evidence |= {"drop": usual.drop(last), "z": usual.z(last), "days": float(len(last))}
        # For the memory a watch is what a warning is elsewhere: its days are not learned.
        kept = Level.WARNING if is_low else Level.CLEAR
        if note_level(memory, kept, last[0].start_s, settings):
            return [_verdict(day, Level.UNKNOWN, day.start_s, {"baseline_days": 0.0})]
        level = Level.WATCH if is_low else Level.CLEAR
        return [_verdict(day, level, last[0].start_s, evidence)]


def usual_of(days: Sequence[Day]) -> Usual:
    """Return how often a dog jumps, from seven days or more."""
    hours = sum(day.waking_worn_h for day in days)
    per_h = sum(day.jumps for day in days) / hours
    mean = per_h * fmean(day.waking_worn_h for day in days)
    # What a day has beyond its own hours' share; days worn for longer have more jumps.
    beyond = [day.jumps - per_h * day.waking_worn_h for day in days]
    excess = variance(beyond) / mean if mean > 0.0 else 1.0
    return Usual(per_h=per_h, excess=max(excess, 1.0), n_days=len(days))


def judge(recent: Sequence[Day], usual: Usual, settings: FewerJumpsSettings) -> tuple[int, bool]:
    """Return how many of the last days were looked at, and whether they are low."""
    for n_days, drop in ((_FEW_DAYS, settings.few_drop), (_WINDOW_DAYS, settings.drop)):
        last = recent[-n_days:]
        if len(last) == n_days and usual.drop(last) >= drop and usual.z(last) <= settings.low_z:
            return n_days, True
    return _FEW_DAYS, False


def _verdict(day: Day, level: Level, onset_s: float, evidence: Mapping[str, float]) -> Verdict:
    return Verdict(
        kind=SPEC.name, level=level, time_s=day.end_s, onset_s=onset_s, evidence=evidence
    )


KIND = AlertKind(
    name="fewer_jumps",
    explained_by=QUIETER_CIRCUMSTANCES | COLLAR_CIRCUMSTANCES,
    title=("{dog} jumps up less than usual",),
    about="fewer jumps than usual",
    seen=(
        "{dog} jumps {drop:percent} less often than usual, over the last {days:days}.",
        "{dog} jumps {drop:percent} less often than usual.",
        "{dog} jumps less often than usual.",
    ),
    advice=(
        (
            "See how {dog} gets onto the sofa or into the car. A dog that stops jumping may be "
            "sore: ask your vet."
        ),
    ),
    over="{dog} jumps about as often as usual again.",
    usual=("Usual means {dog}'s own past weeks.",),
    certainty=("How sure: not very. A gate, a closed car or a missing sofa does that too.",),
    limit="A collar cannot tell a dog that will not jump from one that need not.",
)

SPEC = DaySpec(
    name="fewer_jumps",
    settings=FewerJumpsSettings,
    build=FewerJumpsDetector,
    kind=KIND,
)
