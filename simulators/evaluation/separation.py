"""How well two sets of windows can be told apart: a small classifier and its AUC."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.model import FloatArray, IntArray

_RIDGE = 1.0
_STEPS = 30
_FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """How far two sets are from each other.

    Attributes
    ----------
    auc
        Chance that a window of the second set is ranked above one of the first, by a classifier
        that saw neither: 0.5 cannot tell, 1 always can.
    single
        The same for each feature alone, whichever way round, at least 0.5.
    """

    auc: float
    single: tuple[float, ...]


def separation(first: Sequence[FloatArray], second: Sequence[FloatArray]) -> Separation:
    """Return how well a logistic regression tells two sets apart.

    Parameters
    ----------
    first, second
        Groups of windows, each of shape (n, n_features): a dog, a session or a stretch of time.
        Windows of a group are never both learned from and tried on.

    Raises
    ------
    ValueError
        If a set has fewer than two groups: then nothing can be tried on what was not seen.

    Notes
    -----
    Features are standardised and the weights held small (ridge 1), so that few windows of few dogs
    do not make a border that fits just them.
    """
    if min(len(first), len(second)) < 2:
        msg = f"sets have {len(first)} and {len(second)} groups, expected two or more of each"
        raise ValueError(msg)
    groups = [*first, *second]
    is_second = np.repeat(
        [0.0] * len(first) + [1.0] * len(second), [len(group) for group in groups]
    )
    fold = np.concatenate(
        [
            np.full(len(group), number % _FOLDS)
            for groups_of in (first, second)
            for number, group in enumerate(groups_of)
        ]
    )
    rows = np.vstack(groups)
    return Separation(
        auc=auc(_held_out(rows, is_second, fold), is_second),
        single=tuple(
            max(value, 1.0 - value) for value in (auc(column, is_second) for column in rows.T)
        ),
    )


def auc(scores: FloatArray, is_second: FloatArray) -> float:
    """Return the share of pairs, one of each set, in which the second has the higher score.

    Examples
    --------
    >>> auc(np.array([0.1, 0.4, 0.4, 0.9]), np.array([0.0, 0.0, 1.0, 1.0]))
    0.875
    """
    first, second = scores[is_second == 0.0], scores[is_second == 1.0]
    below = np.searchsorted(np.sort(first), second, side="left")
    not_above = np.searchsorted(np.sort(first), second, side="right")
    return float((below + not_above).sum() / (2.0 * len(first) * len(second)))


def _held_out(rows: FloatArray, is_second: FloatArray, fold: IntArray) -> FloatArray:
    """Return a score of each row, from a classifier that did not see its fold."""
    scores = np.zeros(len(rows))
    for each in np.unique(fold):
        known = fold != each
        middle, spread = rows[known].mean(axis=0), rows[known].std(axis=0)
        scaled = (rows - middle) / np.where(spread > 0.0, spread, 1.0)
        weights = _logistic(scaled[known], is_second[known])
        scores[~known] = scaled[~known] @ weights[1:] + weights[0]
    return scores


def _logistic(rows: FloatArray, is_second: FloatArray) -> FloatArray:
    """Return the weights of a ridge logistic regression, the constant first, by Newton's method.

    Both sets weigh alike, however many windows each has.
    """
    known = np.column_stack([np.ones(len(rows)), rows])
    share = is_second.mean()
    importance = np.where(is_second == 1.0, 0.5 / share, 0.5 / (1.0 - share))
    ridge = np.full(known.shape[1], _RIDGE)
    ridge[0] = 1e-6
    weights = np.zeros(known.shape[1])
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(known @ weights, -30.0, 30.0)))
        slope = known.T @ (importance * (is_second - chance)) - ridge * weights
        bend = (known * (importance * chance * (1.0 - chance))[:, None]).T @ known
        weights = weights + np.linalg.solve(bend + np.diag(ridge), slope)
    return weights
