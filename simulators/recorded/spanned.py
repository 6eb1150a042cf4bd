"""Files that `spryhound replay` reads, cut by a second table of times and labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from analysis.errors import RecordingError
from analysis.model import FloatArray
from ingest.recordings.formats.base import Block, ReadOptions
from ingest.recordings.reader import open_recording
from ingest.recordings.segments import Segments
from simulators.recorded.manifest import Recording, SpanTable
from simulators.recorded.tables import Rows


@dataclass(frozen=True, slots=True)
class _Span:
    label: str
    start_s: float
    end_s: float


def spanned(folder: Path, recording: Recording) -> Iterator[tuple[str, float, FloatArray]]:
    """Yield the label as the second table has it, the rate and the acceleration of each span.

    A span with a hole in it comes in pieces.

    Raises
    ------
    RecordingError
        If either cannot be read.
    """
    if recording.spans is None:
        return
    spans = list(_spans(folder / recording.spans.file, recording.spans, recording.separator))
    opened = open_recording(folder / recording.file, ReadOptions(rate_hz=recording.rate_hz))
    blocks = (each for each in opened.spec.read(opened.path, opened.options))
    origin_s = 0.0 if recording.spans.counted_from == "1970" else None
    times_s: list[FloatArray] = []
    values_g: list[FloatArray] = []
    for run in Segments(opened.rate_hz).runs(each for each in blocks if isinstance(each, Block)):
        if origin_s is None:
            origin_s = float(run.times_s[0])
        if run.is_new and times_s:
            yield from _cut(times_s, values_g, spans, origin_s, opened.rate_hz)
            times_s, values_g = [], []
        times_s.append(run.times_s)
        values_g.append(run.acceleration_g)
    if times_s:
        yield from _cut(times_s, values_g, spans, origin_s or 0.0, opened.rate_hz)


def _cut(
    times_s: Sequence[FloatArray],
    values_g: Sequence[FloatArray],
    spans: Sequence[_Span],
    origin_s: float,
    rate_hz: float,
) -> Iterator[tuple[str, float, FloatArray]]:
    at_s, of_all_g = np.concatenate(times_s) - origin_s, np.concatenate(values_g)
    for span in spans:
        inside = (at_s >= span.start_s) & (at_s < span.end_s)
        if inside.any():
            yield span.label, rate_hz, of_all_g[inside]


def _spans(path: Path, table: SpanTable, separator: str) -> Iterator[_Span]:
    columns = (table.start_column, table.end_column, table.label_column)
    for line, (start, end, label) in Rows(path, columns, separator):
        yield _Span(label, _time_s(start, path, line), _time_s(end, path, line))


def _time_s(text: str, path: Path, line: int) -> float:
    """Return a time in seconds, be it a number or a date, which is UTC without a zone."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"{path.name}: line {line}: {text!r} is neither seconds nor a date"
        raise RecordingError(msg) from error
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
