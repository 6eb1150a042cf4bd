"""How the gait of simulated dogs changes with an illness or a collar, against their own usual."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from types import MappingProxyType

from analysis.model import Day
from analysis.model.dog import DogProfile
from simulators.dog.condition import preset
from simulators.evaluation.cohorts.cases import healthy
from simulators.evaluation.report import Cell, Section, Size
from simulators.evaluation.surrogate.simulated_days import sampled
from simulators.evaluation.surrogate.validation import days_of, strength
from simulators.evaluation.workers import Workers
from simulators.scenarios.cohort import Member, cohort
from simulators.scenarios.confounders import SEATS, disturbed
from simulators.scenarios.story import Phase

USUAL_DAYS = 3
STATES = ("healthy", "mild", "moderate", "ataxia", "leash_on_collar", "new_collar")
"""What the day after the usual ones is like: one more of them, an illness in full, a collar."""
_LEAST_WINDOWS = 40
"""Of a day that says how a dog walks, as for `irregular_gait`."""


def _over(value: Callable[[Day], float]) -> Callable[[Day, Sequence[Day]], float]:
    return lambda day, usual: value(day) / median(value(each) for each in usual)


CHANGES: Mapping[str, Callable[[Day, Sequence[Day]], float]] = MappingProxyType(
    {
        "step CV, over usual": _over(lambda day: day.step_time_cv),
        "stride regularity, less usual": lambda day, usual: (
            day.stride_regularity - median(each.stride_regularity for each in usual)
        ),
        "cadence, over usual": _over(lambda day: day.stride_hz),
        "amplitude at that cadence, over usual": _over(strength),
    }
)
"""What is told of a day against the usual ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """One dog, its collar, and the states it is tried in; everything its days depend on."""

    seed: int
    number: int
    jittering: bool
    states: tuple[str, ...] = STATES


def walked(task: Walker) -> dict[str, tuple[float, ...]]:
    """Return the changes of each state that gave enough gait, in the order of `CHANGES`."""
    member = cohort(task.seed, task.number + 1, jittering=task.jittering)[-1]
    usual = [day for day in _days(member, (Phase(days=USUAL_DAYS),)) if _tells(day)]
    found = {}
    for state in task.states:
        (day,) = _days(member, (Phase(days=USUAL_DAYS), _phase(member, state)), USUAL_DAYS + 1)
        if usual and _tells(day):
            found[state] = tuple(change(day, usual) for change in CHANGES.values())
    return found


def _tells(day: Day) -> bool:
    return day.n_gait_windows >= _LEAST_WINDOWS


def _phase(member: Member, state: str) -> Phase:
    if state in SEATS:
        return disturbed(state, days=1, mounting=member.collar.mounting)
    return Phase(days=1, condition=preset(state).condition)


def _days(member: Member, phases: tuple[Phase, ...], first: int = 1) -> list[Day]:
    story = replace(healthy(member, USUAL_DAYS), phases=phases)
    profile = DogProfile(id="dog", withers_m=member.dog.withers_m)
    return days_of(sampled(story, first=first), profile)


def section(size: Size, workers: Workers) -> Section:
    """Return how gait changes, for collars that sit still and for some that jitter."""
    title = f"Gait in illness against each dog's own usual: {size.walking_dogs} dogs"
    if not size.walking_dogs:
        return Section(name="gait", title=title, skipped="the quick form walks no dogs for it")
    tasks = [
        Walker(seed=size.seed + 3, number=number, jittering=jittering)
        for jittering in (False, True)
        for number in range(size.walking_dogs)
    ]
    found = list(zip(tasks, workers.map("walking sick dogs", walked, tasks), strict=True))
    rows: list[tuple[Cell, ...]] = []
    for jittering in (False, True):
        dogs = [changes for task, changes in found if task.jittering == jittering]
        rows += _rows("jittering" if jittering else "still", dogs)
    return Section(
        name="gait",
        title=title,
        note=_NOTE,
        columns=("collar", "state", "value", "dogs", "least", "median", "most"),
        rows=tuple(rows),
    )


def _rows(collar: str, dogs: Sequence[Mapping[str, tuple[float, ...]]]) -> list[tuple[Cell, ...]]:
    """Return a row for each state and value that any dog has."""
    rows: list[tuple[Cell, ...]] = []
    for state in STATES:
        walking = [changes[state] for changes in dogs if state in changes]
        for name, values in zip(CHANGES, zip(*walking, strict=True), strict=False):
            spread = (min(values), median(values), max(values))
            rows.append((collar, state, name, len(values), *spread))
    return rows


_NOTE = (
    "One day of each dog in each state, from samples, against the median of three healthy days"
    " before it; days with too few windows of gait are left out. Ranges are over dogs. What an"
    " illness does to gait was put into the simulator: this shows what is left of it at the collar,"
    " not what an illness does."
)
