"""Drawing one of a few things: the same as `Generator.choice` draws, at a tenth of its time.

A day holds thousands of such draws, and a cohort tens of thousands of days.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from analysis.model import FloatArray


def one_of(rng: np.random.Generator, names: Sequence[str]) -> str:
    """Return one of some names, each as likely as the others.

    Examples
    --------
    >>> names = ("walk", "trot", "gallop")
    >>> one_of(np.random.default_rng(1), names) == np.random.default_rng(1).choice(names)
    True
    """
    return names[int(rng.integers(len(names)))]


def one_of_weighted(
    rng: np.random.Generator, names: Sequence[str], borders: Sequence[float]
) -> str:
    """Return one of some names, given the `borders_of` their weights."""
    return names[bisect_right(borders, rng.random())]


def borders_of(weights: Sequence[float]) -> FloatArray:
    """Return the running sum of weights as shares of all: up to where each name is drawn.

    Examples
    --------
    >>> borders_of((1.0, 3.0)).tolist()
    [0.25, 1.0]
    """
    array = np.array(weights)
    # Twice, as a share is first made of each weight and then of their sum: to the last bit.
    borders = (array / array.sum()).cumsum()
    shares: FloatArray = borders / borders[-1]
    return shares


def between(rng: np.random.Generator, least: float, most: float) -> float:
    """Return a number between two, each as likely, as `Generator.uniform` does."""
    return least + (most - least) * rng.random()
