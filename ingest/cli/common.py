"""What the commands share: the terminal, the settings, and how errors end."""

import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from analysis.errors import InputError, MonitorError, SettingsError
from config.load import load
from config.schema import Settings

FAILED, WRONG_USAGE = 1, 2

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Settings file; default: spryhound.toml, if there is one."),
]

DogOption = Annotated[
    str | None, typer.Option("--dog", help="Id of the dog; not needed if there is only one.")
]

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]

DEFAULT_CONFIG = Path("spryhound.toml")


def number(
    example: str, *, is_whole: bool = False, at_least: float = -math.inf
) -> Callable[[str | float], float]:
    """Return a parser of numbers for the command line.

    Parameters
    ----------
    example
        What somebody could type.
    is_whole
        Whether only whole numbers will do.
    at_least
        The smallest number allowed.

    Returns
    -------
    callable
        Takes what was typed, and raises `typer.BadParameter` if it is no such number.
    """

    def parse(typed: str | float) -> float:
        kind = "a whole number" if is_whole else "a number"
        limit = "" if at_least == -math.inf else f" of at least {at_least:g}"
        msg = f"got {str(typed)!r}, expected {kind}{limit}, such as {example}"
        try:
            value = int(typed) if is_whole else float(typed)
        except ValueError as error:
            raise typer.BadParameter(msg) from error
        if value < at_least:
            raise typer.BadParameter(msg)
        return value

    parse.__name__ = "number"
    return parse


def read_settings(path: Path | None) -> Settings:
    """Return the settings of a file, or of spryhound.toml here, or the defaults."""
    if path is None and DEFAULT_CONFIG.exists():
        path = DEFAULT_CONFIG
    return load(path, os.environ)


@contextmanager
def cli_errors() -> Iterator[None]:
    """Turn errors into one clear line each and an exit code: 1 failed, 2 wrong settings."""
    try:
        yield
    except SettingsError as error:
        print_error(error, "settings")
        raise typer.Exit(WRONG_USAGE) from error
    except MonitorError as error:
        print_error(error)
        raise typer.Exit(FAILED) from error
    except BrokenPipeError as error:
        # The reader of our output went away, as `head` does; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from error


def one_dog(asked: str | None, settings: Settings) -> str:
    """Return the dog that was asked for, or the only one there is.

    Raises
    ------
    SettingsError
        If there are several to choose from, or there is none of that name.
    """
    if asked is None and len(settings.dogs) > 1:
        msg = f"--dog: expected one of {', '.join(settings.dogs)}"
        raise SettingsError(msg)
    return known_dog(asked, settings) or next(iter(settings.dogs), "dog")


def known_dog(asked: str | None, settings: Settings) -> str | None:
    """Return the dog that was asked for, if any; where no dogs are set up, any name will do.

    Raises
    ------
    SettingsError
        If there is none of that name.
    """
    if asked is not None and settings.dogs and asked not in settings.dogs:
        msg = f"--dog: got {asked!r}, expected one of {', '.join(settings.dogs)}"
        raise SettingsError(msg)
    return asked


def print_json(value: object) -> None:
    """Print data for other programs: no colours, no wrapping."""
    out.out(json.dumps(value, indent=2, ensure_ascii=False), highlight=False)


def print_error(error: Exception | str, what: str = "error") -> None:
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


def print_saved(path: Path, text: str, what: str) -> None:
    """Write a text file and say so.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise InputError(msg) from error
    err.print(f"{path}: {what}", markup=False, soft_wrap=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else may read; all of it or nothing.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(text)
        fresh.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise InputError(msg) from error
