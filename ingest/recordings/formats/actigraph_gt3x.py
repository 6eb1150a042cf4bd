"""ActiGraph .gt3x: known, and refused with the way out."""

from collections.abc import Iterator
from pathlib import Path

from ingest.recordings.formats.base import Block, FormatSpec, ReadOptions, refuse


def sniff(head: bytes, path: Path) -> bool:
    """Return whether a file is a .gt3x, which is a ZIP archive."""
    return path.suffix.lower() == ".gt3x" or head.startswith(b"PK\x03\x04")


def read(path: Path, options: ReadOptions) -> Iterator[Block]:  # noqa: ARG001  # one signature
    """Refuse the file: no reader under a free licence gets the samples of every variant.

    Raises
    ------
    RecordingError
        Always.
    """
    raise refuse(path, ".gt3x is not read; export it as RAW CSV in ActiLife and replay that")


SPEC = FormatSpec(
    name="actigraph_gt3x",
    title="ActiGraph .gt3x (export RAW CSV instead)",
    suffixes=(".gt3x",),
    sniff=sniff,
    read=read,
)
