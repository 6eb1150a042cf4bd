"""Where a sensor ends, told or found out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import BoolArray, FloatArray, Gap, Samples
from analysis.model.dog import DogProfile
from analysis.pipeline.measurement import Measurement, MeasurementSettings
from analysis.signal.full_scale import FullScale

RNG = np.random.default_rng(1)
RUN_G = np.rint(RNG.normal(0.0, 1.2, (6000, 3)) * 256) / 256
"""Hard movement in steps of 4 mg; it reaches 4 to 5 g, and beyond 2 g in a seventh of samples."""


def samples(read_g: FloatArray, first: int = 0, range_g: float | None = None) -> Samples:
    return Samples(
        origin_s=0.0, first_index=first, rate_hz=50.0, acceleration_g=read_g, range_g=range_g
    )


def marks(read_g: FloatArray, cuts: list[int], range_g: float | None = None) -> BoolArray:
    """Return the marks of a stream that comes in pieces."""
    full_scale, found, at = FullScale(), [], 0
    for length in [*cuts, len(read_g)]:
        piece = read_g[at : at + length]
        found.append(full_scale.marks(samples(piece, at, range_g)))
        at += len(piece)
    return np.concatenate(found)


def test_the_range_of_two_gravities_is_found_out() -> None:
    """A clipped sensor: all but the first ten of each side, as if the range had been told."""
    clipped_g = np.clip(RUN_G, -2.0, 2.0)
    told = marks(clipped_g, [], 2.0) & (np.abs(clipped_g).max(axis=1) == 2.0)

    found = marks(clipped_g, [])

    assert told.sum() > 500
    assert (found <= told).all()
    assert told.sum() - 20 <= found.sum()


def test_a_sensor_that_has_room_is_not_clipped() -> None:
    """The same movement in 16 g: no reading is the highest again and again."""
    assert not marks(RUN_G, []).any()


def test_a_low_ceiling_that_is_passed_was_none() -> None:
    """Twelve readings of exactly 2 g, then one of 2.5 g: marked until then, not after."""
    read_g = np.zeros((40, 3))
    read_g[:12, 0] = 2.0
    read_g[20, 0] = 2.5
    read_g[30:, 0] = 2.0

    assert np.flatnonzero(marks(read_g, [])).tolist() == [10, 11]


def test_a_still_collar_is_never_at_its_end() -> None:
    """One gravity for ever is no full scale."""
    assert not marks(np.tile([0.0, 0.0, 1.0], (500, 1)), []).any()


@settings(max_examples=40)
@given(st.lists(st.integers(0, 900), max_size=20))
def test_any_cut_marks_the_same(cuts: list[int]) -> None:
    """A sample is judged by those before it only."""
    clipped_g = np.clip(RUN_G, -2.0, 1.984)

    assert np.array_equal(marks(clipped_g, cuts), marks(clipped_g, []))


@pytest.mark.parametrize(("cause", "is_kept"), [("lost", True), ("collar", False)])
def test_the_range_belongs_to_the_collar(cause: str, *, is_kept: bool) -> None:
    """Another collar may have another one."""
    measuring = Measurement(MeasurementSettings(dog=DogProfile(id="rex")))
    measuring.process(samples(np.clip(RUN_G, -2.0, 2.0)))

    measuring.process(Gap(start_s=120.0, end_s=130.0, cause=cause))

    assert (measuring.parts()["full_scale"].state.times != [0, 0]) is is_kept
