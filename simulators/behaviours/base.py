"""Who moves, and what is asked of every behaviour."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulators.behaviours.noise import Trace
from simulators.dog.condition import HEALTHY, Condition
from simulators.dog.dog import Dog


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who moves, how well it is, and how often it is measured."""

    dog: Dog
    condition: Condition = HEALTHY
    rate_hz: float = 50.0


Behaviour = Callable[[np.random.Generator, int, Scene], Trace]
"""Returns n samples, shape (n, 3), in the frame of the neck, gravity included."""


def times_s(n: int, scene: Scene) -> Trace:
    """Return the time of each sample since the first."""
    return (np.arange(n) / scene.rate_hz).astype(np.float32)
