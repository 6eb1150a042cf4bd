"""A dog's size and night, for the analysis."""

from datetime import time

import pytest

from config.dog_settings import Dog


@pytest.mark.parametrize(
    ("mass_kg", "withers_m", "expected_m"),
    [
        (None, None, 0.50),
        (25.0, None, 0.52),
        (3.125, None, 0.26),
        (25.0, 0.60, 0.60),
        (0.5, None, 0.52 * 0.02 ** (1 / 3)),
    ],
)
def test_height_is_measured_or_follows_the_cube_root_of_the_weight(
    mass_kg: float | None, withers_m: float | None, expected_m: float
) -> None:
    """An eighth of the weight is half the height."""
    dog = Dog(name="Rex", mass_kg=mass_kg, withers_m=withers_m)

    assert dog.height_m() == pytest.approx(expected_m, rel=1e-12)


def test_a_night_lasts_from_one_time_to_another() -> None:
    assert Dog(name="Rex", night_from=time(23), night_until=time(5)).night_until == time(5)
    with pytest.raises(ValueError, match="night_until is the same as night_from"):
        Dog(name="Rex", night_from=time(23), night_until=time(23))
