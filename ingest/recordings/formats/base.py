"""What every file format promises: a name, a way to know its files, a way to read them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import RecordingError
from analysis.model import FloatArray
from ingest.packets.envelope import EncodedPacket

BLOCK_SAMPLES = 65_536
"""A reader yields at most about this many samples at once, so that memory stays flat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the user knows about a file better than the file does; ``None`` means "find out".

    Attributes
    ----------
    format
        Name of the format.
    unit
        ``"g"``, ``"mg"`` or ``"m/s2"``.
    rate_hz
        Samples per second, for files without times.
    start_s
        Unix time of the first sample, for files without dates.
    columns
        Names, or numbers from 1, of the columns ``time``, ``x``, ``y`` and ``z``.
    time_unit
        ``"s"``, ``"ms"``, ``"us"``, ``"ns"``, ``"iso"`` or ``"datenum"``.
    zone
        IANA time zone of times without one, else the file's own or UTC; its offset at the first
        sample holds for the file, since the clock of a logger does not follow summer time.
    bad_share
        Share of unreadable rows, 0-1, beyond which reading stops.
    """

    format: str | None = None
    unit: str | None = None
    rate_hz: float | None = None
    start_s: float | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    time_unit: str | None = None
    zone: str | None = None
    bad_share: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Some consecutive samples of a file.

    Attributes
    ----------
    times_s
        Shape (n,): Unix times, as the file has them; finite, otherwise unchecked.
    acceleration_g
        Shape (n, 3), finite.
    rate_hz
        The rate, where the file or the user states it exactly; else it is measured.
    range_g
        Full scale of the sensor, if the file says.
    notes
        What the reader had to guess, drop or repair, one sentence each.
    """

    times_s: FloatArray
    acceleration_g: FloatArray
    rate_hz: float | None = None
    range_g: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatSpec:
    """A file format.

    Attributes
    ----------
    name
        The word for ``--format``.
    title
        The name for people.
    suffixes
        Usual ends of file names, in lower case.
    sniff
        Whether a file is of this format, from its first 4 KiB and its path.
    read
        Yields bounded blocks in file order, or packets where the format holds them; raises
        `RecordingError` and nothing else, possibly after some blocks.
    example
        Bytes of a small valid file; ``None`` where only a device can make one.
    rank
        Formats are asked in this order; the most general one last.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes, Path], bool]
    read: Callable[[Path, ReadOptions], Iterator[Block | EncodedPacket]]
    example: bytes | None = None
    rank: int = 0


def refuse(path: Path, cause: str, *, line: int | None = None) -> RecordingError:
    """Return the error for a file, in the one shape that all of them have."""
    where = f"{path}: line {line}" if line is not None else str(path)
    return RecordingError(f"{where}: {cause}")
