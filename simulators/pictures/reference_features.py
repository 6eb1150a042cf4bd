"""Measures movement as the reference figures were: 4 s windows, zero-phase filters, all at once.

The analysis hears a stream and has filters of its own; this yardstick is kept apart from it, so
that the simulator is held against published figures and not against our detectors.
"""

import itertools

import numpy as np
import scipy

from analysis.model import FloatArray
from simulators.behaviours.noise import Trace

WINDOW_S = 4.0
SHARE_EDGES_HZ = (0.5, 1.5, 3.0, 5.0, 8.0, 12.5)
"""Bands in which the power of free running was measured; docs/evidence.md section 1.2."""


def magnitude_g(acceleration_g: Trace | FloatArray) -> FloatArray:
    """Return the norm of each sample."""
    norms_g: FloatArray = np.linalg.norm(acceleration_g.astype(np.float64), axis=1)
    return norms_g


def spread_g(acceleration_g: Trace | FloatArray, rate_hz: float = 50.0) -> float:
    """Return the median standard deviation of the magnitude over windows."""
    return float(np.median(spreads_g(acceleration_g, rate_hz)))


def spreads_g(acceleration_g: Trace | FloatArray, rate_hz: float = 50.0) -> FloatArray:
    """Return the standard deviation of the magnitude in each window."""
    spreads: FloatArray = _windows(magnitude_g(acceleration_g), rate_hz).std(axis=1)
    return spreads


def vedba_g(acceleration_g: Trace | FloatArray, rate_hz: float = 50.0) -> float:
    """Return the mean norm of the acceleration without what lies below 0.3 Hz."""
    return float(moved_g(acceleration_g, rate_hz).mean())


def vedbas_g(acceleration_g: Trace | FloatArray, rate_hz: float = 50.0) -> FloatArray:
    """Return the mean norm of the acceleration without gravity in each window."""
    means_g: FloatArray = _windows(moved_g(acceleration_g, rate_hz), rate_hz).mean(axis=1)
    return means_g


def regularity(acceleration_g: Trace | FloatArray, step_hz: float, rate_hz: float = 50.0) -> float:
    """Return the median over windows of the unbiased autocorrelation near the step's lag."""
    middle = rate_hz / step_hz
    lags = range(int(0.8 * middle), int(1.25 * middle) + 1)
    windows = _windows(_band_g(acceleration_g, rate_hz), rate_hz)
    return float(np.median([max(_unbiased(each, lag) for lag in lags) for each in windows]))


def repeats(acceleration_g: Trace | FloatArray, rate_hz: float = 50.0) -> FloatArray:
    """Return for each window its strongest frequency in Hz, and how alike it is after each period.

    Shape (n, 3): the frequency, the unbiased autocorrelation near its period, and near twice that.
    In walk and trot those are steps and strides.
    """
    rows = []
    for each in _windows(_band_g(acceleration_g, rate_hz), rate_hz):
        hz, power = scipy.signal.periodogram(each, rate_hz, nfft=4096)
        strongest = max(float(hz[power.argmax()]), 0.7)
        period = rate_hz / strongest
        alike = [
            max(_unbiased(each, lag) for lag in range(int(0.8 * times * period), stop + 1))
            for times in (1, 2)
            for stop in (min(int(1.25 * times * period), len(each) - 2),)
        ]
        rows.append((strongest, *alike))
    return np.array(rows)


def strongest_hz(acceleration_g: Trace | FloatArray, rate_hz: float = 50.0) -> float:
    """Return the median over windows of the strongest frequency of the magnitude."""
    windows = _windows(_band_g(acceleration_g, rate_hz), rate_hz)
    hz, power = scipy.signal.periodogram(windows, rate_hz, nfft=4096)
    return float(np.median(hz[power.argmax(axis=1)]))


def shares(
    acceleration_g: Trace | FloatArray,
    rate_hz: float = 50.0,
    edges_hz: tuple[float, ...] = SHARE_EDGES_HZ,
) -> FloatArray:
    """Return what part of the power of the magnitude lies between each two neighbouring edges.

    Taken over windows, of what lies between the first edge and the last.
    """
    windows = _windows(magnitude_g(acceleration_g), rate_hz)
    hz, power = scipy.signal.periodogram(windows, rate_hz, window="hann")
    total = power.mean(axis=0)
    parts = np.array(
        [total[(hz >= low) & (hz < high)].sum() for low, high in itertools.pairwise(edges_hz)]
    )
    found: FloatArray = parts / parts.sum()
    return found


def moved_g(acceleration_g: Trace | FloatArray, rate_hz: float) -> FloatArray:
    """Return the norm of each sample without what lies below 0.3 Hz."""
    low = scipy.signal.butter(2, 0.3, fs=rate_hz, output="sos")
    moved_g = acceleration_g - scipy.signal.sosfiltfilt(low, acceleration_g, axis=0)
    norms_g: FloatArray = np.linalg.norm(moved_g, axis=1)
    return norms_g


def _band_g(acceleration_g: Trace | FloatArray, rate_hz: float) -> FloatArray:
    """Return the magnitude between 0.7 and 8 Hz, where steps are."""
    band = scipy.signal.butter(2, (0.7, 8.0), "bandpass", fs=rate_hz, output="sos")
    filtered: FloatArray = scipy.signal.sosfiltfilt(band, magnitude_g(acceleration_g))
    return filtered


def _windows(trace: FloatArray, rate_hz: float) -> FloatArray:
    n_window = round(WINDOW_S * rate_hz)
    return trace[: len(trace) // n_window * n_window].reshape(-1, n_window)


def _unbiased(trace: FloatArray, lag: int) -> float:
    around = trace - trace.mean()
    return float(np.mean(around[lag:] * around[:-lag]) / np.mean(around**2))
