"""`spryhound secret`: a password that nobody guesses, in a file that nobody else reads."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError
from ingest.cli.common import cli_errors, err, write_private

_N_BYTES = 24


def command(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="File to write.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Make a random password, for `password_file` or `token_file` in the settings.

    Example: spryhound secret web.password
    """
    with cli_errors():
        if to.exists() and not force:
            msg = f"{to} exists; --force replaces it"
            raise InputError(msg)
        write_private(to, f"{secrets.token_urlsafe(_N_BYTES)}\n")
        err.print(f"{to} holds a new password; you alone may read it.", markup=False)
