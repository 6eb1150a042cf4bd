"""Turning recordings so that gravity points one way in all of them."""

from collections.abc import Sequence

import numpy as np

from analysis.model import FloatArray
from simulators.recorded.stretch import Stretch

UP: FloatArray = np.array([0.0, 0.0, 1.0])
"""What a sensor at rest reads in a spliced day."""
_LEAST_G = 0.1


def rotation_between(start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the smallest rotation, a (3, 3) matrix, that turns one direction into another.

    Examples
    --------
    >>> turn = rotation_between(np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    >>> (turn @ [1.0, 0.0, 0.0]).round(6).tolist()
    [0.0, 1.0, 0.0]
    """
    start = start / np.linalg.norm(start)
    end = end / np.linalg.norm(end)
    cosine = float(start @ end)
    if cosine < -1.0 + 1e-9:
        # Half a turn about any axis across.
        across = np.cross(start, np.eye(3)[np.argmin(np.abs(start))])
        across = across / np.linalg.norm(across)
        return 2.0 * np.outer(across, across) - np.eye(3)
    x, y, z = np.cross(start, end)
    axis = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + axis + axis @ axis / (1.0 + cosine))


def to_common_gravity(stretches: Sequence[Stretch]) -> list[FloatArray]:
    """Return the acceleration of each stretch, turned so that its gravity points along `UP`.

    Gravity is the mean over all stretches of one label in one session: a second of a jump is too
    short to tell its own. Those whose mean is next to nothing are left as they are.

    Notes
    -----
    What a posture does to the orientation goes with it: nothing lies, sits and stands differently
    in a spliced day. Where the sensor sat differently from one recording to the next, nobody could
    tell the one from the other, and a collar that turns between two steps would look like a fall.
    """
    sums: dict[tuple[str, str, str], FloatArray] = {}
    counts: dict[tuple[str, str, str], int] = {}
    for each in stretches:
        key = (each.dog, each.session, each.label)
        sums[key] = sums.get(key, np.zeros(3)) + each.acceleration_g.sum(axis=0)
        counts[key] = counts.get(key, 0) + len(each.acceleration_g)
    found = []
    for each in stretches:
        key = (each.dog, each.session, each.label)
        gravity_g = sums[key] / counts[key]
        known = np.linalg.norm(gravity_g) >= _LEAST_G
        turn = rotation_between(gravity_g, UP) if known else np.eye(3)
        found.append(each.acceleration_g @ turn.T)
    return found
