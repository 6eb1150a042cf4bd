"""`spryhound log`: the diary that explains to the vet what the collar saw."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from analysis.errors import InputError, SettingsError
from analysis.model import CIRCUMSTANCES
from ingest.app.home import database_path, dog_name, existing_store
from ingest.cli.common import (
    ConfigOption,
    DogOption,
    JsonOption,
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

app = typer.Typer(
    no_args_is_help=True,
    help="The diary: what was given, done and measured.",
    rich_markup_mode="rich",
)

AtOption = Annotated[
    str | None,
    typer.Option("--at", help="When, if not now: 2026-11-23T07:30, or 07:30 for today."),
]
MinutesArgument = Annotated[
    float, typer.Argument(metavar="MINUTES", help="How long.", parser=number("15"))
]
NoteArgument = Annotated[str, typer.Argument(metavar="[NOTE]", help="Anything to remember.")]


@app.command("dose")
def dose(
    drug: Annotated[str, typer.Argument(metavar="DRUG", help="Its name.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help='Such as "50 mg".')],
    *,
    at: AtOption = None,
    dog: DogOption = None,
    config: ConfigOption = None,
) -> None:
    """Note a dose of a drug.

    Example: spryhound log dose carprofen "50 mg" --at 07:30
    """
    _log({"kind": "dose", "drug": drug, "amount": amount}, at, dog, config)


def _timed_command(word: str, about: str) -> None:
    """Add a command that notes something of so many minutes; `about` is its help."""

    @app.command(word, help=about)
    def timed(
        minutes: MinutesArgument,
        note: NoteArgument = "",
        *,
        at: AtOption = None,
        dog: DogOption = None,
        config: ConfigOption = None,
    ) -> None:
        entry = {"kind": word.replace("-", "_"), "duration_min": minutes, "note": note}
        _log(entry, at, dog, config)


_timed_command(
    "walk",
    """Note a walk; --at is when it began.

    Example: spryhound log walk 15 "on the leash, slow"
    """,
)
_timed_command(
    "physio",
    """Note physiotherapy or exercises.

    Example: spryhound log physio 10 "underwater treadmill"
    """,
)
_timed_command(
    "heat-pack",
    """Note a heat pack.

    Example: spryhound log heat-pack 20
    """,
)


@app.command("weight")
def weight(
    mass_kg: Annotated[
        float, typer.Argument(metavar="KG", help="What the dog weighs.", parser=number("16.2"))
    ],
    *,
    at: AtOption = None,
    dog: DogOption = None,
    config: ConfigOption = None,
) -> None:
    """Note the dog's weight.

    Example: spryhound log weight 16.2
    """
    _log({"kind": "weight", "mass_kg": mass_kg}, at, dog, config)


@app.command("questionnaire")
def questionnaire(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which one, such as CBPI.")],
    score: Annotated[
        float, typer.Argument(metavar="SCORE", help="Its total.", parser=number("24"))
    ],
    *,
    at: AtOption = None,
    dog: DogOption = None,
    config: ConfigOption = None,
) -> None:
    """Note the total of a questionnaire about pain or mobility.

    Example: spryhound log questionnaire CBPI 24
    """
    _log({"kind": "questionnaire", "name": name, "score": score}, at, dog, config)


@app.command("circumstance")
def circumstance(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help=f"One of {', '.join(CIRCUMSTANCES)}.")
    ],
    note: NoteArgument = "",
    *,
    since: Annotated[
        str | None, typer.Option("--from", help="First day, or a time with offset; default today.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Last day, or a time; default that day.")
    ] = None,
    dog: DogOption = None,
    config: ConfigOption = None,
) -> None:
    """Note what may explain how your dog moves: such days are not learned as usual.

    Example: spryhound log circumstance heat --from 2026-07-20 --until 2026-07-23
    """
    entry = {"kind": "circumstance", "what": what, "note": note, "from": since, "until": until}
    _log({name: value for name, value in entry.items() if value is not None}, None, dog, config)


@app.command("note")
def note(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Whatever you saw.")],
    *,
    at: AtOption = None,
    dog: DogOption = None,
    config: ConfigOption = None,
) -> None:
    """Note anything else.

    Example: spryhound log note "slipped on the stairs"
    """
    _log({"kind": "note", "text": text}, at, dog, config)


@app.command("list")
def list_entries(
    *,
    dog: DogOption = None,
    newest: Annotated[
        int,
        typer.Option(
            help="How many, counted from the newest.",
            parser=number("10", is_whole=True, at_least=1),
        ),
    ] = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List the diary, newest last.

    Example: spryhound log list --newest 10
    """
    with cli_errors():
        settings = read_settings(config)
        with existing_store(settings) as store:
            query = Query(measurement=DIARY, dog=known_dog(dog, settings), newest=newest)
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
            out.print("The diary is empty.")


def _log(entry: dict[str, Any], at: str | None, dog: str | None, config: Any) -> None:  # noqa: ANN401
    """Put an entry into the store, and into the outbox if there is an InfluxDB."""
    with cli_errors():
        settings, clock = read_settings(config), SystemClock()
        whose = one_dog(dog, settings)
        zone = settings.pipeline(whose).dog.time_zone
        if at is not None:
            entry["at"] = _moment(at, zone, clock.now_s()).isoformat()
        try:
            point = diary_point(whose, entry, clock.now_s(), zone)
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
                entry |= {name: point.fields[name] for name in ("from", "until")}
                journal.add_command(encode_command(LogEntry(dog=whose, entry=entry)))
        when = local_time(point.time_ns / 1e9, zone)
        out.print(f"{dog_name(settings, whose)}, {when}: {entry_text(point)}", markup=False)


def _moment(text: str, zone: str, now_s: float) -> datetime:
    """Return a time of the owner's, in the dog's zone where it names none.

    Raises
    ------
    SettingsError
        If it is no time, or is still to come.
    """
    today = datetime.fromtimestamp(now_s, ZoneInfo(zone)).date()
    try:
        moment = datetime.fromisoformat(f"{today}T{text}" if len(text) <= 8 else text)
    except ValueError as error:
        msg = f"--at: got {text!r}, expected such as 2026-11-23T07:30 or 07:30"
        raise SettingsError(msg) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    if moment.timestamp() > now_s + 60.0:
        msg = f"--at: {moment.isoformat()} is still to come, expected a time in the past"
        raise SettingsError(msg)
    return moment


def _entry(point: Point, zone: str) -> dict[str, Any]:
    at = datetime.fromtimestamp(point.time_ns / 1e9, ZoneInfo(zone))
    return {
        "dog": point.dog,
        "kind": point.kind,
        "at": at.isoformat(timespec="seconds"),
        **point.fields,
    }
