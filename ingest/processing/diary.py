"""The owner's diary as points, and the circumstances in it that may explain how a dog moves."""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from analysis.errors import InputError
from analysis.model import CIRCUMSTANCES, Circumstance
from ingest.ports import Point, Query, Store, Value
from ingest.processing.labels import LABEL, LABELS, check_grade, label_span, label_text
from ingest.processing.spans import midnight, moment, span_text
from ingest.storage.points import LIVE, time_ns

KIND = "circumstance"


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
    start = midnight(today, where) if first is None else moment(first, where, n_days=0, what=KIND)
    end = (
        midnight(start.astimezone(where).date() + timedelta(days=1), where)
        if last is None
        else moment(last, where, n_days=1, what=KIND)
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


def circumstance_text(fields: Mapping[str, Value]) -> str:
    """Return a circumstance in words.

    Examples
    --------
    >>> day = {"from": "2026-11-23T00:00:00+01:00", "until": "2026-11-24T00:00:00+01:00"}
    >>> circumstance_text({"what": "new_collar", **day})
    'new collar, 2026-11-23'
    """
    start = datetime.fromisoformat(str(fields["from"]))
    end = datetime.fromisoformat(str(fields["until"]))
    words = [str(fields["what"]).replace("_", " "), span_text(start, end)]
    return ", ".join([*words, str(fields["note"])] if fields.get("note") else words)


DIARY = "diary"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_Text = Annotated[str, Meta(min_length=1, max_length=2000)]

_Remark = Annotated[str, Meta(max_length=2000)]

_Label = Annotated[str, Meta(min_length=1, max_length=100)]

_Minutes = Annotated[float, Meta(gt=0, le=1440)]

_FIRST_S, _LAST_S = 946_684_800.0, 4_102_444_800.0
"""The years 2000 to 2099."""


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of entry; `at` is read apart, since people leave out the seconds."""


class _Dose(_Entry, frozen=True, kw_only=True):
    drug: _Label
    amount: _Label


class _Walk(_Entry, frozen=True, kw_only=True):
    duration_min: _Minutes
    note: _Remark = ""


class _Physio(_Entry, frozen=True, kw_only=True):
    duration_min: _Minutes
    note: _Remark = ""


class _HeatPack(_Entry, frozen=True, kw_only=True):
    duration_min: _Minutes
    note: _Remark = ""


class _Weight(_Entry, frozen=True, kw_only=True):
    mass_kg: Annotated[float, Meta(ge=0.5, le=120)]


class _Questionnaire(_Entry, frozen=True, kw_only=True):
    name: _Label
    score: Annotated[float, Meta(ge=-1000, le=1000)]


class _Note(_Entry, frozen=True, kw_only=True):
    text: _Text


class _Circumstance(_Entry, frozen=True, kw_only=True):
    what: Literal[CIRCUMSTANCES]  # type: ignore[valid-type]  # one list of them, in `analysis`
    note: _Remark = ""


class _Labelled(_Entry, frozen=True, kw_only=True):
    what: Literal[LABELS]  # type: ignore[valid-type]  # one list of them, in `labels`
    grade: Annotated[str, Meta(max_length=100)] = ""
    note: _Remark = ""


_ENTRIES: Mapping[str, type[_Entry]] = MappingProxyType(
    {
        KIND: _Circumstance,
        "dose": _Dose,
        "heat_pack": _HeatPack,
        LABEL: _Labelled,
        "note": _Note,
        "physio": _Physio,
        "questionnaire": _Questionnaire,
        "walk": _Walk,
        "weight": _Weight,
    }
)

KINDS = tuple(_ENTRIES)

_APART: Mapping[str, frozenset[str]] = MappingProxyType(
    {KIND: frozenset({"at", "from", "until"}), LABEL: frozenset({"from", "until"})}
)
"""Times that are read apart, of kinds that have others than ``at``."""

_EXPECTED_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "circumstance what": f"one of {', '.join(CIRCUMSTANCES)}",
        "label what": f"one of {', '.join(LABELS)}",
        "grade": "the vet's words in up to 100 characters",
        "duration_min": "minutes above 0 and up to 1440",
        "mass_kg": "kilograms from 0.5 to 120",
        "score": "a number from -1000 to 1000",
        "drug": "1 to 100 characters",
        "amount": "1 to 100 characters",
        "name": "1 to 100 characters",
        "text": "1 to 2000 characters",
        "note": "a text of up to 2000 characters",
    }
)


def diary_point(dog: str, log: Mapping[str, Any], time_s: float, zone: str = "UTC") -> Point:
    """Return an entry of the diary as a point.

    The same entry at the same time is the same point, and another entry another: below the
    microsecond, its time is made of its contents.

    Parameters
    ----------
    log
        ``kind`` and what belongs to it: ``dose`` (drug, amount), ``walk``, ``physio``,
        ``heat_pack`` (duration_min, note), ``weight`` (mass_kg), ``questionnaire`` (name, score),
        ``note`` (text), ``circumstance`` (what, note, from, until; days or times, else today,
        and it lies where it begins, so that saying it twice makes one entry), ``label`` (what,
        grade, note, from, until; see `label_span`); ``at``, ISO 8601 with an offset, if it was not
        just now, but not for a label.
    time_s
        Unix time, if the entry itself says none.
    zone
        The dog's time zone, in which a circumstance's days are.

    Raises
    ------
    InputError
        If it is none of these, a value is out of range, or the time has no offset.

    Examples
    --------
    >>> diary_point("rex", {"kind": "weight", "mass_kg": 16.2}, 1.7e9).fields
    {'mass_kg': 16.2}
    """
    apart = _APART.get(str(log.get("kind")), frozenset({"at"}))
    values = {name: value for name, value in log.items() if name not in apart}
    entry = _checked_entry(values)
    fields: dict[str, Value] = {
        name: value for name, value in msgspec.structs.asdict(entry).items() if value != ""
    }
    at_s = _time_s(log.get("at"), time_s)
    if isinstance(entry, _Labelled):
        check_grade(entry.what, entry.grade)
        fields |= label_span(log, zone, at_s)
    elif isinstance(entry, _Circumstance):
        fields |= span_of(log, zone, at_s)
    at_s = _time_s(fields.get("from"), at_s)
    at_ns = time_ns(at_s)
    mark = zlib.crc32(msgspec.json.encode(fields, order="sorted") + str(at_ns).encode()) % 1000
    return Point(
        measurement=DIARY,
        dog=dog,
        kind=str(log["kind"]),
        run=LIVE,
        time_ns=at_ns + mark,
        fields=fields,
    )


def _checked_entry(values: Mapping[str, Any]) -> _Entry:
    """Return an entry with all its values in range.

    Raises
    ------
    InputError
        If the kind is none of `KINDS`, or a value is missing, unknown or out of range: it names
        the value and what was expected instead.
    """
    kind = values.get("kind")
    entry = _ENTRIES.get(kind) if isinstance(kind, str) else None
    if entry is None:
        msg = f"diary entry: kind {kind!r}, expected one of {', '.join(KINDS)}"
        raise InputError(msg)
    given = {name: value for name, value in values.items() if name != "kind"}
    fields = {each.name: each for each in msgspec.structs.fields(entry)}
    for name in given.keys() - fields.keys():
        msg = f"diary entry {kind}: {name} is unknown, expected {', '.join(fields)}"
        raise InputError(msg)
    for name, field in fields.items():
        if name not in given and not field.required:
            continue
        try:
            msgspec.convert(given[name], field.type)
        except KeyError as error:
            msg = f"diary entry {kind}: {name} is missing, expected {_expected(kind, name)}"
            raise InputError(msg) from error
        except msgspec.ValidationError as error:
            msg = f"diary entry {kind}: {name} {given[name]!r}, expected {_expected(kind, name)}"
            raise InputError(msg) from error
    return msgspec.convert(given, entry)


def _expected(kind: object, name: str) -> str:
    return _EXPECTED_VALUES.get(f"{kind} {name}") or _EXPECTED_VALUES[name]


def with_unique_time(point: Point, store: Store) -> Point:
    """Return an entry moved by nanoseconds, if another entry has its place already."""
    query = Query(measurement=DIARY, dog=point.dog, kind=point.kind, start_ns=point.time_ns)
    taken = {each.time_ns: each.fields for each in store.read(query)}
    at_ns = point.time_ns
    while at_ns in taken and taken[at_ns] != point.fields:
        at_ns += 1
    return replace(point, time_ns=at_ns)


def entry_text(point: Point) -> str:
    """Return an entry in words, without its time.

    Examples
    --------
    >>> dose = {"kind": "dose", "drug": "carprofen", "amount": "50 mg"}
    >>> entry_text(diary_point("rex", dose, 1.7e9))
    'dose: carprofen, 50 mg'
    """
    if point.kind == KIND:
        return f"circumstance: {circumstance_text(point.fields)}"
    if point.kind == LABEL:
        return f"label: {label_text(point.fields)}"
    values = [_value_text(name, value) for name, value in point.fields.items()]
    return f"{point.kind.replace('_', ' ')}: {', '.join(values)}"


def _value_text(name: str, value: Value) -> str:
    units = {"duration_min": " min", "mass_kg": " kg"}
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return number + units.get(name, "")


def _time_s(at: object, now_s: float) -> float:
    """Return when an entry was, now if it does not say.

    A time without an offset could be hours off: whoever knows the zone has to put it in.
    """
    if at is None:
        return now_s
    expected = "expected such as 2026-11-23T07:30+01:00, from 2000 to 2099"
    try:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else None
        if moment is not None and moment.tzinfo is not None:
            time_s = (moment - _EPOCH).total_seconds()
            if _FIRST_S <= time_s < _LAST_S:
                return time_s
    except ValueError as error:
        msg = f"diary entry at {at!r}, {expected}"
        raise InputError(msg) from error
    msg = f"diary entry at {at!r}, {expected}"
    raise InputError(msg)
