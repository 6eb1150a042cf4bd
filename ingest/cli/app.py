"""All commands under one name, each from its own file."""

import typer

from ingest.cli import replay, simulate

app = typer.Typer(
    name="spryhound",
    help="Home monitoring for a dog with a bad back.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

app.command("replay")(replay.command)
app.command("simulate")(simulate.command)


def main() -> None:
    """Run the command that was typed."""
    app()
