"""A softmax behind a few bends, fitted by L-BFGS: small enough to read and to repeat."""

from dataclasses import replace

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.features.jump.model import Weights, standardised
from analysis.model import FloatArray

_N_ANSWERS = 3
_DECAY = 1.0
_STEPS = 400
_PER_ONE = 1024.0


def fitted(table: FloatArray, answers: NDArray[np.intp], n_bends: int, n_networks: int) -> Weights:
    """Return the weights that tell the answers (0, 1 or 2) of a table of features best.

    Each network begins elsewhere, and ends where others do not; their mean is surer of what it has
    not seen than the best of them.
    """
    base = Weights(
        mean=_rounded(table.mean(axis=0)),
        std=np.maximum(_rounded(table.std(axis=0)), 1.0 / _PER_ONE),
        hidden_weights=np.empty((0, 0, 0)),
        output_weights=np.empty((0, 0, 0)),
    )
    values = np.column_stack([standardised(table, base), np.ones(len(table))])
    wanted = np.eye(_N_ANSWERS)[answers]
    networks = [_network(values, wanted, n_bends, seed) for seed in range(n_networks)]
    bends, out = zip(*networks, strict=True)
    return replace(
        base, hidden_weights=_rounded(np.stack(bends)), output_weights=_rounded(np.stack(out))
    )


def _network(
    values: FloatArray, wanted: FloatArray, n_bends: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Return bends and answers of the network that a seed leads to."""
    shape = (values.shape[1], n_bends)
    cut = shape[0] * n_bends

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        bends, out = flat[:cut].reshape(shape), flat[cut:].reshape(n_bends + 1, _N_ANSWERS)
        bent = np.column_stack([np.tanh(values @ bends), np.ones(len(values))])
        strength = bent @ out
        strength -= strength.max(axis=1, keepdims=True)
        total = np.exp(strength).sum(axis=1)
        error = np.exp(strength) / total[:, None] - wanted
        to_bends = (error @ out[:-1].T) * (1.0 - bent[:, :-1] ** 2)
        slope = np.concatenate([(values.T @ to_bends).ravel(), (bent.T @ error).ravel()])
        likelihood = float(np.log(total).sum() - (strength * wanted).sum())
        return likelihood + _DECAY / 2.0 * float(flat @ flat), slope + _DECAY * flat

    start = 0.3 * np.random.default_rng(seed).standard_normal(cut + (n_bends + 1) * _N_ANSWERS)
    best = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}
    ).x
    return best[:cut].reshape(shape), best[cut:].reshape(n_bends + 1, _N_ANSWERS)


def _rounded(values: FloatArray) -> FloatArray:
    """Return values that are short to write down, and exact to add."""
    return np.asarray(np.rint(values * _PER_ONE) / _PER_ONE)
