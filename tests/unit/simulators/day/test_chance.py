"""What is drawn by hand is what numpy draws, so that a seed keeps its days."""

import numpy as np

from simulators.day.chance import between, borders_of, one_of, one_of_weighted

_NAMES = ("sitting", "looking_around", "standing", "panting")
_WEIGHTS = (0.35, 0.15, 0.4, 0.07)


def test_names_and_numbers_are_those_that_numpy_draws() -> None:
    rng, other = np.random.default_rng(5), np.random.default_rng(5)
    borders = borders_of(_WEIGHTS).tolist()
    shares = np.array(_WEIGHTS) / np.sum(_WEIGHTS)

    drawn = [
        (
            one_of(rng, _NAMES),
            one_of_weighted(rng, _NAMES, borders),
            between(rng, 3.0, 20.0),
        )
        for _ in range(500)
    ]

    assert drawn == [
        (other.choice(_NAMES), other.choice(_NAMES, p=shares), other.uniform(3.0, 20.0))
        for _ in range(500)
    ]
