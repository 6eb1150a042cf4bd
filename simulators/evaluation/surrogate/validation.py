"""The shortcut against the sample path: the same days of the same dogs through both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from statistics import fmean, pstdev
from types import MappingProxyType

from analysis.model import Day
from simulators.evaluation.report import Section, Size
from simulators.evaluation.surrogate.stretches import Stretch, drawn_days, sampled_days
from simulators.evaluation.workers import Workers

_STEEPNESS = 2.5
"""Of the line by which strength is told apart from pace here: as `stiff_gait` supposes at first."""


def strength(day: Day) -> float:
    """Return the mean RMS of a day's windows at one stride a second."""
    n, x, y, *_ = day.gait_sums
    return exp((y - _STEEPNESS * x) / n) if n else 0.0


VALUES: Mapping[str, Callable[[Day], float]] = MappingProxyType(
    {
        "active_min": lambda day: day.active_min,
        "vigorous_h": lambda day: day.vigorous_h,
        "vedba_g": lambda day: day.vedba_g,
        "night_active_min": lambda day: day.night_active_min,
        "n_gait_windows": lambda day: float(day.n_gait_windows),
        "n_gait_bouts": lambda day: float(day.n_gait_bouts),
        "stride_hz": lambda day: day.stride_hz,
        "strength": strength,
        "step_regularity": lambda day: day.step_regularity,
        "stride_regularity": lambda day: day.stride_regularity,
        "step_time_cv": lambda day: day.step_time_cv,
        "stride_time_cv": lambda day: day.stride_time_cv,
        "fast_share": lambda day: day.fast_share,
        "jumps": lambda day: float(day.jumps),
        "bursts": lambda day: float(day.bursts),
        "shakes": lambda day: float(day.shakes),
        "scratches": lambda day: float(day.scratches),
    }
)
"""What is compared of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How one value of a day compares.

    Attributes
    ----------
    name, condition
        Which value, of dogs in which condition.
    sampled, drawn
        Its mean over all days by both ways.
    ratio
        The second over the first.
    sampled_cv, drawn_cv
        Standard deviation from day to day of one dog over its mean, averaged over dogs.
    """

    name: str
    condition: str
    sampled: float
    drawn: float
    ratio: float
    sampled_cv: float
    drawn_cv: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Days of one dog in one condition by both ways."""

    condition: str
    sampled: Sequence[Day]
    drawn: Sequence[Day]


def compared(pairs: Sequence[Pair]) -> list[Agreement]:
    """Return each value of each condition by both ways."""
    found = []
    for condition in dict.fromkeys(each.condition for each in pairs):
        chosen = [each for each in pairs if each.condition == condition]
        for name, value in VALUES.items():
            sampled = [[value(day) for day in each.sampled] for each in chosen]
            drawn = [[value(day) for day in each.drawn] for each in chosen]
            means = [fmean(v for row in rows for v in row) for rows in (sampled, drawn)]
            found.append(
                Agreement(
                    name=name,
                    condition=condition,
                    sampled=means[0],
                    drawn=means[1],
                    ratio=means[1] / means[0] if means[0] else float(means[1] == 0.0),
                    sampled_cv=_day_cv(sampled),
                    drawn_cv=_day_cv(drawn),
                )
            )
    return found


def _day_cv(rows: Sequence[Sequence[float]]) -> float:
    cvs = [pstdev(row) / fmean(row) for row in rows if fmean(row) > 0.0]
    return fmean(cvs) if cvs else 0.0


_HELD = (
    *("active_min", "night_active_min", "n_gait_windows", "stride_hz", "strength"),
    *("step_regularity", "stride_regularity", "step_time_cv", "stride_time_cv"),
)
"""What detectors of days live on: only these are held to the budget, the rest is shown."""
CONDITIONS = ("healthy", "mild", "moderate", "ataxia")


def stretch_of(size: Size, condition: str, number: int) -> Stretch:
    """Return the days of a dog in a condition from samples."""
    return Stretch(seed=size.seed, number=number, state=condition, days=size.agreeing_days)


def _dogs(size: Size) -> list[tuple[str, int]]:
    return [(condition, number) for condition in CONDITIONS for number in range(size.agreeing_dogs)]


def section(size: Size, workers: Workers) -> Section:
    """Return how shortcut and samples agree."""
    stretches = [stretch_of(size, condition, number) for condition, number in _dogs(size)]
    sampled = workers.map_once("comparing: days from samples", sampled_days, stretches)
    drawn = workers.map_once("comparing: days by the shortcut", drawn_days, stretches)
    found = compared(
        [
            Pair(condition=stretch.state, sampled=real, drawn=other)
            for stretch, real, other in zip(stretches, sampled, drawn, strict=True)
        ]
    )
    held = [each for each in found if each.name in _HELD]
    rows = tuple(
        (
            *(each.condition, each.name, each.sampled, each.drawn, each.ratio),
            *(each.sampled_cv, each.drawn_cv),
        )
        for each in found
    )
    return Section(
        name="agreement",
        title=f"Shortcut against samples: {size.agreeing_dogs} dogs, {size.agreeing_days} days",
        note=_NOTE,
        columns=("condition", "value", "samples", "shortcut", "ratio", "CV samples", "CV shortcut"),
        rows=rows,
        figures={
            "worst_mean": max(abs(each.ratio - 1.0) for each in held),
            "worst_cv": max(abs(each.sampled_cv - each.drawn_cv) for each in held),
        },
    )


_NOTE = (
    "The same days of the same dogs, once from samples and once by the shortcut: means over all"
    " days, and how much one dog's days differ (CV). Counts of rare events are shown, not held to a"
    " tolerance; bursts are the worst of them."
)
