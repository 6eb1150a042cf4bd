"""Everything a dog does besides walking and jumping, one short function each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from simulators.condition import HEALTHY, Condition
from simulators.dog import Dog
from simulators.gait import GAITS, move
from simulators.jump import JUMPS, jump
from simulators.noise import Trace, coloured, smooth, tilted, white


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who moves, how well it is, and how often it is measured."""

    dog: Dog
    condition: Condition = HEALTHY
    rate_hz: float = 50.0


Behaviour = Callable[[np.random.Generator, int, Scene], Trace]
"""Returns n samples, shape (n, 3), in the frame of the neck, gravity included."""


def _still(
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


def _times_s(n: int, scene: Scene) -> Trace:
    return (np.arange(n) / scene.rate_hz).astype(np.float32)


def _lying(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return breathing, which moves the collar by a few thousandths of gravity."""
    lying_g = _still(rng, n, scene, pitch_deg=10.0, spread_deg=25.0)
    breaths_hz, breath_g = rng.uniform(0.2, 0.5), rng.uniform(0.002, 0.008)
    phase = (2.0 * np.pi * breaths_hz / scene.rate_hz * np.arange(n)).astype(np.float32)
    lying_g[:, 2] += np.float32(breath_g) * np.sin(phase)
    return lying_g


def _swaying(pitch_deg: float, sway_g: tuple[float, float]) -> Behaviour:
    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        still_g = _still(rng, n, scene, pitch_deg=pitch_deg, spread_deg=12.0)
        noise = coloured(rng, n, rate_hz=scene.rate_hz, high_hz=6.0)
        return still_g + np.float32(rng.uniform(*sway_g)) * noise

    return behave


def _rhythmic(
    pitch_deg: float, rate_hz: tuple[float, float], amplitude_g: tuple[float, float]
) -> Behaviour:
    """Return a behaviour with one rhythm: chewing, lapping, panting."""

    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        moved_g = np.float32(0.03) * coloured(rng, n, rate_hz=scene.rate_hz)
        wander = 0.3 * smooth(rng, n, knots=int(n / scene.rate_hz) + 2)
        phase = 2.0 * np.pi * rng.uniform(*rate_hz) * _times_s(n, scene) + wander
        moved_g[:, 2] += np.float32(1.41 * rng.uniform(*amplitude_g)) * np.sin(phase)
        return tilted(moved_g, float(np.radians(pitch_deg + 8.0 * rng.standard_normal())))

    return behave


def _sniffing(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return slow, broken steps with the nose on the ground."""
    moved_g = np.float32(rng.uniform(0.05, 0.12)) * coloured(rng, n, rate_hz=scene.rate_hz)
    return tilted(moved_g, float(np.radians(-60.0 + 8.0 * rng.standard_normal())))


def _shake(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return skin that swings to both sides at f; outward force comes twice a swing."""
    shakes_hz = 4.3 * (30.0 / scene.dog.mass_kg) ** 0.22 * rng.uniform(0.95, 1.05)
    envelope = np.sqrt(np.sin(np.pi * (np.arange(n) + 0.5) / max(n, 1)))
    phase = 2.0 * np.pi * shakes_hz * _times_s(n, scene)
    shaken_g = np.zeros((n, 3), dtype=np.float32)
    shaken_g[:, 1] = envelope * rng.uniform(5.0, 9.0) * np.sin(phase)
    shaken_g[:, 2] = envelope * rng.uniform(4.0, 10.0) * np.cos(phase) ** 2
    return tilted(shaken_g, 0.0)


def _scratch(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a hind leg that hits the collar at an even beat."""
    beat = 2.0 * np.pi * rng.uniform(4.5, 7.5) * _times_s(n, scene)
    strength_g = rng.uniform(0.7, 1.6)
    scratched_g = np.float32(0.1) * coloured(rng, n, rate_hz=scene.rate_hz)
    scratched_g[:, 1] += strength_g * np.sin(beat)
    scratched_g[:, 2] += 0.5 * strength_g * np.sin(beat + 0.8)
    return tilted(scratched_g, 0.5)


def _held(pitch_deg: float, peak_g: tuple[float, float]) -> Behaviour:
    """Return a posture taken with a swing, held, and given up: a play bow, rearing."""

    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        at_s = _times_s(n, scene)
        end_s = n / scene.rate_hz
        pitch = np.interp(at_s, [0.0, 0.35, end_s - 0.35, end_s], [0.1, 1.0, 1.0, 0.1])
        moved_g = np.float32(0.08) * coloured(rng, n, rate_hz=scene.rate_hz)
        for middle_s in (0.25, end_s - 0.15):
            rise_g = rng.uniform(*peak_g) - 1.0
            moved_g[:, 2] += rise_g * np.exp(-(((at_s - middle_s) / 0.06) ** 2))
        return tilted(moved_g, np.radians(pitch_deg * pitch).astype(np.float32))

    return behave


def _impact(peak_g: tuple[float, float], width_s: float) -> Behaviour:
    """Return one blow amid standing: a knock, a flop, a careful step down."""

    def behave(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
        stood_g = _swaying(5.0, (0.01, 0.03))(rng, n, scene)
        at_s = _times_s(n, scene) - n / scene.rate_hz / 2.0
        phase = np.clip(at_s / width_s + 0.5, 0.0, 1.0)
        stood_g[:, 2] += (rng.uniform(*peak_g) - 1.0) * np.sin(np.pi * phase)
        return stood_g

    return behave


def _car(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a body that bounces at 1-3 Hz above a rattling road."""
    lying_g = _still(rng, n, scene, pitch_deg=15.0, spread_deg=15.0)
    lying_g[:, 2] += (
        np.float32(rng.uniform(0.02, 0.08))
        * coloured(rng, n, rate_hz=scene.rate_hz, high_hz=3.0)[:, 2]
    )
    return lying_g + np.float32(rng.uniform(0.01, 0.03)) * white(rng, (n, 3))


def _lifted(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a dog picked up and set down by its owner: slow, far below one gravity."""
    end_s = n / scene.rate_hz
    at_s = _times_s(n, scene)
    moved_g = np.float32(0.05) * coloured(rng, n, rate_hz=scene.rate_hz, high_hz=4.0)
    for middle_s, sign in ((0.5, 1.0), (end_s - 0.5, -1.0)):
        swing = np.sin(np.pi * np.clip((at_s - middle_s) / 1.0 + 0.5, 0.0, 1.0) * 2.0)
        moved_g[:, 2] += sign * rng.uniform(0.15, 0.35) * swing
    return tilted(moved_g, 0.3)


def _dropped(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a collar that falls from a table: free fall, a hard stop, and no breath after."""
    still_g = _still(rng, n, scene, pitch_deg=0.0, spread_deg=5.0)
    fall, first = int(0.35 * scene.rate_hz), n // 3
    still_g[first : first + fall] *= np.float32(0.03)
    still_g[first + fall : first + fall + 2] *= np.float32(rng.uniform(4.0, 10.0))
    return still_g


def _off(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return a collar on a shelf."""
    return _still(rng, n, scene, pitch_deg=0.0, spread_deg=60.0)


def _turning(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return turning over in sleep: a swing of the pitch and a moderate heave."""
    moved_g = np.float32(rng.uniform(0.15, 0.35)) * coloured(
        rng, n, rate_hz=scene.rate_hz, high_hz=4.0
    )
    pitch_deg = np.linspace(0.0, rng.uniform(30.0, 70.0), n)
    return tilted(moved_g, np.radians(pitch_deg).astype(np.float32))


def _twitching(rng: np.random.Generator, n: int, scene: Scene) -> Trace:
    """Return dreaming: short bursts of a tenth of a gravity while lying."""
    lying_g = _lying(rng, n, scene)
    bursts = np.maximum(smooth(rng, n, knots=int(n / scene.rate_hz) + 2), 0.0)[:, None]
    return lying_g + np.float32(rng.uniform(0.04, 0.1)) * bursts * coloured(
        rng, n, rate_hz=scene.rate_hz
    )


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
        stood_g = _swaying(8.0, (0.01, 0.03))(rng, behind, scene)
        return np.concatenate([jumped_g, stood_g])[:n]

    return behave


BEHAVIOURS: Mapping[str, Behaviour] = MappingProxyType(
    {
        **{name: _gait(name) for name in GAITS},
        **{name: _jump(name) for name in JUMPS},
        "lying": _lying,
        "sitting": _swaying(40.0, (0.006, 0.02)),
        "standing": _swaying(20.0, (0.01, 0.035)),
        "fidgeting": _swaying(15.0, (0.06, 0.16)),
        "sniffing": _sniffing,
        "eating": _rhythmic(-55.0, (2.2, 2.8), (0.08, 0.15)),
        "drinking": _rhythmic(-55.0, (3.0, 4.0), (0.06, 0.12)),
        "panting": _rhythmic(20.0, (5.0, 6.0), (0.02, 0.07)),
        "shake": _shake,
        "scratch": _scratch,
        "play_bow": _held(-45.0, (1.4, 2.4)),
        "rearing": _held(65.0, (1.8, 3.0)),
        "knock": _impact((5.0, 8.0), 0.02),
        "flop": _impact((1.5, 3.0), 0.15),
        "step_down": _impact((2.8, 3.6), 0.14),
        "car_ride": _car,
        "owner_lift": _lifted,
        "collar_drop": _dropped,
        "off_collar": _off,
        "turning": _turning,
        "twitching": _twitching,
    }
)
