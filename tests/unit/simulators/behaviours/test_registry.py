"""What a collar feels of everything besides gaits and jumps; docs/evidence.md section 1.3."""

from pathlib import Path

import numpy as np
import pytest

from simulators.behaviours.noise import Trace
from simulators.behaviours.registry import BEHAVIOURS, Scene
from simulators.dog.dog import Dog
from simulators.pictures import reference_features as reference

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
    spread_g = float(np.median([reference.spread_g(each) for each in many(name, n=1000)]))

    assert least_g <= spread_g <= most_g


def test_a_shake_outweighs_gravity_and_clips_a_sensor_of_8_g() -> None:
    """That the mean stays above 1.5 g is what tells a shake from a jump."""
    shakes = many("shake", n=60)

    assert min(reference.magnitude_g(each).mean() for each in shakes) > 1.5
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
    peaks_g = [reference.magnitude_g(each).max() for each in many(name, n=120)]

    assert least_g <= np.median(peaks_g) <= most_g


def test_a_dropped_collar_falls_freely_and_then_lies_dead_still() -> None:
    """No dog breathes in it afterwards, which is how it can be told."""
    magnitude_g = reference.magnitude_g(done("collar_drop", n=300))

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
        real.append(reference.vedba_g(recorded))
        made.append(float(np.mean([reference.vedba_g(each) for each in many(name, n=1000)])))

    assert made == sorted(made)
    assert real == sorted(real)
    assert np.array(made[1:]) / np.array(real[1:]) == pytest.approx([1.0, 1.0], abs=0.35)
    assert made[0] < 0.01 > real[0]


def test_a_dreaming_dog_twitches_in_bursts_of_a_tenth_of_a_gravity() -> None:
    """Bursts of 0.05-0.2 g for 0.2-2 s between 2 and 8 Hz, and breathing for most of the time."""
    moved_g = [np.abs(reference.magnitude_g(each) - 1.0) for each in many("twitching", n=3000)]
    rates_hz = [reference.strongest_hz(each) for each in many("twitching", n=3000)]

    assert np.median([each.max() for each in moved_g]) == pytest.approx(0.12, abs=0.08)
    assert np.median([(each < 0.02).mean() for each in moved_g]) > 0.6
    assert 2.0 <= np.median(rates_hz) <= 8.0


@pytest.mark.parametrize("seed", range(5))
def test_lying_breathes_between_a_fifth_and_half_a_hertz_by_2_to_10_mg(seed: int) -> None:
    """Along the upright, which the lean of the neck tilts away from at most in part."""
    lay_g = done("lying", n=6000, seed=seed)
    power = np.abs(np.fft.rfft(lay_g[:, 2] - lay_g[:, 2].mean()))

    assert 0.2 <= np.fft.rfftfreq(6000, 1 / 50)[power.argmax()] <= 0.5
    assert 0.002 <= np.ptp(lay_g[:, 2]) / 2.0 <= 0.010


def test_a_sitting_dog_looks_around_as_the_recorded_one_did(recordings: Path) -> None:
    """Its movement is within a factor of two of the real one's, swaying alone is far below."""
    real = np.loadtxt(recordings / "dog-collar-50hz" / "sitting.csv", delimiter=",", skiprows=1)
    real_g = reference.vedba_g(real[:, 1:4])

    looked_g = np.mean([reference.vedba_g(each) for each in many("looking_around", n=2000)])

    assert 0.5 <= looked_g / real_g <= 2.0
    assert np.mean([reference.vedba_g(each) for each in many("sitting", n=2000)]) < looked_g


def test_stairs_are_slower_and_stronger_than_the_flat_and_stop_every_few_steps() -> None:
    """0.8 of the cadence, 1.3 of the amplitude while it moves, and moments of hardly any."""
    flat, climbed = many("walk", n=300), many("stairs_up", n=300)
    calm = [
        np.convolve(np.abs(reference.magnitude_g(each) - 1.0), np.ones(8) / 8, "valid").min()
        for each in climbed
    ]
    peaks = [
        float(np.median([np.percentile(reference.magnitude_g(each), 95) for each in found]))
        for found in (flat, climbed)
    ]

    assert np.median(calm) < 0.1
    assert (peaks[1] - 1.0) / (peaks[0] - 1.0) == pytest.approx(1.3, abs=0.2)


def test_a_train_of_knocks_is_narrow_spikes() -> None:
    """Blows of up to 8 g, none of them wider than two samples at 50 Hz."""
    struck_g = np.concatenate(
        [np.abs(reference.magnitude_g(each) - 1.0) for each in many("knock_train", n=500)]
    )
    above = struck_g > 0.8
    widths = np.diff(np.flatnonzero(np.diff(np.r_[0, above, 0])))[::2]

    assert len(widths) > 80
    assert np.percentile(widths, 95) <= 2
    assert 3.0 < struck_g.max() < 9.0


def test_a_collar_in_hands_turns_over() -> None:
    handled_g = np.concatenate(many("collar_handled", n=400))

    assert np.percentile(handled_g[:, 2], 5) < 0.3
    assert np.percentile(handled_g[:, 2], 95) > 0.9
