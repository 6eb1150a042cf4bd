"""The sphere that readings at rest should lie on: which gain and offset put them there."""

from dataclasses import dataclass

import numpy as np

from analysis.model import FloatArray

_OFFSET_SPREAD_G, _GAIN_SPREAD = 0.05, 0.03
"""What one sensor differs from another before anything is known of it (evidence.md 8.1)."""
_NOISE_G = 0.003
_FAR_G = 0.015
"""Readings further from the sphere count less: one of them was not at rest."""
_MOST_STEPS = 50
_STEPS_PER_G = 2.0**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Takes readings ``a`` to ``gain * a + offset_g``, axis by axis."""

    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    offset_g: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def is_none(self) -> bool:
        """Whether it leaves readings as they are."""
        return self == Correction()

    def of(self, acceleration_g: FloatArray) -> FloatArray:
        """Return readings, shape (n, 3), corrected."""
        return np.asarray(acceleration_g * np.asarray(self.gain) + np.asarray(self.offset_g))

    def is_within(self, gain_error: float, offset_g: float) -> bool:
        """Return whether it corrects no more than so much."""
        by_gain = max(abs(each - 1.0) for each in self.gain)
        return by_gain <= gain_error and max(map(abs, self.offset_g)) <= offset_g


def error_g(at_rest_g: FloatArray, correction: Correction) -> float:
    """Return how far readings at rest, shape (n, 3), lie from one gravity: root mean square.

    Examples
    --------
    >>> error_g(np.array([[0.0, 0.0, 1.5], [0.0, 0.5, 0.0]]), Correction())
    0.5
    """
    off_g = np.linalg.norm(correction.of(at_rest_g), axis=1) - 1.0
    return float(np.sqrt(np.mean(off_g * off_g)))


def one_gain(at_rest_g: FloatArray) -> Correction:
    """Return the same gain for all axes: the inverse of the median reading."""
    gain = _rounded(1.0 / float(np.median(np.linalg.norm(at_rest_g, axis=1))))
    return Correction(gain=(gain, gain, gain))


def closest_sphere(at_rest_g: FloatArray) -> Correction:
    """Return the gain and offset of each axis that put readings at rest nearest to one gravity.

    Notes
    -----
    After van Hees et al. 2014, who pull each reading to the closest point of the sphere until
    nothing changes. Here each step solves for all six numbers at once (Gauss-Newton), which needs
    a few steps instead of hundreds, and what the readings leave open stays near no correction:
    a dog hardly ever lies on its back. Far readings are weighed down (Huber).
    """
    found = np.concatenate([np.ones(3), np.zeros(3)])
    usual = found.copy()
    doubt = np.diag(1.0 / np.repeat([_GAIN_SPREAD, _OFFSET_SPREAD_G], 3) ** 2)
    for _ in range(_MOST_STEPS):
        corrected_g = at_rest_g * found[:3] + found[3:]
        length_g = np.linalg.norm(corrected_g, axis=1)
        towards = corrected_g / length_g[:, None]
        slopes = np.hstack([towards * at_rest_g, towards])
        off_g = length_g - 1.0
        weight = _FAR_G / np.maximum(np.abs(off_g), _FAR_G) / _NOISE_G**2
        pull = slopes.T @ (weight * off_g) + doubt @ (found - usual)
        step = np.linalg.solve(slopes.T @ (weight[:, None] * slopes) + doubt, pull)
        found = found - step
        if np.abs(step).max() < 0.1 / _STEPS_PER_G:
            break
    x, y, z, dx, dy, dz = (_rounded(each) for each in found.tolist())
    return Correction(gain=(x, y, z), offset_g=(dx, dy, dz))


def _rounded(value: float) -> float:
    """Return a number rounded to a millionth, so that the last bits of a solver do not show."""
    return round(value * _STEPS_PER_G) / _STEPS_PER_G
