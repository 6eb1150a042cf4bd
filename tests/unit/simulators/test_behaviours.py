"""What a collar feels of everything besides gaits and jumps; docs/evidence.md section 1.3."""

from pathlib import Path

import numpy as np
import pytest

from simulators import yardstick
from simulators.behaviours import BEHAVIOURS, Scene
from simulators.dog import Dog
from simulators.noise import Trace

SCENE = Scene(dog=Dog(withers_m=0.52, mass_kg=24.0))


def done(name: str, *, n: int = 1000, scene: Scene = SCENE, seed: int = 3) -> Trace:
    return BEHAVIOURS[name](np.random.default_rng(seed), n, scene)


def many(name: str, *, n: int) -> list[Trace]:
    return [done(name, n=n, seed=seed) for seed in range(40)]


@pytest.mark.parametrize("name", list(BEHAVIOURS))
@pytest.mark.parametrize("rate_hz", [10.0, 50.0, 400.0])
@pytest.mark.parametrize("n", [1, 7, 130])
def test_every_behaviour_fills_any_time_at_any_rate(name: str, rate_hz: float, n: int) -> None:
    acted_g = done(name, n=n, scene=Scene(dog=Dog(), rate_hz=rate_hz))

    assert acted_g.shape == (n, 3)
    assert np.isfinite(acted_g).all()


@pytest.mark.parametrize("name", list(BEHAVIOURS))
def test_the_same_seed_acts_the_same_to_the_last_bit(name: str) -> None:
    assert done(name).tobytes() == done(name).tobytes()
    assert done(name).tobytes() != done(name, seed=4).tobytes()


@pytest.mark.parametrize(
    ("name", "least_g", "most_g"),
    [
        ("lying", 0.0, 0.01),
        ("standing", 0.01, 0.05),
        ("sniffing", 0.05, 0.15),
        ("eating", 0.09, 0.22),
        ("drinking", 0.05, 0.15),
        ("panting", 0.02, 0.10),
        ("car_ride", 0.02, 0.15),
    ],
)
def test_the_magnitude_spreads_as_published(name: str, least_g: float, most_g: float) -> None:
    spread_g = float(np.median([yardstick.spread_g(each) for each in many(name, n=1000)]))

    assert least_g <= spread_g <= most_g


def test_a_shake_outweighs_gravity_and_clips_a_sensor_of_8_g() -> None:
    """That the mean stays above 1.5 g is what tells a shake from a jump."""
    shakes = many("shake", n=60)

    assert min(yardstick.magnitude_g(each).mean() for each in shakes) > 1.5
    assert np.mean([np.abs(each).max() > 8.0 for each in shakes]) > 0.3


def test_small_dogs_shake_faster() -> None:
    """As the mass to -0.22: (30 / 3)**0.22 = 1.66 times the rate at a tenth of the mass."""
    rates_hz = []
    for mass_kg in (30.0, 3.0):
        scene = Scene(dog=Dog(mass_kg=mass_kg))
        sideways_g = np.mean(
            [
                np.abs(np.fft.rfft(done("shake", n=100, scene=scene, seed=seed)[:, 1], 4096))
                for seed in range(20)
            ],
            axis=0,
        )
        rates_hz.append(float(sideways_g.argmax()) * 50.0 / 4096)

    assert rates_hz[1] / rates_hz[0] == pytest.approx(1.66, rel=0.05)


@pytest.mark.parametrize(("name", "least_g", "most_g"), [("rearing", 1.6, 3.2), ("flop", 1.3, 3.1)])
def test_look_alikes_peak_below_a_landing(name: str, least_g: float, most_g: float) -> None:
    peaks_g = [yardstick.magnitude_g(each).max() for each in many(name, n=120)]

    assert least_g <= np.median(peaks_g) <= most_g


def test_a_dropped_collar_falls_freely_and_then_lies_dead_still() -> None:
    """No dog breathes in it afterwards, which is how it can be told."""
    magnitude_g = yardstick.magnitude_g(done("collar_drop", n=300))

    assert magnitude_g.min() < 0.1
    assert magnitude_g.max() > 4.0
    assert magnitude_g[200:].std() < 0.005


def test_a_rearing_dog_points_its_nose_up_and_a_sniffing_one_down() -> None:
    up_g = done("rearing", n=120)[40:80, 0].mean()
    down_g = done("sniffing")[:, 0].mean()

    assert up_g > 0.7
    assert down_g < -0.6


def test_behaviours_are_in_the_order_of_a_real_collar(recordings: Path) -> None:
    """One dog's lying, sitting, walking, running: simulated movement within a factor of three.

    Sitting is left apart: the real dog moved its head now and then, the simulated one sways.
    """
    pairs = {"lying": "lying", "walking": "walk", "running": "gallop"}
    real, made = [], []
    for file, name in pairs.items():
        path = recordings / "dog-collar-50hz" / f"{file}.csv"
        recorded = np.loadtxt(path, delimiter=",", skiprows=1)[:, 1:4]
        real.append(yardstick.vedba_g(recorded))
        made.append(float(np.mean([yardstick.vedba_g(each) for each in many(name, n=1000)])))

    assert made == sorted(made)
    assert real == sorted(real)
    assert np.array(made[1:]) / np.array(real[1:]) == pytest.approx([1.0, 1.0], abs=0.35)
    assert made[0] < 0.01 > real[0]
