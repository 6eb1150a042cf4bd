"""Results as points and back: the same records in every store.

Numbers keep their names. Evidence becomes one field a number, ``evidence_landing_g``, so that
InfluxQL can draw it; texts and counts stay what they are.
"""

import math
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

import msgspec

from analysis.errors import InputError, SamplesError
from analysis.model import AlertChange, Day, Event, GaitWindow, Level, Minute, Results, Status
from ingest.ports import Point, Query, Store, Value

LIVE = "live"
_EVIDENCE = "evidence_"
_SUMS = "gait_sums"
_NOTED = "noted"
_ORDER = {status: place for place, status in enumerate(Status)}
RecordT = TypeVar("RecordT", Minute, GaitWindow, Event, Day, AlertChange)


def time_ns(time_s: float) -> int:
    """Return a sample time in whole nanoseconds, exact to the microsecond.

    Examples
    --------
    >>> time_ns(1700000000.02)
    1700000000020000000
    """
    return round(time_s * 1_000_000) * 1_000


def points_of(dog: str, run: str, results: Results) -> list[Point]:
    """Return everything in some results as points of one run."""
    points = [_point("minute", dog, run, "", each.start_s, each) for each in results.minutes]
    points += [_point("gait", dog, run, "", each.start_s, each) for each in results.gait]
    points += [_point("event", dog, run, each.kind, each.start_s, each) for each in results.events]
    points += [_point("day", dog, run, "", each.start_s, each) for each in results.days]
    return points + alert_points(dog, run, results.alerts)


def alert_points(dog: str, run: str, changes: Iterable[AlertChange]) -> list[Point]:
    """Return changes of alerts as points.

    Changes to different states at one sample time are some nanoseconds apart, in the order of a
    life, lest one overwrite the other; the newest of one state overwrites those before it.
    """
    return [
        Point(
            measurement="alert",
            dog=dog,
            kind=change.kind,
            run=run,
            time_ns=time_ns(change.time_s) + _ORDER[change.status],
            fields=_fields(change),
        )
        for change in changes
    ]


def record_of(point: Point, kind: type[RecordT]) -> RecordT:
    """Return the record that a point was made of.

    Raises
    ------
    InputError
        If the point does not hold that record's fields; somebody else may write into a store.
    """
    values: dict[str, Any] = {
        name: value for name, value in point.fields.items() if not name.startswith(_EVIDENCE)
    }
    known = {each.name for each in fields(kind)}
    if "evidence" in known:
        values["evidence"] = {
            name.removeprefix(_EVIDENCE): value
            for name, value in point.fields.items()
            if name.startswith(_EVIDENCE)
        }
    if _SUMS in known:
        values[_SUMS] = tuple(values.pop(f"{_SUMS}_{index}", None) for index in range(6))
    if _NOTED in values:
        values[_NOTED] = tuple(filter(None, str(values[_NOTED]).split(",")))
    if "dog" in known:
        values["dog"] = point.dog
    if "kind" in known:
        values["kind"] = point.kind
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        msg = f"point {point.measurement} at {point.time_ns} is no {kind.__name__}: {error}"
        raise InputError(msg) from error


def encode_point(point: Point) -> bytes:
    """Return a point as the outbox keeps it; every number keeps its type."""
    return msgspec.msgpack.encode(point)


def decode_point(body: bytes) -> Point:
    """Return the point that was put into the outbox.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return msgspec.msgpack.decode(body, type=Point)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        msg = f"outbox row of {len(body)} bytes is not a point: {error}"
        raise InputError(msg) from error


def point_key(point: Point, body: bytes) -> str:
    """Return a point's identity and content as one text: a changed point is another message."""
    identity = (point.measurement, point.run, point.dog, point.kind, str(point.time_ns))
    return "/".join((*identity, f"{zlib.crc32(body):08x}"))


def current_alerts(store: Store, dog: str | None = None, run: str = LIVE) -> list[AlertChange]:
    """Return every alert as it stands, oldest onset first."""
    newest: dict[str, AlertChange] = {}
    for point in store.read(Query(measurement="alert", dog=dog, run=run)):
        change = record_of(point, AlertChange)
        newest[change.id] = change
    return sorted(newest.values(), key=lambda change: (change.onset_s, change.kind))


def _point(
    measurement: str,
    dog: str,
    run: str,
    kind: str,
    start_s: float,
    record: Any,  # noqa: ANN401
) -> Point:
    return Point(
        measurement=measurement,
        dog=dog,
        kind=kind,
        run=run,
        time_ns=time_ns(start_s),
        fields=_fields(record),
    )


def _fields(record: Any) -> Mapping[str, Value]:  # noqa: ANN401 (any of the records above)
    """Return a record flat: no names that are tags, one field for each number."""
    flat: dict[str, Value] = {}
    for name, value in asdict(record).items():
        if name == "evidence":
            flat |= {f"{_EVIDENCE}{key}": float(number) for key, number in value.items()}
        elif name == _SUMS:
            flat |= {f"{_SUMS}_{index}": number for index, number in enumerate(value)}
        elif name == _NOTED:
            flat[name] = ",".join(value)
        elif isinstance(value, Level | Status):
            flat[name] = value.value
        elif name not in {"dog", "kind"}:
            flat[name] = value
    wrong = [
        name
        for name, value in flat.items()
        if isinstance(value, float) and not math.isfinite(value)
    ]
    if wrong:
        msg = f"{type(record).__name__} has no number in {', '.join(wrong)}"
        raise SamplesError(msg)
    return flat
