"""GENEActiv .bin files, page by page."""

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.sources.formats.base import Block, FormatSpec, ReadOptions, refuse
from ingest.sources.formats.binary.slices import Slice, decode
from ingest.sources.formats.text.times import zone_offset_s

SLICE_PAGES = 200
LINE_BYTES = 65_536
_PAGE = b"Recorded Data"
_ZONE = re.compile(r"GMT ?([+-])(\d\d):(\d\d)")
_RANGE = re.compile(r"to (\d+)")


def sniff(head: bytes, path: Path) -> bool:  # noqa: ARG001  # every format is asked the same way
    """Return whether a file starts as GENEActiv's do."""
    return head.startswith(b"Device Identity")


def read(path: Path, options: ReadOptions) -> Iterator[Block]:
    """Yield the accelerations of a GENEActiv file, calibrated by the numbers in its header.

    Its clock keeps the local time of the zone in the header.

    Raises
    ------
    RecordingError
        If there is no decoder, or nothing can be read.
    """
    n_samples = 0
    offset_s: float | None = None
    for data in _slices(path):
        piece = decode(path, data)
        if not len(piece.times_s):
            continue
        notes: tuple[str, ...] = ()
        if offset_s is None:
            offset_s, note = _offset_s(path, piece, options)
            notes = (note,)
        if piece.warnings:
            notes = (*notes, f"{len(piece.warnings)} pages are damaged: {piece.warnings[0][:80]}")
        n_samples += len(piece.times_s)
        found = _RANGE.search(piece.text("Device Capabilities", "Accelerometer Range"))
        yield Block(
            times_s=piece.times_s - offset_s,
            acceleration_g=piece.acceleration_g,
            range_g=float(found[1]) if found else None,
            notes=notes,
        )
    if n_samples == 0:
        raise refuse(path, "no acceleration in it")


def _slices(path: Path) -> Iterator[bytes]:
    """Yield the file in slices of some hundred pages, each behind the header."""
    header: list[bytes] = []
    pages: list[bytes] = []
    n_pages = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(LINE_BYTES):
                if line.startswith(_PAGE):
                    if n_pages == SLICE_PAGES:
                        yield b"".join(header + pages)
                        pages, n_pages = [], 0
                    n_pages += 1
                (pages if n_pages else header).append(line)
                if len(header) + len(pages) > 20 * (SLICE_PAGES + 10):
                    raise refuse(path, f"too many lines near byte {file.tell()}, expected pages")
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror or error}") from error
    yield b"".join(header + pages)


def _offset_s(path: Path, piece: Slice, options: ReadOptions) -> tuple[float, str]:
    zone = piece.text("Configuration Info", "Time Zone")
    found = _ZONE.search(zone)
    if options.zone is None and found is not None:
        size_s = 3600.0 * int(found[2]) + 60.0 * int(found[3])
        return (size_s if found[1] == "+" else -size_s), f"times are local, read as {zone}"
    offset_s = zone_offset_s(options.zone or "UTC", float(piece.times_s[0]))
    if isinstance(offset_s, str):
        raise refuse(path, offset_s)
    return offset_s, f"times are local, read as {options.zone or 'UTC'}"


SPEC = FormatSpec(
    name="geneactiv_bin",
    title="GENEActiv",
    suffixes=(".bin",),
    sniff=sniff,
    read=read,
)
