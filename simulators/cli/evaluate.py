"""`spryhound evaluate`: how well the detectors do, against budgets."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ingest.cli.common import FAILED, cli_errors, err, number, out, print_saved, progress
from simulators.evaluation.report import (
    QUICK,
    Report,
    Section,
    Size,
    limit_of,
    markdown,
    text_of,
    verdict,
)
from simulators.evaluation.run import NAMES, evaluate
from simulators.evaluation.surrogate.calibration import calibrated
from simulators.evaluation.surrogate.tables import place
from simulators.evaluation.workers import Workers

_DEFAULT_FOLDER = Path("../shared/data")


def command(  # noqa: PLR0913 (a command has the options it has)
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="A small form for each change, within two minutes.")
    ] = False,
    json_to: Annotated[
        str | None, typer.Option("--json", help="Write JSON to a file, or to the terminal with -.")
    ] = None,
    write: Annotated[
        Path | None, typer.Option(help="Write the page, as in docs/evaluation.md.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help=f"A section: {', '.join(NAMES)}; may be repeated.")
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            help="Processes; the results are the same.",
            parser=number("2", is_whole=True, at_least=1),
        ),
    ] = 1,
    seed: Annotated[
        int | None,
        typer.Option(help="Another cohort's luck.", parser=number("7", is_whole=True, at_least=0)),
    ] = None,
    dogs: Annotated[
        int | None,
        typer.Option(help="Dogs of the cohort.", parser=number("100", is_whole=True, at_least=2)),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(help="Healthy days of each.", parser=number("60", is_whole=True, at_least=29)),
    ] = None,
    sampled_dogs: Annotated[
        int | None,
        typer.Option(
            help="Dogs of the cohort from samples.",
            parser=number("20", is_whole=True, at_least=1),
        ),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(help="Keep the results of each dog here; a stopped evaluation goes on."),
    ] = None,
    tuning: Annotated[
        bool, typer.Option("--tuning", help="Show the half of the dogs that may be tuned on.")
    ] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Measure the tables of the shortcut again.")
    ] = False,
    recordings: Annotated[
        Path, typer.Option(help="Folder with recordings of real dogs.")
    ] = _DEFAULT_FOLDER,
) -> None:
    """Measure the detectors on simulated and recorded dogs; exit 1 if a budget is broken.

    Example: spryhound evaluate --quick --only cadence --only events
    """
    with cli_errors():
        if calibrate:
            _calibrate()
            return
        size = _size(quick=quick, seed=seed, dogs=dogs, days=days, tuning=tuning)
        if sampled_dogs is not None:
            size = replace(size, sampled_dogs=sampled_dogs)
        with progress("evaluating") as shown:

            def tell(what: str, done: int, n_all: int) -> None:
                shown.update(shown.task_ids[0], description=f"{what}: {done} of {n_all}")

            workers = Workers(jobs, tell, kept=keep)
            report = evaluate(size, workers, only=tuple(only or ()), folder=recordings)
        _show(report, json_to)
        if write is not None:
            print_saved(
                write, markdown(report, _command(size, only or (), quick=quick)), "the evaluation"
            )
    for each in report.broken:
        err.print(f"broken: {each.figure} is {text_of(each.value)}", soft_wrap=True)
    if report.broken:
        raise typer.Exit(FAILED)


def _calibrate() -> None:
    """Write the tables that come with the program anew."""
    with progress("measuring tables") as shown:
        for what, tables in calibrated():
            shown.update(shown.task_ids[0], description=f"measuring tables: {what}")
            if tables is not None:
                print_saved(place(), tables.text(), "the tables of the shortcut")


def _size(
    *, quick: bool, seed: int | None, dogs: int | None, days: int | None, tuning: bool
) -> Size:
    size = replace(QUICK if quick else Size(), tuning=tuning)
    if seed is not None:
        size = replace(size, seed=seed)
    if dogs is not None:
        size = replace(size, dogs=dogs)
    return size if days is None else replace(size, days=days)


def _command(size: Size, only: Sequence[str], *, quick: bool) -> str:
    """Return the command that gives the same again."""
    usual = QUICK if quick else Size()
    words = ["spryhound", "evaluate", *(["--quick"] if quick else [])]
    for name in ("seed", "dogs", "days", "sampled_dogs"):
        if getattr(size, name) != getattr(usual, name):
            words += [f"--{name.replace('_', '-')}", str(getattr(size, name))]
    return " ".join([*words, *(f"--only {name}" for name in only)])


def _show(report: Report, json_to: str | None) -> None:
    """Print the tables, unless JSON goes to the terminal."""
    text = json.dumps(_plain(asdict(report)), indent=2)
    if json_to == "-":
        out.out(text, highlight=False)
        return
    if json_to is not None:
        print_saved(Path(json_to), text + os.linesep, "the evaluation as JSON")
    for section in report.sections:
        out.print(_section(section))
        if section.skipped:
            err.print(f"{section.name}: skipped, {section.skipped}", soft_wrap=True)
    out.print(_budgets(report))


def _section(section: Section) -> Table:
    table = Table(*section.columns, title=section.title, box=None, padding=(0, 2, 0, 0))
    for row in section.rows:
        table.add_row(*(text_of(cell) for cell in row))
    return table


def _budgets(report: Report) -> Table:
    table = Table("budget", "limit", "measured", "", title="Budgets", box=None)
    for each in report.budgets:
        style = {True: "green", False: "bold red", None: "dim"}[each.held]
        table.add_row(each.says, limit_of(each), text_of(each.value), verdict(each), style=style)
    return table


def _plain(value: object) -> object:
    """Return data without numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return value
