"""Intervals of shares, so that a few cases do not look like many."""

from scipy.stats import binomtest


def share_interval(n: int, n_all: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score.

    Examples
    --------
    >>> [round(each, 2) for each in share_interval(42, 46)]
    [0.8, 0.97]
    """
    found = binomtest(n, n_all).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def interval(n: int, n_all: int) -> str:
    """Return the interval of a share for a table; nothing is known of no case.

    Examples
    --------
    >>> interval(42, 46), interval(0, 0)
    ('0.80-0.97', '')
    """
    return "{:.2f}-{:.2f}".format(*share_interval(n, n_all)) if n_all else ""
