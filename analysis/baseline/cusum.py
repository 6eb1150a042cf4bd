"""Adding up: days that are unlike the usual, none of them enough by itself."""

from collections.abc import Sequence


def cusum_onset(excess: Sequence[float], enough: float) -> int | None:
    """Return the first of the last days that together come to enough, or None if they do not.

    Parameters
    ----------
    excess
        What each day has beyond what is let pass; less than nothing on an ordinary day.
    enough
        What they must come to.

    Notes
    -----
    Page's cumulative sum: an ordinary day takes away from it, and at nothing the count begins anew.
    It finds a change that lasts sooner than any rule on a fixed number of days, for the same number
    of false warnings.

    Examples
    --------
    >>> cusum_onset([1.0, -2.0, 1.0, 1.5], 2.0)
    2
    """
    total, first = 0.0, 0
    for index, each in enumerate(excess):
        total += each
        if total <= 0.0:
            total, first = 0.0, index + 1
    return first if total >= enough else None
