"""Where somebody who is labelled as walking trots, told by how fast the steps are."""

from itertools import groupby

import numpy as np
import scipy

from analysis.model import FloatArray

_WINDOW_S, _HOP_S = 3.0, 1.0
_BEAT, _RANGE = (1.0, 1.5), (0.5, 2.2)
_LEAST_SHARE = 0.5


def spans(
    acceleration_g: FloatArray, rate_hz: float, trot_from_hz: float
) -> list[tuple[int, int, bool]]:
    """Return a walk in spans: the first sample of each, the one after it, and whether it trots.

    A second is of a trot if half of the power of the magnitude from 0.5 to 2.2 times `trot_from_hz`
    lies from 1.0 to 1.5 times of it, in the three seconds around it. How strong the movement is
    does not matter. The beat of the hind legs, twice the steps of a walk, lies above that. A
    single second is of the same gait as its neighbours.
    """
    magnitude_g = np.linalg.norm(acceleration_g, axis=1)
    hop = round(_HOP_S * rate_hz)
    n_side = round((_WINDOW_S - _HOP_S) / 2.0 * rate_hz)
    n = len(magnitude_g)
    firsts = range(0, max(n - hop // 2, 1), hop)
    trots = [
        _trots(magnitude_g[max(first - n_side, 0) : first + hop + n_side], rate_hz, trot_from_hz)
        for first in firsts
    ]
    found = []
    at = 0
    for is_trot, same in groupby(scipy.ndimage.median_filter(np.array(trots), 3, mode="nearest")):
        first, at = at, at + len(list(same))
        end = n if at == len(trots) else at * hop
        found.append((first * hop, end, bool(is_trot)))
    return found


def _trots(magnitude_g: FloatArray, rate_hz: float, trot_from_hz: float) -> bool:
    at_hz, power = scipy.signal.periodogram(magnitude_g, rate_hz, window="hann")
    ratio = at_hz / trot_from_hz

    def within(least: float, most: float) -> float:
        return float(power[(ratio >= least) & (ratio < most)].sum())

    return within(*_BEAT) > _LEAST_SHARE * within(*_RANGE)
