"""All commands under one name, each from its own file."""

import typer

from ingest.cli import alerts, backup, diary, doctor, init, plan, replay, run, secret
from simulators.cli import demo, evaluate, simulate

app = typer.Typer(
    name="spryhound",
    help="Home monitoring for a dog with a bad back.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

app.command("init")(init.command)
app.command("run")(run.command)
app.command("demo")(demo.command)
app.command("replay")(replay.command)
app.command("export")(backup.command)
app.command("backup")(backup.backup_command)
app.command("restore")(backup.restore_command)
app.command("evaluate")(evaluate.command)
app.command("simulate")(simulate.command)
app.add_typer(alerts.app, name="alerts")
app.add_typer(diary.app, name="log")
app.command("plan")(plan.command)
app.command("secret")(secret.command)
app.command("doctor")(doctor.command)


def main() -> None:
    """Run the command that was typed."""
    app()
