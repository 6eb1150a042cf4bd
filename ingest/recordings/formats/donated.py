"""Donated packages as recordings, so that they are replayed and evaluated like any other."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from ingest.processing.labels import Label
from ingest.recordings.donation import layout
from ingest.recordings.donation.cutting import Heard
from ingest.recordings.donation.private import Participant
from ingest.recordings.donation.reading import package_stretches
from ingest.recordings.donation.shift import shift_of
from ingest.recordings.donation.stretch import FORWARD, Stretch
from ingest.recordings.donation.writing import write_into
from ingest.recordings.formats.base import BLOCK_SAMPLES, Block, FormatSpec, ReadOptions, refuse

_HEAD = b"PK\x03\x04"


def sniff(head: bytes, path: Path) -> bool:  # noqa: ARG001  # every format is asked the same way
    """Return whether a file is a ZIP archive that begins with a description of a data set."""
    return head.startswith(_HEAD) and layout.DESCRIPTION.encode() in head[:100]


def read(path: Path, options: ReadOptions) -> Iterator[Block]:
    """Yield the stretches of a package, a century later than it says, in the zone of the options.

    Raises
    ------
    RecordingError
        If it is none, or a stretch is wrong, or has another rate than the first.
    """
    first_hz, offset_s = 0.0, None
    for number, stretch in enumerate(package_stretches(path), start=1):
        first_hz = first_hz or stretch.nominal_hz
        if offset_s is None:
            # One for all of it: a package may not be broken where its zone changes the clock.
            offset_s = _offset_s(stretch, options.zone)
        if stretch.nominal_hz != first_hz:
            cause = f"stretch {number} has {stretch.nominal_hz:g} Hz, the first {first_hz:g} Hz"
            raise refuse(path, f"{cause}; expected one rate")
        yield from _blocks(stretch, offset_s)


def _offset_s(stretch: Stretch, zone: str | None) -> float:
    """Return how far the clock of a zone is ahead of UTC when a stretch begins."""
    if zone is None:
        return 0.0
    offset = (stretch.start + FORWARD).replace(tzinfo=ZoneInfo(zone)).utcoffset()
    return 0.0 if offset is None else offset.total_seconds()


def _blocks(stretch: Stretch, offset_s: float) -> Iterator[Block]:
    for begin in range(0, stretch.n_samples, BLOCK_SAMPLES):
        acceleration_g = stretch.acceleration_g[begin : begin + BLOCK_SAMPLES]
        yield Block(
            times_s=stretch.times_s[begin : begin + BLOCK_SAMPLES] - offset_s,
            acceleration_g=acceleration_g,
            rate_hz=stretch.rate_hz,
            range_g=stretch.range_g,
        )


def _example() -> bytes:
    """Return a package of one second of rest."""
    file = BytesIO()
    rest = Heard(
        number=1,
        start_s=1.7e9,
        nominal_hz=50.0,
        rate_hz=50.0,
        acceleration_g=np.tile([0.0, 0.1, 0.99], (50, 1)),
        range_g=8.0,
    )
    limped = Label(what="limped", start_s=1.7e9, end_s=1.7e9 + 1.0)
    shift = shift_of("UTC", rest.start_s, 0)
    write_into(file, [rest], [limped], participant=Participant(id="1f"), shift=shift)
    return file.getvalue()


SPEC = FormatSpec(
    name="donated",
    title="Donated recording (BIDS-Motion)",
    suffixes=(".zip",),
    sniff=sniff,
    read=read,
    example=_example(),
    rank=-1,
)
