"""What is measured on the signal: minutes, windows of gait, events."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    unworn_s
        Seconds with samples from a collar that lay about; `worn_s` is 0 then.
    stuck_s
        Seconds with readings that cannot be true, since they did not change; `worn_s` is 0 then.
    coarse_s
        Seconds heard at a rate too low for gait and jumps.
    still_s, still_g
        Seconds at rest, and the mean magnitude over them: 1 with a good sensor; 0 without any.
    lasting_s
        Seconds of movement that is strong and lasting enough to be walking, steady or not.
    """

    start_s: float
    worn_s: float
    vedba_g: float
    rest_s: float
    light_s: float
    walk_s: float
    vigorous_s: float
    clipped: float = 0.0
    unworn_s: float = 0.0
    stuck_s: float = 0.0
    coarse_s: float = 0.0
    still_s: float = 0.0
    still_g: float = 0.0
    lasting_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitWindow:
    """Four seconds of gait.

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
    step_time_cv, stride_time_cv
        Standard deviation of step and of stride times over their mean, 0-1. Where only strides
        repeat themselves, of one and of two strides.
    asymmetry
        Amplitude at the stride rate over that at the step rate, in trot only; 0 in other gaits.
    certainty
        How alike one beat and the next are, 0-1: what the window counts beside others.
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
    stride_time_cv: float = 0.0
    asymmetry: float = 0.0
    certainty: float = 1.0


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
