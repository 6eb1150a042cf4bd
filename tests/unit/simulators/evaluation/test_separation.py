"""A classifier tells apart what differs, and not what is alike."""

import numpy as np
import pytest

from analysis.model import FloatArray
from simulators.evaluation.separation import auc, separation


def groups(rng: np.random.Generator, *, shift: float, n: int = 10) -> list[FloatArray]:
    """Return groups of windows with three features, the second of which is shifted."""
    return [rng.standard_normal((40, 3)) + np.array([0.0, shift, 0.0]) for _ in range(n)]


def test_what_is_drawn_from_the_same_cannot_be_told_apart() -> None:
    """400 windows on either side: the AUC of a guess spreads by 0.02."""
    rng = np.random.default_rng(1)

    found = separation(groups(rng, shift=0.0), groups(rng, shift=0.0))

    assert found.auc == pytest.approx(0.5, abs=0.08)


def test_a_shift_by_one_spread_is_told_as_often_as_arithmetic_says() -> None:
    """Of two normals one spread apart the second is higher in Phi(1 / sqrt 2) = 0.760."""
    rng = np.random.default_rng(2)

    found = separation(groups(rng, shift=0.0), groups(rng, shift=1.0))

    assert found.auc == pytest.approx(0.760, abs=0.04)
    assert found.single[1] == pytest.approx(0.760, abs=0.04)
    assert max(found.single[0], found.single[2]) < 0.56


def test_the_trait_of_one_group_does_not_count() -> None:
    """Each dog has a level of its own: known dogs could be told apart by it, unknown ones not."""
    rng = np.random.default_rng(3)

    def dogs() -> list[FloatArray]:
        return [rng.standard_normal((40, 8)) * 0.1 + rng.standard_normal(8) for _ in range(10)]

    assert separation(dogs(), dogs()).auc < 0.75


def test_equal_scores_count_half() -> None:
    assert auc(np.zeros(4), np.array([0.0, 0.0, 1.0, 1.0])) == 0.5


def test_one_group_is_too_few() -> None:
    rng = np.random.default_rng(4)

    with pytest.raises(ValueError, match="1 and 10 groups, expected two or more"):
        separation(groups(rng, shift=0.0, n=1), groups(rng, shift=0.0))
