"""What a collar feels of a dog that stays where it is: lying, sitting, eating, dreaming."""

import numpy as np

from simulators.behaviours.base import Behaviour, Scene, times_s
from simulators.behaviours.noise import Trace, coloured, smooth, tilted


def still(
    rng: np.random.Generator, n: int, scene: Scene, *, pitch_deg: float, spread_deg: float
) -> Trace:
    """Return gravity alone, at a pitch and a lean of its own."""
    pitch, lean = np.radians(
        [pitch_deg + spread_deg * rng.standard_normal(), spread_deg * rng.standard_normal()]
    )
    gravity_g = np.array(
        [np.sin(pitch), np.cos(pitch) * np.sin(lean), np.cos(pitch) * np.cos(lean)]
    )
    del scene
    return np.broadcast_to(gravity_g.astype(np.float32), (n, 3)).copy()


def lying(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return breathing at 0.2-0.5 Hz, which moves the collar by 2 to 10 mg."""
    lying_g = still(rng, n, scene, pitch_deg=10.0, spread_deg=25.0)
    breaths_hz, breath_g = rng.uniform(0.2, 0.5), rng.uniform(0.002, 0.010)
    phase = (2.0 * np.pi * breaths_hz / scene.rate_hz * np.arange(n)).astype(np.float32)
    lying_g[:, 2] += np.float32(breath_g) * np.sin(phase)
    return lying_g


def swaying(pitch_deg: float, sway_g: tuple[float, float]) -> Behaviour:
    """Return a behaviour that holds a pitch and sways about it."""

    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        still_g = still(rng, n, scene, pitch_deg=pitch_deg, spread_deg=12.0)
        noise = coloured(rng, n, rate_hz=scene.rate_hz, high_hz=6.0)
        return still_g + np.float32(rng.uniform(*sway_g)) * noise

    return behave


def looking_around(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return sitting with a head that turns to things: holds of seconds, swings of half a second.

    A turn about the vertical is invisible to a collar; what it sees is that the head also nods
    and leans, and the jolt of the swing.
    """
    n_holds = int(n / scene.rate_hz / 1.5) + 2
    swing_s = rng.uniform(0.3, 0.7, n_holds)
    ends_s = np.cumsum(rng.uniform(0.8, 4.0, n_holds) + swing_s)
    knots_s = np.stack([ends_s - swing_s, ends_s], axis=1).ravel()
    poses_deg = rng.standard_normal((n_holds + 1, 2)) * (18.0, 15.0) + (40.0, 0.0)
    at_s = times_s(n, scene)
    pitch, lean = (
        np.radians(np.interp(at_s, knots_s, np.repeat(poses_deg[:, axis], 2)[1:-1]))
        for axis in (0, 1)
    )
    looked_g: Trace = np.stack(
        [np.sin(pitch), np.cos(pitch) * np.sin(lean), np.cos(pitch) * np.cos(lean)], axis=1
    ).astype(np.float32)
    # The jolt lasts as long as the swing: strong in it, hardly there between two of them.
    swinging = np.zeros(n)
    for end_s, length_s in zip(ends_s, swing_s, strict=True):
        swinging += np.maximum(1.0 - np.abs((at_s - end_s + length_s / 2) / (length_s / 2)), 0.0)
    jolt_g = (0.012 + rng.uniform(0.06, 0.14) * swinging).astype(np.float32)[:, None]
    looked_g += jolt_g * coloured(rng, n, rate_hz=scene.rate_hz, high_hz=6.0)
    return looked_g


def rhythmic(
    pitch_deg: float, rate_hz: tuple[float, float], amplitude_g: tuple[float, float]
) -> Behaviour:
    """Return a behaviour with one rhythm: chewing, lapping, panting."""

    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        moved_g = np.float32(0.03) * coloured(rng, n, rate_hz=scene.rate_hz)
        wander = 0.3 * smooth(rng, n, knots=int(n / scene.rate_hz) + 2)
        phase = 2.0 * np.pi * rng.uniform(*rate_hz) * times_s(n, scene) + wander
        moved_g[:, 2] += np.float32(1.41 * rng.uniform(*amplitude_g)) * np.sin(phase)
        return tilted(moved_g, float(np.radians(pitch_deg + 8.0 * rng.standard_normal())))

    return behave


def turning(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return turning over in sleep: a swing of the pitch and a moderate heave."""
    moved_g = np.float32(rng.uniform(0.15, 0.35)) * coloured(
        rng, n, rate_hz=scene.rate_hz, high_hz=4.0
    )
    pitch_deg = np.linspace(0.0, rng.uniform(30.0, 70.0), n)
    return tilted(moved_g, np.radians(pitch_deg).astype(np.float32))


def twitching(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return dreaming: bursts at 2-8 Hz of 0.2 to 2 s, 0.05-0.2 g, about one in five seconds."""
    lying_g = lying(rng, n, scene)
    at_s = times_s(n, scene)
    n_bursts = int(rng.poisson(n / scene.rate_hz / 5.0))
    starts_s = np.sort(rng.uniform(0.0, n / scene.rate_hz, n_bursts))
    for start_s in starts_s:
        length_s, twitch_hz = float(rng.uniform(0.2, 2.0)), float(rng.uniform(2.0, 8.0))
        direction = rng.standard_normal(3)
        strength_g = rng.uniform(0.05, 0.2) * direction / np.linalg.norm(direction)
        first, stop = np.searchsorted(at_s, [start_s, start_s + length_s])
        into_s = at_s[first:stop] - start_s
        burst = np.sin(np.pi * into_s / length_s) * np.sin(2.0 * np.pi * twitch_hz * into_s)
        lying_g[first:stop] += (burst[:, None] * strength_g).astype(np.float32)
    return lying_g
