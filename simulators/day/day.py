"""A day of a dog: the truth as bouts, and the signal an hour at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from simulators.behaviours.base import Scene
from simulators.behaviours.noise import Trace
from simulators.behaviours.registry import BEHAVIOURS
from simulators.day.planner import DayPlan, day_bouts
from simulators.day.schedule import Bout
from simulators.dog.dog import Dog

FADE_S = 0.25
"""One behaviour passes into the next over this time, since no dog stops within one sample."""
CHUNK_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """A run of signal as the neck feels it.

    Attributes
    ----------
    start_s
        Unix time of the first sample.
    rate_hz
        Samples per second.
    acceleration_g
        Shape (n, 3), single precision: along the nose, to the left, up; gravity included.
    """

    start_s: float
    rate_hz: float
    acceleration_g: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A time before which another scene holds."""

    at_s: float
    before: Scene


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedDay:
    """One day: what the dog did, and what its neck felt.

    `chunks` draws from the same chance every time it is called, so it can be read twice.
    """

    dog: Dog
    plan: DayPlan
    bouts: tuple[Bout, ...]
    rate_hz: float
    seed: int

    def chunks(self) -> Iterator[Chunk]:
        """Yield the signal of the whole day in order, an hour at a time."""
        rng = np.random.default_rng(self.seed)
        scene = Scene(
            dog=self.plan.dog or self.dog, condition=self.plan.condition, rate_hz=self.rate_hz
        )
        morning = self.plan.morning
        if morning is None:
            yield from render(rng, self.bouts, scene)
        else:
            before = replace(scene, dog=morning.dog or self.dog, condition=morning.condition)
            turn = Turn(at_s=self.plan.at_s(morning.until_h), before=before)
            yield from render(rng, self.bouts, scene, turn)

    def of(self, *kinds: str) -> list[Bout]:
        """Return the bouts of some kinds, in order; ``jump`` means every kind of jump."""
        return [
            each for each in self.bouts if each.kind in kinds or each.kind.split("_")[0] in kinds
        ]


def simulate_day(
    rng: np.random.Generator, dog: Dog, plan: DayPlan, *, rate_hz: float = 50.0
) -> SimulatedDay:
    """Return one day of a dog, from local midnight to local midnight."""
    bouts = tuple(day_bouts(rng, plan))
    seed = int(rng.integers(2**63))
    return SimulatedDay(dog=dog, plan=plan, bouts=bouts, rate_hz=rate_hz, seed=seed)


def render(
    rng: np.random.Generator, bouts: Iterable[Bout], scene: Scene, turn: Turn | None = None
) -> Iterator[Chunk]:
    """Yield the signal of adjoining bouts in chunks of an hour, the last one shorter."""
    pending: list[Trace] = []
    n_pending, n_chunk = 0, round(CHUNK_S * scene.rate_hz)
    start_s: float | None = None
    for bout, piece in _pieces(rng, bouts, scene, turn):
        start_s = bout.start_s if start_s is None else start_s
        pending.append(piece)
        n_pending += len(piece)
        if n_pending >= n_chunk:
            whole = np.concatenate(pending)
            yield Chunk(start_s=start_s, rate_hz=scene.rate_hz, acceleration_g=whole[:n_chunk])
            start_s += n_chunk / scene.rate_hz
            pending, n_pending = [whole[n_chunk:]], n_pending - n_chunk
    if start_s is not None and n_pending:
        rest = np.concatenate(pending)
        yield Chunk(start_s=start_s, rate_hz=scene.rate_hz, acceleration_g=rest)


def _pieces(
    rng: np.random.Generator, bouts: Iterable[Bout], scene: Scene, turn: Turn | None
) -> Iterator[tuple[Bout, Trace]]:
    """Yield each bout's samples, each begun with a fade out of the one before."""
    n_fade = round(FADE_S * scene.rate_hz)
    origin_s: float | None = None
    tail = np.zeros((0, 3), dtype=np.float32)
    for bout in bouts:
        origin_s = bout.start_s if origin_s is None else origin_s
        first = round((bout.start_s - origin_s) * scene.rate_hz)
        n = round((bout.end_s - origin_s) * scene.rate_hz) - first
        if n == 0:
            continue
        now = scene if turn is None or bout.start_s >= turn.at_s else turn.before
        made = BEHAVIOURS[bout.kind](rng, n + n_fade, now)
        n_blend = min(len(tail), n)
        share = (np.arange(1, n_blend + 1, dtype=np.float32) / np.float32(n_blend + 1))[:, None]
        made[:n_blend] = share * made[:n_blend] + (1.0 - share) * tail[:n_blend]
        tail = made[n:]
        yield bout, made[:n]
