"""`spryhound log`: the diary that explains to the vet what the collar saw."""

from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.model import CIRCUMSTANCES
from ingest.cli.common import ConfigOption, DogOption, JsonOption, number
from ingest.cli.diary_entry import NewestOption, keep_entry, print_entries

app = typer.Typer(
    no_args_is_help=True,
    help="The diary: what was given, done and measured.",
    rich_markup_mode="rich",
)

AtOption = Annotated[
    str | None,
    typer.Option("--at", help="When, if not now: 2026-11-23T07:30, 07:30 or '20 min ago'."),
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
    newest: NewestOption = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List the diary, newest last.

    Example: spryhound log list --newest 10
    """
    print_entries(
        None, "The diary is empty.", dog=dog, newest=newest, as_json=as_json, config=config
    )


def _log(entry: dict[str, Any], at: str | None, dog: str | None, config: Path | None) -> None:
    keep_entry(entry, dog, config, times={"at": at})
