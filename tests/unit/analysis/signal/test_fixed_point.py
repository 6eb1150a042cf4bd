"""Sums that do not depend on their order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.signal.fixed_point import moving_mean, quantised, running_sum

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
def test_any_order_of_adding_gives_the_same_bits(seed: int) -> None:
    """Shuffled, reversed and pairwise sums of quantised numbers are equal, not just close."""
    dice = np.random.default_rng(seed)
    values_g = quantised(dice.uniform(-16.0, 16.0, 100_000))

    forward = float(np.cumsum(values_g)[-1])

    assert forward == float(np.cumsum(values_g[::-1])[-1]) == float(values_g.sum())


def test_unquantised_numbers_do_depend_on_the_order() -> None:
    """The property above is not a matter of course."""
    values_g = np.random.default_rng(1).uniform(-16.0, 16.0, 100_000)

    assert float(np.cumsum(values_g)[-1]) != float(np.cumsum(values_g[::-1])[-1])


def test_rounding_costs_at_most_half_a_step() -> None:
    """Half of 2**-16 g is 7.6 micro-g; a collar's count is a thousand."""
    values_g = np.random.default_rng(2).uniform(-16.0, 16.0, 1000)

    assert np.abs(quantised(values_g) - values_g).max() <= 0.5 / 65536


def test_a_running_sum_begins_at_nothing_and_ends_at_everything() -> None:
    """One place longer than its input, along the last axis."""
    sums = running_sum(np.array([[1.0, 2.0], [3.0, 4.0]]))

    assert sums.tolist() == [[0.0, 1.0, 3.0], [0.0, 3.0, 7.0]]


def test_a_moving_mean_wider_than_its_input_is_empty() -> None:
    """No neighbourhood is whole."""
    assert moving_mean(np.ones(3), 4).tolist() == []
    assert moving_mean(np.ones(3), 3).tolist() == [1.0]
