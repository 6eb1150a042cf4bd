"""Labels: entries of the diary that say what the dog did or had during a stretch of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from analysis.errors import InputError
from ingest.ports import Point, Value
from ingest.processing.spans import is_day, midnight, moment, span_text

LABEL = "label"
"""The kind of entry."""

VET_FOUND = "vet_found"
LABELS = ("jump", "stairs", "shake", "limped", "cried", VET_FOUND)
"""What can be said."""

_TO_COME_S = 60.0
"""Two clocks may differ by so much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What the dog did or had, as somebody saw it.

    Attributes
    ----------
    what
        One of `LABELS`.
    start_s, end_s
        Unix times; the same for a moment.
    grade
        What the vet found, in the vet's words; empty for everything else.
    note
        Anything else; may be empty.
    """

    what: str
    start_s: float
    end_s: float
    grade: str = ""
    note: str = ""


def label_span(log: Mapping[str, Any], zone: str, time_s: float) -> dict[str, Value]:
    """Return ``from`` and ``until`` of a log of a label, in ISO 8601 with offsets.

    Without ``from`` it is now; without ``until`` it is a moment, or the whole of a day.

    Raises
    ------
    InputError
        If one is neither a day nor a time or is still to come, or the end is before the beginning.

    Examples
    --------
    >>> label_span({"from": "2026-11-23"}, "Europe/Vienna", 1.8e9)["until"]
    '2026-11-24T00:00:00+01:00'
    """
    where = ZoneInfo(zone)
    now = datetime.fromtimestamp(time_s, where)
    first, last = log.get("from"), log.get("until")
    start = now if first is None else moment(first, where, n_days=0, what=LABEL)
    if last is not None:
        end = moment(last, where, n_days=1, what=LABEL)
    elif is_day(first):
        end = midnight(start.date() + timedelta(days=1), where)
    else:
        end = start
    latest = now if last is None or is_day(last) else end
    if max(start, latest).timestamp() > time_s + _TO_COME_S:
        msg = f"label from {start} until {end} is still to come, expected times in the past"
        raise InputError(msg)
    if end < start:
        msg = f"label from {start} until {end}, expected an end that is not before its beginning"
        raise InputError(msg)
    return {"from": start.isoformat(), "until": end.isoformat()}


def check_grade(what: str, grade: str) -> None:
    """Refuse a vet's finding without its grade, and a grade of anything else.

    Raises
    ------
    InputError
        If one of the two is so.
    """
    if what == VET_FOUND and not grade:
        msg = "label vet_found: grade is missing, expected the vet's words, such as 'grade 2 of 5'"
        raise InputError(msg)
    if what != VET_FOUND and grade:
        msg = f"label {what}: grade {grade!r} is unknown, expected it with vet_found only"
        raise InputError(msg)


def label_of(point: Point) -> Label | None:
    """Return the label that an entry of the diary is; None for every other entry."""
    if point.kind != LABEL:
        return None
    start, end = _bounds(point.fields)
    return Label(
        what=str(point.fields["what"]),
        start_s=start.timestamp(),
        end_s=end.timestamp(),
        grade=str(point.fields.get("grade", "")),
        note=str(point.fields.get("note", "")),
    )


def label_text(fields: Mapping[str, Value]) -> str:
    """Return a label in words.

    Examples
    --------
    >>> at = "2026-11-23T07:30:00+01:00"
    >>> label_text({"what": "vet_found", "grade": "grade 2 of 5", "from": at, "until": at})
    'vet found, 2026-11-23 07:30, grade 2 of 5'
    """
    words = [str(fields["what"]).replace("_", " "), span_text(*_bounds(fields))]
    return ", ".join([*words, *(str(fields[name]) for name in ("grade", "note") if name in fields)])


def _bounds(fields: Mapping[str, Value]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(str(fields["from"])), datetime.fromisoformat(str(fields["until"]))
