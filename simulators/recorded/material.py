"""What the days of one dog are spliced from: its stretches at one rate, turned and altered."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from analysis.errors import InputError
from simulators.behaviours.noise import Trace
from simulators.recorded.illness import WELL, Illness, ill, slowed
from simulators.recorded.library import Library
from simulators.recorded.orientation import to_common_gravity
from simulators.recorded.resampling import resampled
from simulators.recorded.stretch import Stretch

SOURCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rest": ("rest",),
        "sit": ("sit", "stand"),
        "stop": ("stand", "sit"),
        "walk": ("walk",),
        "potter": ("walk", "sniff", "climb"),
        "run": ("run", "gallop", "trot", "play"),
        "shake": ("shake",),
        "jump": ("jump",),
        "weak_jump": ("weak_jump",),
    }
)
"""Labels of the stretches that each thing to be done is played from."""
NEEDED = ("rest", "walk")
"""Without stretches of these no day can be made."""
BORROWED = ("jump", "weak_jump")
"""Labels that are taken from other dogs where a dog has none of its own."""
MOVING = frozenset({"walk", "trot", "gallop", "run", "play", "climb", "sniff"})
"""Labels that an illness alters, and that are played at several paces."""
WHOLE = frozenset({"jump", "weak_jump", "shake"})
"""Labels that are played from beginning to end: what is around them fades, they do not."""
LEAD_S = 0.15
"""So long before such a one, and after it, its first and its last value are held to fade into."""
PACES = (0.94, 1.0, 1.06)
_LEAST_S = 0.7
"""Shorter ones are all fade."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """A stretch as it is played.

    Attributes
    ----------
    stretch
        What it is made from.
    pace
        How fast it is played over how it was recorded, illness apart.
    borrowed
        Whether it is another dog's.
    lead_s
        Seconds of the trace before the stretch begins.
    rate_hz, trace_g
        Samples per second, and shape (n, 3), single precision, gravity included.
    """

    stretch: Stretch
    pace: float
    borrowed: bool
    lead_s: float
    rate_hz: float
    trace_g: Trace


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """All pieces of one dog at one rate, by what they are played for."""

    dog: str
    rate_hz: float
    pieces: Mapping[str, tuple[Piece, ...]]

    def has(self, kind: str) -> bool:
        """Return whether there is anything to play for a kind."""
        return bool(self.pieces[kind])


def dogs_with_days(library: Library, *, half: str | None = None) -> list[str]:
    """Return the dogs of which there is enough to make a day."""
    return [
        dog
        for dog in library.dogs(half=half)
        if all(library.of(*SOURCES[kind], dog=dog, half=half) for kind in NEEDED)
    ]


def material_of(
    library: Library,
    dog: str,
    *,
    rate_hz: float,
    half: str | None = None,
    illness: Illness = WELL,
) -> Material:
    """Return the stretches of one dog as they are played.

    Parameters
    ----------
    half
        Take stretches of this half only; all if None.

    Raises
    ------
    InputError
        If there is no walk or no rest of that dog.
    """
    own = [each for each in library.of(dog=dog, half=half) if each.duration_s >= _LEAST_S]
    there = {each.label for each in own}
    for kind in NEEDED:
        if not there & set(SOURCES[kind]):
            msg = f"dog {dog!r}: there is no stretch of {' or '.join(SOURCES[kind])}"
            raise InputError(msg)
    missing = [label for label in BORROWED if label not in there]
    lent = [
        each
        for each in library.of(*missing, species=own[0].species, half=half)
        if missing and each.duration_s >= _LEAST_S
    ]
    everything = [*own, *lent]
    turned = to_common_gravity(everything)
    made = [
        piece
        for each, acceleration_g in zip(everything, turned, strict=True)
        for piece in _pieces(each, acceleration_g, rate_hz, illness, borrowed=each.dog != dog)
    ]
    return Material(
        dog=dog,
        rate_hz=rate_hz,
        pieces={
            kind: tuple(each for each in made if each.stretch.label in labels)
            for kind, labels in SOURCES.items()
        },
    )


def _pieces(
    stretch: Stretch,
    acceleration_g: np.typing.NDArray[np.float64],
    rate_hz: float,
    illness: Illness,
    *,
    borrowed: bool,
) -> list[Piece]:
    moves = stretch.label in MOVING
    n_lead = round(LEAD_S * rate_hz) if stretch.label in WHOLE else 0
    if moves:
        acceleration_g = ill(acceleration_g, stretch.rate_hz, illness)
    pieces = []
    for pace in PACES if moves else (1.0,):
        played_g = acceleration_g if pace == 1.0 else slowed(acceleration_g, pace)
        made_g = resampled(played_g, stretch.rate_hz, rate_hz).astype(np.float32)
        piece = Piece(
            stretch=stretch,
            pace=pace,
            borrowed=borrowed,
            lead_s=n_lead / rate_hz,
            rate_hz=rate_hz,
            trace_g=np.pad(made_g, ((n_lead, n_lead), (0, 0)), "edge"),
        )
        pieces.append(piece)
    return pieces
