"""The records that pass between the parts of the program: frozen, checked once, then trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analysis.errors import SamplesError
from analysis.units import RATE_HZ

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

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
        Why: ``"lost"``, ``"boot"``, ``"clock"`` or ``"rate"``.
    """

    start_s: float
    end_s: float
    cause: str


Heard = Samples | Gap


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signal:
    """Conditioned movement on the even grid; what sample detectors hear.

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
    vedba_g
        Shape (n,), the norm of the acceleration with gravity taken away.
    clipped
        Shape (n,), true where the sensor was at its full scale.
    source_hz
        Rate of the samples that the grid was made from, at the start of the segment: it stays the
        same while the timeline follows a clock.
    """

    first_tick: int
    acceleration_g: FloatArray
    magnitude_g: FloatArray
    vedba_g: FloatArray
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """One minute of a dog's movement.

    Attributes
    ----------
    start_s
        Unix time, a whole minute.
    worn_s
        Seconds with samples from a worn collar, 0-60.
    vedba_g
        Mean VeDBA over the worn seconds.
    rest_s, light_s, walk_s, vigorous_s
        Worn seconds at each intensity; they add up to `worn_s`.
    clipped
        Share of samples at full scale, 0-1.
    """

    start_s: float
    worn_s: float
    vedba_g: float
    rest_s: float
    light_s: float
    walk_s: float
    vigorous_s: float
    clipped: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitWindow:
    """Four seconds of steady gait.

    Attributes
    ----------
    start_s, end_s
        Unix times.
    gait
        ``"walk"``, ``"trot"`` or ``"gallop"``: by amplitude, since a collar cannot tell more.
    step_hz, stride_hz
        Steps (twice a stride at walk and trot) and strides a second.
    rms_g
        Root mean square of the band-passed magnitude.
    step_regularity, stride_regularity
        Unbiased autocorrelation at the step and the stride lag, at most 1.
    step_time_cv
        Standard deviation of step times over their mean, 0-1.
    """

    start_s: float
    end_s: float
    gait: str
    step_hz: float
    stride_hz: float
    rms_g: float
    step_regularity: float
    stride_regularity: float
    step_time_cv: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened within seconds.

    Attributes
    ----------
    kind
        ``"jump"``, ``"vigorous_burst"``, ``"shake"``, ``"scratch"``: the detector's own word.
    start_s, end_s
        Unix times.
    confidence
        ``"high"``, ``"medium"`` or ``"low"``.
    evidence
        Named numbers, units in the names.
    """

    kind: str
    start_s: float
    end_s: float
    confidence: str
    evidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a dog, cut in the dog's time zone. Plain numbers, enough for every baseline.

    Attributes
    ----------
    date
        ISO date in the dog's zone.
    start_s, end_s
        Unix times of the two midnights (23 to 25 hours apart).
    worn_h, night_worn_h
        Hours worn in all, and within the owner's night hours.
    vedba_g
        Mean VeDBA over worn time.
    rest_h, light_h, walk_h, vigorous_h
        Worn hours at each intensity.
    active_min
        Minutes of walking or more.
    night_active_min
        Night minutes with a mean VeDBA above 0.05 g.
    n_gait_windows, n_gait_bouts
        Steady walk and trot windows, and the bouts they form.
    stride_hz
        Median stride rate of walk and trot windows; 0 without windows.
    gait_sums
        ``[n, sum x, sum y, sum xx, sum xy, sum yy]`` over those windows with
        x = ln(stride_hz) and y = ln(rms_g), for the dog's own cadence-amplitude line.
    stride_regularity, step_regularity, step_time_cv
        Medians; 0 without windows.
    fast_share
        Share of gait windows faster than walk, 0-1.
    jumps, bursts, shakes, scratches
        Counts of events.
    resting_plan
        Whether a recovery plan restricted the dog, so the day does not count as normal.
    """

    date: str
    start_s: float
    end_s: float
    worn_h: float = 0.0
    night_worn_h: float = 0.0
    vedba_g: float = 0.0
    rest_h: float = 0.0
    light_h: float = 0.0
    walk_h: float = 0.0
    vigorous_h: float = 0.0
    active_min: float = 0.0
    night_active_min: float = 0.0
    n_gait_windows: int = 0
    n_gait_bouts: int = 0
    stride_hz: float = 0.0
    gait_sums: tuple[float, float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    stride_regularity: float = 0.0
    step_regularity: float = 0.0
    step_time_cv: float = 0.0
    fast_share: float = 0.0
    jumps: int = 0
    bursts: int = 0
    shakes: int = 0
    scratches: int = 0
    resting_plan: bool = False


class Level(StrEnum):
    """How worrying a verdict is; `UNKNOWN` when there is too little data to say."""

    UNKNOWN = "unknown"
    CLEAR = "clear"
    WATCH = "watch"
    WARNING = "warning"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a detector concludes about a dog at one moment; alerts are made from these.

    Attributes
    ----------
    kind
        The detector's own word, such as ``"stiff_gait"``.
    level
        How worrying; `Level.CLEAR` lets an open alert recover, `Level.UNKNOWN` never does.
    time_s
        Sample time at which it could be known.
    onset_s
        Sample time since when it holds; fixes the identity of the alert.
    evidence
        Named numbers, units in the names.
    momentary
        True for something that happened (a jump), false for a state that lasts (stiffness).
    """

    kind: str
    level: Level
    time_s: float
    onset_s: float
    evidence: Mapping[str, float] = field(default_factory=dict)
    momentary: bool = False


class Status(StrEnum):
    """Where an alert is in its life."""

    PENDING = "pending"
    OPEN = "open"
    WORSE = "worse"
    ACKNOWLEDGED = "acknowledged"
    RECOVERING = "recovering"
    RESOLVED = "resolved"
    UNKNOWN = "unknown"
    FALSE_ALARM = "false_alarm"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChange:
    """An alert as it stands after one change.

    Attributes
    ----------
    id
        UUIDv5 of dog, kind and onset: the same after a restart and in a replay.
    dog, kind
        Whose, and which detector's.
    severity
        `Level.WATCH`, `Level.WARNING` or `Level.URGENT`.
    status
        Its state from `time_s` on.
    onset_s
        Sample time at which it began.
    time_s
        Sample time of this change.
    count
        How often it was seen so far (jumps of one alert, days of a drop).
    evidence
        Named numbers, units in the names.
    notify
        Whether the owner should hear of this change.
    """

    id: str
    dog: str
    kind: str
    severity: Level
    status: Status
    onset_s: float
    time_s: float
    count: int = 1
    evidence: Mapping[str, float] = field(default_factory=dict)
    notify: bool = False


@dataclass(slots=True)
class Results:
    """What came out of one step of the pipeline, each list in time order."""

    minutes: list[Minute] = field(default_factory=list)
    gait: list[GaitWindow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    alerts: list[AlertChange] = field(default_factory=list)

    def extend(self, other: "Results") -> None:
        """Append another step's results."""
        for each in fields(self):
            getattr(self, each.name).extend(getattr(other, each.name))
