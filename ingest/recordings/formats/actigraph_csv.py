"""ActiGraph RAW CSV: ten lines of header, no times, one row a sample."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np

from ingest.recordings.formats.base import Block, FormatSpec, ReadOptions, refuse
from ingest.recordings.formats.text.columns import Columns
from ingest.recordings.formats.text.layout import Layout
from ingest.recordings.formats.text.lines import Chunk, chunks
from ingest.recordings.formats.text.rows import BadRows, parse
from ingest.recordings.formats.text.scale import find_unit
from ingest.recordings.formats.text.times import zone_offset_s

HEADER_LINES = 10
_RATE = re.compile(r"at (\d+(?:\.\d+)?) Hz")
_ORDER = re.compile(r"date format (\S+)")
_STRPTIME = {
    "M/d/yyyy": "%m/%d/%Y",
    "MM/dd/yyyy": "%m/%d/%Y",
    "d/M/yyyy": "%d/%m/%Y",
    "dd/MM/yyyy": "%d/%m/%Y",
    "d.M.yyyy": "%d.%m.%Y",
    "dd.MM.yyyy": "%d.%m.%Y",
    "d-M-yyyy": "%d-%m-%Y",
    "dd-MM-yyyy": "%d-%m-%Y",
    "yyyy-MM-dd": "%Y-%m-%d",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the first ten lines say; the start is in the logger's own zone."""

    rate_hz: float
    start_local_s: float


def sniff(head: bytes, path: Path) -> bool:  # noqa: ARG001  # every format is asked the same way
    """Return whether a file starts as ActiLife writes RAW CSV."""
    return head.startswith(b"-----") and b"ActiGraph" in head[:200]


def read(path: Path, options: ReadOptions) -> Iterator[Block]:
    """Yield the samples of an ActiGraph RAW CSV file, dated by the start in its header.

    Raises
    ------
    RecordingError
        If the header lacks rate or start, or too many rows are bad.
    """
    pieces = chunks(path)
    first = next(pieces, Chunk(first_line=1, lines=[]))
    header = _header(path, first.lines[:HEADER_LINES])
    zone = options.zone or "UTC"
    offset_s = zone_offset_s(zone, header.start_local_s)
    if isinstance(offset_s, str):
        raise refuse(path, offset_s)
    told_s = options.start_s
    start_s = header.start_local_s - offset_s if told_s is None else told_s
    n_skip = HEADER_LINES + first.lines[HEADER_LINES : HEADER_LINES + 1].count(_NAMES)
    body = Chunk(first_line=1 + n_skip, lines=first.lines[n_skip:])
    notes = () if told_s is not None else (f"times have no zone, read as {zone}",)
    bad = BadRows(path, options.bad_share)
    n_before = 0
    for chunk in chain([body], pieces):
        block = _block(chunk, replace(header, start_local_s=start_s), n_before, bad)
        if n_before == 0 and len(block.times_s):
            _check_unit(path, block)
            block = replace(block, notes=notes + block.notes)
        n_before += len(block.times_s)
        error = bad.verdict()
        if len(block.times_s):
            yield block
        if error is not None:
            raise error
    if n_before == 0:
        raise refuse(path, "no samples after the header")


_NAMES = "Accelerometer X,Accelerometer Y,Accelerometer Z"
_LAYOUT = Layout(
    separator=",", decimal_comma=False, n_fields=3, n_before=0,
    columns=Columns(time=None, axes=(0, 1, 2)),
)  # fmt: skip


def _block(chunk: Chunk, header: Header, n_before: int, bad: BadRows) -> Block:
    values, _ = parse(chunk, _LAYOUT, None, bad)
    counts = np.arange(n_before, n_before + len(values), dtype=np.float64)
    return Block(
        times_s=header.start_local_s + counts / header.rate_hz,
        acceleration_g=values,
        rate_hz=header.rate_hz,
        notes=bad.notes() if bad.verdict() is None else (),
    )


def _check_unit(path: Path, block: Block) -> None:
    try:
        find_unit(block.acceleration_g, "g")
    except ValueError as error:
        raise refuse(path, str(error)) from error


def _header(path: Path, lines: list[str]) -> Header:
    text = "\n".join(lines)
    rate, order = _RATE.search(text), _ORDER.search(text)
    clock = _after(lines, "Start Time")
    date = _after(lines, "Start Date")
    shape = _STRPTIME.get(order[1] if order else "M/d/yyyy")
    if rate is None or not float(rate[1]) > 0:
        raise refuse(path, "the header does not say '... at N Hz'", line=1)
    if shape is None:
        raise refuse(path, f"date format {order[1] if order else ''!r} is not known", line=1)
    try:
        start = datetime.strptime(f"{date} {clock}", f"{shape} %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        cause = f"start {date!r} {clock!r} is no date and time of the form {shape} HH:MM:SS"
        raise refuse(path, cause, line=3) from error
    return Header(rate_hz=float(rate[1]), start_local_s=start.timestamp())


def _after(lines: list[str], name: str) -> str:
    found = (line.removeprefix(name).strip(" ,") for line in lines if line.startswith(name))
    return next(found, "")


SPEC = FormatSpec(
    name="actigraph_csv",
    title="ActiGraph RAW CSV",
    suffixes=(".csv",),
    sniff=sniff,
    read=read,
    example=b"------------ Data File Created By ActiGraph GT3X+ ActiLife v6 date format M/d/yyyy"
    b" at 50 Hz  Filter Normal -----------\nSerial Number: X\nStart Time 11:55:00\n"
    b"Start Date 12/20/2021\nEpoch Period (hh:mm:ss) 00:00:00\nDownload Time 12:09:58\n"
    b"Download Date 12/20/2021\nCurrent Memory Address: 0\nCurrent Battery Voltage: 4.2\n"
    b"-----\nAccelerometer X,Accelerometer Y,Accelerometer Z\n" + 200 * b"0.0,0.1,-0.99\n",
)
