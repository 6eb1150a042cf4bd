"""A recorded file of any format as packets: the one way in for replay."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from analysis.errors import PacketError, RecordingError
from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import decode
from ingest.recordings.batches import BATCH_SAMPLES, Dropped, batches
from ingest.recordings.formats import cborseq, specs
from ingest.recordings.formats.base import Block, FormatSpec, ReadOptions, refuse
from ingest.recordings.segments import measured_rate_hz

HEAD_BYTES = 4096
HEAD_SAMPLES = 2048
HEAD_PACKETS = 100
PRINT_BYTES = 1 << 16
MOST_NOTES = 50
SLOWEST_HZ, FASTEST_HZ = 10.0, 400.0


@dataclass(slots=True, kw_only=True)
class Recording:
    """A recorded file, ready to be played.

    Attributes
    ----------
    path
        The file.
    spec
        Its format.
    options
        What the user said about it.
    rate_hz
        Samples per second: stated by file or user, else measured over the first samples.
    boot
        A text that stands for the file's content and the options.
    notes
        What was guessed, dropped or repaired; filled while the packets are read.
    fault
        Why reading stopped early, once it did; what was good has been yielded.
    """

    path: Path
    spec: FormatSpec
    options: ReadOptions
    rate_hz: float
    boot: str
    notes: list[str] = field(default_factory=list)
    fault: str | None = None

    @property
    def format(self) -> str:
        """The name of its format."""
        return self.spec.name

    def packets(
        self, collar: str = "recording", *, batch_samples: int = BATCH_SAMPLES
    ) -> Iterator[EncodedPacket]:
        """Yield the recording as packets, from the start at every call.

        A Spryhound recording yields its packets as they are, under their own collars.

        Raises
        ------
        RecordingError
            If nothing at all can be read; later faults are kept in `fault`.
        """
        self.notes.clear()
        self.fault = None
        if self.spec is cborseq.SPEC:
            yield from (each for each in self._pieces() if isinstance(each, EncodedPacket))
            return
        dropped = Dropped()
        yield from batches(
            (each for each in self._pieces() if isinstance(each, Block)),
            collar=collar,
            boot=self.boot,
            rate_hz=self.rate_hz,
            batch_samples=batch_samples,
            dropped=dropped,
        )
        self.notes.extend(dropped.notes())

    def _pieces(self) -> Iterator[Block | EncodedPacket]:
        n_pieces = 0
        try:
            for piece in self.spec.read(self.path, self.options):
                n_pieces += 1
                for note in piece.notes if isinstance(piece, Block) else ():
                    self._note(note)
                yield piece
        except RecordingError as error:
            if n_pieces == 0:
                raise
            self.fault = str(error)

    def _note(self, note: str) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(note)
        elif len(self.notes) == MOST_NOTES:
            self.notes.append("further notes were left out")


def open_recording(path: Path, options: ReadOptions | None = None) -> Recording:
    """Return a file as a recording, its format and rate found out.

    Raises
    ------
    RecordingError
        If it is not a file that can be read, its format is not known, or its first samples do
        not show a rate of 10 to 400 Hz.
    """
    options = ReadOptions() if options is None else options
    head = _head(path)
    spec = _spec(path, head, options)
    return Recording(
        path=path,
        spec=spec,
        options=options,
        rate_hz=_rate_hz(path, spec, options),
        boot=_fingerprint(path, options),
    )


def write_recording(packets: Iterable[EncodedPacket], path: Path) -> int:
    """Write packets, such as the journal's, as a Spryhound recording; return how many.

    Raises
    ------
    RecordingError
        If the file cannot be written; what was there before stays.
    """
    try:
        return cborseq.write(packets, path)
    except OSError as error:
        raise refuse(path, f"cannot be written: {error.strerror or error}") from error


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise refuse(path, "is a directory, expected a file")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) else str(error)
        raise refuse(path, f"cannot be read: {cause}") from error
    if not head:
        raise refuse(path, "is empty")
    return head


def _spec(path: Path, head: bytes, options: ReadOptions) -> FormatSpec:
    known = specs()
    if options.format is not None:
        if options.format not in known:
            raise refuse(path, f"format {options.format!r}, expected one of {', '.join(known)}")
        return known[options.format]
    asked = sorted(known.values(), key=lambda spec: spec.rank)
    found = next((spec for spec in asked if spec.sniff(head, path)), None)
    if found is None:
        raise refuse(path, f"format not recognised, expected one of {', '.join(known)}")
    return found


def _rate_hz(path: Path, spec: FormatSpec, options: ReadOptions) -> float:
    pieces = spec.read(path, options)
    first = next(pieces, None)
    if isinstance(first, EncodedPacket):
        return _packet_rate_hz(path, chain([first], pieces))
    if first is None:
        raise refuse(path, "no samples in it")
    rate_hz = options.rate_hz or _block_rate_hz(first, pieces)
    if rate_hz is None:
        raise refuse(path, "its times do not advance, so it has no rate; give --rate-hz")
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise refuse(path, f"rate is {rate_hz:g} Hz, expected {SLOWEST_HZ:g} to {FASTEST_HZ:g} Hz")
    return rate_hz


def _block_rate_hz(first: Block, pieces: Iterator[Block | EncodedPacket]) -> float | None:
    if first.rate_hz is not None:
        return first.rate_hz
    times, n_samples = [first.times_s], len(first.times_s)
    while n_samples < HEAD_SAMPLES:
        try:
            piece = next(pieces, None)
        except RecordingError:
            # What is wrong further on is told when it is read.
            break
        if not isinstance(piece, Block):
            break
        times.append(piece.times_s)
        n_samples += len(piece.times_s)
    return measured_rate_hz(np.concatenate(times)[:HEAD_SAMPLES])


def _packet_rate_hz(path: Path, packets: Iterable[Block | EncodedPacket]) -> float:
    cause = "no packets"
    for _, packet in zip(range(HEAD_PACKETS), packets, strict=False):
        if isinstance(packet, EncodedPacket):
            try:
                return decode(packet.payload, packet.content_type).rate_hz
            except PacketError as error:
                cause = str(error)
    raise refuse(path, f"none of the first {HEAD_PACKETS} packets can be decoded: {cause}")


def _fingerprint(path: Path, options: ReadOptions) -> str:
    """Return a text that stands for the content of a file and how it is read."""
    digest = hashlib.sha256(repr(options).encode())
    try:
        with path.open("rb") as file:
            digest.update(file.read(PRINT_BYTES))
            size = file.seek(0, 2)
            digest.update(str(size).encode())
            file.seek(max(size - PRINT_BYTES, 0))
            digest.update(file.read(PRINT_BYTES))
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()[:16]
