"""From the rows of a table to stretches, by how the table is laid out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np

from analysis.errors import RecordingError
from analysis.model import FloatArray
from simulators.recorded.gaits import spans
from simulators.recorded.manifest import TIME_UNITS_S, UNITS_G, Recording
from simulators.recorded.spanned import spanned
from simulators.recorded.stretch import Stretch
from simulators.recorded.tables import Rows, number_of

_HOLE_PERIODS = 3.0
"""A step in time longer than so many periods is a hole, and a stretch has none."""
_LEAST_SAMPLES = 10


@dataclass(frozen=True, slots=True)
class _Of:
    """What a row belongs to; a stretch ends where this changes."""

    dog: str
    session: str
    segment: str
    label: str


@dataclass(slots=True)
class _Run:
    """Rows in a row that belong to the same."""

    of: _Of
    times_s: list[float] = field(default_factory=list)
    rows_g: list[tuple[float, float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Segment:
    label: str
    jumps_s: tuple[float, ...]


def stretches(folder: Path, recording: Recording) -> Iterator[Stretch]:
    """Yield the stretches of one file.

    Raises
    ------
    RecordingError
        If the file cannot be read, or does not hold what the manifest says.
    """
    segments = _segments(folder, recording)
    pieces = _spans(folder, recording) if recording.spans else _pieces(folder, recording, segments)
    number = 0
    for of, rate_hz, piece_g in pieces:
        played_g = _part(piece_g, recording.part)
        for label, acceleration_g in _by_gait(played_g, rate_hz, of.label, recording):
            if len(acceleration_g) < max(_LEAST_SAMPLES, recording.least_s * rate_hz):
                continue
            yield Stretch(
                id=f"{recording.file}:{recording.part[0]:g}:{number}",
                acceleration_g=acceleration_g,
                rate_hz=rate_hz,
                label=label,
                species=recording.species,
                dog=of.dog,
                session=of.session,
                placement=recording.placement,
                licence=recording.licence,
                may_ship=recording.may_ship,
                half=recording.half_of(of.dog, of.session),
                jumps_s=segments[of.segment].jumps_s if segments else (),
            )
            number += 1


def _pieces(
    folder: Path, recording: Recording, segments: Mapping[str, _Segment]
) -> Iterator[tuple[_Of, float, FloatArray]]:
    """Yield what each piece without a hole is of, its rate, and its acceleration."""
    for run in _runs(folder / recording.file, recording, segments):
        for piece in _without_holes(run, recording):
            rate_hz = recording.rate_hz or _rate_hz(piece.times_s, recording.file)
            yield piece.of, rate_hz, np.array(piece.rows_g)


def _spans(folder: Path, recording: Recording) -> Iterator[tuple[_Of, float, FloatArray]]:
    """Yield the same of a device's file by the times in a second table."""
    for theirs, rate_hz, acceleration_g in spanned(folder, recording):
        label = (recording.labels or {}).get(theirs, "")
        if label:
            of = _Of(recording.dog, recording.session, "", label)
            yield of, rate_hz, acceleration_g


def _segments(folder: Path, recording: Recording) -> Mapping[str, _Segment]:
    """Return what the second table says of each segment; nothing if there is none."""
    table = recording.segments
    if table is None:
        return {}
    path = folder / table.file
    found: dict[str, _Segment] = {}
    columns = (table.segment_column, table.label_column, table.jump_column)
    for line, (segment, label, jump) in Rows(path, columns, recording.separator):
        before = found.get(segment, _Segment(label=label, jumps_s=()))
        at_s = (number_of(jump, path, line),) if jump else ()
        found[segment] = replace(before, jumps_s=(*before.jumps_s, *at_s))
    return found


def _runs(path: Path, recording: Recording, segments: Mapping[str, _Segment]) -> Iterator[_Run]:
    columns = (
        *(recording.columns or ()),
        *(recording.time, recording.dog_column, recording.session_column),
        *(recording.segment_column, recording.label_column),
    )
    unit_g = UNITS_G[recording.unit]
    unit_s = TIME_UNITS_S[recording.time_unit]
    run: _Run | None = None
    before: list[str] = []
    for line, (x, y, z, time, *which) in Rows(path, columns, recording.separator):
        if run is None or which != before:
            if run is not None and run.of.label:
                yield run
            before = which
            run = _Run(_of(which, recording, segments, f"{path.name}: line {line}"))
        if not run.of.label:
            continue
        try:
            run.rows_g.append((float(x) * unit_g, float(y) * unit_g, float(z) * unit_g))
            if recording.time is not None:
                run.times_s.append(float(time) * unit_s)
        except ValueError as error:
            msg = f"{path.name}: line {line}: {error}"
            raise RecordingError(msg) from error
    if run is not None and run.of.label:
        yield run


def _of(
    which: list[str], recording: Recording, segments: Mapping[str, _Segment], place: str
) -> _Of:
    """Return what a row is of, its label in our words, an empty one if it is not wanted."""
    dog, session, segment, theirs = which
    if segments:
        if segment not in segments:
            msg = f"{place}: segment {segment!r} is in no row of the second table"
            raise RecordingError(msg)
        theirs = segments[segment].label
    label = recording.label or (recording.labels or {}).get(theirs, "")
    return _Of(dog or recording.dog, session or recording.session, segment, label)


def _without_holes(run: _Run, recording: Recording) -> Iterator[_Run]:
    """Yield a run in pieces without a hole in time, all of it where there are no times."""
    if len(run.times_s) < 2:
        yield run
        return
    steps_s = [after - before for before, after in pairwise(run.times_s)]
    period_s = 1.0 / recording.rate_hz if recording.rate_hz else median(steps_s)
    longest_s = _HOLE_PERIODS * period_s
    # A clock that jumps back is a hole too.
    ends = [n for n, step_s in enumerate(steps_s, 1) if not -period_s <= step_s <= longest_s]
    for first, end in pairwise((0, *ends, len(run.times_s))):
        yield _Run(run.of, run.times_s[first:end], run.rows_g[first:end])


def _by_gait(
    acceleration_g: FloatArray, rate_hz: float, label: str, recording: Recording
) -> Iterator[tuple[str, FloatArray]]:
    """Yield a stretch with its label, a walk in pieces if its trots are to be told apart."""
    if label != "walk" or recording.trot_from_hz is None:
        yield label, acceleration_g
        return
    for first, end, is_trot in spans(acceleration_g, rate_hz, recording.trot_from_hz):
        yield "trot" if is_trot else "walk", acceleration_g[first:end]


def _rate_hz(times_s: list[float], file: str) -> float:
    lasted_s = times_s[-1] - times_s[0]
    if not lasted_s > 0:
        msg = f"{file}: its times do not go on, so that they tell no rate"
        raise RecordingError(msg)
    return (len(times_s) - 1) / lasted_s


def _part(acceleration_g: FloatArray, part: tuple[float, float]) -> FloatArray:
    n = len(acceleration_g)
    return acceleration_g[round(part[0] * n) : round(part[1] * n)]
