"""Lives spliced from recorded motion: healthy days, then rest or illness, through the pipeline."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import numpy as np

from analysis.model import AlertChange, Samples
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase, Plan
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from simulators.evaluation.breaches import close_pieces, told_after_s
from simulators.evaluation.cohorts.run import Seen, seen
from simulators.recorded.day_plan import Breach
from simulators.recorded.habits import CRATED, NOT_WALKING, Habits, any_habits, sore
from simulators.recorded.illness import MODERATE, UNEVEN, WELL, Illness
from simulators.recorded.library import Library, load_library
from simulators.recorded.material import Material, material_of
from simulators.recorded.splice import DAY_S, SplicedDay, samples, spliced_days

RATE_HZ = 25.0
"""The slowest rate that jumps are looked for at, and the cheapest."""
START_S = 1_772_409_600.0
"""2 March 2026, midnight, UTC: a Monday."""
KNOWN_DAYS = 18
"""Healthy days before an illness: a dog's normal is known after two weeks."""
BREACH_HOURS = (9.3, 12.3, 15.3, 18.3)
_HOURS_APART = 0.3
_EARLY_S, _LATE_S = 1.0, 2.0
HEALTHY, KEPT, BROKEN = "healthy", "strict rest, kept", "strict rest, broken"
SORE, UNEVEN_STRIDES = "moderate pain", "uneven strides"
CANNOT_WALK = "cannot walk"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLife:
    """One dog with all that becomes of it; everything that its days depend on.

    Attributes
    ----------
    folder, stamp
        Where the recordings lie, and letters that change with them.
    dog, half
        Whose motion it is, and of which half of the stretches.
    seed, number
        What its habits and days are drawn from.
    free_days
        Healthy days.
    rest_days, breach_days
        Days of rest that is kept, and of rest that is broken four times a day, after the first
        of the healthy days.
    falls_ill
        Whether it falls ill after them too.
    """

    folder: str
    stamp: str
    dog: str
    half: str
    seed: int
    number: int
    free_days: int
    rest_days: int
    breach_days: int
    falls_ill: bool

    @property
    def known_days(self) -> int:
        """Healthy days before anything else."""
        return min(KNOWN_DAYS, self.free_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What the owner was told of one dog in one case.

    Attributes
    ----------
    case
        What it was.
    days
        For how long.
    seen
        Warnings and urgent alerts, with the days since it began; those of a jump that there was
        are none.
    delays_s
        Of each jump that there was, seconds of samples from its last one to its alert; infinite
        if there was none.
    jumpers
        The dog that each of them was recorded of.
    """

    case: str
    days: int
    seen: tuple[Seen, ...]
    delays_s: tuple[float, ...] = ()
    jumpers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What becomes of a dog after its healthy days."""

    case: str
    days: int
    habits: Habits
    illness: Illness = WELL
    rests: bool = False
    breaks: bool = False


def lived_recorded(task: RecordedLife) -> list[Lived]:
    """Return what is told of one dog: of its healthy days, then of each thing that may follow.

    The healthy days are heard once; all else goes on from a copy of the state.
    """
    library = _library(task.folder, task.stamp)
    habits = any_habits(np.random.default_rng([task.seed, task.number]))
    well = _material(library, task, WELL)
    pipeline = Pipeline(PipelineSettings(dog=_profile(task)))
    changes: list[AlertChange] = []
    days = partial(spliced_days, _seed(task), well, habits=habits)
    changes += _heard(pipeline, samples(days(START_S, task.known_days)))
    known = copy_of(pipeline, _profile(task))
    onset_s = START_S + task.known_days * DAY_S
    more = days(onset_s, task.free_days - task.known_days)
    changes += _heard(pipeline, samples(more, origin_s=START_S))
    changes += pipeline.finish().alerts
    found = [Lived(case=HEALTHY, days=task.free_days, seen=seen(changes, START_S))]
    for story in stories_of(task, habits):
        material = well if story.illness is WELL else _material(library, task, story.illness)
        profile = _profile(task, rest_days=story.days if story.rests else 0)
        found.append(_lived(copy_of(known, profile), task, story, material))
    return found


@cache
def _library(folder: str, stamp: str) -> Library:
    """Return the dogs of a folder, read once as long as nothing in it changes."""
    del stamp
    return load_library(Path(folder), species="dog")


def stories_of(task: RecordedLife, habits: Habits) -> Iterator[Story]:
    """Yield what follows the healthy days of a dog, each in a life of its own."""
    if task.rest_days:
        yield Story(case=KEPT, days=task.rest_days, habits=CRATED, rests=True)
    if task.breach_days:
        yield Story(case=BROKEN, days=task.breach_days, habits=CRATED, rests=True, breaks=True)
    if task.falls_ill:
        yield Story(case=SORE, days=3, habits=sore(habits), illness=MODERATE)
        yield Story(case=UNEVEN_STRIDES, days=3, habits=habits, illness=UNEVEN)
        yield Story(case=CANNOT_WALK, days=1, habits=NOT_WALKING)


def _lived(pipeline: Pipeline, task: RecordedLife, story: Story, material: Material) -> Lived:
    onset_s = START_S + task.known_days * DAY_S
    breaches = [breaches_of(task, day) for day in range(story.days)] if story.breaks else []
    spliced = spliced_days(
        _seed(task), material, onset_s, story.days, habits=story.habits, breaches=breaches
    )
    days: Sequence[SplicedDay] = list(spliced)
    bouts = [bout for day in days for bout in day.bouts]
    jumps = [bout for bout in bouts if bout.kind == "jump" and story.breaks]
    ends_s = [bout.end_s for bout in jumps]
    changes: list[AlertChange] = []
    told: list[tuple[float, float]] = []
    for piece in close_pieces(samples(days, origin_s=START_S), ends_s):
        new = pipeline.process(piece).alerts
        told += [(each.time_s, piece.end_s) for each in new if each.kind == "jumping"]
        changes += new
    changes += pipeline.finish().alerts
    spans_s = [(bout.start_s - _EARLY_S, bout.end_s + _LATE_S) for bout in jumps]
    return Lived(
        case=story.case,
        days=story.days,
        seen=seen([each for each in changes if not _is_right(each, spans_s)], onset_s),
        delays_s=tuple(told_after_s(end_s, told) for end_s in ends_s),
        jumpers=tuple(bout.dog for bout in jumps),
    )


def _is_right(change: AlertChange, spans_s: Sequence[tuple[float, float]]) -> bool:
    """Return whether a change is of a jump that there was."""
    return change.kind == "jumping" and any(
        start_s <= change.time_s <= end_s for start_s, end_s in spans_s
    )


def breaches_of(task: RecordedLife, day: int) -> tuple[Breach, ...]:
    """Return the jumps of one day of rest that is broken."""
    rng = np.random.default_rng([task.seed, task.number, 2, day])
    late_h = rng.uniform(-_HOURS_APART, _HOURS_APART, size=len(BREACH_HOURS))
    return tuple(
        Breach(at_h=at_h + float(late)) for at_h, late in zip(BREACH_HOURS, late_h, strict=True)
    )


def _seed(task: RecordedLife) -> int:
    """Return the seed of a dog's days."""
    return int(np.random.default_rng([task.seed, task.number, 1]).integers(2**31))


def _material(library: Library, task: RecordedLife, illness: Illness) -> Material:
    return material_of(library, task.dog, rate_hz=RATE_HZ, half=task.half, illness=illness)


def _profile(task: RecordedLife, rest_days: int = 0) -> DogProfile:
    """Return a dog of middle size, on a plan of strict rest after its healthy days if it rests."""
    start = datetime.fromtimestamp(START_S + task.known_days * DAY_S, UTC).date()
    rest = Phase(name="strict rest", days=rest_days, forbids=("jump", "vigorous_burst"))
    plan = Plan(name="crate rest", start=start, phases=(rest,)) if rest_days else None
    return DogProfile(id=f"dog-{task.number}", plan=plan)


def _heard(pipeline: Pipeline, stream: Iterable[Samples]) -> list[AlertChange]:
    return [change for piece in stream for change in pipeline.process(piece).alerts]


def copy_of(pipeline: Pipeline, profile: DogProfile) -> Pipeline:
    """Return one that has heard the same, to go on under a profile of its own."""
    copy = Pipeline(PipelineSettings(dog=profile))
    heard = pipeline.parts()
    for name, part in copy.parts().items():
        part.state = deepcopy(heard[name].state)
    return copy
