"""Cohorts: each dog lives its days through the judging, and its alerts are written down."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import groupby

from analysis.alerts.owner_notes import noted_evidence
from analysis.model import AlertChange, Level, Status
from analysis.model.dog import DogProfile
from analysis.pipeline.decision import Decision, DecisionSettings
from analysis.pipeline.measurement import Measured
from simulators.dog.sizes import SIZES
from simulators.evaluation.cohorts.cases import (
    BASELINE_DAYS,
    Case,
    healthy,
    notes_of,
    onset_s,
    plan_of,
    story,
)
from simulators.evaluation.surrogate.days import shortcut
from simulators.evaluation.surrogate.simulated_days import sampled
from simulators.evaluation.ways import Way
from simulators.scenarios.cohort import Member, cohort

_DAY_S = 86400.0
_SEVERE = (Level.WARNING, Level.URGENT)
_ON = (Status.OPEN, Status.WORSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One alert that the owner was told of.

    Attributes
    ----------
    kind
        The detector's word.
    days
        Days from the onset of the case, or from the first day of a healthy dog, until it was told.
    urgent_days
        The same until it was told as urgent; None if it never was.
    noted
        Whether it named something that the owner had noted.
    """

    kind: str
    days: float
    urgent_days: float | None
    noted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One dog through one case.

    Attributes
    ----------
    dog, size
        Number in the cohort, and its class.
    case
        Name of the case; ``"free"`` for a healthy dog to which nothing happens.
    days
        How long it was watched.
    seen
        Alerts since the onset, in the order in which they were told.
    """

    dog: int
    size: str
    case: str
    days: int
    seen: tuple[Seen, ...]

    @property
    def reported(self) -> bool:
        """Whether the dog belongs to the half that is reported on."""
        return is_reported(self.dog)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One dog with all that may happen to it; everything that its runs depend on.

    Attributes
    ----------
    seed, number
        Which dog: the cohort's seed and the place in it.
    free_days
        Healthy days, at least `baseline_days`.
    cases
        What happens after the baseline, each in a life of its own.
    jittering
        Whether the collar jitters as recorded ones do.
    """

    seed: int
    number: int
    free_days: int
    cases: tuple[Case, ...]
    baseline_days: int = BASELINE_DAYS
    jittering: bool = False


def is_reported(dog: int) -> bool:
    """Return whether a dog of a cohort is reported on: every other one, of each size half."""
    return (dog + dog // len(SIZES)) % 2 == 1


def drawn(task: Task) -> list[Run]:
    """Return the runs of one dog whose days are drawn by the shortcut."""
    return lived(task, shortcut)


def heard(task: Task) -> list[Run]:
    """Return the runs of one dog whose days are measured from samples."""
    return lived(task, sampled)


def lived(task: Task, way: Way) -> list[Run]:
    """Return the runs of one dog: the free one, then one for each case.

    The healthy days before the onset are lived once; the cases go on from a copy of the state.
    A case that the owner noted has the days of the same case that was not: they are judged twice.
    """
    member = cohort(task.seed, task.number + 1, jittering=task.jittering)[-1]
    profile = _profile(member)
    judging = Decision(DecisionSettings(dog=profile))
    first = healthy(member, task.free_days)
    changes: list[AlertChange] = []
    fork = judging
    for number, measured in enumerate(way(first), start=1):
        changes += judging.process(measured).alerts
        if number == task.baseline_days:
            fork = copy_of(judging, profile)
    start_s = first.plans()[0].at_s(0.0)
    runs = [_run(member, "free", task.free_days, changes, start_s)]
    for _, same in groupby(task.cases, key=Case.unnoted):
        cases = tuple(same)
        told = story(member, cases[0], task.baseline_days)
        forks = [_fork(fork, member, case, task.baseline_days) for case in cases]
        measured_days = way(told, first=task.baseline_days + 1)
        for case, later in zip(cases, judged_by_all(forks, measured_days), strict=True):
            begin_s = onset_s(told, case, task.baseline_days)
            runs.append(_run(member, case.name, case.days, later, begin_s))
    return runs


def _fork(lived_so_far: Decision, member: Member, case: Case, baseline_days: int) -> Decision:
    """Return a copy of what has lived so far that goes into a case, with what its owner notes."""
    alone = copy_of(lived_so_far, _profile(member, case, baseline_days))
    for circumstance in notes_of(story(member, case, baseline_days), case, baseline_days):
        alone.note(circumstance)
    return alone


def judged(judging: Decision, days: Iterable[Measured]) -> list[AlertChange]:
    """Return every change of an alert over some days."""
    return judged_by_all([judging], days)[0]


def judged_by_all(several: Sequence[Decision], days: Iterable[Measured]) -> list[list[AlertChange]]:
    """Return every change of an alert over some days that each of several judges."""
    changes: list[list[AlertChange]] = [[] for _ in several]
    for measured in days:
        for judging, mine in zip(several, changes, strict=True):
            mine.extend(judging.process(measured).alerts)
    return changes


def copy_of(judging: Decision, profile: DogProfile) -> Decision:
    """Return one that has lived the same, on from here under a profile of its own."""
    copy = Decision(DecisionSettings(dog=profile))
    lived_parts = judging.parts()
    for name, part in copy.parts().items():
        part.state = deepcopy(lived_parts[name].state)
    return copy


def seen(changes: Sequence[AlertChange], since_s: float) -> tuple[Seen, ...]:
    """Return the alerts that the owner was told of as a warning or more, from a time on."""
    told = [each for each in changes if each.notify and each.severity in _SEVERE]
    told = [each for each in told if each.status in _ON and each.time_s >= since_s]
    found: dict[str, Seen] = {}
    for change in told:
        days = (change.time_s - since_s) / _DAY_S
        before = found.get(change.id)
        urgent = days if change.severity is Level.URGENT else None
        if before is not None:
            urgent = urgent if before.urgent_days is None else before.urgent_days
            days = before.days
        noted = bool(noted_evidence(change.evidence))
        found[change.id] = Seen(kind=change.kind, days=days, urgent_days=urgent, noted=noted)
    return tuple(sorted(found.values(), key=lambda each: each.days))


def _run(
    member: Member, name: str, days: int, changes: Sequence[AlertChange], since_s: float
) -> Run:
    return Run(
        dog=member.number, size=member.size, case=name, days=days, seen=seen(changes, since_s)
    )


def _profile(member: Member, case: Case | None = None, baseline_days: int = 0) -> DogProfile:
    plan = None if case is None else plan_of(case, baseline_days)
    return DogProfile(id=f"dog-{member.number}", withers_m=member.dog.withers_m, plan=plan)
