"""`spryhound alerts`: what was found, the evidence for it, and the owner's word on it."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Group, RenderableType
from rich.table import Table

from analysis.alerts.owner_notes import NOTED_PREFIX
from analysis.errors import InputError
from analysis.features.day.calendar import Calendar
from analysis.model import AlertChange, Event, Minute, Status
from config.schema import Settings
from ingest.app.home import database_path, dog_name, existing_store
from ingest.cli.common import (
    ConfigOption,
    DogOption,
    JsonOption,
    cli_errors,
    known_dog,
    out,
    print_json,
    print_saved,
    read_settings,
)
from ingest.cli.tables import alert_panel, alert_table, day_chart, local_time
from ingest.clock import SystemClock
from ingest.ports import Query, Store
from ingest.processing.commands import Acknowledge, FalseAlarm, encode_command
from ingest.recordings.report import alert_entry
from ingest.storage.journal import Journal, daemon_runs
from ingest.storage.points import current_alerts, record_of, time_ns

_COLUMNS = (
    "id",
    "dog",
    "kind",
    "severity",
    "status",
    "onset",
    "changed",
    "count",
    "title",
    "text",
    "evidence",
    "do",
    "noted",
)


class ExportFormat(StrEnum):
    """What a file of alerts may be."""

    CSV = "csv"
    JSON = "json"


def export_text(
    entries: Sequence[Mapping[str, Any]], zones: Mapping[str, str], file_format: ExportFormat
) -> str:
    """Return alerts as the text of a file, newline at the end; `zones` are by dog."""
    if file_format is ExportFormat.JSON:
        return json.dumps(list(entries), indent=2, ensure_ascii=False) + "\n"
    lines = StringIO()
    table = csv.DictWriter(lines, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for each in entries:
        zone = ZoneInfo(zones[each["dog"]])
        table.writerow(
            {
                **each,
                "onset": datetime.fromtimestamp(each["onset_s"], zone).isoformat(),
                "changed": datetime.fromtimestamp(each["time_s"], zone).isoformat(),
                "evidence": json.dumps(each["evidence"], sort_keys=True),
            }
        )
    return lines.getvalue()


app = typer.Typer(
    no_args_is_help=True, help="What was found, why, and your word on it.", rich_markup_mode="rich"
)

IdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="Id of the alert; its beginning is enough.")
]

_OVER = {Status.RESOLVED, Status.FALSE_ALARM}


@app.command("list")
def list_alerts(
    *,
    dog: DogOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is over.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List the alerts that are on, oldest first.

    Example: spryhound alerts list --all --json
    """
    with cli_errors():
        settings = read_settings(config)
        with existing_store(settings) as store:
            known = current_alerts(store, known_dog(dog, settings))
        shown = [each for each in known if everything or each.status not in _OVER]
        if as_json:
            print_json([entry(each, settings) for each in shown])
        elif shown:
            names = {each.dog: dog_name(settings, each.dog) for each in shown}
            out.print(alert_table(shown, names, settings.home.time_zone))
        else:
            n_over = len(known) - len(shown)
            out.print(f"No alerts.{f' {n_over} are over: --all shows them.' if n_over else ''}")


@app.command("show")
def show(alert: IdArgument, *, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show one alert with its evidence, and the day it began, drawn.

    Example: spryhound alerts show 3f2a
    """
    with cli_errors():
        settings = read_settings(config)
        with existing_store(settings) as store:
            change = find_alert(current_alerts(store), alert)
            events = _events_of(change, store)
            if as_json:
                seen = [msgspec.to_builtins(each) for each in events]
                print_json(entry(change, settings) | {"events": seen})
            else:
                out.print(_shown(change, events, store, settings))


@app.command("ack")
def acknowledge(alert: IdArgument, *, config: ConfigOption = None) -> None:
    """Say that you know: an urgent alert is not told again.

    Example: spryhound alerts ack 3f2a
    """
    _leave(Acknowledge, alert, "acknowledge", config)


@app.command("false-alarm")
def false_alarm(alert: IdArgument, *, config: ConfigOption = None) -> None:
    """Say that it was nothing: the alert ends, and that detector becomes a step less sensitive.

    Example: spryhound alerts false-alarm 3f2a
    """
    _leave(FalseAlarm, alert, "end", config)


@app.command("export")
def export(
    *,
    file_format: Annotated[
        ExportFormat, typer.Option("--format", help="csv or json.")
    ] = ExportFormat.CSV,
    to: Annotated[Path | None, typer.Option(help="File to write; default: the terminal.")] = None,
    dog: DogOption = None,
    config: ConfigOption = None,
) -> None:
    """Write all alerts as a table or as JSON, for the vet or a spreadsheet.

    Example: spryhound alerts export --format csv --to alerts.csv
    """
    with cli_errors():
        settings = read_settings(config)
        with existing_store(settings) as store:
            known = current_alerts(store, known_dog(dog, settings))
        zones = {each.dog: _zone(each.dog, settings) for each in known}
        entries = [entry(each, settings) for each in known]
        text = export_text(entries, zones, file_format)
        if to is None:
            out.out(text, end="", highlight=False)
        else:
            print_saved(to, text, f"{len(known)} alerts")


def find_alert(known: list[AlertChange], beginning: str) -> AlertChange:
    """Return the one alert whose id begins so.

    Raises
    ------
    InputError
        If there is none, or more than one.
    """
    found = [each for each in known if each.id.startswith(beginning.strip().lower())]
    if not beginning.strip() or not found:
        msg = (
            f"no alert has an id that begins with {beginning!r}; see `spryhound alerts list --all`"
        )
        raise InputError(msg)
    if len(found) > 1:
        msg = f"{beginning!r} begins {len(found)} ids: {', '.join(each.id for each in found[:5])}"
        raise InputError(msg)
    return found[0]


def entry(change: AlertChange, settings: Settings) -> dict[str, Any]:
    """Return an alert as every command shows it."""
    return alert_entry(change, dog_name(settings, change.dog), _zone(change.dog, settings))


def _zone(dog: str, settings: Settings) -> str:
    return settings.pipeline(dog).dog.time_zone


def _leave(
    answer: type[Acknowledge | FalseAlarm], beginning: str, does: str, config: Path | None
) -> None:
    """Leave a command for the daemon and say when it will be obeyed."""
    with cli_errors():
        settings = read_settings(config)
        path = database_path(settings)
        with existing_store(settings) as store:
            change = find_alert(current_alerts(store), beginning)
        if change.status in _OVER:
            msg = f"alert {change.id} is over ({change.status.value}); nothing to do"
            raise InputError(msg)
        with Journal(path, SystemClock()) as journal:
            journal.add_command(encode_command(answer(dog=change.dog, alert_id=change.id)))
        what = f"{change.kind.replace('_', ' ')} of {dog_name(settings, change.dog)}"
        if daemon_runs(path):
            out.print(f"The daemon will {does} it: {what}.", markup=False)
        else:
            out.print(f"No daemon runs here; its next start will {does} it: {what}.", markup=False)


def _events_of(change: AlertChange, store: Store) -> list[Event]:
    """Return the events that a momentary alert began and went on with."""
    moments_ns = {time_ns(change.onset_s), time_ns(change.time_s)}
    query = Query(
        measurement="event",
        dog=change.dog,
        start_ns=min(moments_ns) - 60_000_000_000,
        end_ns=max(moments_ns) + 1,
    )
    events = [record_of(each, Event) for each in store.read(query)]
    return [each for each in events if {time_ns(each.start_s), time_ns(each.end_s)} & moments_ns]


def _shown(
    change: AlertChange, events: list[Event], store: Store, settings: Settings
) -> RenderableType:
    profile = settings.pipeline(change.dog).dog
    calendar = Calendar(profile)
    bounds_s = calendar.bounds_s(calendar.date_of(change.onset_s))
    query = Query(
        measurement="minute",
        dog=change.dog,
        start_ns=time_ns(bounds_s[0]),
        end_ns=time_ns(bounds_s[1]),
    )
    minutes = [record_of(each, Minute) for each in store.read(query)]
    parts: list[RenderableType] = [
        alert_panel(change, dog_name(settings, change.dog), profile.time_zone),
        _facts(change, profile.time_zone),
        *(_numbers(each, profile.time_zone) for each in events),
    ]
    if minutes:
        chart = day_chart(minutes, bounds_s, change.onset_s, SystemClock().now_s())
        parts.append(chart.drawn(plain=out.options.ascii_only))
    return Group(*parts)


def _facts(change: AlertChange, zone: str) -> Table:
    table = Table("evidence", "", box=None, padding=(0, 2, 0, 0))
    table.add_row("id", change.id)
    table.add_row("status", f"{change.status.value} since {local_time(change.time_s, zone)}")
    table.add_row("severity", change.severity.value)
    table.add_row("times seen", str(change.count))
    for name, value in sorted(change.evidence.items()):
        if not name.startswith(NOTED_PREFIX):
            table.add_row(name, f"{value:.4g}")
    return table


def _numbers(event: Event, zone: str) -> Table:
    title = f"{event.kind.replace('_', ' ')} at"
    table = Table(title, local_time(event.start_s, zone), box=None, padding=(0, 2, 0, 0))
    table.add_row("length_s", f"{event.end_s - event.start_s:.2f}")
    table.add_row("confidence", event.confidence)
    for name, value in sorted(event.evidence.items()):
        table.add_row(name, f"{value:.4g}")
    return table
