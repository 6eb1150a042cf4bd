"""`spryhound backup` and `restore`: the store as one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from ingest.app.bootstrap import database_path
from ingest.cli.common import ConfigOption, err, out, progress, read_settings, told_plainly
from ingest.storage.backup import back_up, restore

_MB = 1 << 20


def backup_command(
    file: Annotated[
        Path, typer.Argument(help="File to write, such as rex.backup.", show_default=False)
    ],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    config: ConfigOption = None,
) -> None:
    """Copy the store, with all results and packets, into one file.

    The daemon may be running. The copy is looked through before the command ends.

    Example: spryhound backup rex.backup
    """
    with told_plainly():
        path = database_path(read_settings(config))
        with progress("copying"):
            n_bytes = back_up(path, file, force=force)
    out.print(f"{file}: {n_bytes / _MB:.1f} MB, sound", markup=False, soft_wrap=True)


def restore_command(
    file: Annotated[Path, typer.Argument(help="A file of `backup`.", show_default=False)],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the store that is there; it is kept aside.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Put a backup in the place of the store; no daemon may run on it.

    Example: spryhound restore rex.backup
    """
    with told_plainly():
        path = database_path(read_settings(config))
        with progress("copying"):
            kept = restore(file, path, force=force)
    if kept is not None:
        err.print(f"The store before is kept: {kept}", markup=False, soft_wrap=True)
    out.print(f"{path} is as in {file}; start the daemon.", markup=False, soft_wrap=True)
