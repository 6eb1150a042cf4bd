"""A dog that falls over and stays down: what a collapse may feel like to a collar."""

import numpy as np

from simulators.behaviours.base import Scene, times_s
from simulators.behaviours.noise import Trace

_FALL_S = 0.5
_BUMP_S = 0.15


def collapse(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return half a second of sinking to one side, a bump of 1.6-3.8 g, then breathing on the side.

    No recording of a collapse is known; the numbers are those that the rule in evidence.md expects,
    so that what is found of these says that the rule works, not that it is right.
    """
    at_s = times_s(n, scene)
    down = np.clip(at_s / _FALL_S, 0.0, 1.0)
    lean = np.radians(rng.choice((-1.0, 1.0)) * rng.uniform(60.0, 100.0)) * down
    breath = rng.uniform(0.004, 0.012) * np.sin(2.0 * np.pi * rng.uniform(0.3, 0.65) * at_s)
    bump_g = rng.uniform(1.6, 3.8) - 1.0
    landing = np.clip((at_s - _FALL_S) / _BUMP_S + 0.5, 0.0, 1.0)
    size_g = 1.0 + bump_g * np.sin(np.pi * landing) + breath * down
    pitch = np.radians(10.0 * rng.standard_normal())
    fallen_g = np.stack(
        [np.full(n, np.sin(pitch)), np.cos(pitch) * np.sin(lean), np.cos(pitch) * np.cos(lean)],
        axis=1,
    )
    felt_g: Trace = (fallen_g * size_g[:, None]).astype(np.float32)
    return felt_g
