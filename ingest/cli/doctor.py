"""`spryhound doctor`: looks at everything and says what to do about each fault."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from analysis.errors import SettingsError
from ingest.app.home import database_path
from ingest.cli.common import (
    DEFAULT_CONFIG,
    FAILED,
    WRONG_USAGE,
    ConfigOption,
    JsonOption,
    out,
    print_json,
    progress,
    read_settings,
)
from ingest.clock import SystemClock
from ingest.doctor import CheckStatus, DoctorContext, Finding, run_checks
from ingest.doctor.base import failed

_COLOURS = {
    CheckStatus.OK: "green",
    CheckStatus.SKIPPED: "dim",
    CheckStatus.WARNING: "yellow",
    CheckStatus.FAILED: "bold red",
}
_Findings = list[tuple[str, Finding]]


def command(
    *,
    as_json: JsonOption = False,
    notify: Annotated[
        bool, typer.Option("--notify", help="Send a test message to every service.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Check settings, broker, stores, clock, disk and notifications; say what to do.

    Example: spryhound doctor --notify
    """
    findings, code = _findings(config, notify=notify)
    if as_json:
        print_json([{"subject": subject, **asdict(each)} for subject, each in findings])
    else:
        out.print(_table(findings))
        n_failed = sum(each.outcome is CheckStatus.FAILED for _, each in findings)
        out.print(f"{n_failed} failed." if n_failed else "Nothing failed.")
    if code:
        raise typer.Exit(code)


def _findings(config: Path | None, *, notify: bool) -> tuple[_Findings, int]:
    """Return what was found, and the exit code that goes with it."""
    try:
        settings = read_settings(config)
    except SettingsError as error:
        advice = "correct the settings; docs/configuration.md explains each"
        found = [("configuration", failed(line, advice)) for line in str(error).splitlines()]
        return found, WRONG_USAGE
    path = config or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None)
    ward = DoctorContext(
        settings=settings,
        path=path,
        database=database_path(settings),
        clock=SystemClock(),
        notify=notify,
    )
    findings: _Findings = []
    with progress("looking") as shown:
        for subject, finding in run_checks(ward):
            shown.update(shown.task_ids[0], description=f"looked at {subject}")
            findings.append((subject, finding))
    ill = any(each.outcome is CheckStatus.FAILED for _, each in findings)
    return findings, FAILED if ill else 0


def _table(findings: _Findings) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for subject, finding in findings:
        said = Text(finding.text)
        if finding.advice:
            said.append(f"\n-> {finding.advice}", style="italic")
        table.add_row(
            Text(finding.outcome.value, style=_COLOURS[finding.outcome]), Text(subject), said
        )
    return table
