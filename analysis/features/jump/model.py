"""A model that tells jumps from strides: the mean of five small networks that began unlike.

Each has eighteen features, sixteen hidden units and three classes.
"""

import json
from dataclasses import dataclass
from importlib import resources

import numpy as np

from analysis.model import FloatArray
from analysis.signal.fixed_point import quantised

FILE = "weights.json"
_FARTHEST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """What was learned; every number is a multiple of 2**-16.

    Attributes
    ----------
    mean, std
        Of each feature, so that it lies between -4 and 4 when standardised; shape (18,).
    hidden_weights
        Of each network, from features to hidden units, the bias as the last row; shape
        (n_networks, 19, n_hidden).
    output_weights
        From hidden units to nothing, jump, and jump onto, the bias as the last row; shape
        (n_networks, n_hidden + 1, 3).
    """

    mean: FloatArray
    std: FloatArray
    hidden_weights: FloatArray
    output_weights: FloatArray


def learned() -> Weights:
    """Return the weights that were trained, see `simulators.training.jumps`."""
    text = resources.files("analysis.features.jump").joinpath(FILE).read_text("utf-8")
    return Weights(**{name: np.array(values) for name, values in json.loads(text).items()})


def standardised(table: FloatArray, weights: Weights) -> FloatArray:
    """Return features around 0, none farther away than the model has seen many of."""
    return quantised(np.clip((table - weights.mean) / weights.std, -_FARTHEST, _FARTHEST))


def probabilities(table: FloatArray, weights: Weights) -> FloatArray:
    """Return the probability of nothing, a jump, and a jump onto something, shape (n, 3).

    Sums are of multiples of 2**-32, so they are exact and do not depend on how many moments are
    asked about at once.
    """
    values = standardised(table, weights)
    networks = list(zip(weights.hidden_weights, weights.output_weights, strict=True))
    total = sum(_of_network(values, hidden, output) for hidden, output in networks)
    return quantised(np.asarray(total) / len(networks))


def _of_network(values: FloatArray, hidden: FloatArray, output: FloatArray) -> FloatArray:
    activations = quantised(np.tanh(_affine(values, hidden)))
    logits = _affine(activations, output)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    nothing, jump, onto = odds.T
    return quantised(odds / (nothing + jump + onto)[:, None])


def _affine(values: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("ij,jk->ik", values, weights[:-1]) + weights[-1])
