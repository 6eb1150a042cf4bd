"""The whole evaluation: its sections in order, and the budgets over them."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from analysis.errors import SettingsError
from simulators.evaluation.budgets import outcomes
from simulators.evaluation.cohorts.cases import CASES
from simulators.evaluation.cohorts.run import Run, Task, drawn, heard, is_reported
from simulators.evaluation.cohorts.summary import cohort_section, sample_section
from simulators.evaluation.report import Report, Section, Size
from simulators.evaluation.sections import (
    altered_gait,
    cadence,
    crate_rest,
    donated,
    falls,
    invariances,
    jumps,
    realism,
    recorded_days,
    recorded_gait,
    recorded_jumps,
    recordings,
)
from simulators.evaluation.surrogate import validation
from simulators.evaluation.workers import Workers

_SAMPLED = ("moderate", "ataxia", "non_walking")
"""Cases that are tried from samples too: those that must be found within days."""

Work = Callable[[Size, Workers], Section]


def cohorts(size: Size, workers: Workers) -> Section:
    """Return alerts over the cohort on the shortcut; only the half that is shown falls ill."""
    cases = tuple(each for each in CASES if not size.cases or each.name in size.cases)
    tasks = [
        Task(
            seed=size.seed,
            number=number,
            free_days=size.days,
            cases=cases if is_reported(number) != size.tuning else (),
        )
        for number in range(size.dogs)
    ]
    return cohort_section(_flat(workers.map("living with the cohort", drawn, tasks)), size)


def samples(size: Size, workers: Workers) -> Section:
    """Return alerts over the smaller cohort that is measured from samples."""
    runs = _from_samples(size, workers, size.sampled_dogs, jittering=False)
    return sample_section(runs, size, name="samples")


def jittering(size: Size, workers: Workers) -> Section:
    """Return the same of dogs whose collars jitter as recorded ones do."""
    runs = _from_samples(size, workers, size.jittering_dogs, jittering=True)
    return sample_section(runs, size, name="jittering")


def _from_samples(size: Size, workers: Workers, n_dogs: int, *, jittering: bool) -> list[Run]:
    chosen = tuple(each.until_found() for each in CASES if each.name in _SAMPLED)
    tasks = [
        Task(
            seed=size.seed + 2,
            number=number,
            free_days=size.sampled_days,
            cases=chosen if size.sampled_days >= _LEAST_DAYS else (),
            baseline_days=min(_LEAST_DAYS, size.sampled_days),
            jittering=jittering,
        )
        for number in range(n_dogs)
    ]
    return _flat(workers.map("living from samples", heard, tasks))


_LEAST_DAYS = 21


def _flat(runs: list[list[Run]]) -> list[Run]:
    return [run for of_dog in runs for run in of_dog]


SECTIONS: Mapping[str, Work] = MappingProxyType(
    {
        "cadence": cadence.section,
        "invariances": invariances.section,
        "events": jumps.section,
        "breaches": crate_rest.section,
        "falls": falls.section,
        "gait": altered_gait.section,
        "agreement": validation.section,
        "cohorts": cohorts,
        "samples": samples,
        "jittering": jittering,
    }
)
NAMES = (
    *("recordings", "recorded_jumps", "recorded_gait", "recorded_days", "donated", "realism"),
    *SECTIONS,
)


def evaluate(
    size: Size, workers: Workers, *, only: tuple[str, ...] = (), folder: Path | None = None
) -> Report:
    """Return what the detectors do, section by section.

    Parameters
    ----------
    only
        Names of sections; all if empty.
    folder
        Where recordings of real dogs lie.

    Raises
    ------
    SettingsError
        If a section is not known.
    """
    for name in only:
        if name not in NAMES:
            msg = f"--only: got {name!r}, expected one of {', '.join(NAMES)}"
            raise SettingsError(msg)
    began_s = time.monotonic()
    works: dict[str, Callable[[], Section]] = {
        "recordings": partial(recordings.section, folder),
        "recorded_jumps": partial(recorded_jumps.section, folder),
        "recorded_gait": partial(recorded_gait.section, folder),
        "recorded_days": partial(recorded_days.section, folder, size, workers),
        "donated": partial(donated.section, folder),
        "realism": partial(realism.section, folder, size),
    }
    works |= {name: partial(work, size, workers) for name, work in SECTIONS.items()}
    found = [work() for name, work in works.items() if not only or name in only]
    return Report(
        size=size,
        sections=found,
        budgets=outcomes(found),
        seconds=round(time.monotonic() - began_s, 1),
    )
