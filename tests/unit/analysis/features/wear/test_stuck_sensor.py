"""A stuck sensor is a fault; a coarse sensor on a sleeping dog is none."""

import numpy as np
import pytest

from analysis.features.day.minute import COUNT, seconds_of
from analysis.features.wear.stuck_sensor import StuckSensor, StuckSensorSettings
from analysis.model import FloatArray
from simulators.collar.sensor import read
from simulators.dog.collar import Sensor


class Listener(StuckSensor):
    """Hears whole minutes."""

    def __init__(self) -> None:
        super().__init__(StuckSensorSettings())

    def minute(self, mean_g: FloatArray, spread_g: FloatArray, *, still: bool) -> bool:
        """Take a minute of which every second was heard."""
        return self.update(mean_g, spread_g, np.ones(60, bool), still=still)


UP = np.array([0.0, 0.0, 1.0])


def minute(rng: np.random.Generator, sensor: Sensor, felt_g: FloatArray) -> tuple[FloatArray, ...]:
    """Return means and spreads of the seconds of a minute of 3,000 samples, shape (3000, 3)."""
    read_g = np.asarray(read(rng, felt_g.astype(np.float32), sensor), np.float64)
    read_g = np.rint(read_g * 65536) / 65536
    values = np.vstack([read_g.T, np.zeros((3, 3000))]).reshape(6, 60, 50)
    seconds = seconds_of(0, values, fine=True)
    assert (seconds.sums[COUNT] == 50).all()
    return (seconds.halves_g[:, ::2] + seconds.halves_g[:, 1::2]) / 2.0, seconds.spread_g


def still(
    rng: np.random.Generator, sensor: Sensor, breath_g: float = 0.0
) -> tuple[FloatArray, ...]:
    """Return a minute at rest."""
    breath = breath_g * np.sin(2 * np.pi * 0.3 * np.arange(3000) / 50)
    return minute(rng, sensor, UP + np.outer(breath, UP))


def walking(rng: np.random.Generator, sensor: Sensor) -> tuple[FloatArray, ...]:
    """Return a minute of movement on all axes."""
    return minute(rng, sensor, UP + rng.normal(0.0, 0.2, (3000, 3)))


def test_one_axis_that_stays_while_the_others_move_is_stuck() -> None:
    """From the first whole minute on; with all three moving nothing is."""
    rng = np.random.default_rng(1)
    freezing = Listener()
    mean_g, spread_g = walking(rng, Sensor())

    assert not freezing.minute(mean_g, spread_g, still=False)

    mean_g[2], spread_g[2] = 0.5, 0.0
    assert freezing.minute(mean_g, spread_g, still=False)


def test_a_stuck_axis_stays_stuck_while_the_dog_sleeps() -> None:
    """Else a dog with a dead axis would seem to rest only; it ends with another reading."""
    rng = np.random.default_rng(2)
    freezing = Listener()
    mean_g, spread_g = walking(rng, Sensor())
    mean_g[2], spread_g[2] = 0.5, 0.0
    freezing.minute(mean_g, spread_g, still=False)
    asleep_g, noise_g = still(rng, Sensor())
    asleep_g[2], noise_g[2] = 0.5, 0.0

    assert freezing.minute(asleep_g, noise_g, still=True)
    assert not freezing.minute(*still(rng, Sensor()), still=True)
    assert not freezing.minute(asleep_g, noise_g, still=True)


@pytest.mark.parametrize(("n_lively", "is_stuck"), [(59, False), (60, True)])
def test_a_noisy_sensor_that_falls_silent_is_stuck(n_lively: int, *, is_stuck: bool) -> None:
    """After an hour of still minutes with noise in every second, none at all is a fault."""
    rng = np.random.default_rng(3)
    freezing = Listener()
    for _ in range(n_lively):
        assert not freezing.minute(*still(rng, Sensor()), still=True)

    frozen_g = np.repeat(UP[:, None], 60, axis=1)

    assert freezing.minute(frozen_g, np.zeros((3, 60)), still=True) is is_stuck


@pytest.mark.parametrize(("reads_g", "is_stuck"), [(1.2, False), (1.4, True), (0.6, True)])
def test_readings_frozen_in_motion_are_stuck_at_once(reads_g: float, *, is_stuck: bool) -> None:
    """No collar at rest reads 1.4 g for a whole minute."""
    frozen_g = np.repeat(reads_g * UP[:, None], 60, axis=1)

    found = Listener().minute(frozen_g, np.zeros((3, 60)), still=True)

    assert found is is_stuck


@pytest.mark.parametrize("noise_g", [0.0, 0.0005, 0.001, 0.002])
@pytest.mark.parametrize("step_g", [0.004, 0.016])
def test_deep_sleep_on_a_coarse_sensor_is_never_stuck(noise_g: float, step_g: float) -> None:
    """Eight hours of 1 mg of breath, in a new position each quarter of an hour."""
    rng = np.random.default_rng(4)
    sensor = Sensor(noise_g=noise_g, step_g=step_g)
    freezing = Listener()
    stuck = 0
    for _ in range(32):
        way = rng.standard_normal(3)
        way /= np.linalg.norm(way)
        breath = 0.001 * np.sin(2 * np.pi * 0.3 * np.arange(3000) / 50)
        asleep = minute(rng, sensor, way + np.outer(breath, UP))
        stuck += sum(freezing.minute(*asleep, still=True) for _ in range(15))

    assert stuck == 0


def test_another_collar_begins_anew() -> None:
    """What was known of its noise is forgotten."""
    rng = np.random.default_rng(5)
    freezing = Listener()
    for _ in range(60):
        freezing.minute(*still(rng, Sensor()), still=True)
    freezing.start_collar()

    frozen_g = np.repeat(UP[:, None], 60, axis=1)

    assert not freezing.minute(frozen_g, np.zeros((3, 60)), still=True)
