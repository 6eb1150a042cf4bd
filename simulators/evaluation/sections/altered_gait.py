"""How the gait of simulated dogs changes with an illness or a collar, against their own usual."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from types import MappingProxyType

from analysis.model import Day
from simulators.evaluation.report import Cell, Section, Size
from simulators.evaluation.surrogate import validation
from simulators.evaluation.surrogate.stretches import HEALTHY, USUAL_DAYS, Stretch, sampled_days
from simulators.evaluation.surrogate.validation import strength
from simulators.evaluation.workers import Workers

STATES = (HEALTHY, "mild", "moderate", "ataxia", "leash_on_collar", "new_collar")
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


Lived = Mapping[str, Sequence[Day]]
"""Days of one dog by state; of `HEALTHY` the usual ones and then one more."""


def changes_of(lived: Lived) -> dict[str, tuple[float, ...]]:
    """Return the changes of each state that gave enough gait, in the order of `CHANGES`."""
    usual = [day for day in lived[HEALTHY][:USUAL_DAYS] if _tells(day)]
    found = {}
    for state, days in lived.items():
        day = days[USUAL_DAYS if state == HEALTHY else 0]
        if usual and _tells(day):
            found[state] = tuple(change(day, usual) for change in CHANGES.values())
    return found


def _tells(day: Day) -> bool:
    return day.n_gait_windows >= _LEAST_WINDOWS


def stretch_of(size: Size, state: str, number: int, *, jittering: bool) -> Stretch:
    """Return the days of a dog in a state: where there are enough, those of `agreement`."""
    days = USUAL_DAYS + 1 if state == HEALTHY else 1
    shared = validation.stretch_of(size, state, number)
    if not jittering and state in validation.CONDITIONS and shared.days >= days:
        return shared
    return replace(shared, days=days, jittering=jittering)


def section(size: Size, workers: Workers) -> Section:
    """Return how gait changes, for collars that sit still and for some that jitter."""
    title = f"Gait in illness against each dog's own usual: {size.walking_dogs} dogs"
    if not size.walking_dogs:
        return Section(name="gait", title=title, skipped="the quick form walks no dogs for it")
    rows: list[tuple[Cell, ...]] = []
    for jittering in (False, True):
        stretches = [
            stretch_of(size, state, number, jittering=jittering)
            for number in range(size.walking_dogs)
            for state in STATES
        ]
        lived = iter(workers.map_once("walking sick dogs", sampled_days, stretches))
        dogs = [
            changes_of({state: next(lived) for state in STATES}) for _ in range(size.walking_dogs)
        ]
        rows += rows_of("jittering" if jittering else "still", dogs)
    return Section(
        name="gait",
        title=title,
        note=_NOTE,
        columns=("collar", "state", "value", "dogs", "least", "median", "most"),
        rows=tuple(rows),
    )


def rows_of(collar: str, dogs: Sequence[Mapping[str, tuple[float, ...]]]) -> list[tuple[Cell, ...]]:
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
