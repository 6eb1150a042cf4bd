"""Axivity AX3 and AX6 files, sector by sector."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from analysis.model import FloatArray
from ingest.recordings.formats.base import Block, FormatSpec, ReadOptions, refuse
from ingest.recordings.formats.binary.slices import Slice, decode
from ingest.recordings.formats.text.times import zone_offset_s

HEADER_BYTES, SECTOR_BYTES = 1024, 512
SLICE_SECTORS = 512
DRIFT = 0.1
"""A sector may last this share more or less than its nominal rate says; else there was a gap."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sector:
    """The samples under one time stamp of the device."""

    start_s: float
    times_s: FloatArray
    acceleration_g: FloatArray

    def spread_until(self, next_s: float) -> FloatArray:
        """Return the times of the samples, spread evenly up to the next time stamp.

        The device stamps sectors by its clock, but the sensor runs up to some per cent off its
        nominal rate; at the nominal rate each sector would end in a small gap or overlap.
        """
        n_samples = len(self.times_s)
        nominal_s = (self.times_s[-1] - self.start_s) * n_samples / max(n_samples - 1, 1)
        real_s = next_s - self.start_s
        if n_samples < 2 or not abs(real_s - nominal_s) <= DRIFT * nominal_s:
            return self.times_s
        return np.linspace(self.start_s, next_s, n_samples, endpoint=False, dtype=np.float64)


def sniff(head: bytes, path: Path) -> bool:
    """Return whether a file starts with the header of a .cwa."""
    return head.startswith(b"MD") or path.suffix.lower() == ".cwa"


def read(path: Path, options: ReadOptions) -> Iterator[Block]:
    """Yield the accelerations of an Axivity file; damaged sectors are left out with a note.

    Raises
    ------
    RecordingError
        If there is no decoder, or nothing can be read.
    """
    last: Sector | None = None
    offset_s = 0.0
    for piece, note in _slices(path):
        sectors = _sectors(piece)
        notes = (note,) if note else ()
        if last is None and sectors:
            offset_s = _offset_s(path, sectors[0].start_s, options)
            notes = (*notes, f"times have no zone, read as {options.zone or 'UTC'}")
        # The last sector waits for the next slice, whose first time stamp says when it ends.
        sectors = sectors if last is None else [last, *sectors]
        if sectors:
            last = sectors[-1]
            yield _block(sectors, offset_s, piece, notes)
    if last is None:
        raise refuse(path, "no acceleration in it")
    yield Block(times_s=last.times_s - offset_s, acceleration_g=last.acceleration_g)


def _block(sectors: list[Sector], offset_s: float, piece: Slice, notes: tuple[str, ...]) -> Block:
    """Return all sectors but the last as a block."""
    times_s = [each.spread_until(following.start_s) for each, following in pairwise(sectors)]
    values = [each.acceleration_g for each in sectors[:-1]]
    range_g = piece.text("configuration", "accelerometer_range_g")
    return Block(
        times_s=np.concatenate([np.empty(0), *times_s]) - offset_s,
        acceleration_g=np.concatenate([np.empty((0, 3)), *values]),
        range_g=float(range_g) if range_g.isdecimal() else None,
        notes=notes,
    )


def _slices(path: Path) -> Iterator[tuple[Slice, str | None]]:
    """Yield the file in slices of some hundred sectors, each behind the header."""
    place = HEADER_BYTES
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
            while sectors := file.read(SLICE_SECTORS * SECTOR_BYTES):
                piece = decode(path, header + sectors)
                n_bad = len(piece.warnings)
                end = place + len(sectors)
                note = f"{n_bad} damaged sectors were dropped between bytes {place} and {end}"
                yield piece, note if n_bad else None
                place = end
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror or error}") from error


def _sectors(piece: Slice) -> list[Sector]:
    starts = np.flatnonzero(np.isin(piece.times_s, piece.page_times_s))
    times = np.split(piece.times_s, starts[1:])
    values = np.split(piece.acceleration_g, starts[1:])
    return [
        Sector(start_s=float(each[0]), times_s=each, acceleration_g=value)
        for each, value in zip(times, values, strict=True)
        if len(each)
    ]


def _offset_s(path: Path, local_s: float, options: ReadOptions) -> float:
    # The device keeps local time and does not say of where.
    offset_s = zone_offset_s(options.zone or "UTC", local_s)
    if isinstance(offset_s, str):
        raise refuse(path, offset_s)
    return offset_s


SPEC = FormatSpec(
    name="axivity_cwa",
    title="Axivity AX3 and AX6",
    suffixes=(".cwa",),
    sniff=sniff,
    read=read,
)
