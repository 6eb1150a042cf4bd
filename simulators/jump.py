"""A jump as a collar on the neck feels it: push, a light moment that is no free fall, landing."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from simulators.dog import Dog
from simulators.noise import Trace, coloured, tilted


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """One kind of jump of the reference dog; pairs are the least and the most.

    Attributes
    ----------
    front_push_g, hind_push_g
        Peaks before the flight.
    flight_s
        From the last paw off the ground to the first one on it.
    flight_g
        Level during the flight, apart from the bump in its middle.
    landing_g, hind_landing_g
        Peaks after the flight.
    couch
        Whether a couch sets the flight, which is then as long for a small dog as for a large one,
        and the landing harder; otherwise small dogs jump small.
    """

    front_push_g: tuple[float, float]
    hind_push_g: tuple[float, float]
    flight_s: tuple[float, float]
    flight_g: tuple[float, float]
    landing_g: tuple[float, float]
    hind_landing_g: tuple[float, float]
    couch: bool = False


JUMPS: Mapping[str, Jump] = MappingProxyType(
    {
        "jump_over": Jump(
            front_push_g=(2.7, 4.6),
            hind_push_g=(2.6, 4.2),
            flight_s=(0.27, 0.45),
            flight_g=(0.25, 0.5),
            landing_g=(3.6, 7.0),
            hind_landing_g=(2.2, 3.2),
        ),
        "jump_onto": Jump(
            front_push_g=(2.5, 4.0),
            hind_push_g=(2.5, 3.8),
            flight_s=(0.15, 0.25),
            flight_g=(0.3, 0.5),
            landing_g=(1.3, 2.5),
            hind_landing_g=(1.2, 2.0),
            couch=True,
        ),
        "jump_off": Jump(
            front_push_g=(2.4, 3.6),
            hind_push_g=(2.4, 3.4),
            flight_s=(0.18, 0.30),
            flight_g=(0.25, 0.45),
            landing_g=(3.4, 5.2),
            hind_landing_g=(2.2, 3.0),
            couch=True,
        ),
    }
)
_DRAWN = (
    "front_push_g",
    "hind_push_g",
    "flight_s",
    "flight_g",
    "landing_g",
    "hind_landing_g",
)
LEAD_S = 0.5
"""Seconds before the crouch and after the hind landing in which the dog stands."""


def _bump(at_s: Trace, *, middle_s: float, width_s: float, peak_g: float) -> Trace:
    """Return half a sine of a height, nothing elsewhere."""
    phase = (at_s - middle_s) / width_s + 0.5
    inside = (phase > 0.0) & (phase < 1.0)
    return np.where(inside, np.float32(peak_g) * np.sin(np.pi * phase), np.float32(0.0))


def jump(rng: np.random.Generator, *, name: str, rate_hz: float, dog: Dog) -> Trace:
    """Return a whole jump, shape (n, 3): about two seconds, standing at both ends.

    Notes
    -----
    The stages and their sizes are those of six jumps measured at a neck; times go with the root
    of the dog's height, accelerations do not.
    """
    kind = JUMPS[name]
    size = dog.size
    draw = {key: float(rng.uniform(*getattr(kind, key))) for key in _DRAWN}
    flight_s = draw["flight_s"] / (size if kind.couch else 1.0)
    small = min(max((1.0 - size) / 0.3, 0.0), 1.0) if kind.couch else 0.0
    landing_g = draw["landing_g"] * (1.0 + 0.2 * small)
    takeoff_s = LEAD_S / size + 0.36
    touchdown_s = takeoff_s + flight_s
    front_s = touchdown_s + 0.12
    hind_s = front_s + float(rng.uniform(0.15, 0.26))
    length_s = (hind_s + 0.15) * size + LEAD_S
    at_s = (np.arange(int(length_s * rate_hz)) / rate_hz / size).astype(np.float32)
    level_g = np.interp(
        at_s,
        np.array([-0.38, -0.34, -0.26, -0.22, -0.01, 0.02, flight_s, flight_s + 0.06]) + takeoff_s,
        [1.0, 0.6, 0.6, 1.0, 1.0, draw["flight_g"], draw["flight_g"], 1.0],
    )
    bumps = (
        (takeoff_s - 0.20, 0.12, draw["front_push_g"]),
        (takeoff_s - 0.07, 0.10, draw["hind_push_g"]),
        (takeoff_s + 0.5 * flight_s, 0.08, float(rng.uniform(0.9, 1.3))),
        (front_s, 0.15, landing_g),
        (hind_s, 0.14, draw["hind_landing_g"]),
    )
    for middle_s, width_s, peak_g in bumps:
        level_g = np.maximum(
            level_g, _bump(at_s, middle_s=middle_s, width_s=width_s, peak_g=peak_g)
        )
    pitch_deg = np.interp(
        at_s, np.array([takeoff_s, takeoff_s + flight_s / 2, touchdown_s, hind_s]), [8, -2, 18, 8]
    )
    # Along the neck's own upright, so that the magnitude is the template and the pitch a tilt.
    up_g = np.zeros((len(at_s), 3), dtype=np.float32)
    up_g[:, 2] = level_g - 1.0
    up_g += 0.03 * coloured(rng, len(at_s), rate_hz=rate_hz)
    return tilted(up_g, np.radians(pitch_deg).astype(np.float32))
