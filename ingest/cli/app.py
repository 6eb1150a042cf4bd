"""All commands under one name; a command's module is imported only when it is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points, version
from types import MappingProxyType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

EXTENSIONS = "spryhound.commands"
"""Entry points of this group are commands too: the simulator's come in so, or anybody's."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A command as the help lists it.

    Attributes
    ----------
    help
        The first line of its own help.
    target
        ``module:name`` of its function, or of the `typer.Typer` of its commands; empty for an
        entry point of the same name.
    """

    help: str
    target: str = ""


COMMANDS: Mapping[str, _Listed] = MappingProxyType(
    {
        "init": _Listed(
            "Write a settings file, asking a few questions.", "ingest.cli.init:command"
        ),
        "run": _Listed(
            "Listen to the collars, detect, store and tell, until stopped.",
            "ingest.cli.run:command",
        ),
        "demo": _Listed(
            "Show it all: a simulated collar, a broker, the daemon, and what the owner is told."
        ),
        "replay": _Listed(
            "Play recorded files and show what was in them.", "ingest.cli.replay:command"
        ),
        "export": _Listed(
            "Write every packet that the journal still holds into one recording.",
            "ingest.cli.backup:command",
        ),
        "backup": _Listed(
            "Copy the store, with all results and packets, into one file.",
            "ingest.cli.backup:backup_command",
        ),
        "restore": _Listed(
            "Put a backup in the place of the store; no daemon may run on it.",
            "ingest.cli.backup:restore_command",
        ),
        "evaluate": _Listed(
            "Measure the detectors on simulated and recorded dogs; exit 1 if a budget is broken."
        ),
        "simulate": _Listed("Play a simulated dog and its collar."),
        "alerts": _Listed(
            "What was found, why, and your word on it.",
            "ingest.cli.alerts:app",
        ),
        "log": _Listed(
            "The diary: what was given, done and measured.",
            "ingest.cli.diary:app",
        ),
        "label": _Listed(
            "Mark when your dog did or had something, for the vet and for those who improve this.",
            "ingest.cli.label:app",
        ),
        "donate": _Listed(
            "Write a package of recordings with labels, to give away; it holds no names and no"
            " dates.",
            "ingest.cli.donate:command",
        ),
        "plan": _Listed(
            "Show where the recovery plan stands today.",
            "ingest.cli.plan:command",
        ),
        "secret": _Listed(
            "Make a random password, for `password_file` or `token_file` in the settings.",
            "ingest.cli.secret:command",
        ),
        "doctor": _Listed(
            "Check settings, broker, stores, clock, disk and notifications; say what to do.",
            "ingest.cli.doctor:command",
        ),
    }
)


class LazyGroup(TyperGroup):
    """Lists commands without importing them, and imports the one that is called."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  # typer's own
        super().__init__(**attributes)
        for name, listed in COMMANDS.items():
            self.add_command(TyperCommand(name, help=listed.help), name)
        for each in entry_points(group=EXTENSIONS):
            if each.name not in COMMANDS:
                package = "" if each.dist is None else f" of {each.dist.name}"
                self.add_command(TyperCommand(each.name, help=f"A command{package}."), each.name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  # typer's own
        """Return the name, the command itself and what is left of the line."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None else self.load(name), rest

    def load(self, name: str) -> Any:  # noqa: ANN401  # typer's own
        """Return a command of the list, imported.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        target = COMMANDS[name].target if name in COMMANDS else ""
        if target:
            module, _, attribute = target.partition(":")
            found = getattr(import_module(module), attribute)
        else:
            (entry,) = entry_points(group=EXTENSIONS, name=name)
            found = entry.load()
        if isinstance(found, typer.Typer):
            command = get_command(found)
        else:
            single = typer.Typer(add_completion=False, rich_markup_mode="rich")
            single.command(name)(found)
            command = get_command(single)
        command.name = name
        return command


app = typer.Typer(
    name="spryhound",
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _print_version(asked: bool) -> None:  # noqa: FBT001  # typer calls it so
    if asked:
        typer.echo(f"spryhound {version('spryhound')}")
        raise typer.Exit


@app.callback()
def spryhound(
    *,
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Say which it is."),
    ] = False,
) -> None:
    """Home monitoring for a dog with a bad back."""
    del show_version


def main() -> None:
    """Run the command that was typed."""
    app()
