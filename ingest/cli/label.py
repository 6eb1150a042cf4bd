"""`spryhound label`: what the dog did or had, as evidence beside what the collar saw."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ingest.cli.common import ConfigOption, DogOption, JsonOption
from ingest.cli.diary_entry import NewestOption, keep_entry, print_entries
from ingest.processing.labels import LABEL, LABELS, VET_FOUND


class _Kinds(TyperGroup):
    """Takes ``vet_found`` for ``vet-found``, and names the kinds if there is none of that name."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  # typer's own
        """Return the name, the command itself and what is left of the line."""
        typed = args[0].replace("_", "-")
        if typed not in self.commands and not typed.startswith("-"):
            msg = f"got {args[0]!r}, expected one of {', '.join(self.commands)}"
            raise typer.BadParameter(msg, param_hint="KIND")
        return super().resolve_command(ctx, [typed, *args[1:]])


app = typer.Typer(
    cls=_Kinds,
    no_args_is_help=True,
    help="Mark when your dog did or had something, for the vet and for those who improve this.",
    rich_markup_mode="rich",
)

FromOption = Annotated[
    str | None,
    typer.Option(
        "--from", help="When, if not now: 2026-11-23T07:30, 07:30, '20 min ago', or a day."
    ),
]
UntilOption = Annotated[
    str | None, typer.Option("--until", help="Until when; left out, it was a moment or that day.")
]
NoteOption = Annotated[str, typer.Option("--note", help="Anything to remember.")]

_ABOUT = {
    "jump": ("it jumped up or down", "--from '2 min ago'"),
    "stairs": ("it took stairs", "--from 07:30 --until 07:31"),
    "shake": ("it shook itself", "--from '1 min ago'"),
    "limped": ("it limped", "--from 07:30 --until 07:45 --note 'left hind leg'"),
    "cried": ("it cried, as in pain", "--from 07:30"),
}


def _seen_command(what: str, about: str, example: str) -> None:
    """Add a command for one thing that the owner sees."""

    @app.command(what, help=f"Mark when {about}.\n\nExample: spryhound label {what} {example}")
    def seen(
        *,
        since: FromOption = None,
        until: UntilOption = None,
        note: NoteOption = "",
        dog: DogOption = None,
        config: ConfigOption = None,
    ) -> None:
        entry = {"kind": LABEL, "what": what, "note": note}
        keep_entry(entry, dog, config, times={"from": since, "until": until})


for _what in LABELS:
    if _what != VET_FOUND:
        _seen_command(_what, *_ABOUT[_what])


@app.command("vet-found")
def vet_found(
    grade: Annotated[
        str, typer.Argument(metavar="GRADE", help="How bad it is, in the vet's words.")
    ],
    *,
    since: FromOption = None,
    until: UntilOption = None,
    note: NoteOption = "",
    dog: DogOption = None,
    config: ConfigOption = None,
) -> None:
    """Mark when the vet looked, and what was found.

    Example: spryhound label vet-found "lame left hind, grade 2 of 5" --from 10:30
    """
    entry = {"kind": LABEL, "what": VET_FOUND, "grade": grade, "note": note}
    keep_entry(entry, dog, config, times={"from": since, "until": until})


@app.command("list")
def list_labels(
    *,
    dog: DogOption = None,
    newest: NewestOption = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List the labels, newest last.

    Example: spryhound label list --newest 10
    """
    empty = "There are no labels."
    print_entries(LABEL, empty, dog=dog, newest=newest, as_json=as_json, config=config)
