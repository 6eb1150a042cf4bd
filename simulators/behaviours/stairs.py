"""Stairs as a collar feels them: a slower, stronger gait in runs of two to four steps."""

from dataclasses import replace

import numpy as np

from simulators.behaviours.base import Behaviour, Scene
from simulators.behaviours.gait import CADENCE_POWER, GAITS, move
from simulators.behaviours.noise import Trace

CADENCE, STRENGTH = 0.8, 1.3
"""Stride rate and movement over those on the flat; docs/evidence.md section 8.2."""
PAUSE_S = (0.15, 0.4)


def stairs(gait: str) -> Behaviour:
    """Return a flight of stairs in a gait, with a stop every two to four steps.

    Gravity stays where the gait has it; what stops is the movement about it.
    """

    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        climbing = replace(
            scene.condition,
            cadence=scene.condition.cadence * CADENCE,
            # A slower stride is a weaker one of itself, which must not be counted twice.
            amplitude=scene.condition.amplitude * STRENGTH / CADENCE**CADENCE_POWER,
        )
        flight_g = move(rng, n, name=gait, rate_hz=scene.rate_hz, dog=scene.dog, condition=climbing)
        step_s = 0.5 / (scene.dog.stride_hz(GAITS[gait].stride_hz) * CADENCE)
        going = _going(rng, n, rate_hz=scene.rate_hz, step_s=step_s)[:, None]
        mean_g = flight_g.mean(axis=0) if n else 0.0
        return (mean_g + going * (flight_g - mean_g)).astype(np.float32)

    return behave


def _going(rng: np.random.Generator, n: int, *, rate_hz: float, step_s: float) -> Trace:
    """Return 1 on the steps and 0.15 in the stops between them."""
    end_s, now_s = n / rate_hz, 0.0
    times_s, levels = [0.0], [1.0]
    while now_s < end_s:
        stop_s = now_s + step_s * float(rng.integers(2, 5))
        on_s = stop_s + float(rng.uniform(*PAUSE_S))
        times_s += [stop_s, stop_s + 0.08, on_s, on_s + 0.08]
        levels += [1.0, 0.15, 0.15, 1.0]
        now_s = on_s + 0.08
    return np.interp(np.arange(n) / rate_hz, times_s, levels).astype(np.float32)
