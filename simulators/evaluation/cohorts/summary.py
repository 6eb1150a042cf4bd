"""From the runs of a cohort to one line for each case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan
from statistics import median

import numpy as np

from simulators.evaluation.cohorts.cases import CASES, Case
from simulators.evaluation.cohorts.run import Run, Seen
from simulators.evaluation.report import Section, Size

LEARNING_DAYS = 14
"""Before a dog's normal is known hardly any alert can come, so these days do not count."""
_MONTH_DAYS = 30.0
_COLUMNS = (
    *("case", "alert", "dogs", "found", "within, days", "delay, median", "delay, 90 %"),
    *("alerts per dog-month", "urgent"),
)
_NOTE = (
    "Simulated dogs on the shortcut. `found`: share of dogs for which the owner was told within"
    " the time after the onset; `any` is whichever alert came first. In healthy dogs (`free` and"
    " the confounders) every alert is a false one. Delays count from the onset to the alert."
)

_SAMPLE_NOTE = (
    "The same as above with nothing left out: every day as samples through the whole analysis."
    " Few dogs, so the shares are coarse. The ill are watched only while an alert is still in time,"
    " so their alerts per dog-month are those of the first days."
)
_JITTER_NOTE = (
    "The first of the same dogs with collars that jitter as the recorded ones do"
    " (docs/simulator.md), which makes gait less regular at every step."
)
_FROM_SAMPLES = {
    "samples": ("Alerts from samples", _SAMPLE_NOTE),
    "jittering": ("Alerts from samples, jittering collars", _JITTER_NOTE),
}
"""Title and note of each section from samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How one case fared in one kind of alert, ``"any"`` for all together."""

    case: str
    kind: str
    dogs: int
    found: float
    within_days: float
    median_days: float
    late_days: float
    per_month: float
    urgent: int


def line(case: Case, kind: str, runs: Sequence[Run]) -> Line:
    """Return how one case fared in one kind of alert."""
    firsts: list[float] = []
    n_seen = n_urgent = 0
    for run in runs:
        mine = [each for each in run.seen if kind in {"any", each.kind}]
        n_seen += len(mine)
        n_urgent += sum(each.urgent_days is not None for each in mine)
        if mine and mine[0].days <= case.within_days:
            firsts.append(mine[0].days)
    days = sum(run.days for run in runs)
    return Line(
        case=case.name,
        kind=kind,
        dogs=len(runs),
        found=len(firsts) / len(runs) if runs else nan,
        within_days=case.within_days,
        median_days=median(firsts) if firsts else nan,
        late_days=float(np.quantile(firsts, 0.9)) if firsts else nan,
        per_month=n_seen / days * _MONTH_DAYS if days else nan,
        urgent=n_urgent,
    )


def free_line(kind: str, runs: Sequence[Run]) -> Line:
    """Return the false alerts of healthy dogs, each over the days on which it could come."""
    case = Case(name="free", days=0, within_days=nan)
    plain = line(case, kind, runs)
    days = sum(max(run.days - LEARNING_DAYS, 0) for run in runs)
    n_seen = sum(kind in {"any", each.kind} for run in runs for each in run.seen)
    return Line(
        case="free",
        kind=kind,
        dogs=plain.dogs,
        found=sum(any(_is(each, kind) for each in run.seen) for run in runs) / max(len(runs), 1),
        within_days=nan,
        median_days=nan,
        late_days=nan,
        per_month=n_seen / days * _MONTH_DAYS if days else nan,
        urgent=plain.urgent,
    )


def _is(seen: Seen, kind: str) -> bool:
    return kind in {"any", seen.kind}


def lines(runs: Sequence[Run]) -> list[Line]:
    """Return all lines: free dogs first, then each case, any alert before each kind of it."""
    found = _with_kinds([run for run in runs if run.case == "free"], free_line)
    for case in CASES:
        mine = [run for run in runs if run.case == case.name]

        def one(kind: str, of: Sequence[Run], case: Case = case) -> Line:
            return line(case, kind, of)

        found += _with_kinds(mine, one) if mine else []
    return found


def _with_kinds(runs: Sequence[Run], one: Callable[[str, Sequence[Run]], Line]) -> list[Line]:
    kinds = sorted({each.kind for run in runs for each in run.seen})
    return [one(kind, runs) for kind in ("any", *kinds)]


def cohort_section(runs: Sequence[Run], size: Size) -> Section:
    """Return the table and the figures of a cohort; `urgent` is counted over all of its dogs."""
    chosen = [run for run in runs if run.reported != size.tuning]
    half = "tuning" if size.tuning else "reporting"
    rows = tuple(
        (
            *(each.case, each.kind, each.dogs, each.found, each.within_days),
            *(each.median_days, each.late_days, each.per_month, each.urgent),
        )
        for each in lines(chosen)
    )
    return Section(
        name="cohorts",
        title=f"Alerts over {size.dogs} dogs and {size.days} days, the {half} half",
        note=_NOTE,
        columns=_COLUMNS,
        rows=rows,
        figures=figures(chosen, runs),
    )


def sample_section(runs: Sequence[Run], size: Size, *, name: str) -> Section:
    """Return the table and the figures of a cohort from samples: all of its dogs."""
    free = [run for run in runs if run.case == "free"]
    title, note = _FROM_SAMPLES[name]
    rows = tuple(
        (
            *(each.case, each.kind, each.dogs, each.found, each.within_days),
            *(each.median_days, each.late_days, each.per_month, each.urgent),
        )
        for each in lines(runs)
    )
    return Section(
        name=name,
        title=f"{title}: {len(free)} dogs and {size.sampled_days} days",
        note=note,
        columns=_COLUMNS,
        rows=rows,
        figures={
            "free_dog_days": float(sum(run.days for run in free)),
            "urgent": float(n_urgent(runs, {"free"})),
            # It needs no baseline, so every day counts.
            "collapses": 60.0 / _MONTH_DAYS * per_month(free, kind="collapse"),
            **_found(runs),
        },
    )


def figures(chosen: Sequence[Run], everyone: Sequence[Run]) -> dict[str, float]:
    """Return what budgets ask for, of the chosen half; urgent ones of everyone."""
    cases = {case.name: case for case in CASES}
    of_case = {case.name: [run for run in chosen if run.case == case.name] for case in CASES}
    free = [run for run in chosen if run.case == "free"]
    per_60 = {kind: 2.0 * free_line(kind, free).per_month for kind in _FREE_KINDS}
    healthy = {case.name for case in CASES if case.confounder}
    noted = [run for case in CASES if case.note for run in of_case[case.name]]
    plain = [run for name in healthy if not cases[name].note for run in of_case[name]]
    usual = free_line("any", free).per_month
    drop = line(cases["drop_30"], "any", of_case["drop_30"])
    return {
        "free_reduced_activity": per_60["reduced_activity"],
        "free_stiff_gait": per_60["stiff_gait"],
        "free_dog_days": float(sum(run.days for run in everyone if run.case == "free")),
        "free_urgent": float(n_urgent(everyone, {"free"})),
        "drop_30_found": drop.found,
        "drop_30_delay": drop.median_days,
        **_found(chosen),
        "crate_rest_urgent": (
            float(n_urgent(everyone, {"crate_rest"})) if of_case["crate_rest"] else nan
        ),
        "crate_rest_jumps": per_three_days(of_case["crate_rest"], "jumping"),
        "confounded_urgent": float(n_urgent(everyone, healthy)) if plain else nan,
        "confounded_ratio": per_month(noted) / usual if usual else nan,
        "unnoted_ratio": per_month(plain) / usual if usual else nan,
        "confounded_unexplained": per_month(noted, unexplained=True) / usual if usual else nan,
    }


def _found(runs: Sequence[Run]) -> dict[str, float]:
    """Return the shares of the illnesses that must be found within days; NaN if not tried."""
    cases = {case.name: case for case in CASES}
    of_case = {name: [run for run in runs if run.case == name] for name in cases}
    moderate = line(cases["moderate"], "any", of_case["moderate"])
    urgent = {
        f"{name}_urgent": urgent_within(of_case[name], cases[name].within_days)
        for name in ("ataxia", "non_walking")
    }
    return {"moderate_found": moderate.found, **urgent}


_FREE_KINDS = ("reduced_activity", "stiff_gait")


def n_urgent(runs: Sequence[Run], names: set[str]) -> int:
    """Return the urgent alerts in some cases."""
    chosen = [run for run in runs if run.case in names]
    return sum(each.urgent_days is not None for run in chosen for each in run.seen)


def urgent_within(runs: Sequence[Run], days: float) -> float:
    """Return the share of dogs for which something was urgent so soon."""
    soon = [
        any(each.urgent_days is not None and each.urgent_days <= days for each in run.seen)
        for run in runs
    ]
    return sum(soon) / len(soon) if soon else nan


def per_month(runs: Sequence[Run], *, kind: str = "any", unexplained: bool = False) -> float:
    """Return the alerts of a kind in a month of a dog, all of them or those that name no note."""
    days = sum(run.days for run in runs)
    mine = [each for run in runs for each in run.seen if _is(each, kind)]
    n_seen = sum(not (unexplained and each.noted) for each in mine)
    return n_seen / days * _MONTH_DAYS if days else nan


def per_three_days(runs: Sequence[Run], kind: str) -> float:
    """Return the alerts of a kind in three days of a dog."""
    days = sum(run.days for run in runs)
    n_seen = sum(each.kind == kind for run in runs for each in run.seen)
    return 3.0 * n_seen / days if days else nan
