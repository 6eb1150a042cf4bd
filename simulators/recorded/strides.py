"""Where the strides of a recorded gait begin."""

from itertools import pairwise

import numpy as np
import scipy

from analysis.model import FloatArray

STEP_HZ = (1.5, 6.0)
_BAND = (0.7, 1.4)
_STEPS_A_STRIDE = 2
_LEAST_STEPS = 6
_SHORTER = 0.7
"""A time is liked so much less for each second of it: two steps repeat themselves as one does."""


def stride_starts_s(acceleration_g: FloatArray, rate_hz: float) -> list[float]:
    """Return the seconds at which strides begin, in order; none if it is too short.

    A step is the time after which the magnitude repeats itself best; a stride is two of them. The
    strongest rhythm of a walk is twice as fast, since fore and hind legs beat in turn. Where in a
    stride its beginning lies is by chance, but it is the same in every stride.
    """
    magnitude_g = np.linalg.norm(acceleration_g, axis=1)
    n = len(magnitude_g)
    if n < _LEAST_STEPS * rate_hz / STEP_HZ[0]:
        return []
    moved_g = magnitude_g - magnitude_g.mean()
    step_hz = _step_hz(moved_g, rate_hz)
    band_hz = [share * step_hz for share in _BAND]
    band = scipy.signal.butter(2, band_hz, "bandpass", fs=rate_hz, output="sos")
    rhythm = scipy.signal.hilbert(scipy.signal.sosfiltfilt(band, moved_g))
    # A rhythm that fails for a moment runs backwards: it waits instead.
    turns = np.unwrap(np.angle(rhythm)) / (2.0 * np.pi * _STEPS_A_STRIDE)
    turns = np.maximum.accumulate(turns)
    whole = np.arange(np.ceil(turns[0]), np.floor(turns[-1]) + 1.0)
    first = np.searchsorted(turns, whole, side="left")
    return [float(sample) / rate_hz for sample in first]


def _step_hz(moved_g: FloatArray, rate_hz: float) -> float:
    """Return how often the magnitude repeats itself; of two times alike, the shorter one."""
    n = len(moved_g)
    spectrum = np.abs(scipy.fft.rfft(moved_g, 2 * n)) ** 2
    alike = scipy.fft.irfft(spectrum)[:n]
    lags_s = np.arange(n) / rate_hz
    liked = (1.0 - _SHORTER * lags_s) * alike
    is_step = (lags_s >= 1.0 / STEP_HZ[1]) & (lags_s <= 1.0 / STEP_HZ[0])
    return rate_hz / float(np.argmax(np.where(is_step, liked, -np.inf)))


def uneven_places(
    starts_s: list[float], n_samples: int, rate_hz: float, share: float
) -> FloatArray:
    """Return the places, in samples, that make every other stride longer and the next one shorter.

    Pairs of strides keep their length together, so the whole does. Played at these places a stride
    of one second becomes one of ``1 + share`` seconds, the next one of ``1 - share``.

    Examples
    --------
    >>> uneven_places([0.0, 1.0, 2.0], 8, 4.0, 0.25).round(2).tolist()
    [0.0, 0.8, 1.6, 2.4, 3.2, 4.0, 5.33, 6.67]
    """
    new_s, old_s = [0.0], [0.0]
    for n, (start_s, middle_s) in enumerate(pairwise(starts_s)):
        if n % 2 or n + 2 >= len(starts_s):
            continue
        end_s = starts_s[n + 2]
        turned_s = start_s + (1.0 + share) / 2.0 * (end_s - start_s)
        for new, old in ((start_s, start_s), (turned_s, middle_s), (end_s, end_s)):
            if old > old_s[-1] and new > new_s[-1]:
                new_s.append(new)
                old_s.append(old)
    end_s = n_samples / rate_hz
    if end_s > old_s[-1]:
        new_s.append(end_s)
        old_s.append(end_s)
    places = np.interp(np.arange(n_samples) / rate_hz, new_s, old_s) * rate_hz
    return np.asarray(places)
