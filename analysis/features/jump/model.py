"""How likely a light moment was the flight of a jump, by what was pushed, missing, and landed.

Six numbers that were chosen, none that was trained: `docs/decisions/0024-jump-rule.md` says on what
they were chosen and how far each can be moved. Everything here only ever rises: a harder push, a
lighter or longer light moment or a harder landing never makes a jump less likely.
"""

import numpy as np

from analysis.model import FloatArray
from analysis.signal.fixed_point import quantised

BALANCE = 0.3
"""Of push and landing together so much counts as light at most: whatever was light for longer than
that was lowered, or thrown, and did not jump."""
STRIDE_GS, MOST_GS = 0.35, 0.55
"""Push or landing of the strongest strides that were recorded, and from where on more of it says
nothing more: a sensor of 4 g cuts off the rest."""
PER_GS = 5.0
"""How much every g s of a push or landing beyond a stride's adds, as a share."""
EVEN_GS = 0.095
"""Strength of a moment that is as likely a jump as not."""


def strength(light_gs: FloatArray, push_gs: FloatArray, landing_gs: FloatArray) -> FloatArray:
    """Return how much of a jump each moment is, in g s.

    Examples
    --------
    >>> jump = strength(np.array([0.20]), np.array([0.45]), np.array([0.55]))
    >>> stride = strength(np.array([0.11]), np.array([0.34]), np.array([0.36]))
    >>> float(jump[0].round(3)), float(stride[0].round(3))
    (0.5, 0.116)
    """
    light_gs = np.clip(light_gs, 0.0, BALANCE * (push_gs + landing_gs))
    beyond_gs = sum(np.clip(each, STRIDE_GS, MOST_GS) - STRIDE_GS for each in (push_gs, landing_gs))
    return np.asarray(light_gs * (1.0 + PER_GS * beyond_gs))


def probability(strength_gs: FloatArray) -> FloatArray:
    """Return how likely moments of a strength are jumps: a logistic curve of its logarithm.

    Examples
    --------
    >>> probability(np.array([0.05, 0.095, 0.135, 0.2, 0.5])).round(2).tolist()
    [0.07, 0.5, 0.8, 0.95, 1.0]
    """
    square = (strength_gs / EVEN_GS) ** 2
    odds = square * square
    return quantised(odds / (1.0 + odds))


def least_strength(likely: float) -> float:
    """Return the strength from which on a moment is at least so likely.

    Examples
    --------
    >>> round(least_strength(0.5), 3), round(least_strength(0.8), 3)
    (0.095, 0.134)
    """
    return EVEN_GS * float((likely / (1.0 - likely)) ** 0.25) if likely < 1.0 else np.inf
