"""Intervals of shares, so that a few cases do not look like many."""

from math import sqrt

_Z = 1.959964


def share_interval(n: int, n_all: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score.

    Examples
    --------
    >>> [round(each, 2) for each in share_interval(42, 46)]
    [0.8, 0.97]
    """
    share, square = n / n_all, _Z * _Z / n_all
    middle = (share + square / 2.0) / (1.0 + square)
    half = sqrt(share * (1.0 - share) * square + square * square / 4.0) / (1.0 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def interval(n: int, n_all: int) -> str:
    """Return the interval of a share for a table; nothing is known of no case.

    Examples
    --------
    >>> interval(42, 46), interval(0, 0)
    ('0.80-0.97', '')
    """
    return "{:.2f}-{:.2f}".format(*share_interval(n, n_all)) if n_all else ""
