"""What people and things do to a collar: cars, arms, hands, shelves and floors."""

import numpy as np

from simulators.behaviours.base import Scene, times_s
from simulators.behaviours.noise import Trace, coloured, smooth, tilted, white
from simulators.behaviours.resting import still


def car(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a body that bounces at 1-3 Hz above a rattling road."""
    lying_g = still(rng, n, scene, pitch_deg=15.0, spread_deg=15.0)
    lying_g[:, 2] += (
        np.float32(rng.uniform(0.02, 0.08))
        * coloured(rng, n, rate_hz=scene.rate_hz, high_hz=3.0)[:, 2]
    )
    return lying_g + np.float32(rng.uniform(0.01, 0.03)) * white(rng, (n, 3))


def lifted(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a dog picked up and set down by its owner: slow, far below one gravity."""
    end_s = n / scene.rate_hz
    at_s = times_s(n, scene)
    moved_g = np.float32(0.05) * coloured(rng, n, rate_hz=scene.rate_hz, high_hz=4.0)
    for middle_s, sign in ((0.5, 1.0), (end_s - 0.5, -1.0)):
        swing = np.sin(np.pi * np.clip((at_s - middle_s) / 1.0 + 0.5, 0.0, 1.0) * 2.0)
        moved_g[:, 2] += sign * rng.uniform(0.15, 0.35) * swing
    return tilted(moved_g, 0.3)


def dropped(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a collar that falls from a table: free fall, a hard stop, and no breath after."""
    still_g = still(rng, n, scene, pitch_deg=0.0, spread_deg=5.0)
    fall, first = int(0.35 * scene.rate_hz), n // 3
    still_g[first : first + fall] *= np.float32(0.03)
    still_g[first + fall : first + fall + 2] *= np.float32(rng.uniform(4.0, 10.0))
    return still_g


def handled(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return hands that open or close a collar: it turns about all axes, with small knocks."""
    knots = max(int(n / scene.rate_hz / 0.6), 2)
    angles = np.stack([smooth(rng, n, knots=knots) for _ in range(2)])
    pitch, lean = 0.7 * angles[0], 1.2 * angles[1]
    held_g = np.stack(
        [np.sin(pitch), np.cos(pitch) * np.sin(lean), np.cos(pitch) * np.cos(lean)], axis=1
    ).astype(np.float32)
    return held_g + np.float32(0.15) * coloured(rng, n, rate_hz=scene.rate_hz)


def off(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a collar on a shelf: gravity, and nothing that breathes."""
    return still(rng, n, scene, pitch_deg=0.0, spread_deg=60.0)
