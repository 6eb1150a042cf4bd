"""Sums over windows of gait from which the line of strength against pace can be drawn again."""

from collections.abc import Iterable
from math import log

GaitSums = tuple[float, float, float, float, float, float]
"""n and the sums of x, y, xx, xy, yy with x = ln(stride_hz) and y = ln(rms_g)."""

NO_GAIT: GaitSums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def window_sums(stride_hz: float, rms_g: float) -> GaitSums:
    """Return the sums of one window."""
    x, y = log(stride_hz), log(rms_g)
    return 1.0, x, y, x * x, x * y, y * y


def together(first: GaitSums, second: GaitSums) -> GaitSums:
    """Return the sums of both."""
    n, x, y, xx, xy, yy = first
    m, u, v, uu, uv, vv = second
    return n + m, x + u, y + v, xx + uu, xy + uv, yy + vv


def gait_sums(stride_hz: Iterable[float], rms_g: Iterable[float]) -> GaitSums:
    """Return the sums of windows, one number each in both."""
    sums = NO_GAIT
    for each_hz, each_g in zip(stride_hz, rms_g, strict=True):
        sums = together(sums, window_sums(each_hz, each_g))
    return sums
