"""Crate rest from samples: breaches told within seconds, and nothing told of a dog that rests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, nan

from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from simulators.day.day import SimulatedDay
from simulators.evaluation.breaches import close_pieces, told_after_s
from simulators.evaluation.cohorts.cases import CASES, Case, plan_of, story
from simulators.evaluation.report import Cell, Section, Size
from simulators.evaluation.sections.events import FLYING, JUMPS
from simulators.evaluation.surrogate.simulated_days import collar_samples
from simulators.evaluation.workers import Workers
from simulators.scenarios.cohort import Member, cohort

_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """One dog on strict rest for three days, with breaches or without."""

    seed: int
    number: int
    breaks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rested:
    """What was told of it.

    Attributes
    ----------
    kinds
        What each breach was.
    delays_s
        Seconds of samples from the end of each to its alert; infinite if there was none.
    n_false
        Jumps told besides.
    """

    kinds: tuple[str, ...]
    delays_s: tuple[float, ...]
    n_false: int


def rested(task: Resting) -> Rested:
    """Return what is told of one dog."""
    member = cohort(task.seed, task.number + 1)[-1]
    name = "crate_rest_breach" if task.breaks else "crate_rest"
    case = replace(next(each for each in CASES if each.name == name), days=_DAYS)
    days = _days(member, case)
    breaches = [bout for day in days for bout in day.bouts if bout.kind in JUMPS]
    profile = DogProfile(
        id="dog", withers_m=member.dog.withers_m, plan=plan_of(case, baseline_days=0)
    )
    pipeline = Pipeline(PipelineSettings(dog=profile))
    told: list[tuple[float, float]] = []
    ends_s = [bout.end_s for bout in breaches]
    for piece in close_pieces(collar_samples(days, member.collar, seed=member.seed), ends_s):
        changes = pipeline.process(piece).alerts
        told += [(each.time_s, piece.end_s) for each in changes if each.kind == "jumping"]
    delays_s = [told_after_s(end_s, told) for end_s in ends_s]
    n_false = sum(
        not any(bout.start_s - 1.0 <= at_s <= bout.end_s + 2.0 for bout in breaches)
        for at_s, _ in told
    )
    return Rested(
        kinds=tuple(bout.kind for bout in breaches), delays_s=tuple(delays_s), n_false=n_false
    )


def _days(member: Member, case: Case) -> list[SimulatedDay]:
    return list(story(member, case, baseline_days=0).days())


def _share(delays_s: Sequence[float]) -> float:
    """Return how many were told at all; a delay is infinite where there was no alert."""
    return sum(each < inf for each in delays_s) / len(delays_s) if delays_s else nan


def section(size: Size, workers: Workers) -> Section:
    """Return how many breaches were told and how soon, and what was told of dogs that rested."""
    n_dogs = max(size.sampled_dogs // 2, 1)
    tasks = [
        Resting(seed=size.seed + 1, number=number, breaks=breaks)
        for breaks in (True, False)
        for number in range(n_dogs)
    ]
    found = workers.map("watching crate rest", rested, tasks)
    broken, kept = found[:n_dogs], found[n_dogs:]
    rows: list[tuple[Cell, ...]] = []
    for kind in JUMPS:
        delays_s = [
            d for one in broken for k, d in zip(one.kinds, one.delays_s, strict=True) if k == kind
        ]
        soon_s = [each for each in delays_s if each < inf]
        rows.append((kind, len(delays_s), _share(delays_s), max(soon_s, default=nan), None))
    n_false = [one.n_false for one in kept]
    rows.append(("no breach at all", n_dogs, None, None, sum(n_false)))
    of_kind = [
        (kind, delay_s)
        for one in broken
        for kind, delay_s in zip(one.kinds, one.delays_s, strict=True)
    ]
    soon_s = [delay_s for _, delay_s in of_kind if delay_s < inf]
    return Section(
        name="breaches",
        title=f"Strict rest from samples: {n_dogs} dogs that break it, {n_dogs} that keep it",
        note="Three days each, under a plan that forbids jumps; heard second by second.",
        columns=("breach", "times", "share told", "latest after, s", "false jumps"),
        rows=tuple(rows),
        figures={
            "found": _share([delay_s for kind, delay_s in of_kind if kind in FLYING]),
            "found_all": _share([delay_s for _, delay_s in of_kind]),
            "latest_s": max(soon_s, default=nan),
            "most_false": float(max(n_false)),
        },
    )
