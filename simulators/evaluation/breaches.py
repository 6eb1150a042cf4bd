"""Hearing a stream second by second around each breach of rest, and how soon each was told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import inf

from analysis.model import Samples

AROUND_S = (5.0, 40.0)
"""Before the end of a breach and after it, the stream is heard second by second."""


def told_after_s(end_s: float, told: Sequence[tuple[float, float]]) -> float:
    """Return how much of the stream had been heard after a breach when it was told."""
    heard_s = [until_s for at_s, until_s in told if end_s - 4.0 <= at_s <= end_s + 2.0]
    return max(min(heard_s) - end_s, 0.0) if heard_s else inf


def close_pieces(stream: Iterable[Samples], ends_s: Sequence[float]) -> Iterator[Samples]:
    """Yield the stream in pieces of a second around each breach, and in long ones elsewhere."""
    before_s, after_s = AROUND_S
    for samples in stream:
        near = any(
            samples.start_s - after_s <= end_s <= samples.end_s + before_s for end_s in ends_s
        )
        second = round(samples.rate_hz)
        first = 0
        while first < samples.n_samples:
            at_s = samples.start_s + first / samples.rate_hz
            close = near and any(
                end_s - before_s - 1.0 <= at_s <= end_s + after_s for end_s in ends_s
            )
            length = second if close else (15 * second if near else samples.n_samples)
            yield replace(
                samples,
                first_index=samples.first_index + first,
                acceleration_g=samples.acceleration_g[first : first + length],
            )
            first += length
