"""`spryhound init`: a few questions, and a settings file that explains itself."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError
from config.init_template import StarterAnswers, starter_toml
from config.load import load
from ingest.cli.common import DEFAULT_CONFIG, out, told_plainly, write_private
from ingest.cli.machine_zone import zone_of_machine
from ingest.cli.questions import ask_owner
from ingest.clock import SystemClock


def command(
    *,
    defaults: Annotated[bool, typer.Option("--defaults", help="Ask nothing.")] = False,
    to: Annotated[Path, typer.Option(help="File to write.")] = DEFAULT_CONFIG,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write a settings file, asking a few questions.

    Example: spryhound init --to spryhound.toml
    """
    with told_plainly():
        if to.exists() and not force:
            msg = f"{to} exists; --force replaces it, --to names another file"
            raise InputError(msg)
        answers = StarterAnswers(
            time_zone=zone_of_machine(os.environ), client_id=f"spryhound-{secrets.token_hex(8)}"
        )
        if not defaults:
            answers = ask_owner(answers, SystemClock().now_s())
        write_private(to, starter_toml(answers))
        load(to, {})  # what was written can be read
        _say_what_next(to, answers)


def _say_what_next(path: Path, answers: StarterAnswers) -> None:
    named = "" if path == DEFAULT_CONFIG else f" --config {path}"
    topic = f"spryhound/v1/collars/{answers.collar_id}/acceleration"
    for line in (
        f"{path} is written. Next:",
        f"  spryhound doctor{named}   checks it, the broker and everything else",
        f"  spryhound run{named}   starts the daemon",
        f"  the collar publishes to {topic} at {answers.mqtt_host}:{answers.mqtt_port}",
    ):
        out.print(line, markup=False, soft_wrap=True)
