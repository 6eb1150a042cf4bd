"""Units and the one place where seconds become ticks."""

import math

STANDARD_GRAVITY_MPS2 = 9.80665

RATE_HZ = 50
"""Rate of the grid that all analysis runs on; tick ``k`` is Unix time ``k / RATE_HZ``."""

G_PER_UNIT = {"g": 1.0, "mg": 1e-3, "m/s2": 1.0 / STANDARD_GRAVITY_MPS2}


def ticks(duration_s: float) -> int:
    """Return a duration in whole ticks, rounded to the nearest.

    Examples
    --------
    >>> ticks(0.28), ticks(0.29), ticks(60.0)
    (14, 14, 3000)
    """
    return round(duration_s * RATE_HZ)


def tick_at_or_after(time_s: float) -> int:
    """Return the first tick that is not before a Unix time.

    Examples
    --------
    >>> tick_at_or_after(10.0), tick_at_or_after(10.001)
    (500, 501)
    """
    return math.ceil(time_s * RATE_HZ)


def seconds(tick: int) -> float:
    """Return the Unix time of a tick.

    Examples
    --------
    >>> seconds(501)
    10.02
    """
    return tick / RATE_HZ
