"""Faults of a network do what they say and no more."""

import numpy as np
import pytest

from simulators.testing.network_faults import corrupt, drop, repeat, shuffle

ITEMS = list(range(2000))


def dice() -> np.random.Generator:
    return np.random.default_rng(1)


def test_drop_takes_its_share_and_keeps_the_order() -> None:
    """400 of 2,000; three sigma are 54."""
    left = list(drop(dice(), ITEMS, share=0.2))

    assert left == sorted(set(left))
    assert len(ITEMS) - len(left) == pytest.approx(400, abs=54)


def test_repeat_sends_a_share_twice() -> None:
    sent = list(repeat(dice(), ITEMS, share=0.2))

    assert sorted(set(sent)) == ITEMS
    assert len(sent) - len(ITEMS) == pytest.approx(400, abs=54)
    assert sent == sorted(sent)


@pytest.mark.parametrize("horizon", [1, 5, 40])
def test_shuffle_moves_nothing_further_than_its_horizon(horizon: int) -> None:
    mixed = list(shuffle(dice(), ITEMS, horizon=horizon))

    moves = [abs(place - item) for place, item in enumerate(mixed)]

    assert sorted(mixed) == ITEMS
    assert 0 < max(moves) <= horizon


def test_a_horizon_of_nothing_leaves_the_order() -> None:
    assert list(shuffle(dice(), ITEMS, horizon=0)) == ITEMS


def test_corrupt_changes_its_share_of_the_payloads() -> None:
    payloads = [bytes(range(50))] * 1000

    broken = [each != payloads[0] for each in corrupt(dice(), payloads, share=0.3)]

    assert sum(broken) == pytest.approx(300, abs=45)


def test_nothing_happens_at_a_share_of_nothing() -> None:
    payloads = [b"a", b"", b"bc"]

    assert list(drop(dice(), ITEMS, share=0.0)) == ITEMS
    assert list(repeat(dice(), ITEMS, share=0.0)) == ITEMS
    assert list(corrupt(dice(), payloads, share=0.0)) == payloads
