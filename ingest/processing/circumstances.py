"""Circumstances in the diary: since when and until when, as people say it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analysis.errors import InputError
from analysis.model import Circumstance
from ingest.ports import Point, Value

KIND = "circumstance"
_EXPECTED = "expected a day such as 2026-11-23, or a time with its offset, from 2000 to 2099"
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def span_of(log: Mapping[str, Any], zone: str, time_s: float) -> dict[str, Value]:
    """Return ``from`` and ``until`` of a log of a circumstance, in ISO 8601 with offsets.

    A day means from its first midnight, or until its last, in the dog's zone. What is left out is
    today: from its midnight, or from ``from`` until the end of that day.

    Raises
    ------
    InputError
        If one is neither a day nor a time, or the end is not after the beginning.

    Examples
    --------
    >>> span_of({"from": "2026-11-23"}, "Europe/Vienna", 0.0)["until"]
    '2026-11-24T00:00:00+01:00'
    """
    where = ZoneInfo(zone)
    today = datetime.fromtimestamp(time_s, where).date()
    first, last = log.get("from"), log.get("until")
    start = _midnight(today, where) if first is None else _moment(first, where, n_days=0)
    end = (
        _midnight(start.astimezone(where).date() + timedelta(days=1), where)
        if last is None
        else _moment(last, where, n_days=1)
    )
    if not start < end:
        msg = f"circumstance from {start} until {end}, expected an end after its beginning"
        raise InputError(msg)
    return {"from": start.isoformat(), "until": end.isoformat()}


def circumstance_of(point: Point) -> Circumstance | None:
    """Return the circumstance that an entry of the diary is; None for every other entry."""
    if point.kind != KIND:
        return None
    return Circumstance(
        what=str(point.fields["what"]),
        start_s=datetime.fromisoformat(str(point.fields["from"])).timestamp(),
        end_s=datetime.fromisoformat(str(point.fields["until"])).timestamp(),
    )


def circumstance_told(fields: Mapping[str, Value]) -> str:
    """Return a circumstance in words.

    Examples
    --------
    >>> day = {"from": "2026-11-23T00:00:00+01:00", "until": "2026-11-24T00:00:00+01:00"}
    >>> circumstance_told({"what": "new_collar", **day})
    'new collar, 2026-11-23'
    """
    start = datetime.fromisoformat(str(fields["from"]))
    end = datetime.fromisoformat(str(fields["until"]))
    when = f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
    if start.time() == end.time() == time.min:
        last = end.date() - timedelta(days=1)
        when = f"{start.date()}" if last == start.date() else f"{start.date()} to {last}"
    words = [str(fields["what"]).replace("_", " "), when]
    return ", ".join([*words, str(fields["note"])] if fields.get("note") else words)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def _moment(text: object, zone: ZoneInfo, *, n_days: int) -> datetime:
    """Return a time, or the midnight `n_days` after the beginning of a day."""
    msg = f"circumstance: got {text!r}, {_EXPECTED}"
    try:
        if isinstance(text, str) and len(text) == len("2026-11-23"):
            moment = _midnight(date.fromisoformat(text) + timedelta(days=n_days), zone)
        else:
            moment = datetime.fromisoformat(str(text))
    except (ValueError, OverflowError) as error:
        raise InputError(msg) from error
    if moment.tzinfo is None or not _FIRST <= moment < _LAST:
        raise InputError(msg)
    return moment.astimezone(zone)
