"""A model that tells jumps from strides: the mean of five small networks that began unlike.

Each has eighteen features, sixteen bends and three answers.
"""

from dataclasses import dataclass

import numpy as np

from analysis.features.jump.weights import ANSWERS, BENDS, CENTRES, SCALES
from analysis.model import FloatArray
from analysis.signal.fixed_point import quantised

_FARTHEST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """What was learned; every number is a multiple of 2**-16.

    Attributes
    ----------
    centres, scales
        Of each feature, so that it lies between -4 and 4; shape (18,).
    bends
        Of each network, from features to bends, an offset as the last row; shape
        (n_networks, 19, n_bends).
    answers
        From bends to nothing, jump, and jump onto, an offset as the last row; shape
        (n_networks, n_bends + 1, 3).
    """

    centres: FloatArray
    scales: FloatArray
    bends: FloatArray
    answers: FloatArray


def learned() -> Weights:
    """Return the weights that were trained, see `simulators.training.jumps`."""
    return Weights(
        centres=np.array(CENTRES),
        scales=np.array(SCALES),
        bends=np.array(BENDS),
        answers=np.array(ANSWERS),
    )


def scaled(table: FloatArray, weights: Weights) -> FloatArray:
    """Return features around 0, none farther away than the model has seen many of."""
    return quantised(np.clip((table - weights.centres) / weights.scales, -_FARTHEST, _FARTHEST))


def probabilities(table: FloatArray, weights: Weights) -> FloatArray:
    """Return the probability of nothing, a jump, and a jump onto something, shape (n, 3).

    Sums are of multiples of 2**-32, so they are exact and do not depend on how many moments are
    asked about at once.
    """
    values = scaled(table, weights)
    networks = list(zip(weights.bends, weights.answers, strict=True))
    total = sum(_of_network(values, bends, answers) for bends, answers in networks)
    return quantised(np.asarray(total) / len(networks))


def _of_network(values: FloatArray, bends: FloatArray, answers: FloatArray) -> FloatArray:
    bent = quantised(np.tanh(_weighed(values, bends)))
    strength = _weighed(bent, answers)
    odds = np.exp(strength - strength.max(axis=1, keepdims=True))
    nothing, jump, onto = odds.T
    return quantised(odds / (nothing + jump + onto)[:, None])


def _weighed(values: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("ij,jk->ik", values, weights[:-1]) + weights[-1])
