"""A trot in a walk is told by how fast the steps are, not by how strong they are."""

from pathlib import Path

import numpy as np
import pytest
import scipy

from analysis.model import FloatArray
from simulators.recorded.gaits import spans
from simulators.recorded.library import load_library

RATE_HZ = 50.0


def steps(hz: float, seconds: float, amplitude_g: float) -> FloatArray:
    """Return steps along gravity, with half as much of the hind legs between."""
    phase = 2.0 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    up_g = 1.0 + amplitude_g * (np.sin(phase) + 0.5 * np.sin(2.0 * phase))
    return np.outer(up_g, [0.0, 0.0, 1.0])


@pytest.mark.parametrize("amplitude_g", [0.1, 0.4])
def test_fast_steps_are_a_trot_however_strong(amplitude_g: float) -> None:
    """Ten seconds of 2.2 steps a second, six of 3.5, ten of 2.2; ends are right to a second."""
    parts = [steps(2.2, 10.0, 0.3), steps(3.5, 6.0, amplitude_g), steps(2.2, 10.0, 0.3)]

    found = spans(np.concatenate(parts), RATE_HZ, 2.7)

    assert [is_trot for _, _, is_trot in found] == [False, True, False]
    assert [first / RATE_HZ for first, _, _ in found[1:]] == pytest.approx([10.0, 16.0], abs=1.0)


def test_spans_leave_nothing_out() -> None:
    found = spans(steps(3.5, 7.4, 0.3), RATE_HZ, 2.7)

    assert found == [(0, 370, True)]
    assert spans(steps(2.2, 0.4, 0.3), RATE_HZ, 2.7) == [(0, 20, False)]


def test_recorded_trots_are_stronger_than_recorded_walks(recordings: Path) -> None:
    """The steps alone tell them apart, and then each trot moves the collar more than any walk."""
    library = load_library(recordings, species="dog")
    strengths = {}
    for label in ("walk", "trot"):
        mine = library.of(label, dog="collar-50hz")
        assert len(mine) > 5
        strengths[label] = [strength_g(each.acceleration_g) for each in mine]

    assert max(strengths["walk"]) < min(strengths["trot"])


def strength_g(acceleration_g: FloatArray) -> float:
    """Return the mean length of what is left beside the mean over two seconds."""
    gravity_g = scipy.ndimage.uniform_filter1d(acceleration_g, round(2.0 * RATE_HZ), axis=0)
    return float(np.linalg.norm(acceleration_g - gravity_g, axis=1).mean())
