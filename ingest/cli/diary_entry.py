"""How an entry of the diary gets from the command line into the store, and how it is listed."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from analysis.errors import InputError, SettingsError
from ingest.app.home import database_path, dog_name, existing_store
from ingest.cli.common import (
    cli_errors,
    known_dog,
    number,
    one_dog,
    out,
    print_json,
    read_settings,
)
from ingest.cli.tables import local_time
from ingest.clock import SystemClock
from ingest.ports import Point, Query
from ingest.processing.commands import LogEntry, encode_command
from ingest.processing.diary import DIARY, diary_point, entry_text, with_unique_time
from ingest.processing.result_writer import POINT
from ingest.storage.journal import Journal
from ingest.storage.points import encode_point, point_key

NewestOption = Annotated[
    int,
    typer.Option(
        help="How many, counted from the newest.",
        parser=number("10", is_whole=True, at_least=1),
    ),
]

_AGO = re.compile(r"(\d{1,4})\s*(s|min|h|d)\s+ago")
_UNIT_S = {"s": 1, "min": 60, "h": 3600, "d": 86_400}


def keep_entry(
    entry: Mapping[str, Any],
    dog: str | None,
    config: Path | None,
    *,
    times: Mapping[str, str | None] | None = None,
) -> None:
    """Put an entry into the store, and into the outbox if there is an InfluxDB.

    Parameters
    ----------
    entry
        As in the log of a command.
    times
        Times as they were typed, by their name in the log; None is left out.
    """
    with cli_errors():
        settings, clock = read_settings(config), SystemClock()
        whose = one_dog(dog, settings)
        zone = settings.pipeline(whose).dog.time_zone
        typed = {name: text for name, text in (times or {}).items() if text is not None}
        log = dict(entry) | {
            name: moment_text(text, zone, clock.now_s(), f"--{name}")
            for name, text in typed.items()
        }
        try:
            point = diary_point(whose, log, clock.now_s(), zone)
        except InputError as error:
            raise SettingsError(str(error)) from error  # what was typed is wrong usage
        path = database_path(settings)
        with existing_store(settings) as store, Journal(path, clock) as journal:
            point = with_unique_time(point, store)
            with journal.transaction() as tx:
                tx.write([point])
                if settings.influx.enabled:
                    body = encode_point(point)
                    tx.enqueue(POINT, point_key(point, body), body)
            if point.kind == "circumstance":
                # The daemon has to judge by it, and will find the same point.
                log |= {name: point.fields[name] for name in ("from", "until")}
                journal.add_command(encode_command(LogEntry(dog=whose, entry=log)))
        when = local_time(point.time_ns / 1e9, zone)
        out.print(f"{dog_name(settings, whose)}, {when}: {entry_text(point)}", markup=False)


def moment_text(text: str, zone: str, now_s: float, option: str) -> str:
    """Return a time of the owner's in ISO 8601, in the dog's zone where it names none.

    A day stays a day, except for ``--at``, where it is its midnight.

    Raises
    ------
    SettingsError
        If it is no time, or is still to come.

    Examples
    --------
    >>> moment_text("20 min ago", "Europe/Vienna", 1_796_130_000.0, "--from")
    '2026-12-01T13:40:00+01:00'
    """
    where = ZoneInfo(zone)
    now = datetime.fromtimestamp(int(now_s), where)
    ago = _AGO.fullmatch(text.strip())
    try:
        if ago is not None:
            moment = datetime.fromtimestamp(int(now_s) - int(ago[1]) * _UNIT_S[ago[2]], where)
        else:
            moment = datetime.fromisoformat(f"{now.date()}T{text}" if len(text) <= 8 else text)
    except ValueError as error:
        msg = f"{option}: got {text!r}, expected such as 2026-11-23T07:30, 07:30 or '20 min ago'"
        raise SettingsError(msg) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=where)
    if moment.timestamp() > now_s + 60.0:
        msg = f"{option}: {moment.isoformat()} is still to come, expected a time in the past"
        raise SettingsError(msg)
    is_day = option != "--at" and len(text) == len("2026-11-23") and ago is None
    return text if is_day else moment.isoformat()


def print_entries(
    kind: str | None,
    empty: str,
    *,
    dog: str | None,
    newest: int,
    as_json: bool,
    config: Path | None,
) -> None:
    """Print the diary, or its entries of one kind, newest last.

    Parameters
    ----------
    empty
        What to say if there is none.
    """
    with cli_errors():
        settings = read_settings(config)
        with existing_store(settings) as store:
            query = Query(measurement=DIARY, dog=known_dog(dog, settings), kind=kind, newest=newest)
            points = store.read(query)
        zones = {each.dog: settings.pipeline(each.dog).dog.time_zone for each in points}
        if as_json:
            print_json([_entry(each, zones[each.dog]) for each in points])
        elif points:
            table = Table("when", "dog", "what", box=None, padding=(0, 2, 0, 0))
            for each in points:
                when = local_time(each.time_ns / 1e9, zones[each.dog])
                table.add_row(when, dog_name(settings, each.dog), entry_text(each))
            out.print(table, markup=False)
        else:
            out.print(empty)


def _entry(point: Point, zone: str) -> dict[str, Any]:
    at = datetime.fromtimestamp(point.time_ns / 1e9, ZoneInfo(zone))
    return {
        "dog": point.dog,
        "kind": point.kind,
        "at": at.isoformat(timespec="seconds"),
        **point.fields,
    }
