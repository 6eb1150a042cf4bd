"""Blocks of one thing many times over: denser than days, and each behaviour gets its share."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np

from simulators.day.schedule import Bout

_RUN_UPS = ("standing", "walk", "walk", "trot", "gallop")
"""What a dog does before a jump; walking twice as often as the rest (a judgement)."""

_JUMP_S = (1.8, 2.6)
"""The dog runs on as soon as it has landed, or stands a little."""

Length = tuple[float, float]

NEGATIVES: Mapping[str, tuple[str, Length]] = MappingProxyType(
    {
        "gallop": ("standing", (3.0, 60.0)),
        "trot": ("walk", (5.0, 60.0)),
        "fast_walk": ("walk", (5.0, 60.0)),
        "shake": ("standing", (0.9, 2.0)),
        "scratch": ("sitting", (2.0, 15.0)),
        "head_shake": ("standing", (0.9, 2.0)),
        "knock": ("standing", (1.8, 3.0)),
        "knock_train": ("standing", (5.0, 20.0)),
        "play_bow": ("standing", (1.8, 3.0)),
        "rearing": ("standing", (1.8, 3.0)),
        "flop": ("lying", (1.8, 3.0)),
        "step_down": ("walk", (1.8, 3.0)),
        "stairs_up": ("walk", (3.0, 8.0)),
        "stairs_down": ("walk", (3.0, 8.0)),
        "stairs_trot": ("walk", (3.0, 8.0)),
        "car_ride": ("sitting", (20.0, 60.0)),
        "owner_lift": ("standing", (2.5, 4.0)),
        "collar_drop": ("off_collar", (3.0, 6.0)),
        "collar_handled": ("standing", (4.0, 10.0)),
        "sniffing": ("walk", (3.0, 20.0)),
        "fidgeting": ("standing", (3.0, 20.0)),
        "turning": ("lying", (1.5, 4.0)),
    }
)
"""What is no jump: behind what it comes, and how long it takes."""


def jumps(rng: np.random.Generator, kind: str, n: int, start_s: float) -> Iterator[Bout]:
    """Yield `n` jumps of a kind, out of all gaits."""
    for _ in range(n):
        before = str(rng.choice(_RUN_UPS))
        after = str(rng.choice(_RUN_UPS))
        steps = [
            (before, float(rng.uniform(3.0, 7.0))),
            (kind, float(rng.uniform(*_JUMP_S))),
            (after, float(rng.uniform(2.0, 4.0))),
            ("standing", 2.0),
        ]
        row = list(_row(steps, start_s))
        yield from row
        start_s = row[-1].end_s


def negatives(rng: np.random.Generator, kind: str, n: int, start_s: float) -> Iterator[Bout]:
    """Yield something that is no jump `n` times."""
    between, (least_s, most_s) = NEGATIVES[kind]
    for _ in range(n):
        steps = [
            (between, float(rng.uniform(2.0, 4.0))),
            (kind, float(rng.uniform(least_s, most_s))),
        ]
        row = list(_row(steps, start_s))
        yield from row
        start_s = row[-1].end_s


def mixed(
    rng: np.random.Generator, n_jumps: Mapping[str, int], n_negatives: int, start_s: float = 0.0
) -> list[Bout]:
    """Return jumps of each kind, then every negative, one block behind the other."""
    bouts: list[Bout] = []
    for kind, n in n_jumps.items():
        bouts += jumps(rng, kind, n, bouts[-1].end_s if bouts else start_s)
    for kind in NEGATIVES:
        bouts += negatives(rng, kind, n_negatives, bouts[-1].end_s if bouts else start_s)
    return bouts


def _row(steps: list[tuple[str, float]], start_s: float) -> Iterator[Bout]:
    for kind, length_s in steps:
        end_s = start_s + length_s
        yield Bout(kind=kind, start_s=start_s, end_s=end_s)
        start_s = end_s
