"""Building blocks of every behaviour: noise, slow drift, gravity on a tilted neck."""

import numpy as np
from numpy.typing import NDArray

Trace = NDArray[np.float32]
"""One number a sample, or three; single precision, since a day has 13 million."""


def white(rng: np.random.Generator, shape: int | tuple[int, ...]) -> Trace:
    """Return white noise with a standard deviation of 1."""
    return rng.standard_normal(shape, dtype=np.float32)


def smooth(rng: np.random.Generator, n: int, *, knots: int) -> Trace:
    """Return a slow wander of n samples with a standard deviation near 1: few knots, wide waves."""
    if n == 0:
        return np.zeros(0, dtype=np.float32)
    heights = rng.standard_normal(max(knots, 2))
    return np.interp(
        np.linspace(0.0, len(heights) - 1.0, n), np.arange(len(heights)), heights
    ).astype(np.float32)


def coloured(rng: np.random.Generator, n: int, *, rate_hz: float, high_hz: float = 12.0) -> Trace:
    """Return movement noise, shape (n, 3), standard deviation 1: strong when slow, cut above.

    Notes
    -----
    Octave by octave: knots at 1, 2, 4, ... Hz joined by straight lines, each octave 0.7 of the one
    below. That is pink within the band of a dog's movement, and needs no filter.
    """
    octaves = [each for each in (1.0, 2.0, 4.0, 8.0, 16.0) if each <= min(2.0 * high_hz, rate_hz)]
    total = np.zeros((n, 3), dtype=np.float32)
    power = 0.0
    positions = np.arange(n) / rate_hz
    for number, knots_hz in enumerate(octaves):
        gain = 0.7**number
        heights = gain * white(rng, (int(n * knots_hz / rate_hz) + 3, 3))
        at = positions * knots_hz + rng.random()
        left = at.astype(np.intp)
        share = (at - left).astype(np.float32)[:, None]
        rise = np.diff(heights, axis=0).take(left, axis=0)
        rise *= share
        rise += heights.take(left, axis=0)
        total += rise
        power += gain**2 * 2.0 / 3.0
    return total / np.float32(np.sqrt(power))


def tilted(dynamic_g: Trace, pitch_rad: Trace | float) -> Trace:
    """Return what a collar measures, shape (n, 3): movement plus gravity, on a pitched neck.

    Parameters
    ----------
    dynamic_g
        Shape (n, 3): forward, left and up, level with the ground.
    pitch_rad
        Nose up is positive; one number, or one a sample.
    """
    sine, cosine = np.sin(pitch_rad), np.cos(pitch_rad)
    up_g = dynamic_g[:, 2] + 1.0
    neck_g = np.empty_like(dynamic_g, dtype=np.float32)
    neck_g[:, 0] = cosine * dynamic_g[:, 0] + sine * up_g
    neck_g[:, 1] = dynamic_g[:, 1]
    neck_g[:, 2] = cosine * up_g - sine * dynamic_g[:, 0]
    return neck_g
