"""How a collar's seat changes what the neck feels: it turns, rings, is hit, tugged, or slips."""

from collections.abc import Iterator, Sequence

import numpy as np
import scipy

from simulators.behaviours.noise import Trace
from simulators.collar.jitter import Jitter
from simulators.day.day import Chunk
from simulators.day.schedule import Bout
from simulators.dog.collar import Mounting

_TUG_S = (0.1, 0.3)
_TUGS_HZ = (0.3, 1.0)
_GRAVITY_HZ = 0.3


class Seat:
    """A collar on a neck; remembers its roll, its swing and its gravity from chunk to chunk."""

    def __init__(self, rng: np.random.Generator, mounting: Mounting, rate_hz: float) -> None:
        self._rng = rng
        self._rate_hz = rate_hz
        self._roll_deg = mounting.roll_deg
        self._sit(mounting)

    def slip_to(self, mounting: Mounting) -> None:
        """Sit differently from now on; what it has wandered so far it keeps."""
        if mounting != self._mounting:
            self._roll_deg += mounting.roll_deg - self._mounting.roll_deg
            self._sit(mounting)

    def feel(
        self, chunk: Chunk, shakes: list[Bout], moving: list[Bout], unworn: Sequence[Bout] = ()
    ) -> Trace:
        """Return what the collar does where the neck does what the chunk says."""
        rolls_deg = self._rolls_deg(chunk, shakes)
        self._roll_deg = float(rolls_deg[-1])
        worn_g = chunk.acceleration_g
        if self._mounting.leashed:
            _tug(self._rng, worn_g, chunk, moving)
        worn_g = self._ring.through(self._follow.through(_rolled(worn_g, rolls_deg)))
        worn_g = self._chatter.through(worn_g, within(chunk, unworn))
        _tag_hits(self._rng, worn_g, chunk, moving, self._mounting.tags_per_min)
        return worn_g

    def _sit(self, mounting: Mounting) -> None:
        self._mounting = mounting
        self._ring = _Ring(mounting, self._rate_hz)
        self._follow = _Follow(mounting.follow, self._rate_hz)
        self._chatter = Jitter(self._rng, mounting.chatter, self._rate_hz)

    def _rolls_deg(self, chunk: Chunk, shakes: list[Bout]) -> np.ndarray:
        """Return the roll in each second: a random walk, and jumps at shakes."""
        n_s = int(len(chunk.acceleration_g) / chunk.rate_hz) + 1
        step_deg = self._mounting.roll_drift_deg / 60.0 * self._rng.standard_normal(n_s)
        for shake in shakes:
            second = int(shake.start_s - chunk.start_s)
            if 0 <= second < n_s and self._rng.random() < self._mounting.roll_jump:
                step_deg[second] += self._rng.uniform(-60.0, 60.0)
        return self._roll_deg + np.cumsum(step_deg)


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


class _Follow:
    """A collar that follows the neck's movement by more or less, and gravity as it is."""

    def __init__(self, follow: float, rate_hz: float) -> None:
        self._follow = np.float32(follow)
        self._scales = follow != 1.0
        keep = float(np.exp(-2.0 * np.pi * _GRAVITY_HZ / rate_hz))
        self._b = np.array([1.0 - keep], dtype=np.float32)
        self._a = np.array([1.0, -keep], dtype=np.float32)
        self._gravity: Trace | None = None

    def through(self, acceleration_g: Trace) -> Trace:
        """Return acceleration whose movement is scaled."""
        if not self._scales:
            return acceleration_g
        if self._gravity is None:
            self._gravity = (-self._a[1] * acceleration_g[0])[:, None]
        followed_g = np.empty_like(acceleration_g)
        for axis in range(3):
            gravity_g, self._gravity[axis] = scipy.signal.lfilter(
                self._b, self._a, acceleration_g[:, axis], zi=self._gravity[axis]
            )
            followed_g[:, axis] = gravity_g + self._follow * (acceleration_g[:, axis] - gravity_g)
        return followed_g


class _Ring:
    """A loose collar that rings at its resonance; remembers its swing between chunks."""

    def __init__(self, mounting: Mounting, rate_hz: float) -> None:
        self._gain = np.float32(mounting.ring)
        # Above the band of the sensor there is nothing to see of it.
        self._heard = mounting.ring > 0.0 and mounting.ring_hz < 0.45 * rate_hz
        if self._heard:
            width = 2.0 * mounting.ring_damping
            b, a = scipy.signal.iirpeak(mounting.ring_hz, 1.0 / width, fs=rate_hz)
            self._b, self._a = b.astype(np.float32), a.astype(np.float32)
            self._swing = np.zeros((3, 2), dtype=np.float32)

    def through(self, acceleration_g: Trace) -> Trace:
        """Return acceleration with the ringing added."""
        if not self._heard:
            return acceleration_g
        rung_g = acceleration_g.copy()
        for axis in range(3):
            swing, self._swing[axis] = scipy.signal.lfilter(
                self._b, self._a, acceleration_g[:, axis], zi=self._swing[axis]
            )
            rung_g[:, axis] += self._gain * swing
        return rung_g


def within(chunk: Chunk, bouts: Sequence[Bout]) -> Iterator[tuple[int, int]]:
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
    for first, stop in within(chunk, moving):
        n_hits = rng.poisson(per_min * (stop - first) / chunk.rate_hz / 60.0)
        for at in rng.integers(first, stop, n_hits):
            direction = rng.standard_normal(3)
            # A hit lasts 15 ms; a sample that lasts longer sees only that share of it.
            share = min(1.0, 0.015 * chunk.rate_hz)
            hit_g = share * rng.uniform(0.5, 3.0) * direction / np.linalg.norm(direction)
            worn_g[at] += hit_g.astype(np.float32)


def _tug(rng: np.random.Generator, worn_g: Trace, chunk: Chunk, moving: list[Bout]) -> None:
    """Hold the neck's movement down to 0.7 of it, and add tugs, as a leash does."""
    for first, stop in within(chunk, moving):
        part = worn_g[first:stop]
        mean_g = part.mean(axis=0)
        part[:] = mean_g + np.float32(0.7) * (part - mean_g)
        n_tugs = rng.poisson(rng.uniform(*_TUGS_HZ) * (stop - first) / chunk.rate_hz)
        for at in rng.integers(0, stop - first, n_tugs):
            width = max(int(rng.uniform(*_TUG_S) * chunk.rate_hz), 2)
            tug = (0.3 * np.sin(np.linspace(0.0, np.pi, width))).astype(np.float32)
            part[at : at + width, 0] += tug[: stop - first - at]
