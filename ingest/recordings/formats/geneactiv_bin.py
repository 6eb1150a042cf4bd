"""GENEActiv .bin files, page by page."""

import re
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import RecordingError
from ingest.recordings.formats.base import Block, FormatSpec, ReadOptions, refuse
from ingest.recordings.formats.binary.slices import Slice, decode
from ingest.recordings.formats.text.times import zone_offset_s

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
    for header, pages in _slices(path):
        for piece, damage in _decoded(path, header, pages):
            notes = (damage,) if damage else ()
            if offset_s is None:
                offset_s, zone = _offset_s(path, piece, options)
                notes = (*notes, zone)
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


def _decoded(path: Path, header: bytes, pages: list[bytes]) -> Iterator[tuple[Slice, str | None]]:
    """Yield what some pages hold, and a note if they are damaged.

    The decoder counts lines, so one lost line would spoil all pages after it, without a word;
    pages that do not all come out together are therefore decoded one by one.
    """
    whole = decode(path, header + b"".join(pages))
    if not whole.warnings and len(whole.page_times_s) >= len(pages):
        if len(whole.times_s):
            yield whole, None
        return
    n_lost = 0
    for page in pages:
        try:
            piece = decode(path, header + page)
        except RecordingError:
            n_lost += 1
            continue
        n_lost += len(piece.times_s) == 0
        if len(piece.times_s):
            note = f"{n_lost} damaged pages were dropped" if n_lost else None
            n_lost = 0
            yield piece, note


def _slices(path: Path) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield the header, and the file's pages some hundred at a time."""
    header: list[bytes] = []
    pages: list[list[bytes]] = []
    n_lines = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(LINE_BYTES):
                if line.startswith(_PAGE):
                    if len(pages) == SLICE_PAGES:
                        yield b"".join(header), [b"".join(page) for page in pages]
                        pages, n_lines = [], 0
                    pages.append([])
                (pages[-1] if pages else header).append(line)
                n_lines += 1
                if n_lines > 20 * (SLICE_PAGES + 10):
                    raise refuse(path, f"too many lines near byte {file.tell()}, expected pages")
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror or error}") from error
    yield b"".join(header), [b"".join(page) for page in pages]


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
