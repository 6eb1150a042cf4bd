"""The stream: samples as they come, holes in it, and the signal made of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.errors import SamplesError
from analysis.units import RATE_HZ

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

SLOWEST_HZ, FASTEST_HZ = 5.0, 1000.0
SLOWEST_FINE_HZ = 22.1
"""Between the rates that nominal 20 Hz and 25 Hz may really be: both within a tenth.

It also lies below 25 Hz while a clock is followed (22.2 Hz or more), in case a segment begins so.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """A gap-free run of collar acceleration on one straight stretch of its timeline.

    The time of sample ``i`` (counted from ``first_index``) is
    ``origin_s + (first_index + i) / rate_hz``: computed from whole numbers, so it is the same to
    the last bit however the run was cut into pieces.

    Attributes
    ----------
    origin_s
        Unix time at which this stretch of the timeline counts from.
    first_index
        Number of the first sample of this piece on the stretch.
    rate_hz
        Samples per second, as measured.
    acceleration_g
        Shape (n_samples, 3), in standard gravities, gravity included. Read-only.
    range_g
        Full scale of the sensor, if it is known.

    Raises
    ------
    SamplesError
        If the shape is not (n, 3), a value is not finite, or the rate is out of range.
    """

    origin_s: float
    first_index: int
    rate_hz: float
    acceleration_g: FloatArray
    range_g: float | None = None

    def __post_init__(self) -> None:
        acceleration_g = np.asarray(self.acceleration_g, dtype=np.float64)
        if acceleration_g.ndim != 2 or acceleration_g.shape[1] != 3:
            msg = f"acceleration has shape {acceleration_g.shape}, expected (n_samples, 3)"
            raise SamplesError(msg)
        if not SLOWEST_HZ <= self.rate_hz <= FASTEST_HZ:
            msg = f"rate is {self.rate_hz} Hz, expected {SLOWEST_HZ:g} to {FASTEST_HZ:g} Hz"
            raise SamplesError(msg)
        if not np.isfinite(acceleration_g).all():
            msg = "acceleration holds a value that is not finite"
            raise SamplesError(msg)
        if not np.isfinite(self.origin_s):
            msg = f"origin is {self.origin_s} s, expected a finite time"
            raise SamplesError(msg)
        acceleration_g = acceleration_g.view()
        acceleration_g.setflags(write=False)
        object.__setattr__(self, "acceleration_g", acceleration_g)

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return len(self.acceleration_g)

    @property
    def start_s(self) -> float:
        """Unix time of the first sample."""
        return self.origin_s + self.first_index / self.rate_hz

    @property
    def end_s(self) -> float:
        """Unix time at which the next sample is due."""
        return self.origin_s + (self.first_index + self.n_samples) / self.rate_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A hole in the stream: whatever was heard before must not be joined to what follows.

    Attributes
    ----------
    start_s, end_s
        Unix times of the hole; equal, if only the collar restarted.
    cause
        Why: ``"lost"``, ``"boot"``, ``"clock"``, ``"rate"``, or ``"collar"`` for another one.
    """

    start_s: float
    end_s: float
    cause: str


StreamItem = Samples | Gap


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Motion:
    """Acceleration on the even grid, gravity included: known as soon as its samples are.

    Every array is a multiple of 2**-16 g, so sums over up to a day of them are exact and do not
    depend on their order: that is what makes results independent of packet sizes.

    Attributes
    ----------
    first_tick
        Tick of the first sample; tick ``k`` is Unix time ``k / 50``.
    acceleration_g
        Shape (3, n), gravity included; axes first, since all that follows runs along time.
    magnitude_g
        Shape (n,), the norm of the acceleration: 1 at rest, in every orientation.
    clipped
        Shape (n,), true where the sensor was at its full scale.
    source_hz
        Rate of the samples that the grid was made from, at the start of the segment: it stays the
        same while the timeline follows a clock.
    """

    first_tick: int
    acceleration_g: FloatArray
    magnitude_g: FloatArray
    clipped: BoolArray
    source_hz: float = float(RATE_HZ)

    @property
    def fine(self) -> bool:
        """Whether the source was fast enough for gait and jumps: nominally 25 Hz."""
        return self.source_hz >= SLOWEST_FINE_HZ

    @property
    def n_ticks(self) -> int:
        """Number of samples on the grid."""
        return len(self.magnitude_g)

    @property
    def end_tick(self) -> int:
        """Tick after the last one."""
        return self.first_tick + self.n_ticks

    @property
    def start_s(self) -> float:
        """Unix time of the first sample."""
        return self.first_tick / RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signal(Motion):
    """Motion of which is known, a second later, what is movement and what gravity.

    Attributes
    ----------
    vedba_g
        Shape (n,), the norm of the acceleration with gravity taken away, a multiple of 2**-16 g.
    """

    vedba_g: FloatArray
