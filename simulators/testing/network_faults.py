"""Faults of a network, as pure functions over a run of anything: packets or their bytes."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def drop(rng: np.random.Generator, items: Iterable[T], *, share: float) -> Iterator[T]:
    """Yield the items without a share (0 to 1) of them."""
    return (item for item in items if rng.random() >= share)


def repeat(rng: np.random.Generator, items: Iterable[T], *, share: float) -> Iterator[T]:
    """Yield the items, a share of them twice in a row."""
    for item in items:
        yield item
        if rng.random() < share:
            yield item


def shuffle(rng: np.random.Generator, items: Iterable[T], *, horizon: int) -> Iterator[T]:
    """Yield the items out of order, none later than `horizon` items after its turn.

    Notes
    -----
    Each of the items waiting is as likely to come next as any other, until the oldest has waited
    for `horizon` items: then it is its turn.
    """
    waiting: list[tuple[int, T]] = []
    n_out = 0
    for number, item in enumerate(items):
        waiting.append((number, item))
        if len(waiting) > horizon:
            yield _next(rng, waiting, n_out, horizon)
            n_out += 1
    while waiting:
        yield _next(rng, waiting, n_out, horizon)
        n_out += 1


def _next(rng: np.random.Generator, waiting: list[tuple[int, T]], n_out: int, horizon: int) -> T:
    overdue = n_out - waiting[0][0] >= horizon
    return waiting.pop(0 if overdue else int(rng.integers(len(waiting))))[1]


def corrupt(
    rng: np.random.Generator, payloads: Iterable[bytes], *, share: float
) -> Iterator[bytes]:
    """Yield payloads, a share of them with a byte changed, cut short, or replaced by noise."""
    for payload in payloads:
        if not payload or rng.random() >= share:
            yield payload
            continue
        at = int(rng.integers(len(payload)))
        ways = (
            payload[:at] + bytes([payload[at] ^ int(rng.integers(1, 256))]) + payload[at + 1 :],
            payload[:at],
            rng.bytes(len(payload)),
        )
        yield ways[int(rng.integers(len(ways)))]
