"""Irregular gait: steps at uneven times and strides unlike each other, which may be ataxia."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from analysis.baseline.baseline import BaselineSettings, Memory, note_level, remember
from analysis.detectors.base import HourSpec
from analysis.model import Day, Hour, Level, Verdict
from analysis.model.kinds import AlertKind
from analysis.model.owner_notes import COLLAR_CIRCUMSTANCES

_HOUR_S = 3600.0
_AGREEING = 2
"""Hours that have to agree before anything is urgent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IrregularGaitSettings(BaselineSettings):
    """When gait counts as irregular.

    Attributes
    ----------
    least_windows, least_bouts
        Walk and trot windows, and the bouts they form, that a day so far needs to be judged.
    hour_windows
        Windows that one hour needs to be judged by itself.
    hours_apart
        Two such hours further apart than this do not confirm each other.
    urgent_ratio, urgent_drop
        Urgent: step times vary so many times as much as usual, and the regularity of strides is
        down by so much, further than in the dog's own worst hours so far. In two judged hours in a
        row, or in the day so far if two of its hours by themselves agree.
    few_windows
        Windows that one of those two hours needs.
    least_usual_cv
        A usual spread of step times below this is taken for it: a tick of 20 ms against steps of
        half a second spreads by as much, and less says nothing of a dog.
    watch_ratio, watch_drop
        A suspect day.
    suspect_days, of_days
        Watch: so many suspect days of the last so many that could be judged, or one that has gone
        as far as is urgent while no two of its hours agree yet.
    limp_ratio, limp_drop
        A day of limping: step times vary so many times as much as usual, and the regularity of
        steps (not of strides) is down by so much. One is a watch; a warning is `suspect_days` of
        the last `of_days`.
    alike_days
        Days under a plan are compared with days under a plan, others with others, as soon as so
        many are known.
    resting_ratio, resting_drop
        How much more uneven than usual the short slow walks of a plan are by themselves: taken off
        while days under a plan have to be compared with others.

    Notes
    -----
    docs/evidence.md 9 gives 2.0 and 0.25 for urgent, 1.5 and 0.15 for watch, as judgements. On
    days simulated from samples, under collars that jitter as recorded ones do, an ataxic dog
    reaches 1.55 times and 0.20 down or more, one in moderate pain without ataxia 1.22 and 0.10 at
    most (docs/gait.md). None of 1,100 hours in health and 380 in moderate pain passes 0.86 of both
    1.6 times and 0.20: the urgent limits are about nine tenths of these.
    On days of strict rest simulated likewise (16 dogs), healthy ones reach 1.08-1.30 times and
    0.09-0.17 against their usual days, and 1.45 and 0.23 in moderate pain. Two of 100 others passed
    the limits there; from samples they reach 1.40 and 0.17. An ataxic dog gives a tenth of the
    steady gait then, often too little to be judged.
    A lame dog's strides may follow each other as regularly as ever, while its steps do not: windows
    are kept for regular strides, so that what is left of an uneven walk shows in the steps alone.
    Recorded walking of which every other stride is longer by 15 % and the next one shorter
    (docs/recorded.md) reaches 1.6 to 1.7 times and 0.45. Of 636 days simulated on the shortcut,
    healthy, in mild or moderate pain or under a confounder, none passes 1.23 times or 0.06, of 42
    on strict rest none 1.34 or 0.18; on days of recorded motion strict rest reaches 1.25 and 0.08.
    """

    least_windows: int = 40
    least_bouts: int = 2
    hour_windows: int = 20
    few_windows: int = 10
    hours_apart: float = 6.0
    urgent_ratio: float = 1.45
    urgent_drop: float = 0.18
    least_usual_cv: float = 0.02
    watch_ratio: float = 1.4
    watch_drop: float = 0.12
    limp_ratio: float = 1.4
    limp_drop: float = 0.25
    suspect_days: int = 2
    of_days: int = 3
    alike_days: int = 3
    resting_ratio: float = 1.3
    resting_drop: float = 0.15


@dataclass(slots=True)
class IrregularGaitState:
    """What must survive a restart.

    Attributes
    ----------
    memory
        The dog's own normal.
    bad_hour_end_s
        End of the last hour that could be judged, if it was bad.
    date, day_level
        The day that is being heard, and the worst that was said of it.
    onset_s
        Since when gait has been irregular; ``None`` if it is not.
    bad_hours
        Hours of that day that were bad by themselves.
    worst
        Of each day that is remembered and had an hour that could be judged: its date, and the
        largest spread of step times and the least regularity of strides of such an hour.
    """

    memory: Memory = field(default_factory=Memory)
    bad_hour_end_s: float | None = None
    date: str = ""
    day_level: Level = Level.UNKNOWN
    onset_s: float | None = None
    bad_hours: int = 0
    worst: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Spread of step times and regularity of strides that a day is compared with.

    Attributes
    ----------
    step_time_cv, stride_regularity, step_regularity
        As on the middle one of the dog's days.
    worst_cv, worst_regularity
        As in the worst hour of all of them.
    """

    step_time_cv: float
    stride_regularity: float
    step_regularity: float
    worst_cv: float
    worst_regularity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unevenness:
    """Gait against the dog's own normal.

    Attributes
    ----------
    cv_ratio
        Spread of step times over the usual one.
    regularity_drop, step_drop
        How much lower the regularity of strides is, and that of steps, which hours do not have.
    windows
        How many windows tell so.
    is_new
        Whether both are worse than in the dog's own worst hours so far.
    """

    cv_ratio: float
    regularity_drop: float
    windows: int
    step_drop: float = 0.0
    is_new: bool = True

    def reaches(self, ratio: float, drop: float) -> bool:
        """Return whether both have gone so far."""
        return self.cv_ratio >= ratio and self.regularity_drop >= drop


class IrregularGaitDetector:
    """Judges the day so far, each hour, against the dog's own days.

    Notes
    -----
    Stiff gait stays regular; an ataxic one does not, while left and right may still be alike
    (docs/evidence.md 3.1). Both signs are asked for, since each alone follows the kind of walk:
    pottering about the house is less regular than a walk on the road. Some hours of a healthy dog
    are far worse than its days: what it has walked like before is no emergency, and one hour that
    is worse than any before may be a collar that came loose, so several have to agree.
    All days are learned, those under a plan too: the measures are of how the dog walks and not of
    how much, and a dog that starts with crate rest would never have a normal otherwise. But short
    slow walks are less even than brisk ones, so like is compared with like. Days that were
    themselves irregular are not learned. A day that was urgent is not called clear any more.
    A limp is another thing than ataxia, and no emergency: strides stay regular, steps do not.
    """

    def __init__(self, settings: IrregularGaitSettings) -> None:
        self._settings = settings
        self.state = IrregularGaitState()

    def update(self, hour: Hour, /) -> list[Verdict]:
        """Return a verdict when the hour brought enough gait to say something new."""
        state, settings, day = self.state, self._settings, hour.day
        if day.date != state.date:
            state.date, state.day_level, state.bad_hours = day.date, Level.UNKNOWN, 0
        usual = self._usual(day) if state.memory.learned else None
        alone = None if usual is None else _against(hour, hour.n_walk_trot_windows, usual)
        if alone is not None and alone.windows >= settings.few_windows:
            state.bad_hours += self._is_bad(alone)
        self._note_worst(hour)
        if not self._can_be_judged(day):
            return self._unknown(hour) if hour.end_s >= day.end_s else []
        if usual is None or alone is None or not hour.n_walk_trot_windows:
            return []
        so_far = _against(day, day.n_gait_windows, usual)
        confirmed = self._is_confirmed(hour, alone)
        agreed = state.bad_hours >= _AGREEING and self._is_bad(so_far)
        level = Level.URGENT if confirmed or agreed else self._lasting_level(day, so_far)
        if state.day_level is Level.URGENT and level is not Level.URGENT:
            return []
        state.day_level = _worse(level, state.day_level)
        return [self._verdict(hour, level, alone if confirmed else so_far)]

    def learn(self, day: Day, /) -> None:
        """Take the day that has ended into the dog's normal, unless it was irregular."""
        state, settings = self.state, self._settings
        if day.n_gait_windows < settings.least_windows or day.n_gait_bouts < settings.least_bouts:
            return
        kept = {each.date for each in (*state.memory.learned, *state.memory.waiting, day)}
        state.worst = {date: worst for date, worst in state.worst.items() if date in kept}
        if not remember(state.memory, day, settings, window=settings.of_days):
            return
        level = Level.WARNING if state.day_level is Level.URGENT else state.day_level
        if note_level(state.memory, level, day.start_s, settings):
            state.onset_s = None

    def _can_be_judged(self, day: Day) -> bool:
        settings = self._settings
        return (
            len(self.state.memory.learned) >= settings.provisional_days
            and day.n_gait_windows >= settings.least_windows
            and day.n_gait_bouts >= settings.least_bouts
        )

    def _is_confirmed(self, hour: Hour, alone: Unevenness) -> bool:
        """Return whether this hour and the one before that could be judged were both bad."""
        settings, before_s = self._settings, self.state.bad_hour_end_s
        if alone.windows < settings.hour_windows:
            return False
        bad = self._is_bad(alone)
        self.state.bad_hour_end_s = hour.end_s if bad else None
        near = before_s is not None and hour.start_s - before_s <= settings.hours_apart * _HOUR_S
        return bad and near

    def _is_bad(self, gait: Unevenness) -> bool:
        settings = self._settings
        return gait.is_new and gait.reaches(settings.urgent_ratio, settings.urgent_drop)

    def _note_worst(self, hour: Hour) -> None:
        """Remember the hour if it is the worst of its day."""
        if hour.n_walk_trot_windows < self._settings.few_windows:
            return
        cv, regularity = self.state.worst.get(hour.day.date, (0.0, 1.0))
        self.state.worst[hour.day.date] = (
            max(cv, hour.step_time_cv),
            min(regularity, hour.stride_regularity),
        )

    def _is_suspect(self, so_far: Unevenness) -> bool:
        settings, recent = self._settings, self.state.memory.recent
        days = [
            _against(day, day.n_gait_windows, self._usual(day))
            for day in recent[-(settings.of_days - 1) :]
        ]
        suspect = [
            each.reaches(settings.watch_ratio, settings.watch_drop) for each in [*days, so_far]
        ]
        return suspect[-1] and sum(suspect) >= settings.suspect_days

    def _lasting_level(self, today: Day, so_far: Unevenness) -> Level:
        """Return what several days amount to."""
        n_limping = self._limping_days(today)
        if n_limping >= self._settings.suspect_days:
            return Level.WARNING
        if n_limping or self._is_bad(so_far) or self._is_suspect(so_far):
            return Level.WATCH
        return Level.CLEAR

    def _limping_days(self, today: Day) -> int:
        """Return how many of the last days were of limping, none if today is not."""
        settings = self._settings
        days = (*self.state.memory.recent[-(settings.of_days - 1) :], today)
        limping = [self._limps(day) for day in days]
        return sum(limping) if limping[-1] else 0

    def _limps(self, day: Day) -> bool:
        settings = self._settings
        gait = _against(day, day.n_gait_windows, self._usual(day))
        return gait.cv_ratio >= settings.limp_ratio and gait.step_drop >= settings.limp_drop

    def _usual(self, day: Day) -> Usual:
        """Return what a day is compared with: days like it, or else what is known of others."""
        settings, learned = self._settings, self.state.memory.learned
        alike = [each for each in learned if each.resting_plan == day.resting_plan]
        if len(alike) >= settings.alike_days:
            return self._usual_of(alike)
        usual = self._usual_of(learned)
        if not day.resting_plan:
            return usual
        return Usual(
            step_time_cv=usual.step_time_cv * settings.resting_ratio,
            stride_regularity=usual.stride_regularity - settings.resting_drop,
            step_regularity=usual.step_regularity - settings.resting_drop,
            worst_cv=usual.worst_cv * settings.resting_ratio,
            worst_regularity=usual.worst_regularity - settings.resting_drop,
        )

    def _usual_of(self, days: Sequence[Day]) -> Usual:
        """Return the middle one of some days, and the worst of their hours and of them."""
        worst = [self.state.worst[day.date] for day in days if day.date in self.state.worst]
        worst += [(day.step_time_cv, day.stride_regularity) for day in days]
        cv = median(day.step_time_cv for day in days)
        return Usual(
            step_time_cv=max(cv, self._settings.least_usual_cv),
            stride_regularity=median(day.stride_regularity for day in days),
            step_regularity=median(day.step_regularity for day in days),
            worst_cv=max(cv for cv, _ in worst),
            worst_regularity=min(regularity for _, regularity in worst),
        )

    def _verdict(self, hour: Hour, level: Level, against: Unevenness) -> Verdict:
        state = self.state
        if level is Level.CLEAR:
            state.onset_s = None
        elif state.onset_s is None:
            state.onset_s = hour.start_s
        evidence = {
            "cv_ratio": against.cv_ratio,
            "regularity_drop": against.regularity_drop,
            "windows": float(against.windows),
        }
        return _verdict_of(hour, level, state.onset_s or hour.start_s, evidence)

    def _unknown(self, hour: Hour) -> list[Verdict]:
        learned = {
            "windows": float(hour.day.n_gait_windows),
            "baseline_days": float(len(self.state.memory.learned)),
        }
        return [_verdict_of(hour, Level.UNKNOWN, hour.day.start_s, learned)]


def _against(walked: Day | Hour, windows: int, usual: Usual) -> Unevenness:
    step_drop = usual.step_regularity - walked.step_regularity if isinstance(walked, Day) else 0.0
    return Unevenness(
        cv_ratio=walked.step_time_cv / usual.step_time_cv,
        regularity_drop=usual.stride_regularity - walked.stride_regularity,
        windows=windows,
        step_drop=step_drop,
        is_new=walked.step_time_cv > usual.worst_cv
        and walked.stride_regularity < usual.worst_regularity,
    )


def _worse(one: Level, other: Level) -> Level:
    order = list(Level)
    return max(one, other, key=order.index)


def _verdict_of(hour: Hour, level: Level, onset_s: float, evidence: Mapping[str, float]) -> Verdict:
    return Verdict(
        kind=SPEC.name, level=level, time_s=hour.end_s, onset_s=onset_s, evidence=evidence
    )


KIND = AlertKind(
    name="irregular_gait",
    explained_by=frozenset({"swimming"}) | COLLAR_CIRCUMSTANCES,
    title=("Check {dog}: uneven steps",),
    about="an uneven walk",
    seen=(
        "{dog}'s steps come {cv_ratio:one} times as unevenly as usual.",
        "{dog} walks less evenly than usual: steps come at uneven times.",
    ),
    advice_urgent=(
        "See a vet today. Until then: rest, no stairs, no jumps; carry {dog} where you can.",
    ),
    advice=("Watch {dog} walk on firm ground, from behind and from the side.",),
    over="{dog}'s steps come about as evenly as usual again.",
    usual=(
        "Compared with {dog}'s own normal walk; sore legs and weak nerves both show like this.",
    ),
    certainty=(
        (
            "How sure: a sign, not proof. A slippery floor or a walk with many stops looks "
            "like that too."
        ),
    ),
    limit=(
        "A collar cannot see crossing legs, knuckling or stumbling. "
        "You can: film {dog} for the vet."
    ),
)

SPEC = HourSpec(
    name="irregular_gait",
    settings=IrregularGaitSettings,
    build=IrregularGaitDetector,
    kind=KIND,
)
