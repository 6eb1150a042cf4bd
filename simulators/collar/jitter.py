"""The jitter that a collar adds of itself: buckle, fur and loose skin, faster than steps."""

from collections.abc import Iterable

import numpy as np
import scipy

from simulators.behaviours.noise import Trace, white

RECORDED = 0.6
"""With this, a quarter of the power of a gait is above 5 Hz, as on the recorded collars; the
measured gaits are those of a neck, and without it they have 1 to 8 % there."""

_BAND_HZ = (5.0, 9.0)
"""Where it is strongest; towards both sides it falls with the frequency."""
_BEATS = 0.6
"""What part of its power comes with the steps, as a beat and not as noise: on the recorded collars
what is above 5 Hz is alike from step to step by a third to a half."""
_MOVED_HZ = 2.0
_MOST_G = 1.0
"""It does not grow beyond this much movement: nothing is known of it in jumps and shakes."""


class Jitter:
    """Jitter in proportion to how much the collar moves; remembers itself between chunks.

    Parameters
    ----------
    rng
        Its own chance, so that it takes nothing from what else happens to the collar.
    strength
        Root mean square over that of the magnitude's movement; 0 for none.
    rate_hz
        Samples per second; below 20 there is no room for it.
    """

    def __init__(self, rng: np.random.Generator, strength: float, rate_hz: float) -> None:
        self._heard = strength > 0.0 and rate_hz >= 20.0
        if not self._heard:
            return
        self._rng = rng.spawn(1)[0]
        b, a = scipy.signal.butter(1, _BAND_HZ, "bandpass", fs=rate_hz)
        _, response = scipy.signal.freqz(b, a, worN=2048)
        loudness = float(np.sqrt(np.mean(np.abs(response) ** 2)))
        self._a = a.astype(np.float32)
        self._b_noise = (strength * np.sqrt(1.0 - _BEATS) / loudness * b).astype(np.float32)
        # The square of a wave of unit power is one of twice the rate and half the power.
        self._b_beat = (strength * np.sqrt(2.0 * _BEATS) * b).astype(np.float32)
        self._noise = np.zeros((len(a) - 1, 3), dtype=np.float32)
        self._beat = np.zeros(len(a) - 1, dtype=np.float32)
        keep = np.exp(-2.0 * np.pi * _MOVED_HZ / rate_hz)
        self._b_moved = np.array([1.0 - keep], dtype=np.float32)
        self._a_moved = np.array([1.0, -keep], dtype=np.float32)
        self._moved = np.zeros(1, dtype=np.float32)

    def through(self, acceleration_g: Trace, unworn: Iterable[tuple[int, int]] = ()) -> Trace:
        """Return acceleration with the jitter added, but for samples in which no neck moves it."""
        if not self._heard:
            return acceleration_g
        norms_g = np.linalg.norm(acceleration_g, axis=1)
        swing_g = norms_g - np.float32(1.0)
        smooth, self._moved = scipy.signal.lfilter(
            self._b_moved, self._a_moved, swing_g**2, zi=self._moved
        )
        moved_g = np.sqrt(np.maximum(smooth, np.float32(1e-8)))
        shape = np.clip(swing_g / moved_g, -2.0, 2.0) ** 2
        beat, self._beat = scipy.signal.lfilter(self._b_beat, self._a, shape, zi=self._beat)
        noise, self._noise = scipy.signal.lfilter(
            self._b_noise, self._a, white(self._rng, acceleration_g.shape), axis=0, zi=self._noise
        )
        moved_g = np.minimum(moved_g, np.float32(_MOST_G))
        for first, stop in unworn:
            moved_g[first:stop] = 0.0
        along = acceleration_g / np.maximum(norms_g, np.float32(0.05))[:, None]
        jittered_g: Trace = acceleration_g + moved_g[:, None] * (noise + beat[:, None] * along)
        return jittered_g.astype(np.float32, copy=False)
