"""From when until when something in the diary was: days and times as people write them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from analysis.errors import InputError

_EXPECTED = "expected a day such as 2026-11-23, or a time with its offset, from 2000 to 2099"

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def is_day(text: object) -> bool:
    """Return whether a text has the length of a day rather than that of a time.

    Examples
    --------
    >>> is_day("2026-11-23"), is_day("2026-11-23T07:30+01:00")
    (True, False)
    """
    return isinstance(text, str) and len(text) == len("2026-11-23")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins."""
    return datetime.combine(day, time.min, zone)


def moment(text: object, zone: ZoneInfo, *, n_days: int, what: str) -> datetime:
    """Return a time, or the midnight `n_days` after the beginning of a day.

    Parameters
    ----------
    what
        What it is the time of, for the message.

    Raises
    ------
    InputError
        If it is neither a day nor a time with an offset, or too far from the present.
    """
    msg = f"{what}: got {text!r}, {_EXPECTED}"
    try:
        if is_day(text):
            found = midnight(date.fromisoformat(str(text)) + timedelta(days=n_days), zone)
        else:
            found = datetime.fromisoformat(str(text))
    except (ValueError, OverflowError) as error:
        raise InputError(msg) from error
    if found.tzinfo is None or not _FIRST <= found < _LAST:
        raise InputError(msg)
    return found.astimezone(zone)


def span_text(start: datetime, end: datetime) -> str:
    """Return a span in words: a day, days, a moment, or two times.

    Examples
    --------
    >>> first = datetime(2026, 11, 23, tzinfo=UTC)
    >>> span_text(first, first + timedelta(days=2))
    '2026-11-23 to 2026-11-24'
    >>> span_text(first, first + timedelta(hours=2))
    '2026-11-23 00:00 to 2026-11-23 02:00'
    >>> span_text(first, first)
    '2026-11-23 00:00'
    """
    if start == end:
        return f"{start:%Y-%m-%d %H:%M}"
    if start.time() == end.time() == time.min:
        last = end.date() - timedelta(days=1)
        return f"{start.date()}" if last == start.date() else f"{start.date()} to {last}"
    return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
