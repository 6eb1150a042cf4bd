"""`spryhound replay`: recorded files through the pipeline of the daemon, or to its broker."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from analysis.errors import RecordingError, SettingsError
from analysis.units import G_PER_UNIT
from config.schema import Settings
from ingest.app.home import dog_name, sqlite_store
from ingest.cli.common import (
    FAILED,
    ConfigOption,
    cli_errors,
    err,
    number,
    out,
    print_error,
    progress,
    read_settings,
)
from ingest.cli.tables import alert_panel, local_time
from ingest.clock import SystemClock
from ingest.recordings.formats import specs
from ingest.recordings.formats.base import ReadOptions
from ingest.recordings.reader import FASTEST_HZ, SLOWEST_HZ, Recording, open_recording
from ingest.recordings.replay import (
    Replayed,
    as_stored,
    paced,
    processor_for_one,
    replay,
    results_for,
    speed_of,
)
from ingest.recordings.report import Document, RecordingPart, recording_head
from ingest.storage.points import points_of

TIME_UNITS = ("s", "ms", "us", "ns", "iso", "datenum")

_ROLES = ("time", "x", "y", "z")


def one_of(option: str, asked: str | None, known: Iterable[str]) -> str | None:
    """Return one of the known words, or None if nothing was asked.

    Raises
    ------
    SettingsError
        If it is another word; so do all functions here.
    """
    if asked is not None and asked not in known:
        msg = f"{option}: got {asked!r}, expected one of {', '.join(known)}"
        raise SettingsError(msg)
    return asked


def possible_hz(rate_hz: float | None) -> float | None:
    """Return a rate that a collar may have."""
    if rate_hz is not None and not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        msg = f"--rate-hz: got {rate_hz:g}, expected {SLOWEST_HZ:g} to {FASTEST_HZ:g}"
        raise SettingsError(msg)
    return rate_hz


def start_s(start: str | None, zone: str) -> float | None:
    """Return the Unix time of a moment; one without an offset is in the given zone."""
    if start is None:
        return None
    try:
        moment = datetime.fromisoformat(start)
    except ValueError as error:
        msg = f"--start: got {start!r}, expected such as 2026-11-23T07:30:00+01:00"
        raise SettingsError(msg) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp()


def columns(told: Sequence[str]) -> Mapping[str, str]:
    """Return which column plays which role.

    Examples
    --------
    >>> columns(["x=ax", "y=ay", "z=4"])
    {'x': 'ax', 'y': 'ay', 'z': '4'}
    """
    roles = dict(each.partition("=")[::2] for each in told)
    for role, name in roles.items():
        if role not in _ROLES or not name:
            msg = f"--column: got '{role}={name}', expected {', '.join(_ROLES)}, then = and a name"
            raise SettingsError(msg)
    return roles


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReplayJob:
    """What is to become of each recording."""

    settings: Settings
    dog: str
    speed: float | None
    document: Document | None
    save: bool


_Play = Callable[[Recording, _ReplayJob], None]

_ANSWER_S = 60.0

_ID = "[a-z0-9_-]{1,32}"


def command(  # noqa: PLR0913 (a command has the options it has)
    files: Annotated[list[Path], typer.Argument(help="Recordings to play.", show_default=False)],
    *,
    config: ConfigOption = None,
    dog: Annotated[str | None, typer.Option(help="Id of the dog that wore the collar.")] = None,
    file_format: Annotated[
        str | None, typer.Option("--format", help=f"One of: {', '.join(specs())}.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="g, mg or m/s2.")] = None,
    rate_hz: Annotated[
        float | None, typer.Option(help="For files without times.", parser=number("50"))
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="Time of the first sample (ISO 8601), for files without.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="Role of a column (time, x, y, z), its name or number: x=AccX. Repeat."),
    ] = None,
    time_unit: Annotated[
        str | None, typer.Option(help=f"Of the times: {', '.join(TIME_UNITS)}.")
    ] = None,
    speed: Annotated[str, typer.Option(help="max, or so many times as fast as life.")] = "max",
    publish: Annotated[
        bool, typer.Option("--publish", help="Send it to the broker instead of analysing it here.")
    ] = False,
    json_to: Annotated[
        str | None, typer.Option("--json", help="Write all results to a file; - for the terminal.")
    ] = None,
    save: Annotated[
        bool, typer.Option("--save", help="Keep the results in the store, as a run of their own.")
    ] = False,
) -> None:
    """Play recorded files and show what was in them.

    Example: spryhound replay walk.csv --dog rex --json results.json
    """
    with cli_errors(), ExitStack() as stack:
        settings = read_settings(config)
        options = ReadOptions(
            format=one_of("--format", file_format, specs()),
            unit=one_of("--unit", unit, G_PER_UNIT),
            rate_hz=possible_hz(rate_hz),
            start_s=start_s(start, settings.home.time_zone),
            columns=columns(column or []),
            time_unit=one_of("--time-unit", time_unit, TIME_UNITS),
            zone=settings.home.time_zone,
        )
        if publish and (json_to or save):
            msg = (
                "--publish sends the file to the daemon, which has the results; not --json, --save"
            )
            raise SettingsError(msg)
        document = Document(stack.enter_context(_opened(json_to))) if json_to else None
        job = _ReplayJob(
            settings=settings,
            dog=_dog(dog, settings),
            speed=speed_of(speed),
            document=document,
            save=save,
        )
        play = _publish if publish else _analyse
        good = [_played(path, options, job, play) for path in files]
        if document is not None:
            document.close()
    if not all(good):
        raise typer.Exit(FAILED)


def _played(path: Path, options: ReadOptions, job: _ReplayJob, play: _Play) -> bool:
    """Play one file; a file that cannot be read is told in one line and does not stop the rest."""
    try:
        recording = open_recording(path, options)
        play(recording, job)
    except RecordingError as error:
        print_error(error)
        return False
    if recording.fault is not None:
        print_error(recording.fault)
        return False
    return True


def _analyse(recording: Recording, job: _ReplayJob) -> None:
    """Run a recording through the pipeline, here, and show what it says."""
    settings = job.settings.pipeline(job.dog)
    processor, replayed = processor_for_one(settings), Replayed()
    packets = paced(recording.packets(f"{job.dog}-collar"), job.speed, SystemClock())
    with progress(recording.path.name) as shown, ExitStack() as stack:
        part = stack.enter_context(RecordingPart())
        store = stack.enter_context(sqlite_store(job.settings)) if job.save else None
        for outcomes in replay(packets, processor, replayed):
            results = results_for(job.dog, outcomes)
            part.add(results)
            if store is not None:
                store.write(points_of(job.dog, f"replay-{recording.boot}", results))
            hours = replayed.n_samples / max(replayed.rate_hz, 1.0) / 3600.0
            shown.update(shown.task_ids[0], description=f"{recording.path.name}: {hours:.1f} h")
        head = recording_head(recording, processor, part, replayed, job.dog)
        name, zone = dog_name(job.settings, job.dog), settings.dog.time_zone
        if job.document is None:
            out.print(recording_summary(head, part, name, zone))
        else:
            job.document.entry(part, head, name, zone)


def _publish(recording: Recording, job: _ReplayJob) -> None:
    """Send a recording to the broker as its collar would have, and wait until it has all."""
    from ingest.mqtt.collar_publisher import CollarLink

    clock, n_packets = SystemClock(), 0
    with ExitStack() as stack, progress(recording.path.name) as shown:
        links: dict[str, CollarLink] = {}
        packets = as_stored(recording.packets(f"{job.dog}-collar"))
        for packet in paced(packets, job.speed, clock):
            if packet.collar not in links:
                if re.fullmatch(_ID, packet.collar) is None:
                    msg = f"{recording.path}: collar {packet.collar!r} cannot be in a topic"
                    raise RecordingError(msg)
                link = CollarLink(job.settings.mqtt, packet.collar)
                links[packet.collar] = stack.enter_context(link)
            links[packet.collar].send(packet.payload, packet.content_type, timeout_s=_ANSWER_S)
            n_packets += 1
            shown.update(shown.task_ids[0], description=f"{n_packets} packets sent")
        for link in links.values():
            link.drain(_ANSWER_S)
    err.print(f"{recording.path}: {n_packets} packets sent")


def _dog(dog: str | None, settings: Settings) -> str:
    """Return whose recordings these are: the one asked for, or the only one there is."""
    if dog is not None:
        if settings.dogs and dog not in settings.dogs:
            msg = f"--dog: got {dog!r}, expected one of {', '.join(settings.dogs)}"
            raise SettingsError(msg)
        if re.fullmatch(_ID, dog) is None:
            msg = f"--dog: got {dog!r}, expected 1 to 32 of a-z, 0-9, '-' and '_'"
            raise SettingsError(msg)
        return dog
    return next(iter(settings.dogs)) if len(settings.dogs) == 1 else "dog"


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == "-":
        yield sys.stdout.buffer
        return
    try:
        with Path(path).open("wb") as file:
            yield file
    except OSError as error:
        msg = f"--json: {path} cannot be written: {error.strerror}"
        raise RecordingError(msg) from error


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


def _counted(counts: Mapping[str, int]) -> str:
    """Return how many there were of each kind, the most frequent first."""
    most_first = sorted(counts.items(), key=lambda of_kind: (-of_kind[1], of_kind[0]))
    return ", ".join(f"{kind.replace('_', ' ')} {n}" for kind, n in most_first) or "none"


def _span(duration_s: float) -> str:
    """Return a duration in the unit that suits it."""
    if duration_s < 120.0:
        return f"{duration_s:.0f} s"
    if duration_s < 7200.0:
        return f"{duration_s / 60.0:.0f} min"
    return f"{duration_s / 3600.0:.1f} h"
