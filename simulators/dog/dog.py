"""A made-up dog: its size, its stride rates and how it carries itself."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.errors import SettingsError

REFERENCE_WITHERS_M = 0.52
"""Height of the dog on which the amplitudes and rates were measured."""

CADENCE_SD = 0.08
"""How much dogs of one size differ in their stride rate, as a share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dog:
    """A dog of any size.

    Attributes
    ----------
    name
        What the truth and the packets call it.
    withers_m
        Height at the withers, 0.1 to 1.2.
    mass_kg
        1 to 120; sets the rate of a body shake.
    cadence
        This dog's own stride rate over that of its size, about 1.

    Raises
    ------
    SettingsError
        If a size is out of range.
    """

    name: str = "dog"
    withers_m: float = 0.50
    mass_kg: float = 20.0
    cadence: float = 1.0

    def __post_init__(self) -> None:
        for key, least, most in (("withers_m", 0.1, 1.2), ("mass_kg", 1, 120), ("cadence", 0.5, 2)):
            value = getattr(self, key)
            if not least <= value <= most:
                msg = f"dog.{key} is {value}, expected {least} to {most}"
                raise SettingsError(msg)

    @property
    def size(self) -> float:
        """Durations of this dog over those of the reference dog: the root of its height."""
        return math.sqrt(self.withers_m / REFERENCE_WITHERS_M)

    def stride_hz(self, reference_hz: float) -> float:
        """Return the stride rate where the reference dog has another one.

        Examples
        --------
        >>> round(Dog(withers_m=0.13).stride_hz(1.5), 6)
        3.0
        """
        return reference_hz * self.cadence / self.size


def any_dog(rng: np.random.Generator, *, name: str = "dog", withers_m: float = 0.50) -> Dog:
    """Return a dog of a height, with a cadence and a mass as chance has it.

    Mass follows the cube of the height, 22 kg at 0.52 m, give or take a fifth.
    """
    cadence = 1.0 + CADENCE_SD * float(np.clip(rng.standard_normal(), -2.5, 2.5))
    build = math.exp(0.2 * float(np.clip(rng.standard_normal(), -2.0, 2.0)))
    mass_kg = min(max(22.0 * build * (withers_m / REFERENCE_WITHERS_M) ** 3, 1.0), 120.0)
    return Dog(name=name, withers_m=withers_m, mass_kg=mass_kg, cadence=cadence)
