"""What the terminal shows: tables and alerts, from plain records."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from analysis.model import AlertChange, Level
from ingest.recordings.report import RecordingPart
from ingest.text.alerts import advice, describe, headline, noted_said

_COLOURS = {Level.WATCH: "cyan", Level.WARNING: "yellow", Level.URGENT: "bold red"}


def local_time(time_s: float, zone: str) -> str:
    """Return a sample time as the dog's owner would write it."""
    return datetime.fromtimestamp(time_s, ZoneInfo(zone)).strftime("%a %d %b %Y %H:%M:%S")


def recording_summary(
    head: Mapping[str, Any], part: RecordingPart, name: str, zone: str
) -> RenderableType:
    """Return what a replayed recording held, in a few lines."""
    quality = head["quality"]
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("recorded", f"{local_time(head['start_s'], zone)}, {_span(head['duration_s'])}")
    table.add_row("rate", f"{head['rate_hz']:.1f} Hz")
    table.add_row("worn", f"{_span(quality['worn_s'])}, {_span(quality['gap_s'])} missing")
    if quality["clipped"]:
        table.add_row("clipped", f"{quality['clipped']:.1%} of samples at full scale")
    table.add_row("gait", f"{part.count('gait')} windows of steady gait")
    table.add_row("events", _counted(part.event_counts))
    for note in quality["notes"]:
        table.add_row("note", note)
    alerts: list[RenderableType] = [alert_panel(alert, name, zone) for alert in part.alerts()]
    return Group(Text(head["path"], style="bold"), table, *alerts)


def alert_panel(change: AlertChange, name: str, zone: str) -> RenderableType:
    """Return an alert as the owner reads it."""
    message = describe(change, name, zone)
    colour = _COLOURS.get(change.severity, "white")
    return Panel(Text(message.body), title=message.title, border_style=colour, title_align="left")


def alert_table(changes: Iterable[AlertChange], names: Mapping[str, str], zone: str) -> Table:
    """Return alerts one a line, newest last."""
    table = Table("id", "since", "status", "severity", "what", box=None, padding=(0, 2, 0, 0))
    for change in changes:
        name = names.get(change.dog, change.dog)
        table.add_row(
            change.id[:8],
            local_time(change.onset_s, zone),
            change.status.value,
            Text(change.severity.value, style=_COLOURS.get(change.severity, "white")),
            Group(*_told(change, name)),
        )
    return table


def _counted(counts: Mapping[str, int]) -> str:
    """Return how many there were of each kind, the most frequent first."""
    most_first = sorted(counts.items(), key=lambda of_kind: (-of_kind[1], of_kind[0]))
    return ", ".join(f"{kind.replace('_', ' ')} {n}" for kind, n in most_first) or "none"


def _told(change: AlertChange, name: str) -> list[Text]:
    """Return an alert in a line, what to do about it, and what the owner noted."""
    more = [each for each in (advice(change, name), noted_said(change)) if each]
    return [Text(headline(change, name)), *(Text(each, style="dim") for each in more)]


def _span(duration_s: float) -> str:
    """Return a duration in the unit that suits it."""
    if duration_s < 120.0:
        return f"{duration_s:.0f} s"
    if duration_s < 7200.0:
        return f"{duration_s / 60.0:.0f} min"
    return f"{duration_s / 3600.0:.1f} h"
