"""Times and lengths of time in words, in the dog's own zone, no finer than they are known."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from analysis.model import AlertChange, Status


def when_text(change: AlertChange, zone: str, *, is_moment: bool) -> str:
    """Return when an alert began, and ended if it did; empty for a time beyond the calendar.

    Parameters
    ----------
    zone
        IANA name; a time at midnight in it is that of a whole day, and only the day is said.
    is_moment
        Whether it is something that happens, such as a jump, rather than something that lasts.
    """
    try:
        onset, last = (
            datetime.fromtimestamp(each, ZoneInfo(zone)) for each in (change.onset_s, change.time_s)
        )
    except (ValueError, OverflowError, OSError):
        return ""
    if change.status is Status.RESOLVED:
        same = onset.date() == last.date()
        end = f"at {last:%H:%M}" if same else f"on {_said(last)}"
        return f"It began on {_said(onset)} and was over {end}."
    if not is_moment:
        return f"Since {_said(onset)}."
    if change.count == 1:
        return f"On {_said(onset)}."
    if onset.date() == last.date():
        return f"First on {_said(onset)}, last at {last:%H:%M}."
    return f"First on {_said(onset)}, last on {_said(last)}."


def _said(local: datetime) -> str:
    day = f"{local:%A} {local.day} {local:%B}"
    return f"{day} at {local:%H:%M}" if local.hour or local.minute else day


_MIN_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


def local(time_s: float, zone: str) -> datetime:
    """Return a Unix time in a zone."""
    return datetime.fromtimestamp(time_s, tz=ZoneInfo(zone))


def day_text(day: date) -> str:
    """Return a date in words.

    Examples
    --------
    >>> day_text(date(2026, 11, 4))
    'Wed 4 Nov'
    """
    return f"{day:%a} {day.day} {day:%b}"


def when(time_s: float, zone: str, now_s: float) -> str:
    """Return a time as the owner would say it; the date is left out if it is today.

    Examples
    --------
    >>> when(1_700_000_000, "Europe/Berlin", 1_700_000_600)
    'today, 23:13'
    >>> when(1_700_000_000, "Europe/Berlin", 1_701_000_600)
    'Tue 14 Nov, 23:13'
    """
    then, now = local(time_s, zone), local(now_s, zone)
    if then.date() == now.date():
        return f"today, {then:%H:%M}"
    year = "" if then.year == now.year else f" {then.year}"
    return f"{day_text(then.date())}{year}, {then:%H:%M}"


def age(seconds: float) -> str:
    """Return a length of time in words, rounded down.

    Examples
    --------
    >>> [age(each) for each in (20, 60, 11_400, 86_400, 200_000)]
    ['less than a minute', '1 min', '3 h 10 min', '1 day', '2 days']
    """
    whole = int(max(0.0, seconds))
    if whole < _MIN_S:
        return "less than a minute"
    if whole < _HOUR_S:
        return f"{whole // _MIN_S} min"
    if whole < _DAY_S:
        minutes = whole % _HOUR_S // _MIN_S
        return f"{whole // _HOUR_S} h" + (f" {minutes} min" if minutes else "")
    days = whole // _DAY_S
    return "1 day" if days == 1 else f"{days} days"
