"""How a dog gets about: walks with an owner, and pottering in house and garden."""

from collections.abc import Iterator

import numpy as np

from simulators.day.chance import between, one_of
from simulators.day.schedule import Step

_STOPS = ("standing", "sniffing", "sitting", "looking_around", "fidgeting")
_SLOW_AND_USUAL = ("slow_walk", "walk")
_BREAKS = ("sniffing", "standing")


def outing(
    rng: np.random.Generator,
    *,
    length_s: float,
    fast_share: float,
    walks: tuple[str, ...],
    stretch: float = 1.0,
) -> Iterator[Step]:
    """Yield the bouts of a walk: steady stretches, some faster, with stops between.

    `stretch` is the length of a stretch, and of a stop, over the healthy dog's: a dog that must
    rest often is as long on the move, in shorter pieces.
    """
    spent_s = 0.0
    while spent_s < length_s:
        fast_s = 0.0
        if fast_share > 0.0:
            # Mean walking stretch is 45 s and one fast stretch lies between two of them.
            slow_s = 45.0 / max(1.0 - fast_share, 0.1)
            fast_s = min(rng.gamma(4.0, slow_s * fast_share / 4.0), 120.0)
        walk_s = min(max(rng.gamma(3.0, 15.0), 8.0), 150.0)
        kinds = [(one_of(rng, walks), walk_s)]
        if fast_s >= 3.0:
            gallop = fast_s < 12.0 and rng.random() < 0.3
            kinds.append(("gallop" if gallop else "trot", float(fast_s)))
        if rng.random() < 0.5:
            kinds.append((one_of(rng, _BREAKS), between(rng, 3.0, 15.0)))
        for kind, duration_s in kinds:
            yield kind, stretch * duration_s
            spent_s += stretch * duration_s


def pottering(
    rng: np.random.Generator, *, length_s: float, fast_share: float, stretch: float = 1.0
) -> Iterator[Step]:
    """Yield the bouts of moving about the house: short stretches with more stops."""
    # A trot takes 6.5 s on average and the walk before it 12.5 s.
    trots = min(fast_share / (1.0 - fast_share) * 12.5 / 6.5, 1.0) if fast_share < 1.0 else 1.0
    spent_s = 0.0
    while spent_s < length_s:
        walk_s = stretch * between(rng, 5.0, 20.0)
        trot_s = stretch * between(rng, 3.0, 10.0) if rng.random() < trots else 0.0
        yield one_of(rng, _SLOW_AND_USUAL), walk_s
        if trot_s > 0.0:
            yield "trot", trot_s
        spent_s += walk_s + trot_s
        yield one_of(rng, _STOPS), stretch * between(rng, 3.0, 20.0)
