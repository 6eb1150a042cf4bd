"""From what the neck feels to what the collar's sensor reads."""

from collections.abc import Iterable, Iterator

import numpy as np
from scipy import signal

from simulators.collar import Collar, Mounting, Sensor
from simulators.day import Chunk, SimulatedDay
from simulators.gait import GAITS
from simulators.noise import Trace, white
from simulators.schedule import Bout

_TUG_S = (0.1, 0.3)


def readings(
    rng: np.random.Generator, collar: Collar, days: Iterable[SimulatedDay]
) -> Iterator[Chunk]:
    """Yield what the sensor reads, in chunks of an hour, over days that follow each other.

    The days must have been made at the collar's true rate.
    """
    offset_g = np.float32(collar.sensor.offset_g) * white(rng, 3)
    gain = np.float32(1.0) + np.float32(collar.sensor.gain_error) * white(rng, 3)
    roll_deg = collar.mounting.roll_deg
    ring = _Ring(collar.mounting, collar.true_rate_hz)
    for day in days:
        shakes = day.of("shake")
        moving = [bout for bout in day.bouts if bout.kind in GAITS]
        for chunk in day.chunks():
            rolls_deg = _rolls_deg(rng, roll_deg, chunk, shakes, collar.mounting)
            roll_deg = float(rolls_deg[-1])
            worn_g = chunk.acceleration_g
            if collar.mounting.leashed:
                _tug(rng, worn_g, chunk, moving)
            worn_g = ring.through(_rolled(worn_g, rolls_deg))
            _tag_hits(rng, worn_g, chunk, moving, collar.mounting.tags_per_min)
            worn_g = worn_g * gain + offset_g
            yield Chunk(
                start_s=chunk.start_s,
                rate_hz=chunk.rate_hz,
                acceleration_g=read(rng, worn_g, collar.sensor),
            )


def read(rng: np.random.Generator, acceleration_g: Trace, sensor: Sensor) -> Trace:
    """Return acceleration with the sensor's noise, clipped to its range and rounded to its step."""
    read_g = acceleration_g
    if sensor.noise_g > 0.0:
        read_g = read_g + np.float32(sensor.noise_g) * white(rng, read_g.shape)
    read_g = np.clip(read_g, -sensor.range_g, sensor.range_g)
    if sensor.step_g > 0.0:
        read_g = np.rint(read_g / np.float32(sensor.step_g)) * np.float32(sensor.step_g)
    return read_g.astype(np.float32, copy=False)


def _rolls_deg(
    rng: np.random.Generator,
    start_deg: float,
    chunk: Chunk,
    shakes: list[Bout],
    mounting: Mounting,
) -> np.ndarray:
    """Return the roll in each sample: a random walk by the second, and jumps at shakes."""
    n = len(chunk.acceleration_g)
    n_s = int(n / chunk.rate_hz) + 1
    step_deg = mounting.roll_drift_deg / 60.0 * rng.standard_normal(n_s)
    for shake in shakes:
        second = int(shake.start_s - chunk.start_s)
        if 0 <= second < n_s and rng.random() < mounting.roll_jump:
            step_deg[second] += rng.uniform(-60.0, 60.0)
    return start_deg + np.cumsum(step_deg)


def _rolled(acceleration_g: Trace, rolls_deg: np.ndarray) -> Trace:
    n = len(acceleration_g)
    rolls_rad = np.radians(rolls_deg)
    per = -(-n // len(rolls_rad))
    sine = np.repeat(np.sin(rolls_rad).astype(np.float32), per)[:n]
    cosine = np.repeat(np.cos(rolls_rad).astype(np.float32), per)[:n]
    rolled_g = np.empty_like(acceleration_g)
    rolled_g[:, 0] = acceleration_g[:, 0]
    rolled_g[:, 1] = cosine * acceleration_g[:, 1] - sine * acceleration_g[:, 2]
    rolled_g[:, 2] = sine * acceleration_g[:, 1] + cosine * acceleration_g[:, 2]
    return rolled_g


class _Ring:
    """A loose collar that rings at its resonance; remembers its swing between chunks."""

    def __init__(self, mounting: Mounting, rate_hz: float) -> None:
        self._gain = np.float32(mounting.ring)
        # Above the band of the sensor there is nothing to see of it.
        self._heard = mounting.ring > 0.0 and mounting.ring_hz < 0.45 * rate_hz
        if self._heard:
            width = 2.0 * mounting.ring_damping
            b, a = signal.iirpeak(mounting.ring_hz, 1.0 / width, fs=rate_hz)
            self._b, self._a = b.astype(np.float32), a.astype(np.float32)
            self._swing = np.zeros((3, 2), dtype=np.float32)

    def through(self, acceleration_g: Trace) -> Trace:
        """Return acceleration with the ringing added."""
        if not self._heard:
            return acceleration_g
        rung_g = acceleration_g.copy()
        for axis in range(3):
            swing, self._swing[axis] = signal.lfilter(
                self._b, self._a, acceleration_g[:, axis], zi=self._swing[axis]
            )
            rung_g[:, axis] += self._gain * swing
        return rung_g


def _within(chunk: Chunk, bouts: list[Bout]) -> Iterator[tuple[int, int]]:
    """Yield the first and last sample of each bout that lies in a chunk."""
    n = len(chunk.acceleration_g)
    for bout in bouts:
        first = max(round((bout.start_s - chunk.start_s) * chunk.rate_hz), 0)
        stop = min(round((bout.end_s - chunk.start_s) * chunk.rate_hz), n)
        if stop > first:
            yield first, stop


def _tag_hits(
    rng: np.random.Generator, worn_g: Trace, chunk: Chunk, moving: list[Bout], per_min: float
) -> None:
    """Add the hits of a tag while the dog moves: one sample of half to three gravities."""
    for first, stop in _within(chunk, moving):
        n_hits = rng.poisson(per_min * (stop - first) / chunk.rate_hz / 60.0)
        for at in rng.integers(first, stop, n_hits):
            direction = rng.standard_normal(3)
            # A hit lasts 15 ms; a sample that lasts longer sees only that share of it.
            share = min(1.0, 0.015 * chunk.rate_hz)
            hit_g = share * rng.uniform(0.5, 3.0) * direction / np.linalg.norm(direction)
            worn_g[at] += hit_g.astype(np.float32)


def _tug(rng: np.random.Generator, worn_g: Trace, chunk: Chunk, moving: list[Bout]) -> None:
    """Hold the neck's movement down to 0.7 of it, and add tugs, as a leash does."""
    for first, stop in _within(chunk, moving):
        part = worn_g[first:stop]
        mean_g = part.mean(axis=0)
        part[:] = mean_g + np.float32(0.7) * (part - mean_g)
        for at in rng.integers(0, stop - first, rng.poisson(0.5 * (stop - first) / chunk.rate_hz)):
            width = max(int(rng.uniform(*_TUG_S) * chunk.rate_hz), 2)
            tug = (0.3 * np.sin(np.linspace(0.0, np.pi, width))).astype(np.float32)
            part[at : at + width, 0] += tug[: stop - first - at]
