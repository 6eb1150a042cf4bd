"""A jump as a collar on the neck feels it: push, a light moment that is no free fall, landing."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from simulators.behaviours.noise import Trace, coloured, tilted
from simulators.dog.dog import Dog


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
        Mean over the flight, the bump in its middle included.
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
            front_push_g=(2.2, 5.5),
            hind_push_g=(2.1, 4.2),
            flight_s=(0.27, 0.52),
            flight_g=(0.39, 0.73),
            landing_g=(3.6, 8.4),
            hind_landing_g=(2.2, 3.2),
        ),
        "jump_onto": Jump(
            front_push_g=(2.5, 4.0),
            hind_push_g=(2.5, 3.8),
            flight_s=(0.15, 0.25),
            flight_g=(0.39, 0.73),
            landing_g=(1.3, 2.5),
            hind_landing_g=(1.2, 2.0),
            couch=True,
        ),
        "jump_off": Jump(
            front_push_g=(2.2, 3.8),
            hind_push_g=(2.1, 3.6),
            flight_s=(0.12, 0.30),
            flight_g=(0.39, 0.73),
            landing_g=(2.8, 5.2),
            hind_landing_g=(2.2, 3.0),
            couch=True,
        ),
    }
)
"""The full ranges of the motion-captured jumps; off and onto a couch, those of its height."""

_SHARED = {
    "crouch_s": (0.05, 0.15),
    "apart_s": (0.11, 0.20),
    "bump_g": (0.9, 1.4),
    "touch_s": (0.08, 0.15),
    "width_s": (0.08, 0.13),
    "hind_s": (0.10, 0.28),
    "lead_s": (0.25, 0.5),
    "rough_g": (0.0, 0.12),
}
"""What all kinds have in common: crouch, time between the pushes, height of the bump, time from
touchdown to the peak, its width at half its height, time to the hind paws' peak, and for how long
the dog stands before and after (hardly, if it jumps out of a run), and how rough all that is, which
is a judgement: twice as rough as a walk at most."""
_DRAWN = (
    "front_push_g",
    "hind_push_g",
    "flight_s",
    "flight_g",
    "landing_g",
    "hind_landing_g",
)
_HALF_SINE = 1.5
"""Width of half a sine at its foot over that at half its height."""


def _bump(at_s: Trace, *, middle_s: float, width_s: float, peak_g: float) -> Trace:
    """Return half a sine of a height, nothing elsewhere."""
    phase = (at_s - middle_s) / width_s + 0.5
    inside = (phase > 0.0) & (phase < 1.0)
    return np.where(inside, np.float32(peak_g) * np.sin(np.pi * phase), np.float32(0.0))


def _flight_g(at_s: Trace, flight_s: float, mean_g: float, bump_g: float) -> Trace:
    """Return two dips around a bump, with a given mean over the flight.

    The bump lasts 0.08 s, less in flights shorter than those it was measured in; it is left out
    where it alone would weigh more than the flight.
    """
    width_s = 0.08 * min(1.0, flight_s / 0.27)

    def shape(times_s: Trace, level_g: float) -> Trace:
        swing = np.sin(2.0 * np.pi * np.clip(times_s / flight_s, 0.0, 1.0)) ** 2
        bump = _bump(times_s, middle_s=flight_s / 2.0, width_s=width_s, peak_g=bump_g)
        return np.asarray(np.maximum(np.float32(level_g) * (1.2 - 0.7 * swing), bump))

    grid_s = np.linspace(0.0, flight_s, 64, dtype=np.float32)
    levels_g = np.linspace(0.05, 1.0, 40)
    means_g = [float(shape(grid_s, level_g).mean()) for level_g in levels_g]
    return shape(at_s, float(np.interp(mean_g, means_g, levels_g)))


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
    draw |= {key: float(rng.uniform(*pair)) for key, pair in _SHARED.items()}
    flight_s = draw["flight_s"] / (size if kind.couch else 1.0)
    small = min(max((1.0 - size) / 0.3, 0.0), 1.0) if kind.couch else 0.0
    landing_g = draw["landing_g"] * (1.0 + 0.2 * small)
    first_s = -0.07 - draw["apart_s"] - 0.06
    takeoff_s = draw["lead_s"] / size + draw["crouch_s"] + 0.04 - first_s
    front_s = flight_s + draw["touch_s"]
    hind_s = front_s + draw["hind_s"]
    length_s = (takeoff_s + hind_s + 0.15) * size + draw["lead_s"]
    at_s = (np.arange(int(length_s * rate_hz)) / rate_hz / size - takeoff_s).astype(np.float32)
    crouch_s = first_s - draw["crouch_s"]
    aloft = np.interp(at_s, [-0.01, 0.02, flight_s, flight_s + 0.06], [0.0, 1.0, 1.0, 0.0])
    stood_g = np.interp(
        at_s, [crouch_s - 0.04, crouch_s, first_s, first_s + 0.04], [1.0, 0.6, 0.6, 1.0]
    )
    flown_g = _flight_g(at_s, flight_s, draw["flight_g"], draw["bump_g"])
    level_g = (1.0 - aloft) * stood_g + aloft * flown_g
    wide_s = _HALF_SINE * draw["width_s"]
    bumps = (
        (-0.07 - draw["apart_s"], 0.12, draw["front_push_g"]),
        (-0.07, 0.10, draw["hind_push_g"]),
        (front_s, wide_s, landing_g),
        (hind_s, 0.14, draw["hind_landing_g"]),
    )
    for middle_s, width_s, peak_g in bumps:
        level_g = np.maximum(
            level_g, _bump(at_s, middle_s=middle_s, width_s=width_s, peak_g=peak_g)
        )
    pitch_deg = np.interp(at_s, [0.0, flight_s / 2.0, flight_s, hind_s], [8, -2, 18, 8])
    # Along the neck's own upright, so that the magnitude is the template and the pitch a tilt.
    up_g = np.zeros((len(at_s), 3), dtype=np.float32)
    up_g[:, 2] = level_g - 1.0
    busy = np.interp(at_s, [crouch_s - 0.1, crouch_s, hind_s, hind_s + 0.2], [0.0, 1.0, 1.0, 0.0])
    rough_g = (0.03 + draw["rough_g"] * busy).astype(np.float32)
    up_g += rough_g[:, None] * coloured(rng, len(at_s), rate_hz=rate_hz)
    return tilted(up_g, np.radians(pitch_deg).astype(np.float32))
