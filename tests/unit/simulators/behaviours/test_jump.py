"""The simulated jumps measure what six real ones did; docs/evidence.md section 2.2."""

import numpy as np
import pytest
import scipy

from analysis.model import FloatArray
from simulators.behaviours.jump import JUMPS, jump
from simulators.dog.dog import Dog
from simulators.pictures import reference_features as reference


def stages_g(name: str, dog: Dog) -> FloatArray:
    """Return push, lightest 0.28 s mean and landing of 100 jumps, after a low-pass at 20 Hz."""
    low = scipy.signal.butter(4, 20.0, fs=50.0, output="sos")
    found = []
    for seed in range(100):
        jumped_g = jump(np.random.default_rng(seed), name=name, rate_hz=50.0, dog=dog)
        magnitude_g = scipy.signal.sosfiltfilt(low, reference.magnitude_g(jumped_g))
        means_g = np.convolve(magnitude_g, np.full(14, 1.0 / 14.0), "valid")
        # The flight lies in the middle; a dog that stands still may weigh less than one that lands.
        middle = 30 + int(means_g[23:-20].argmin())
        push_g = magnitude_g[middle - 30 : middle].max()
        found.append((push_g, means_g.min(), magnitude_g[middle : middle + 27].max()))
    return np.array(found)


def test_jumps_over_something_span_the_range_of_real_ones() -> None:
    """Pushes of 2.2 to 5.5 g, landings of 3.6 to 8.4 g; a low-pass takes a little off the tops."""
    push_g, light_g, landing_g = stages_g("jump_over", Dog(withers_m=0.52)).T

    assert 2.2 <= np.percentile(push_g, 5) < 3.2
    assert 4.8 < np.percentile(push_g, 95) <= 5.9
    assert 3.4 <= np.percentile(landing_g, 5) < 4.4
    assert 7.5 < np.percentile(landing_g, 95) <= 8.8
    assert np.percentile(light_g, 95) <= 0.8


def test_a_jump_onto_a_couch_lands_softly() -> None:
    """It ends near its highest point: 1.3 to 2.5 g, never the 3.2 g of a landing below."""
    _, light_g, landing_g = stages_g("jump_onto", Dog(withers_m=0.52)).T

    assert np.percentile(landing_g, 90) < 3.2
    assert np.median(light_g) <= 0.8


def test_a_dog_in_flight_is_not_weightless() -> None:
    """The lightest 0.30 s of real jumps averaged 0.33 to 0.59 g, since the neck moves."""
    _, light_g, _ = stages_g("jump_over", Dog(withers_m=0.52)).T

    assert 0.33 <= np.median(light_g) <= 0.59


def test_a_small_dog_lands_harder_from_the_same_couch() -> None:
    """A fifth harder."""
    small, large = (
        np.median(stages_g("jump_off", Dog(withers_m=withers_m))[:, 2])
        for withers_m in (0.20, 0.58)
    )

    assert small / large == pytest.approx(1.2, abs=0.1)


@pytest.mark.parametrize("name", list(JUMPS))
def test_a_jump_begins_and_ends_standing(name: str) -> None:
    jumped_g = jump(np.random.default_rng(1), name=name, rate_hz=50.0, dog=Dog())

    ends_g = reference.magnitude_g(jumped_g[[*range(5), *range(-5, 0)]])

    assert ends_g == pytest.approx(np.ones(10), abs=0.15)


@pytest.mark.parametrize("rate_hz", [10.0, 25.0, 100.0, 400.0])
def test_a_jump_takes_the_same_time_at_every_rate(rate_hz: float) -> None:
    """About two seconds."""
    jumped_g = jump(np.random.default_rng(1), name="jump_over", rate_hz=rate_hz, dog=Dog())

    assert 1.3 <= len(jumped_g) / rate_hz <= 2.6
