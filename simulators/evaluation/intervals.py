"""Where 95 % of what chance may have done lies: of shares, and of things that happen."""

from math import nan

import scipy

_TAIL = 0.025


def share_interval(n_found: int, n_all: int) -> tuple[float, float]:
    """Return the 95 % interval of a share after Clopper and Pearson; nan of nothing.

    Examples
    --------
    >>> [round(end, 3) for end in share_interval(9, 10)]
    [0.555, 0.997]
    >>> [round(end, 3) for end in share_interval(10, 10)]
    [0.692, 1.0]
    """
    if not n_all:
        return nan, nan
    inverse = scipy.special.betaincinv
    low = float(inverse(n_found, n_all - n_found + 1, _TAIL)) if n_found else 0.0
    high = float(inverse(n_found + 1, n_all - n_found, 1.0 - _TAIL)) if n_found < n_all else 1.0
    return low, high


def count_interval(n: int) -> tuple[float, float]:
    """Return the 95 % interval of the mean that a count is drawn from, after Garwood.

    Examples
    --------
    >>> [round(end, 2) for end in count_interval(0)], [round(end, 2) for end in count_interval(3)]
    ([0.0, 3.69], [0.62, 8.77])
    """
    low = float(scipy.special.gammaincinv(n, _TAIL)) if n else 0.0
    return low, float(scipy.special.gammaincinv(n + 1, 1.0 - _TAIL))


def interval(n: int, n_all: int) -> str:
    """Return the interval of a share for a table; nothing is known of no case.

    Examples
    --------
    >>> interval(9, 10), interval(0, 0)
    ('0.55-1.00', '')
    """
    return "{:.2f}-{:.2f}".format(*share_interval(n, n_all)) if n_all else ""
