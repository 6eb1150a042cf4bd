"""`spryhound backup`, `restore` and `export`: the store as one file, and its packets as another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from ingest.app.home import database_path, existing_database
from ingest.cli.common import ConfigOption, cli_errors, err, out, progress, read_settings
from ingest.clock import SystemClock
from ingest.packets.envelope import EncodedPacket
from ingest.recordings.reader import write_recording
from ingest.storage.backup import back_up, restore
from ingest.storage.journal import Journal

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
    with cli_errors():
        path = existing_database(read_settings(config))
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
    with cli_errors():
        path = database_path(read_settings(config))
        with progress("copying"):
            kept = restore(file, path, force=force)
    if kept is not None:
        err.print(f"The store before is kept: {kept}", markup=False, soft_wrap=True)
    out.print(f"{path} is as in {file}; start the daemon.", markup=False, soft_wrap=True)


def command(
    file: Annotated[
        Path, typer.Argument(help="Recording to write, such as rex.cborseq.", show_default=False)
    ],
    *,
    config: ConfigOption = None,
    collar: Annotated[str | None, typer.Option(help="Only this collar's packets.")] = None,
) -> None:
    """Write every packet that the journal still holds into one recording.

    It can be replayed here or elsewhere, with the same results. The daemon may be running.

    Example: spryhound export rex.cborseq --collar collar1
    """
    with cli_errors():
        path = existing_database(read_settings(config))
        with Journal(path, SystemClock()) as journal, progress("exporting"):
            n_packets = write_recording(_packets(journal, collar), file)
    out.print(f"{file}: {n_packets} packets")


def _packets(journal: Journal, collar: str | None) -> Iterator[EncodedPacket]:
    for _, packet in journal.packets():
        if collar is None or packet.collar == collar:
            yield packet
