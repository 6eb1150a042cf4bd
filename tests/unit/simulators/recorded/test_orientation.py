"""All recordings are turned so that gravity points one way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model import FloatArray
from simulators.recorded.orientation import UP, rotation_between, to_common_gravity
from simulators.recorded.stretch import Stretch

DIRECTIONS = st.tuples(*(st.floats(-1.0, 1.0) for _ in range(3))).filter(
    lambda each: np.linalg.norm(each) > 0.1
)


def stretch(acceleration_g: FloatArray, *, session: str = "one", label: str = "walk") -> Stretch:
    return Stretch(
        id="a",
        acceleration_g=acceleration_g,
        rate_hz=50.0,
        label=label,
        species="dog",
        dog="rex",
        session=session,
        placement="collar",
        licence="CC0-1.0",
    )


@given(DIRECTIONS, DIRECTIONS)
def test_a_rotation_turns_one_direction_into_another(
    start: tuple[float, float, float], end: tuple[float, float, float]
) -> None:
    before, after = np.array(start), np.array(end)
    turn = rotation_between(before, after)

    assert np.linalg.det(turn) == pytest.approx(1.0, abs=1e-6)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-6)
    expected = after / np.linalg.norm(after)
    np.testing.assert_allclose(turn @ before / np.linalg.norm(before), expected, atol=1e-4)


def test_opposite_directions_are_half_a_turn() -> None:
    turn = rotation_between(-UP, UP)

    np.testing.assert_allclose(turn @ -UP, UP, atol=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1.0)


def test_gravity_of_each_session_and_label_points_up_and_lengths_stay() -> None:
    rng = np.random.default_rng(1)
    stretches = [
        stretch(direction + 0.1 * rng.standard_normal((500, 3)), session=session, label=label)
        for direction, session, label in (
            (np.array([0.0, 0.0, -1.0]), "one", "walk"),
            (np.array([0.8, 0.0, -0.6]), "one", "sit"),
            (np.array([0.0, 1.0, 0.0]), "two", "walk"),
        )
    ]

    for before, after_g in zip(stretches, to_common_gravity(stretches), strict=True):
        mean_g = after_g.mean(axis=0)
        np.testing.assert_allclose(mean_g / np.linalg.norm(mean_g), UP, atol=1e-9)
        np.testing.assert_allclose(
            np.linalg.norm(after_g, axis=1), np.linalg.norm(before.acceleration_g, axis=1)
        )


def test_stretches_of_one_session_and_label_are_turned_alike() -> None:
    """A short one does not tell its own gravity: the mean of both points up, not each of them."""
    first, second = np.tile([1.0, 0.0, 0.0], (100, 1)), np.tile([0.0, 0.0, 1.0], (100, 1))

    one_g, other_g = to_common_gravity([stretch(first), stretch(second)])

    assert one_g[0, 2] == pytest.approx(np.sqrt(0.5))
    assert other_g[0, 2] == pytest.approx(np.sqrt(0.5))


def test_without_gravity_nothing_is_turned() -> None:
    rolling_g = np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]])

    np.testing.assert_array_equal(to_common_gravity([stretch(rolling_g)])[0], rolling_g)
