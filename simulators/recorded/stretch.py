"""A recorded stretch: one behaviour of one dog without a hole."""

from dataclasses import dataclass

import numpy as np

from analysis.errors import RecordingError
from analysis.model import FloatArray

LABELS = (
    *("walk", "trot", "gallop", "run", "play", "climb", "sniff"),
    *("rest", "sit", "stand", "shake", "jump", "weak_jump", "other"),
)
"""What a stretch may be of; a weak jump is a hop, a rearing, or one that is cut off."""
HALVES = ("tuned", "reported")
"""Stretches that detectors may be tuned on, and those that are kept to report on."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretch:
    """What a sensor read while one animal did one thing.

    Attributes
    ----------
    id
        Its file in the library, and its number there.
    acceleration_g
        Shape (n_samples, 3), in standard gravities, gravity included. Read-only.
    rate_hz
        Samples per second, as measured.
    label
        One of `LABELS`.
    species, dog, session
        Whose it is, and in which recording; the sensor sat alike throughout a session.
    placement
        Where the sensor sat, such as ``"collar"``.
    licence, may_ship
        Under which terms it is to be had, and whether they let it be passed on.
    half
        One of `HALVES`.
    jumps_s
        Seconds from the first sample to each moment at which the dog gets light in a jump.

    Raises
    ------
    RecordingError
        If the shape is not (n, 3), a value is not finite, or the rate is not above 0.
    """

    id: str
    acceleration_g: FloatArray
    rate_hz: float
    label: str
    species: str
    dog: str
    session: str
    placement: str
    licence: str
    may_ship: bool = False
    half: str = "reported"
    jumps_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        acceleration_g = np.array(self.acceleration_g, dtype=np.float64)
        if acceleration_g.ndim != 2 or acceleration_g.shape[1] != 3:
            msg = f"{self.id}: acceleration has shape {acceleration_g.shape}, expected (n, 3)"
            raise RecordingError(msg)
        if not np.isfinite(acceleration_g).all():
            msg = f"{self.id}: acceleration holds a value that is not finite"
            raise RecordingError(msg)
        if not self.rate_hz > 0:
            msg = f"{self.id}: rate is {self.rate_hz} Hz, expected more than 0"
            raise RecordingError(msg)
        acceleration_g.setflags(write=False)
        object.__setattr__(self, "acceleration_g", acceleration_g)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.acceleration_g) / self.rate_hz
