"""Points in the embedded database: always there, and read while the daemon writes."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.ports import Point, Query
from ingest.storage import database

_UPSERT = "INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?)"


def write_points(connection: sqlite3.Connection, points: Iterable[Point]) -> None:
    """Write points within the caller's transaction."""
    connection.executemany(
        _UPSERT,
        (
            (p.measurement, p.run, p.dog, p.kind, p.time_ns, json.dumps(dict(p.fields)))
            for p in points
        ),
    )


class SqliteStore:
    """The `Store` port on the SQLite file; open inside ``with``, for one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self._connection = database.connect(self._path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def write(self, points: Iterable[Point]) -> None:
        """Store points, overwriting those of the same identity."""
        with database.transaction(self._open(), self._path) as connection:
            write_points(connection, points)

    def read(self, query: Query) -> list[Point]:
        """Return the points asked for, oldest first."""
        wanted = {
            "measurement = ?": query.measurement,
            "run = ?": query.run,
            "dog = ?": query.dog,
            "kind = ?": query.kind,
            "time_ns >= ?": query.start_ns,
            "time_ns < ?": query.end_ns,
        }
        given = {clause: value for clause, value in wanted.items() if value is not None}
        # Only the fixed clauses above go into the statement; every value is bound.
        statement = (
            "SELECT measurement, dog, kind, run, time_ns, fields FROM points "  # noqa: S608
            f"WHERE {' AND '.join(given)} "
            "ORDER BY time_ns DESC, run DESC, dog DESC, kind DESC LIMIT ?"
        )
        limit = -1 if query.newest is None else query.newest
        with database.guarded(self._path):
            rows = self._open().execute(statement, (*given.values(), limit)).fetchall()
        return [_point(row) for row in reversed(rows)]

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            msg = "the store is used outside of its with block"
            raise RuntimeError(msg)
        return self._connection


def _point(row: tuple[str, str, str, str, int, str]) -> Point:
    measurement, dog, kind, run, time_ns, fields = row
    return Point(
        measurement=measurement,
        dog=dog,
        kind=kind,
        run=run,
        time_ns=time_ns,
        fields=json.loads(fields),
    )
