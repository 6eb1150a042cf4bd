"""Any text table with columns for x, y and z, with or without times and header."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.model import FloatArray
from analysis.units import G_PER_UNIT
from ingest.recordings.formats.base import Block, FormatSpec, ReadOptions, refuse
from ingest.recordings.formats.text.layout import HEAD_LINES, Layout, find_layout
from ingest.recordings.formats.text.lines import Chunk, chunks
from ingest.recordings.formats.text.rows import BadRows, parse
from ingest.recordings.formats.text.scale import find_unit
from ingest.recordings.formats.text.times import TimeScale, find_scale

_TEXT_BYTES = re.compile(rb"[^\0]*\d[^\0]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that the first rows of a file tell about the rest."""

    layout: Layout
    scale: TimeScale | None
    unit: str
    rate_hz: float | None
    notes: tuple[str, ...]


def sniff(head: bytes, path: Path) -> bool:
    """Return whether a file could be a text table."""
    return path.suffix.lower() in SPEC.suffixes or _TEXT_BYTES.match(head) is not None


def read(path: Path, options: ReadOptions) -> Iterator[Block]:
    """Yield the samples of a text table.

    Raises
    ------
    RecordingError
        If there is no table in it, its unit or times cannot be told, or too many rows are bad.
    """
    bad = BadRows(path, options.bad_share)
    plan: Plan | None = None
    n_before = 0
    for chunk in chunks(path):
        rows = chunk
        if plan is None:
            plan = _plan(path, chunk, options)
            n_skip = plan.layout.n_before
            rows = Chunk(first_line=1 + n_skip, lines=chunk.lines[n_skip:])
        block = _block(rows, plan, (options, n_before), bad)
        n_before += len(block.times_s)
        # What was good is kept even if this is where reading stops.
        error = bad.verdict()
        if len(block.times_s):
            yield block
        if error is not None:
            raise error
    if n_before == 0:
        raise refuse(path, "no samples in it")


def _block(chunk: Chunk, plan: Plan, place: tuple[ReadOptions, int], bad: BadRows) -> Block:
    values, times_s = parse(chunk, plan.layout, plan.scale, bad)
    options, n_before = place
    if times_s is None:
        # A file without times can only be dated by counting.
        counts = np.arange(n_before, n_before + len(values), dtype=np.float64)
        times_s = (options.start_s or 0.0) + counts / (plan.rate_hz or 1.0)
    first = plan.notes if n_before == 0 else ()
    dropped = bad.notes() if bad.verdict() is None else ()
    return Block(
        times_s=times_s,
        acceleration_g=values * G_PER_UNIT[plan.unit],
        rate_hz=plan.rate_hz,
        notes=first + dropped,
    )


def _plan(path: Path, chunk: Chunk, options: ReadOptions) -> Plan:
    layout = find_layout(chunk.lines, options)
    if isinstance(layout, str):
        raise refuse(path, layout, line=1)
    first = chunk.first_line + layout.n_before
    head = Chunk(first_line=first, lines=chunk.lines[layout.n_before :][: 20 * HEAD_LINES])
    scale = _scale(path, head, layout, options)
    values = _sound_values(head, layout, scale, path)
    try:
        unit, guessed = find_unit(values, options.unit or layout.columns.unit)
    except ValueError as error:
        raise refuse(path, f"{error}; say --unit", line=first) from error
    dated = scale.note if scale is not None else _undated(options)
    return Plan(
        layout=layout,
        scale=scale,
        unit=unit,
        rate_hz=options.rate_hz,
        notes=tuple(note for note in (guessed, dated) if note),
    )


def _undated(options: ReadOptions) -> str | None:
    return None if options.start_s is not None else "no times, dated from 1970-01-01; give --start"


def _scale(path: Path, head: Chunk, layout: Layout, options: ReadOptions) -> TimeScale | None:
    time = layout.columns.time
    line = head.first_line
    if time is None:
        if options.rate_hz is None:
            raise refuse(path, "no time column; give --rate-hz", line=line)
        return None
    rows = [layout.fields(text) for text in head.lines]
    texts = [row[time] for row in rows if len(row) == layout.n_fields]
    scale = find_scale(texts[:HEAD_LINES], layout.columns.time_unit, options)
    if isinstance(scale, str):
        raise refuse(path, scale, line=line)
    return scale


def _sound_values(head: Chunk, layout: Layout, scale: TimeScale | None, path: Path) -> FloatArray:
    trial = BadRows(path, 1.0)
    values, _ = parse(head, layout, scale, trial)
    if not len(values):
        line, cause = trial.new[0] if trial.new else (head.first_line, "no rows")
        raise refuse(path, cause, line=line)
    return values


SPEC = FormatSpec(
    name="csv",
    title="text table",
    suffixes=(".csv", ".tsv", ".txt"),
    sniff=sniff,
    read=read,
    example=b"time_s,x_g,y_g,z_g\n"
    + b"".join(b"%.2f,0.0,0.1,0.99\n" % (1_700_000_000 + i / 50) for i in range(200)),
    rank=9,
)
