"""What the commands share: the terminal, the settings, and how errors end."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from analysis.errors import MonitorError, SettingsError
from config.load import load
from config.schema import Settings

FAILED, WRONG_USAGE = 1, 2

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Settings file; default: spryhound.toml, if there is one."),
]

_DEFAULT_CONFIG = Path("spryhound.toml")


def read_settings(path: Path | None) -> Settings:
    """Return the settings of a file, or of spryhound.toml here, or the defaults."""
    if path is None and _DEFAULT_CONFIG.exists():
        path = _DEFAULT_CONFIG
    return load(path, os.environ)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn errors into one clear line each and an exit code: 1 failed, 2 wrong settings."""
    try:
        yield
    except SettingsError as error:
        tell_error(error, "settings")
        raise typer.Exit(WRONG_USAGE) from error
    except MonitorError as error:
        tell_error(error)
        raise typer.Exit(FAILED) from error
    except BrokenPipeError as error:
        # The reader of our output went away, as `head` does; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from error


def tell_error(error: Exception | str, what: str = "error") -> None:
    """Print one error, its brackets being no markup."""
    text = str(error).replace("[", r"\[")
    err.print(f"[red]{what}:[/red] {text}", soft_wrap=True)


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """Show a progress line on the terminal, and nothing where there is none."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        shown.add_task(title, total=None)
        yield shown
