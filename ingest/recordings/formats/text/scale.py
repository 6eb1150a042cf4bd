"""The unit of acceleration: told, named, or guessed from gravity."""

import numpy as np

from analysis.model import FloatArray
from analysis.units import G_PER_UNIT

USUAL_G = (0.5, 1.6)
"""Median |a| of a collar over seconds: 0.9 to 1.05 g in real recordings of rest and running."""


def find_unit(values: FloatArray, stated: str | None) -> tuple[str, str | None]:
    """Return the unit of accelerations (n, 3), and a note if it had to be guessed.

    A thing on a dog feels 1 g on the median, whatever the dog does, so the median says the unit.

    Raises
    ------
    ValueError
        If the median fits no unit, or not the stated one.
    """
    median = float(np.median(np.linalg.norm(values, axis=1)))
    low, high = USUAL_G
    fits = [unit for unit, size in G_PER_UNIT.items() if low <= median * size <= high]
    if stated is not None and stated not in G_PER_UNIT:
        msg = f"unit {stated!r}, expected one of {', '.join(G_PER_UNIT)}"
        raise ValueError(msg)
    if stated in fits:
        return stated, None
    if stated is not None:
        hint = f"; it looks like {fits[0]}" if fits else ", so this is not raw acceleration"
        msg = f"median |a| is {median:.4g} {stated}, expected about 1 g{hint}"
        raise ValueError(msg)
    if not fits:
        msg = f"median |a| is {median:.4g}, which is 1 g in none of {', '.join(G_PER_UNIT)}"
        raise ValueError(msg)
    return fits[0], f"unit taken to be {fits[0]}, since median |a| is {median:.4g}"
