"""Dogs from toy to giant: heights, masses and how dogs of one size differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from analysis.errors import SettingsError
from simulators.dog.dog import CADENCE_SD, Dog


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A class of dogs.

    Attributes
    ----------
    withers_m, mass_kg
        Of a dog in the middle of it; section 1.1 of docs/evidence.md.
    cadence
        Stride rate over that of its height: a heavy dog on short legs is slower than its legs.
    """

    withers_m: float
    mass_kg: float
    cadence: float = 1.0


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "toy": Size(withers_m=0.25, mass_kg=4.0),
        "dachshund": Size(withers_m=0.20, mass_kg=9.0, cadence=0.9),
        "beagle": Size(withers_m=0.38, mass_kg=12.0),
        "medium": Size(withers_m=0.50, mass_kg=20.0),
        "large": Size(withers_m=0.58, mass_kg=30.0),
        "giant": Size(withers_m=0.75, mass_kg=55.0),
    }
)
HEIGHT_SD, BUILD_SD = 0.06, 0.15
"""How much dogs of one class differ in height, and in mass at one height: a judgement."""


def dog_of(rng: np.random.Generator, size: str, *, name: str = "dog") -> Dog:
    """Return a dog of a class as chance has it: its height, its mass and its own cadence.

    Raises
    ------
    SettingsError
        If there is no such class.
    """
    if size not in SIZES:
        msg = f"size is '{size}', expected one of {', '.join(SIZES)}"
        raise SettingsError(msg)
    usual = SIZES[size]
    height, build, pace = np.clip(rng.standard_normal(3), -2.5, 2.5)
    taller = 1.0 + HEIGHT_SD * float(height)
    mass_kg = usual.mass_kg * taller**3 * (1.0 + BUILD_SD * float(build))
    return Dog(
        name=name,
        withers_m=usual.withers_m * taller,
        mass_kg=min(max(mass_kg, 1.0), 120.0),
        cadence=usual.cadence * (1.0 + CADENCE_SD * float(pace)),
    )
