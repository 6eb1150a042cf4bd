"""Writes a package: stretches and labels in true time go in, nothing of it comes out as such."""

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from analysis.errors import InputError
from analysis.model import FloatArray
from ingest.processing.labels import Label
from ingest.recordings.donation import layout
from ingest.recordings.donation.cutting import Heard
from ingest.recordings.donation.private import UNKNOWN, Participant
from ingest.recordings.donation.shift import Shift
from ingest.recordings.donation.stretch import Stretch, StretchLabel

NEAR_S = 14 * 86_400.0
"""A label without samples is given if samples are so near: two weeks, as long as packets are kept.
One that is older says nothing of them, and would be in all packages of the dog."""
_MADE = (1980, 1, 1, 0, 0, 0)
"""When every member was made, as the archive says: the first moment that it can say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a package holds.

    Attributes
    ----------
    n_stretches, n_labels
        How many; a label that lies in several stretches is in each of them.
    duration_s
        Length of all stretches.
    """

    n_stretches: int
    n_labels: int
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """Where a stretch is, in the archive and in true time."""

    names: layout.Names
    start_s: float
    end_s: float


def write_package(
    path: Path,
    stretches: Iterable[Heard],
    labels: Sequence[Label],
    *,
    participant: Participant,
    shift: Shift,
) -> Written:
    """Write a package, whole or not at all.

    Parameters
    ----------
    labels
        Their texts as they may be read by others.

    Raises
    ------
    InputError
        If there is no stretch, or the file cannot be written.
    """
    part = path.with_name(f".{path.name}.new")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
            written = write_into(file, stretches, labels, participant=participant, shift=shift)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror or error}"
        raise InputError(msg) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return written


def write_into(
    file: IO[bytes],
    stretches: Iterable[Heard],
    labels: Sequence[Label],
    *,
    participant: Participant,
    shift: Shift,
) -> Written:
    """Write a package into an open file, as `write_package` does.

    Raises
    ------
    InputError
        If there is no stretch.
    """
    with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
        archive = _Archive(zipped)
        _add_head(archive, participant)
        placed = _add_stretches(archive, stretches, participant.id, shift)
        if not placed:
            msg = "nothing to give away: the store holds no samples of the time that was chosen"
            raise InputError(msg)
        n_labels = _add_events(archive, placed, labels)
    return Written(
        n_stretches=len(placed),
        n_labels=n_labels,
        duration_s=sum(each.end_s - each.start_s for each in placed),
    )


def labels_of_stretches(
    bounds_s: Sequence[tuple[float, float]], labels: Iterable[Label]
) -> list[list[StretchLabel]]:
    """Return the labels of each stretch, by onset: those that overlap it, cut to it.

    One that overlaps none, such as a visit to the vet without the collar, goes whole to the
    stretch that is nearest, if that is within `NEAR_S`.

    Examples
    --------
    >>> jump = Label(what="jump", start_s=5.0, end_s=5.0)
    >>> labels_of_stretches([(0.0, 4.0), (7.0, 9.0)], [jump])[0]
    [StretchLabel(what='jump', onset_s=5.0, duration_s=0.0, grade='', note='')]
    """
    found: list[list[StretchLabel]] = [[] for _ in bounds_s]
    for label in labels:
        cuts = [_cut(label, *bounds) for bounds in bounds_s]
        if not any(each is not None for each in cuts):
            apart_s, nearest = min(
                (_apart_s(label, *bounds), index) for index, bounds in enumerate(bounds_s)
            )
            if apart_s <= NEAR_S:
                start_s = bounds_s[nearest][0]
                found[nearest].append(_label(label, label.start_s, label.end_s, start_s))
        for index, each in enumerate(cuts):
            if each is not None:
                found[index].append(each)
    return [sorted(each, key=lambda one: (one.onset_s, one.what)) for each in found]


def _cut(label: Label, start_s: float, end_s: float) -> StretchLabel | None:
    if label.start_s == label.end_s:
        is_in = start_s <= label.start_s < end_s
    else:
        is_in = label.start_s < end_s and label.end_s > start_s
    if not is_in:
        return None
    return _label(label, max(label.start_s, start_s), min(label.end_s, end_s), start_s)


def _label(label: Label, from_s: float, until_s: float, start_s: float) -> StretchLabel:
    return StretchLabel(
        what=label.what,
        onset_s=round(from_s - start_s, 3),
        duration_s=round(until_s - from_s, 3),
        grade=label.grade,
        note=label.note,
    )


def _apart_s(label: Label, start_s: float, end_s: float) -> float:
    return max(start_s - label.end_s, label.start_s - end_s)


class _Archive:
    """A ZIP archive whose members tell nothing of the machine and the time they were made on."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def add(self, name: str, text: str) -> None:
        """Add a text file."""
        info = ZipInfo(name, _MADE)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self._archive.writestr(info, text)

    def add_json(self, name: str, value: dict[str, Any]) -> None:
        """Add a JSON file."""
        self.add(name, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def add_table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table with a header; what is empty is said to be not known, as BIDS wants."""
        lines = ["\t".join(columns)]
        lines += ["\t".join(_cell(each) for each in row) for row in rows]
        self.add(name, "\n".join(lines) + "\n")


def _add_head(archive: _Archive, participant: Participant) -> None:
    """Add what is said of the package as a whole; its description comes first."""
    archive.add_json(layout.DESCRIPTION, layout.description(version("spryhound")))
    archive.add("README", layout.README)
    archive.add("CONSENT.txt", layout.consent())
    archive.add(".bidsignore", "CONSENT.txt\n")
    row = layout.participant_row(participant)
    archive.add_table("participants.tsv", layout.PARTICIPANT_COLUMNS, [row])
    archive.add_json("participants.json", layout.PARTICIPANTS_SIDECAR)
    archive.add_json("task-home_events.json", layout.EVENTS_SIDECAR)


def _add_stretches(
    archive: _Archive, stretches: Iterable[Heard], subject: str, shift: Shift
) -> list[_Placed]:
    """Add the tables of all stretches, and the one that says when they began."""
    placed: list[_Placed] = []
    scans: list[tuple[float, str, str]] = []
    for run, heard in enumerate(stretches, start=1):
        stretch = _stretch(heard, shift)
        names = layout.Names(subject=subject, collar=stretch.collar, run=run)
        archive.add(names.path("motion", "tsv"), _table(stretch.acceleration_g))
        archive.add_json(names.path("motion", "json"), layout.sidecar(stretch))
        archive.add_table(
            names.path("channels", "tsv"), layout.CHANNEL_COLUMNS, layout.channel_rows()
        )
        when = stretch.start.isoformat(timespec="microseconds")
        scans.append((heard.start_s, names.within_subject("motion", "tsv"), when))
        placed.append(_Placed(names=names, start_s=heard.start_s, end_s=heard.end_s))
    # Stretches come as they end, and those of two collars may overlap; they are read as they begin.
    rows = [row for _, *row in sorted(scans)]
    archive.add_table(f"sub-{subject}/sub-{subject}_scans.tsv", layout.SCAN_COLUMNS, rows)
    return placed


def _add_events(archive: _Archive, placed: Sequence[_Placed], labels: Sequence[Label]) -> int:
    """Add the labels of all stretches that have some; return how many."""
    bounds_s = [(each.start_s, each.end_s) for each in placed]
    n_labels = 0
    for each, found in zip(placed, labels_of_stretches(bounds_s, labels), strict=True):
        if found:
            rows = [
                (str(one.onset_s), str(one.duration_s), one.what, one.grade, one.note)
                for one in found
            ]
            archive.add_table(each.names.path("events", "tsv"), layout.EVENT_COLUMNS, rows)
            n_labels += len(found)
    return n_labels


def _stretch(heard: Heard, shift: Shift) -> Stretch:
    return Stretch(
        collar=f"collar-{heard.number}",
        start=shift.wall(heard.start_s),
        nominal_hz=heard.nominal_hz,
        rate_hz=heard.rate_hz,
        acceleration_g=heard.acceleration_g,
        range_g=heard.range_g,
    )


def _table(acceleration_g: FloatArray) -> str:
    """Return samples as text, exact to the last bit."""
    return "".join(f"{x!r}\t{y!r}\t{z!r}\n" for x, y, z in acceleration_g.tolist())


def _cell(text: str) -> str:
    return " ".join(text.split()) or UNKNOWN
