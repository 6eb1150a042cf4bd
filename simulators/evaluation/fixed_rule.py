"""A fixed rule for jumps, to show beside the detector: five thresholds on peaks, and a veto.

It is the rule of docs/evidence.md, section 2.3, that the first jump detector went by. It needs the
samples at their own rate and no state, so it is no detector: it only says what a simple one finds.
"""

import numpy as np
import scipy

from analysis.model import FloatArray

_CUTOFF_SHARE, _CUTOFF_HZ = 0.4, 20.0
_LIGHT_S, _LIGHT_G = 0.28, 0.75
_PUSH_S, _PUSH_G = 0.45, 2.5
_LANDING_S, _LANDING_G = 0.40, 3.2
_RHYTHM_S, _RHYTHM_G, _RHYTHM_DIPS = (0.25, 1.15), 0.85, 2
_APART_S = 1.0


def jumps_s(acceleration_g: FloatArray, rate_hz: float) -> list[float]:
    """Return when jumps began, in seconds from the first sample.

    Parameters
    ----------
    acceleration_g
        Shape (n_samples, 3).
    """
    cutoff_hz = min(_CUTOFF_SHARE * rate_hz, _CUTOFF_HZ)
    low_pass = scipy.signal.butter(4, cutoff_hz, fs=rate_hz, output="sos")
    length_g = np.linalg.norm(acceleration_g, axis=1)
    magnitude_g = scipy.signal.sosfiltfilt(low_pass, length_g, padlen=min(15, len(length_g) - 1))
    width = round(_LIGHT_S * rate_hz)
    if len(magnitude_g) < width:
        return []
    mean_g = np.convolve(magnitude_g, np.full(width, 1.0 / width), mode="valid")
    found: list[float] = []
    for at in _lowest(mean_g, _LIGHT_G, round(_RHYTHM_S[0] * rate_hz)).tolist():
        before_g = magnitude_g[max(0, at - round(_PUSH_S * rate_hz)) : at]
        after_g = magnitude_g[at + width : at + width + round(_LANDING_S * rate_hz)]
        is_jump = before_g.max(initial=0.0) >= _PUSH_G and after_g.max(initial=0.0) >= _LANDING_G
        is_apart = not found or at / rate_hz - found[-1] >= _APART_S
        if is_jump and is_apart and not _is_rhythm(mean_g, at, rate_hz):
            found.append(at / rate_hz)
    return found


def _is_rhythm(mean_g: FloatArray, at: int, rate_hz: float) -> bool:
    """Return whether other dips lie at the distances of a gallop's rhythm."""
    dips = _lowest(mean_g, _RHYTHM_G, round(_RHYTHM_S[0] * rate_hz / 2.0))
    away_s = np.abs(dips - at) / rate_hz
    n_near = np.count_nonzero((away_s >= _RHYTHM_S[0]) & (away_s <= _RHYTHM_S[1]))
    return bool(n_near >= _RHYTHM_DIPS)


def _lowest(mean_g: FloatArray, below_g: float, reach: int) -> FloatArray:
    """Return the places that are low, and the lowest within reach."""
    around_g = scipy.ndimage.minimum_filter1d(mean_g, 2 * reach + 1, mode="nearest")
    return np.asarray(np.flatnonzero((mean_g <= below_g) & (mean_g == around_g)))
