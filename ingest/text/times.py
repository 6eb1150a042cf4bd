"""When something was, as the owner reads it: in the dog's own time, no finer than it is known."""

from datetime import datetime
from zoneinfo import ZoneInfo

from analysis.model import AlertChange, Status


def when_said(change: AlertChange, zone: str, *, is_moment: bool) -> str:
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
