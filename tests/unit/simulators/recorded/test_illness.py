"""What an illness does to motion follows from arithmetic."""

import numpy as np
import pytest
import scipy

from analysis.model import FloatArray
from simulators.recorded.illness import (
    MODERATE,
    UNEVEN,
    WELL,
    flattened,
    ill,
    slowed,
    unevened,
)
from simulators.recorded.resampling import read_at, resampled
from simulators.recorded.strides import stride_starts_s, uneven_places

RATE_HZ = 50.0


def wave(hz: float, *, seconds: float = 20.0, rate_hz: float = RATE_HZ) -> FloatArray:
    """Return gravity up, and a swing of 0.5 g along it."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return np.stack(
        [np.zeros_like(time_s), np.zeros_like(time_s), 1.0 + 0.5 * np.sin(2 * np.pi * hz * time_s)],
        axis=1,
    )


def crossings_s(acceleration_g: FloatArray, rate_hz: float = RATE_HZ) -> FloatArray:
    """Return when the upward reading rises through one gravity."""
    up_g = acceleration_g[:, 2] - 1.0
    at = np.flatnonzero((up_g[:-1] < 0.0) & (up_g[1:] >= 0.0))
    part = -up_g[at] / (up_g[at + 1] - up_g[at])
    return np.asarray((at + part) / rate_hz)


@pytest.mark.parametrize("pace", [0.8, 0.9, 1.0, 1.25])
def test_a_rhythm_slows_down_by_the_pace_and_keeps_its_height(pace: float) -> None:
    """Two a second at a pace of 0.8 are 1.6 a second; the swing is still from 0.5 to 1.5 g."""
    played_g = slowed(wave(2.0), pace)

    assert len(played_g) == round(1000 / pace)
    assert np.diff(crossings_s(played_g)) == pytest.approx(1.0 / (2.0 * pace), abs=1e-3)
    assert np.ptp(played_g[:, 2]) == pytest.approx(1.0, abs=0.01)


def test_movement_is_flattened_and_gravity_is_not() -> None:
    """The mean over 2 s of a swing of 2 Hz is nothing, so 0.6 of 0.5 g is left about 1 g."""
    flat_g = flattened(wave(2.0), RATE_HZ, 0.6)[100:-100]

    assert flat_g[:, 2].mean() == pytest.approx(1.0, abs=1e-3)
    assert flat_g[:, 2].max() - 1.0 == pytest.approx(0.3, abs=0.01)
    np.testing.assert_allclose(flattened(np.ones((500, 3)), RATE_HZ, 0.5), 1.0)


def test_every_other_stride_is_longer_and_the_next_shorter() -> None:
    """Strides of 1 s with a share of 0.2 last 1.2 and 0.8 s in turn; at 100 Hz, to 10 ms."""
    starts_s = [float(second) for second in range(21)]
    places = uneven_places(starts_s, 2000, 100.0, 0.2)

    lasted_s = np.diff(np.searchsorted(places, np.arange(0, 2000, 100)) / 100.0)

    assert lasted_s[0::2] == pytest.approx(1.2, abs=0.011)
    assert lasted_s[1::2] == pytest.approx(0.8, abs=0.011)
    assert np.all(np.diff(places) > 0.0)


def test_uneven_strides_are_those_of_the_recorded_gait() -> None:
    """Steps of 3 Hz are strides of 0.667 s: with 0.15 they take 0.767 and 0.567 s in turn.

    Seen from peak to peak, where strides begin; from the middle of a stride to that of the next
    the long and the short cancel.
    """
    uneven_g = unevened(wave(3.0, seconds=30.0), RATE_HZ, 0.15)

    peaks_s = scipy.signal.find_peaks(uneven_g[:, 2], height=1.4)[0][8:-8] / RATE_HZ
    of_each = [np.diff(peaks_s[first::2]) for first in (0, 1)]
    stride_s = max(of_each, key=lambda each: float(np.std(each)))
    assert sorted((stride_s[0::2].mean(), stride_s[1::2].mean())) == pytest.approx(
        [0.567, 0.767], abs=0.01
    )
    assert len(uneven_g) == 1500


def test_strides_are_two_steps_long() -> None:
    assert np.diff(stride_starts_s(wave(3.0), RATE_HZ))[1:-1] == pytest.approx(2.0 / 3.0, abs=0.021)
    assert stride_starts_s(wave(3.0, seconds=1.0), RATE_HZ) == []


def test_what_has_no_strides_stays_as_it_is() -> None:
    short_g = wave(3.0, seconds=1.0)

    np.testing.assert_allclose(unevened(short_g, RATE_HZ, 0.2), short_g)


def test_a_well_dog_moves_as_recorded() -> None:
    motion_g = wave(2.0)

    assert ill(motion_g, RATE_HZ, WELL) is motion_g


def test_an_illness_is_all_of_its_changes() -> None:
    """Moderate: 2 Hz become 1.8 Hz, a swing of 0.5 g becomes 0.31 g."""
    sore_g = ill(wave(2.0), RATE_HZ, MODERATE)[100:-100]

    assert np.diff(crossings_s(sore_g)).mean() == pytest.approx(1.0 / 1.8, abs=1e-3)
    assert np.ptp(sore_g[:, 2]) / 2.0 == pytest.approx(0.31, abs=0.02)
    assert len(ill(wave(3.0), RATE_HZ, UNEVEN)) == 1000


@pytest.mark.parametrize("to_hz", [25.0, 33.0, 50.0, 100.0])
def test_a_slow_rhythm_is_the_same_at_every_rate(to_hz: float) -> None:
    """A swing of 2 Hz, from 48.4 Hz: where its ends do not matter, to 2 % of its height."""
    made_g = resampled(wave(2.0, rate_hz=48.4), 48.4, to_hz)
    n = len(made_g)
    time_s = np.arange(n) / to_hz

    assert n == pytest.approx(20.0 * to_hz, abs=1)
    expected_g = 1.0 + 0.5 * np.sin(2 * np.pi * 2.0 * time_s)
    middle = slice(round(to_hz), -round(to_hz))
    np.testing.assert_allclose(made_g[middle, 2], expected_g[middle], atol=0.01)


def test_what_a_rate_cannot_hold_is_taken_away() -> None:
    """At 25 Hz a swing of 20 Hz would show as one of 5 Hz; a hundredth of it is left at most."""
    made_g = resampled(wave(20.0, rate_hz=100.0), 100.0, 25.0)[25:-25]

    assert np.abs(made_g[:, 2] - 1.0).max() < 0.01


def test_gravity_does_not_ripple() -> None:
    made_g = resampled(np.ones((1000, 3)), 33.333, 50.0)

    np.testing.assert_allclose(made_g, 1.0, atol=1e-9)


def test_a_place_that_is_a_sample_reads_that_sample() -> None:
    motion_g = wave(2.0)

    np.testing.assert_allclose(read_at(motion_g, np.arange(0.0, 1000.0)), motion_g, atol=1e-12)
    assert read_at(motion_g[:1], np.arange(3.0)).shape == (3, 3)
