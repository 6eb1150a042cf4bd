"""A donated stretch: samples of one collar without a gap, and what was seen meanwhile."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from analysis.errors import RecordingError
from analysis.model import FloatArray
from ingest.packets.packet import STRONGEST_G
from ingest.processing.labels import LABELS

SLOWEST_HZ, FASTEST_HZ = 10.0, 400.0
"""As of every packet."""

FORWARD = timedelta(weeks=5218)
"""A century: dates in a package are before 1925, and packets have times since 1970."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StretchLabel:
    """What the dog did or had, beside a stretch.

    Attributes
    ----------
    what
        One of `ingest.processing.labels.LABELS`.
    onset_s
        Seconds from the first sample. It may lie before the stretch or after it, where no
        samples are of that time.
    duration_s
        Zero for a moment.
    grade, note
        The vet's words, and the owner's; may be empty.
    """

    what: str
    onset_s: float
    duration_s: float
    grade: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse what no label says."""
        if self.what not in LABELS:
            msg = f"label {self.what!r}, expected one of {', '.join(LABELS)}"
            raise RecordingError(msg)
        if not (np.isfinite(self.onset_s) and 0.0 <= self.duration_s < np.inf):
            msg = f"label at {self.onset_s} s for {self.duration_s} s, expected finite times"
            raise RecordingError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretch:
    """A gap-free run of collar acceleration with its labels.

    Attributes
    ----------
    collar
        ``collar-1`` and so on.
    start
        When the first sample was by the clock on the wall, in shifted weeks; it has no zone.
    nominal_hz
        Samples per second, as the collar says.
    rate_hz
        Samples per second, as measured; the samples are that far apart.
    acceleration_g
        Shape (n_samples, 3), in standard gravities, gravity included. Read-only.
    range_g
        Full scale of the sensor, if it is known.
    labels
        By their onset.
    """

    collar: str
    start: datetime
    nominal_hz: float
    rate_hz: float
    acceleration_g: FloatArray
    range_g: float | None = None
    labels: tuple[StretchLabel, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no collar sends, and make the samples read-only."""
        values = np.array(self.acceleration_g, dtype=np.float64)
        if values.ndim != 2 or values.shape[1] != 3 or not len(values):
            msg = f"acceleration has shape {values.shape}, expected (n_samples, 3)"
            raise RecordingError(msg)
        # Written so that NaN fails too.
        if not np.abs(values).max() <= STRONGEST_G:
            msg = f"acceleration holds a value beyond {STRONGEST_G:g} g, or none at all"
            raise RecordingError(msg)
        for rate_hz in (self.nominal_hz, self.rate_hz):
            if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
                msg = f"rate is {rate_hz:g} Hz, expected {SLOWEST_HZ:g} to {FASTEST_HZ:g} Hz"
                raise RecordingError(msg)
        if self.range_g is not None and not 0.0 < self.range_g < np.inf:
            msg = f"range is {self.range_g} g, expected a number above 0"
            raise RecordingError(msg)
        values.setflags(write=False)
        object.__setattr__(self, "acceleration_g", values)

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return len(self.acceleration_g)

    @property
    def duration_s(self) -> float:
        """How long it is, in seconds."""
        return self.n_samples / self.rate_hz

    @property
    def start_s(self) -> float:
        """Unix time of the first sample a century later, for packets; its zone is taken as UTC.

        Weekday and clock are those of `start`.
        """
        return (self.start.replace(tzinfo=UTC) + FORWARD - _EPOCH).total_seconds()

    @property
    def times_s(self) -> FloatArray:
        """Shape (n_samples,): times of the samples, as `start_s`."""
        return self.start_s + np.arange(self.n_samples) / self.rate_hz
