"""Pieces of the stream that follow each other without a break, put together again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from analysis.model import Samples, StreamItem


def joined(items: Iterable[StreamItem], most_samples: int) -> Iterator[StreamItem]:
    """Yield the same stream in fewer pieces of about `most_samples`.

    The analysis gives the same results for any cut; larger pieces only cost less time.
    """
    run: list[Samples] = []
    n_samples = 0
    for piece in items:
        if isinstance(piece, Samples) and run and _follows(run[-1], piece):
            run.append(piece)
            n_samples += piece.n_samples
        else:
            yield from _one(run)
            run, n_samples = [], 0
            if isinstance(piece, Samples):
                run, n_samples = [piece], piece.n_samples
            else:
                yield piece
        if n_samples >= most_samples:
            yield from _one(run)
            run, n_samples = [], 0
    yield from _one(run)


def _follows(last: Samples, piece: Samples) -> bool:
    return (
        piece.origin_s == last.origin_s
        and piece.rate_hz == last.rate_hz
        and piece.range_g == last.range_g
        and piece.first_index == last.first_index + last.n_samples
    )


def _one(run: list[Samples]) -> Iterator[Samples]:
    if len(run) == 1:
        yield run[0]
    elif run:
        acceleration_g = np.concatenate([piece.acceleration_g for piece in run])
        yield replace(run[0], acceleration_g=acceleration_g)
