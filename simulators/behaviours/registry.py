"""Everything a dog does, by name: one short function each, in the files that are imported here."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from simulators.behaviours.base import Behaviour, Scene
from simulators.behaviours.collapse import collapse
from simulators.behaviours.gait import GAITS, move
from simulators.behaviours.handling import car, dropped, handled, lifted, off
from simulators.behaviours.impulsive import head_shake, held, impact, knock_train, scratch, shake
from simulators.behaviours.jump import JUMPS, jump
from simulators.behaviours.noise import Trace, coloured, tilted
from simulators.behaviours.resting import (
    looking_around,
    lying,
    rhythmic,
    swaying,
    turning,
    twitching,
)
from simulators.behaviours.stairs import stairs

__all__ = ["BEHAVIOURS", "Behaviour", "Scene"]


def _sniffing(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return slow, broken steps with the nose on the ground."""
    moved_g = np.float32(rng.uniform(0.05, 0.12)) * coloured(rng, n, rate_hz=scene.rate_hz)
    return tilted(moved_g, float(np.radians(-60.0 + 8.0 * rng.standard_normal())))


def _gait(name: str) -> Behaviour:
    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        return move(
            rng,
            n,
            name=name,
            rate_hz=scene.rate_hz,
            dog=scene.dog,
            condition=scene.condition,
        )

    return behave


def _jump(name: str) -> Behaviour:
    """Return a jump, with standing before and after it as the time allows."""

    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        jumped_g = jump(rng, name=name, rate_hz=scene.rate_hz, dog=scene.dog)
        behind = max(n - len(jumped_g), 0)
        stood_g = swaying(8.0, (0.01, 0.03))(rng, behind, scene)
        return np.concatenate([jumped_g, stood_g])[:n]

    return behave


BEHAVIOURS: Mapping[str, Behaviour] = MappingProxyType(
    {
        **{name: _gait(name) for name in GAITS},
        **{name: _jump(name) for name in JUMPS},
        "lying": lying,
        "sitting": swaying(40.0, (0.006, 0.02)),
        "looking_around": looking_around,
        "standing": swaying(20.0, (0.01, 0.035)),
        "fidgeting": swaying(15.0, (0.06, 0.16)),
        "sniffing": _sniffing,
        "eating": rhythmic(-55.0, (2.2, 2.8), (0.08, 0.15)),
        "drinking": rhythmic(-55.0, (3.0, 4.0), (0.06, 0.12)),
        "panting": rhythmic(20.0, (5.0, 6.7), (0.02, 0.07)),
        "shake": shake,
        "head_shake": head_shake,
        "scratch": scratch,
        "stairs_up": stairs("walk"),
        "stairs_down": stairs("fast_walk"),
        "stairs_trot": stairs("trot"),
        "play_bow": held(-45.0, (1.4, 2.4)),
        "rearing": held(65.0, (1.8, 3.0)),
        "knock": impact((5.0, 8.0), 0.02),
        "knock_train": knock_train,
        "flop": impact((1.5, 3.0), 0.15),
        "step_down": impact((2.8, 3.6), 0.14),
        "car_ride": car,
        "owner_lift": lifted,
        "collar_drop": dropped,
        "collar_handled": handled,
        "off_collar": off,
        "sensor_frozen": _gait("walk"),
        "axis_stuck": _gait("walk"),
        "collapse": collapse,
        "turning": turning,
        "twitching": twitching,
    }
)
"""While the sensor is stuck the dog walks: `simulators.collar.sensor` holds the readings."""
