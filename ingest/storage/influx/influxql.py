"""Questions in InfluxQL, which versions 1, 2 and 3 all answer, and points from the answers.

The answers spell the float 3.0 and the integer 3 alike, so the types are asked for as well.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ingest.ports import Point, Query, Value
from ingest.storage.influx.line_protocol import decoded_name, encoded_name

_TAGS = ("dog", "kind", "run")
_TIME = "time"


class Series(msgspec.Struct, kw_only=True):
    """One table of an answer."""

    name: str = ""
    columns: Sequence[str] = ()
    values: Sequence[Sequence[Any]] = ()


class Statement(msgspec.Struct, kw_only=True):
    """The answer to one statement."""

    series: Sequence[Series] = ()
    error: str = ""


class Answer(msgspec.Struct, kw_only=True):
    """What ``/query`` answers."""

    results: Sequence[Statement] = ()
    error: str = ""

    @property
    def first_error(self) -> str:
        """The first error in it, or an empty text."""
        return self.error or next((each.error for each in self.results if each.error), "")

    @property
    def tables(self) -> list[Series]:
        """All tables in it."""
        return [series for each in self.results for series in each.series]


def select(query: Query) -> str:
    """Return the statement that asks for points, the newest first.

    Examples
    --------
    >>> print(select(Query(measurement="minute", dog="rex", run=None, start_ns=5, newest=2)))
    SELECT * FROM "minute" WHERE "dog" = 'rex' AND time >= 5 ORDER BY time DESC LIMIT 2
    """
    wanted = {"dog": query.dog, "kind": query.kind, "run": query.run}
    clauses = [
        f"{identifier(tag)} = {_text(encoded_name(value))}"
        for tag, value in wanted.items()
        if value is not None
    ]
    clauses += [] if query.start_ns is None else [f"time >= {query.start_ns}"]
    clauses += [] if query.end_ns is None else [f"time < {query.end_ns}"]
    where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
    newest = "" if query.newest is None else f" LIMIT {query.newest}"
    # InfluxQL has no bound values on every version; all texts above are escaped and quoted.
    return f"SELECT * FROM {_measurement(query.measurement)}{where} ORDER BY time DESC{newest}"  # noqa: S608


def field_types(measurement: str) -> str:
    """Return the statement that asks for the types of a measurement's fields."""
    return f"SHOW FIELD KEYS FROM {_measurement(measurement)}"


def types_from(answer: Answer) -> dict[str, str]:
    """Return the type of each field, as the database spells both.

    A field that is both an integer and a float somewhere is a float: that holds either.
    """
    types: dict[str, str] = {}
    for table in answer.tables:
        for name, kind in table.values:
            types[name] = "float" if "float" in {kind, types.get(name)} else kind
    return types


def unknown_columns(answer: Answer, types: Mapping[str, str]) -> bool:
    """Return whether an answer has fields whose type is not known."""
    known = {*_TAGS, _TIME, *types}
    return any(column not in known for table in answer.tables for column in table.columns)


def points_from(answer: Answer, measurement: str, types: Mapping[str, str]) -> list[Point]:
    """Return the points in an answer, oldest first."""
    points = [
        _point(measurement, dict(zip(table.columns, row, strict=True)), types)
        for table in answer.tables
        for row in table.values
    ]
    return sorted(points, key=lambda point: (point.time_ns, point.run, point.dog, point.kind))


def identifier(name: str) -> str:
    """Return a name in double quotes, whatever is in it."""
    return '"' + _escaped(name).replace('"', r"\"") + '"'


def _point(measurement: str, row: Mapping[str, Any], types: Mapping[str, str]) -> Point:
    tags = {tag: decoded_name(row.get(tag) or "") for tag in _TAGS}
    return Point(
        measurement=measurement,
        time_ns=row[_TIME],
        fields={
            decoded_name(name): _value(value, types.get(name, ""))
            for name, value in row.items()
            if value is not None and name not in {*_TAGS, _TIME}
        },
        **tags,
    )


def _value(value: Value, kind: str) -> Value:
    return float(value) if kind == "float" else value


def _measurement(name: str) -> str:
    return identifier(encoded_name(name))


def _text(text: str) -> str:
    return "'" + _escaped(text).replace("'", r"\'") + "'"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")
