"""Dates moved by whole weeks, so that the weekday and the clock stay and the date does not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_FIRST = datetime(1902, 1, 6)  # noqa: DTZ001  # a Monday, by the clock on the wall
N_WEEKS = 1170
"""Weeks that a package may begin in. The last is in June 1924: BIDS wants shifted dates before
1926, so that nobody takes them for true ones. Another collar may have begun up to two years before
the first stretch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What is taken from every date of a package.

    Attributes
    ----------
    zone
        IANA name of the zone in which the dog lives by the clock.
    weeks
        How many weeks earlier everything is said to have been.
    """

    zone: str
    weeks: int

    def wall(self, time_s: float) -> datetime:
        """Return a Unix time by the clock on the wall, shifted, to the microsecond; no zone."""
        local = datetime.fromtimestamp(time_s, ZoneInfo(self.zone)).replace(tzinfo=None)
        return local - timedelta(weeks=self.weeks)


def shift_of(zone: str, first_s: float, week: int) -> Shift:
    """Return what moves the week of a Unix time to a week since January 1902.

    Parameters
    ----------
    week
        From 0 to `N_WEEKS` - 1, drawn by chance. With it and the package alone nobody can tell
        the true date; it must not be kept.

    Examples
    --------
    >>> shift_of("Europe/Vienna", 1_796_130_000.0, 0).wall(1_796_130_000.0).isoformat()
    '1902-01-07T14:00:00'
    """
    first = datetime.fromtimestamp(first_s, ZoneInfo(zone)).replace(tzinfo=None)
    return Shift(zone=zone, weeks=(first - _FIRST).days // 7 - week)
