"""A collar's own jitter rides on movement, is heard above the steps, and is silent at rest."""

import numpy as np
import pytest
import scipy

from analysis.model import FloatArray
from simulators.behaviours.noise import Trace
from simulators.collar.jitter import Jitter


def swung(n: int, strength_g: float) -> Trace:
    """Return a magnitude that swings 3.35 times a second, along the upright.

    Twice that is the middle of the band, so that the beat that it makes passes as it is.
    """
    swung_g = np.zeros((n, 3), dtype=np.float32)
    swung_g[:, 2] = 1.0 + strength_g * np.sin(2.0 * np.pi * 3.35 * np.arange(n) / 50.0)
    return swung_g


def added(strength: float, *, moved_g: float = 0.4, rate_hz: float = 50.0) -> FloatArray:
    worn_g = swung(30_000, moved_g)
    chatter = Jitter(np.random.default_rng(1), strength, rate_hz)
    return (chatter.through(worn_g) - worn_g).astype(np.float64)


def test_jitter_is_in_proportion_to_the_movement() -> None:
    """A swing of 0.4 g has 0.283 g root mean square; half of that is 0.141 g."""
    assert added(0.5)[:, 2].std() == pytest.approx(0.141, rel=0.1)
    assert added(0.5, moved_g=0.2)[:, 2].std() == pytest.approx(0.0707, rel=0.1)


def test_a_collar_at_rest_does_not_jitter() -> None:
    assert added(0.5, moved_g=0.0).std() < 1e-4


def test_jitter_lies_above_the_steps() -> None:
    """Half of it or more between 5 and 9 Hz, and a tenth at most below 3 Hz."""
    hz, power = scipy.signal.welch(added(0.5)[:, 2], 50.0, nperseg=512)
    total = power.sum()

    assert power[(hz >= 5.0) & (hz <= 9.0)].sum() / total > 0.5
    assert power[hz < 3.0].sum() / total < 0.1


def test_part_of_it_is_a_beat_that_comes_with_the_steps() -> None:
    """0.6 of its power at twice the swing, the rest spread over the band."""
    hz, power = scipy.signal.welch(added(0.5)[:, 2], 50.0, nperseg=1000)
    beat = np.abs(hz - 6.7) < 0.16

    assert power[beat].sum() / power.sum() == pytest.approx(0.6, abs=0.07)


def test_jitter_stops_growing_where_nothing_is_known_of_it() -> None:
    """At one gravity of movement, so that half of that is the most, in shakes and landings too."""
    assert added(0.5, moved_g=6.0)[:, 2].std() == pytest.approx(0.5, rel=0.08)


@pytest.mark.parametrize(("strength", "rate_hz"), [(0.0, 50.0), (0.5, 10.0)])
def test_without_strength_or_room_nothing_is_added(strength: float, rate_hz: float) -> None:
    assert np.array_equal(added(strength, rate_hz=rate_hz), np.zeros((30_000, 3)))


def test_jitter_does_not_depend_on_how_the_signal_is_cut() -> None:
    worn_g = swung(4000, 0.4)
    whole = Jitter(np.random.default_rng(1), 0.5, 50.0).through(worn_g)
    cut = Jitter(np.random.default_rng(1), 0.5, 50.0)

    pieces = [cut.through(worn_g[first : first + 640]) for first in range(0, 4000, 640)]

    assert np.concatenate(pieces).tobytes() == whole.tobytes()


def test_a_collar_without_a_neck_does_not_jitter() -> None:
    """As in the fall of a dropped one; before and after, where it is worn, it does."""
    worn_g = swung(3000, 0.4)

    jitter_g = Jitter(np.random.default_rng(1), 0.5, 50.0).through(worn_g, [(1000, 2000)]) - worn_g

    assert np.array_equal(jitter_g[1000:2000], np.zeros((1000, 3)))
    assert min(jitter_g[:1000].std(), jitter_g[2000:].std()) > 0.05


def test_jitter_takes_nothing_from_the_chance_of_the_collar() -> None:
    rng, other = np.random.default_rng(1), np.random.default_rng(1)
    Jitter(rng, 0.5, 50.0).through(swung(1000, 0.4))

    assert rng.random() == other.random()
