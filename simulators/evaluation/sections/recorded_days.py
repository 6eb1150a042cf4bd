"""Days spliced from recorded motion: what is told of healthy, resting and ill dogs."""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf, nan
from pathlib import Path
from statistics import median

from analysis.detectors.no_movement import NoMovementSettings
from simulators.day.schedule import NIGHT_UNTIL_H
from simulators.evaluation.cohorts.recorded import (
    BROKEN,
    CANNOT_WALK,
    HEALTHY,
    KEPT,
    SORE,
    UNEVEN_STRIDES,
    Lived,
    RecordedLife,
    lived_recorded,
)
from simulators.evaluation.intervals import count_interval, share_interval
from simulators.evaluation.report import Cell, Section, Size
from simulators.evaluation.workers import Workers
from simulators.recorded.library import Library, load_library, stamp_of
from simulators.recorded.material import dogs_with_days

_MONTH_DAYS, _WEEK_DAYS, _FOUND_DAYS = 30.0, 7.0, 3.0
SOON_S = 10.0
"""A jump on strict rest must be told within so many seconds of its last sample."""
_LEAST_DAYS, _REST_DAYS, _BREACH_DAYS = 21, 7, 2
"""With fewer healthy days no dog falls ill, and rest takes one day."""
_LEAST_BREACHES = 20
"""Of fewer jumps no share is given."""
_COLUMNS = (
    *("case", "what", "dogs", "days", "n", "of", "share or rate", "95 % from", "to"),
    *("median, days", "latest"),
)
_NOTE = (
    "Walks, runs, rest, shakes and jumps are recorded; how they follow each other is drawn by"
    " chance, and an illness is a stated change of what was recorded (docs/recorded.md). `n` is"
    " alerts over dog-days in healthy and resting dogs, with the rate in 30 and in 7 days; in the"
    " others it is dogs, or jumps, that were told, with the share; `latest` is in days, of jumps"
    " in seconds. The intervals are of chance alone: behind all of these dogs are the few that"
    " were recorded."
)


def section(folder: Path | None, size: Size, workers: Workers) -> Section:
    """Return what is told of dogs whose motion is recorded, or why there is nothing."""
    half = "tuned" if size.tuning else "reported"
    title = f"Days of recorded motion: {size.recorded_dogs} dogs, the {half} half"
    if folder is None or not folder.is_dir():
        why = f"no recordings at {folder}" if folder else "no folder of recordings was given"
        return Section(name="recorded_days", title=title, skipped=why)
    dogs = dogs_with_days(_dogs_of(folder), half=half)
    if not dogs:
        why = f"no dog in {folder} has a walk and a rest among the {half} stretches"
        return Section(name="recorded_days", title=title, skipped=why)
    whole = size.recorded_days >= _LEAST_DAYS
    tasks = [
        RecordedLife(
            folder=str(folder),
            stamp=stamp_of(folder),
            dog=dogs[number % len(dogs)],
            half=half,
            seed=size.seed,
            number=number,
            free_days=size.recorded_days,
            rest_days=_REST_DAYS if whole else 1,
            breach_days=_BREACH_DAYS if whole else 1,
            falls_ill=whole,
        )
        for number in range(size.recorded_dogs)
    ]
    lives = workers.map("living from recorded motion", lived_recorded, tasks)
    lived = [one for life in lives for one in life]
    return Section(
        name="recorded_days",
        title=f"{title} from {len(dogs)} recorded",
        note=_NOTE,
        columns=_COLUMNS,
        rows=tuple(rows_of(lived)),
        figures=figures_of(lived),
    )


def _dogs_of(folder: Path) -> Library:
    return load_library(folder, species="dog")


def _of(lived: Sequence[Lived], case: str) -> list[Lived]:
    return [each for each in lived if each.case == case]


def rows_of(lived: Sequence[Lived]) -> list[tuple[Cell, ...]]:
    """Return the table: wrong alerts of dogs that are well, then what was found of the others."""
    rows = []
    for case, per_days in ((HEALTHY, _MONTH_DAYS), (KEPT, _WEEK_DAYS), (BROKEN, _WEEK_DAYS)):
        mine = _of(lived, case)
        rows += _false_rows(case, mine, per_days) if mine else []
    broken = _of(lived, BROKEN)
    rows += _jump_rows(broken) if broken else []
    for case in (SORE, UNEVEN_STRIDES, CANNOT_WALK):
        mine = _of(lived, case)
        rows += _found_rows(case, mine) if mine else []
    return rows


def _false_rows(case: str, mine: Sequence[Lived], per_days: float) -> list[tuple[Cell, ...]]:
    """Return the wrong alerts of a case: urgent ones, all, and each kind of them."""
    days = sum(each.days for each in mine)
    every = [one for each in mine for one in each.seen]
    counts = {
        "urgent": sum(one.urgent_days is not None for one in every),
        "warning or urgent": len(every),
    }
    kinds = sorted({one.kind for one in every})
    counts |= {kind: sum(one.kind == kind for one in every) for kind in kinds}
    rows: list[tuple[Cell, ...]] = []
    for what, n in counts.items():
        low, high = (per_days * end / days for end in count_interval(n))
        rows.append((case, what, len(mine), days, n, days, per_days * n / days, low, high))
    return [(*row, None, None) for row in rows]


def _jump_rows(broken: Sequence[Lived]) -> list[tuple[Cell, ...]]:
    """Return how many jumps were told in time: of all dogs, and of each that was recorded."""
    days = sum(each.days for each in broken)
    of_dogs: dict[str, list[float]] = {"": []}
    for each in broken:
        for dog, delay_s in zip(each.jumpers, each.delays_s, strict=True):
            of_dogs[""].append(delay_s)
            of_dogs.setdefault(f", dog {dog}", []).append(delay_s)
    rows: list[tuple[Cell, ...]] = []
    for whose, delays_s in sorted(of_dogs.items()):
        n, n_all = sum(delay_s <= SOON_S for delay_s in delays_s), len(delays_s)
        share = n / n_all if n_all else nan
        latest_s = max((delay_s for delay_s in delays_s if delay_s < inf), default=nan)
        what = f"jumps told within {SOON_S:.0f} s{whose}"
        counts = (len(broken), days, n, n_all, share)
        rows.append((BROKEN, what, *counts, *share_interval(n, n_all), None, latest_s))
    return rows


def _found_rows(case: str, mine: Sequence[Lived]) -> list[tuple[Cell, ...]]:
    """Return in how many dogs an illness was found in time: by any alert, and by each kind."""
    days = sum(each.days for each in mine)
    rows: list[tuple[Cell, ...]] = []
    kinds = sorted({one.kind for each in mine for one in each.seen})
    for what in ("any", *kinds):
        firsts = [_first_days(each, case, what) for each in mine]
        found = [at_days for at_days in firsts if at_days <= _within_days(case)]
        low, high = share_interval(len(found), len(mine))
        share = len(found) / len(mine)
        middle = median(found) if found else nan
        counts = (len(mine), days, len(found), len(mine))
        rows.append((case, what, *counts, share, low, high, middle, max(found, default=nan)))
    return rows


def _first_days(lived: Lived, case: str, kind: str) -> float:
    """Return when an alert came that counts; of a dog that cannot walk, as urgent."""
    firsts = [
        one.urgent_days if case == CANNOT_WALK else one.days
        for one in lived.seen
        if kind in {"any", one.kind}
    ]
    return min((each for each in firsts if each is not None), default=inf)


def _within_days(case: str) -> float:
    """Return the days within which a case must be found: the waking hours set, or three days."""
    if case == CANNOT_WALK:
        return (NIGHT_UNTIL_H + NoMovementSettings().urgent_h) / 24.0
    return _FOUND_DAYS


def figures_of(lived: Sequence[Lived]) -> dict[str, float]:
    """Return what the budgets refer to; nan where nothing was tried."""
    healthy, kept = _of(lived, HEALTHY), _of(lived, KEPT)
    days = sum(each.days for each in healthy)
    n_jumps = sum(len(each.delays_s) for each in lived)
    n_soon = sum(delay_s <= SOON_S for each in lived for delay_s in each.delays_s)

    def found(case: str) -> float:
        mine = _of(lived, case)
        n = sum(_first_days(each, case, "any") <= _within_days(case) for each in mine)
        return n / len(mine) if mine else nan

    n_urgent: Callable[[Sequence[Lived]], float] = partial(_count, urgent=True)
    return {
        "urgent": n_urgent(healthy),
        "warnings_a_month": _MONTH_DAYS * _count(healthy, urgent=False) / days,
        "rest_urgent": n_urgent(kept),
        "rest_most_warnings": max((float(len(each.seen)) for each in kept), default=nan),
        "jumps_told": n_soon / n_jumps if n_jumps >= _LEAST_BREACHES else nan,
        "moderate_found": found(SORE),
        "uneven_found": found(UNEVEN_STRIDES),
        "non_walking_urgent": found(CANNOT_WALK),
    }


def _count(lived: Sequence[Lived], *, urgent: bool) -> float:
    return float(
        sum(not urgent or one.urgent_days is not None for each in lived for one in each.seen)
    )
