"""Short and strong: shakes, scratches, blows and postures that are taken with a swing."""

import numpy as np

from simulators.behaviours.base import Behaviour, Scene, times_s
from simulators.behaviours.noise import Trace, coloured, tilted
from simulators.behaviours.resting import swaying


def shake(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return skin that swings to both sides at f; outward force comes twice a swing."""
    shakes_hz = 4.3 * (30.0 / scene.dog.mass_kg) ** 0.22 * rng.uniform(0.95, 1.05)
    envelope = np.sqrt(np.sin(np.pi * (np.arange(n) + 0.5) / max(n, 1)))
    phase = 2.0 * np.pi * shakes_hz * times_s(n, scene)
    shaken_g = np.zeros((n, 3), dtype=np.float32)
    shaken_g[:, 1] = envelope * rng.uniform(5.0, 9.0) * np.sin(phase)
    shaken_g[:, 2] = envelope * rng.uniform(4.0, 10.0) * np.cos(phase) ** 2
    return tilted(shaken_g, 0.0)


def head_shake(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return ears that fly, the body quiet: a weaker shake, 2 to 8 g at 4-8 Hz."""
    shakes_hz = float(np.clip(5.5 * (30.0 / scene.dog.mass_kg) ** 0.1, 4.0, 8.0))
    envelope = np.sqrt(np.sin(np.pi * (np.arange(n) + 0.5) / max(n, 1)))
    phase = 2.0 * np.pi * shakes_hz * rng.uniform(0.9, 1.1) * times_s(n, scene)
    shaken_g = np.zeros((n, 3), dtype=np.float32)
    shaken_g[:, 1] = envelope * rng.uniform(2.0, 5.0) * np.sin(phase)
    shaken_g[:, 2] = envelope * rng.uniform(1.5, 5.0) * np.cos(phase) ** 2
    return tilted(shaken_g, 0.3)


def scratch(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a hind leg that hits the collar at an even beat."""
    beat = 2.0 * np.pi * rng.uniform(4.5, 7.5) * times_s(n, scene)
    strength_g = rng.uniform(0.7, 1.6)
    scratched_g = np.float32(0.1) * coloured(rng, n, rate_hz=scene.rate_hz)
    scratched_g[:, 1] += strength_g * np.sin(beat)
    scratched_g[:, 2] += 0.5 * strength_g * np.sin(beat + 0.8)
    return tilted(scratched_g, 0.5)


def held(pitch_deg: float, peak_g: tuple[float, float]) -> Behaviour:
    """Return a posture taken with a swing, held, and given up: a play bow, rearing."""

    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        at_s = times_s(n, scene)
        end_s = n / scene.rate_hz
        pitch = np.interp(at_s, [0.0, 0.35, end_s - 0.35, end_s], [0.1, 1.0, 1.0, 0.1])
        moved_g = np.float32(0.08) * coloured(rng, n, rate_hz=scene.rate_hz)
        for middle_s in (0.25, end_s - 0.15):
            rise_g = rng.uniform(*peak_g) - 1.0
            moved_g[:, 2] += rise_g * np.exp(-(((at_s - middle_s) / 0.06) ** 2))
        return tilted(moved_g, np.radians(pitch_deg * pitch).astype(np.float32))

    return behave


def impact(peak_g: tuple[float, float], width_s: float) -> Behaviour:
    """Return one blow amid standing: a knock, a flop, a careful step down."""

    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        stood_g = swaying(5.0, (0.01, 0.03))(rng, n, scene)
        at_s = times_s(n, scene) - n / scene.rate_hz / 2.0
        phase = np.clip(at_s / width_s + 0.5, 0.0, 1.0)
        stood_g[:, 2] += (rng.uniform(*peak_g) - 1.0) * np.sin(np.pi * phase)
        return stood_g

    return behave


def knock_train(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a collar that hits a bowl or the bars of a crate again and again: 10-30 ms each."""
    stood_g = swaying(-20.0, (0.03, 0.08))(rng, n, scene)
    end_s, at_s = n / scene.rate_hz, times_s(n, scene)
    next_s = float(rng.uniform(0.1, 0.5))
    while next_s < end_s:
        width_s = float(rng.uniform(0.010, 0.030))
        first = int(np.searchsorted(at_s, next_s))
        n_wide = max(round(width_s * scene.rate_hz), 1)
        # A sample that lasts longer than the blow sees only that share of it.
        share = min(1.0, width_s * scene.rate_hz)
        direction = rng.standard_normal(3)
        blow_g = share * rng.uniform(1.0, 8.0) * direction / np.linalg.norm(direction)
        stood_g[first : first + n_wide] += blow_g.astype(np.float32)
        next_s += float(rng.uniform(0.25, 1.5))
    return stood_g
