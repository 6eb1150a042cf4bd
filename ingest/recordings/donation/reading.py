"""Reads a package, and refuses with the name and the place whatever is wrong in it."""

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import numpy as np

from analysis.errors import RecordingError
from analysis.model import FloatArray
from ingest.recordings.donation import layout
from ingest.recordings.donation.private import UNKNOWN, Participant
from ingest.recordings.donation.stretch import Stretch, StretchLabel

MOST_BYTES = 1 << 27
"""Of one member, unpacked: an hour at 400 Hz has less."""
MOST_SAMPLES = 2 * 3600 * 400
"""Of one stretch: two hours at the highest rate."""
MOST_STRETCHES = 100_000

_MOTION = re.compile(
    r"motion/sub-(?P<subject>[0-9a-z]+)_task-home_tracksys-collar(?P<number>[0-9]{1,6})"
    r"_run-(?P<run>[0-9]{1,8})_motion\.tsv"
)
_BROKEN = (
    BadZipFile, EOFError, KeyError, NotImplementedError, OSError, OverflowError, RuntimeError,
    ValueError, zlib.error,
)  # fmt: skip
"""What the archive's reader raises on damaged bytes. A wrong value is a `RecordingError`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Package:
    """A donated package.

    Attributes
    ----------
    participant
        What is said of the dog.
    stretches
        In the order in which they begin.
    """

    participant: Participant
    stretches: tuple[Stretch, ...]


def read_package(path: Path) -> Package:
    """Return a package, all of it in memory.

    Raises
    ------
    RecordingError
        If it is no package, or anything in it is wrong.
    """
    with _opened(path) as members:
        return Package(participant=_participant(members), stretches=tuple(_stretches(members)))


def package_participant(path: Path) -> Participant:
    """Return what a package says of its dog.

    Raises
    ------
    RecordingError
        If it is no package.
    """
    with _opened(path) as members:
        return _participant(members)


def package_stretches(path: Path) -> Iterator[Stretch]:
    """Yield the stretches of a package one after the other, as `read_package` would return them.

    Raises
    ------
    RecordingError
        If it is no package, or the next stretch is wrong.
    """
    with _opened(path) as members:
        _participant(members)
        yield from _stretches(members)


class _Members:
    """The files of a package, each with its name in every error."""

    def __init__(self, path: Path, archive: ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._names = frozenset(archive.namelist())

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def refusal(self, name: str, cause: str) -> RecordingError:
        """Return the error for one of them."""
        # A name comes from the archive; what it holds must not break the line.
        shown = name if name.isprintable() else repr(name)
        return RecordingError(f"{self._path}: {shown}: {cause}")

    def text(self, name: str) -> str:
        """Return a file as text."""
        if name not in self._names:
            raise self.refusal(name, "is missing")
        try:
            member = self._archive.getinfo(name)
            if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
                raise self.refusal(name, "is packed in another way than by deflate")
            if member.file_size > MOST_BYTES:
                raise self.refusal(name, f"has more than {MOST_BYTES} bytes")
            with self._archive.open(name) as file:
                data = file.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise self.refusal(name, f"has more than {MOST_BYTES} bytes")
            return data.decode("utf-8")
        except RecordingError:
            raise
        except _BROKEN as error:
            raise self.refusal(name, f"cannot be read: {_cause(error)}") from error

    def json(self, name: str) -> Mapping[str, Any]:
        """Return a JSON file that holds an object."""
        try:
            found = json.loads(self.text(name))
        except (json.JSONDecodeError, RecursionError) as error:
            raise self.refusal(name, f"is no JSON: {_cause(error)}") from error
        if not isinstance(found, dict):
            raise self.refusal(name, f"holds {type(found).__name__}, expected an object")
        return found

    def table(self, name: str, required: tuple[str, ...]) -> list[dict[str, str]]:
        """Return a table's rows by the names of its columns; others than those are allowed."""
        lines = self.text(name).splitlines()
        columns = lines[0].split("\t") if lines else []
        missing = [each for each in required if each not in columns]
        if missing:
            raise self.refusal(name, f"has no column {missing[0]!r}")
        rows = [line.split("\t") for line in lines[1:]]
        for number, row in enumerate(rows, start=2):
            if len(row) != len(columns):
                cause = f"line {number} has {len(row)} cells, expected {len(columns)}"
                raise self.refusal(name, cause)
        return [dict(zip(columns, row, strict=True)) for row in rows]


@contextmanager
def _opened(path: Path) -> Iterator[_Members]:
    try:
        archive = ZipFile(path)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror or error}"
        raise RecordingError(msg) from error
    except _BROKEN as error:
        msg = f"{path}: no donated package: {_cause(error)}"
        raise RecordingError(msg) from error
    with archive:
        members = _Members(path, archive)
        described = members.json(layout.DESCRIPTION)
        if described.get("SpryhoundFormat") != layout.FORMAT:
            raise members.refusal(layout.DESCRIPTION, f"is not of a {layout.FORMAT}")
        if described.get("SpryhoundFormatVersion") != layout.VERSION:
            found = described.get("SpryhoundFormatVersion")
            cause = f"format version is {found!r}, expected {layout.VERSION}"
            raise members.refusal(layout.DESCRIPTION, cause)
        yield members


def _participant(members: _Members) -> Participant:
    name = "participants.tsv"
    rows = members.table(name, layout.PARTICIPANT_COLUMNS)
    if len(rows) != 1:
        raise members.refusal(name, f"has {len(rows)} dogs, expected one")
    (row,) = rows
    if not re.fullmatch(r"sub-[0-9a-z]+", row["participant_id"]):
        cause = f"participant_id is {row['participant_id']!r}, expected such as sub-1f"
        raise members.refusal(name, cause)
    return Participant(
        id=row["participant_id"].removeprefix("sub-"),
        height_cm=row["height_cm"],
        weight_band_kg=row["weight_band_kg"],
        age_band_years=row["age_band_years"],
    )


def _stretches(members: _Members) -> Iterator[Stretch]:
    subject = _participant(members).id
    scans = f"sub-{subject}/sub-{subject}_scans.tsv"
    rows = members.table(scans, layout.SCAN_COLUMNS)
    if not 1 <= len(rows) <= MOST_STRETCHES:
        cause = f"has {len(rows)} stretches, expected 1 to {MOST_STRETCHES}"
        raise members.refusal(scans, cause)
    for row in rows:
        found = _MOTION.fullmatch(row["filename"])
        if found is None or found["subject"] != subject:
            raise members.refusal(scans, f"filename {row['filename']!r} is of no stretch")
        collar, run = f"collar-{int(found['number'])}", int(found["run"])
        names = layout.Names(subject=subject, collar=collar, run=run)
        yield _stretch(members, names, _start(members, scans, row["acq_time"]))


def _start(members: _Members, name: str, text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise members.refusal(name, f"acq_time {text!r} is no time") from error
    if start.tzinfo is not None or not 1900 <= start.year < 1926:
        cause = f"acq_time {text!r}, expected a shifted time from 1900 to 1925, without an offset"
        raise members.refusal(name, cause)
    return start


def _stretch(members: _Members, names: layout.Names, start: datetime) -> Stretch:
    name = names.path("motion", "json")
    sidecar = members.json(name)
    nominal_hz = _number(members, name, sidecar, "SamplingFrequency")
    rate_hz = _number(members, name, sidecar, "SamplingFrequencyEffective")
    has_range = sidecar.get("SpryhoundRangeG") is not None
    range_g = _number(members, name, sidecar, "SpryhoundRangeG") if has_range else None
    _check_channels(members, names.path("channels", "tsv"))
    events, motion = names.path("events", "tsv"), names.path("motion", "tsv")
    labels = tuple(_labels(members, events)) if events in members else ()
    acceleration_g = _samples(members, motion)
    try:
        return Stretch(
            collar=names.collar,
            start=start,
            nominal_hz=nominal_hz,
            rate_hz=rate_hz,
            acceleration_g=acceleration_g,
            range_g=range_g,
            labels=labels,
        )
    except RecordingError as error:
        raise members.refusal(motion, str(error)) from error


def _check_channels(members: _Members, name: str) -> None:
    rows = members.table(name, layout.CHANNEL_COLUMNS[:5])
    found = [(row["name"], row["type"], row["units"]) for row in rows]
    expected = [(each, "ACCEL", "g") for each in layout.CHANNELS]
    if found != expected:
        raise members.refusal(name, f"channels are {found}, expected {expected}")


def _samples(members: _Members, name: str) -> FloatArray:
    lines = members.text(name).splitlines()
    if not 1 <= len(lines) <= MOST_SAMPLES:
        raise members.refusal(name, f"has {len(lines)} samples, expected 1 to {MOST_SAMPLES}")
    for number, line in enumerate(lines, start=1):
        n_cells = line.count("\t") + 1
        if n_cells != len(layout.CHANNELS):
            cause = f"line {number} has {n_cells} cells, expected {len(layout.CHANNELS)}"
            raise members.refusal(name, cause)
    try:
        return np.loadtxt(lines, delimiter="\t", comments=None, ndmin=2)
    except ValueError as error:
        raise members.refusal(name, f"is no table of numbers: {_cause(error)}") from error


def _labels(members: _Members, name: str) -> Iterator[StretchLabel]:
    for number, row in enumerate(members.table(name, layout.EVENT_COLUMNS), start=2):
        try:
            yield StretchLabel(
                what=row["trial_type"],
                onset_s=float(row["onset"]),
                duration_s=float(row["duration"]),
                grade=_known(row["grade"]),
                note=_known(row["note"]),
            )
        except ValueError as error:
            raise members.refusal(name, f"line {number}: {_cause(error)}") from error


def _number(members: _Members, name: str, sidecar: Mapping[str, Any], key: str) -> float:
    value = sidecar.get(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # Nothing that is measured here is larger; a huge whole number is no float at all.
    if value is None or not is_number or not -1e9 < value < 1e9:
        raise members.refusal(name, f"{key} is {str(value)[:80]!r}, expected a number")
    return float(value)


def _known(cell: str) -> str:
    return "" if cell == UNKNOWN else cell


def _cause(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
