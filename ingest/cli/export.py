"""`spryhound export`: the journal's packets as a recording that can be replayed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import StoreError
from ingest.app.bootstrap import database_path
from ingest.cli.common import ConfigOption, out, progress, read_settings, told_plainly
from ingest.clock import SystemClock
from ingest.recordings.formats.base import RecordedPacket
from ingest.recordings.reader import write_recording
from ingest.storage.journal import Journal


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
    with told_plainly():
        path = database_path(read_settings(config))
        if not path.exists():
            msg = f"{path}: there is no journal yet"
            raise StoreError(msg)
        with Journal(path, SystemClock()) as journal, progress("exporting"):
            n_packets = write_recording(_packets(journal, collar), file)
    out.print(f"{file}: {n_packets} packets")


def _packets(journal: Journal, collar: str | None) -> Iterator[RecordedPacket]:
    for packet in journal.packets():
        if collar is None or packet.collar == collar:
            yield RecordedPacket(
                collar=packet.collar,
                arrival_s=packet.arrival_s,
                content_type=packet.content_type,
                payload=packet.payload,
            )
