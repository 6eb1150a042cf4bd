"""What the embedded database forgets, so that it does not grow for ever: details of long ago.

A day, an alert or a note takes a few hundred bytes; the minutes, windows of gait and events that it
was made of take thousands of times as much.
"""

import sqlite3
from collections.abc import Iterator

from ingest.storage.points import LIVE

DETAILS = ("minute", "gait", "event")
_DAY_NS = 86_400 * 10**9
_MOST_AT_ONCE_NS = 10 * _DAY_NS
_NEWEST = (
    "SELECT max(time_ns) FROM points"
    " WHERE measurement = 'minute' AND run = ? AND dog = ? AND kind = ''"
)
_OLDEST = (
    "SELECT min(time_ns) FROM points WHERE measurement = ? AND run = ? AND dog = ? AND kind = ?"
)
_NEXT_DOG = "SELECT min(dog) FROM points WHERE measurement = ? AND run = ? AND dog > ?"
_KIND = "SELECT min(kind) FROM points WHERE measurement = ? AND run = ? AND dog = ?"
_FORGET = (
    "DELETE FROM points WHERE measurement = ? AND run = ? AND dog = ? AND kind = ? AND time_ns < ?"
)


def delete_old_details(connection: sqlite3.Connection, keep_days: float) -> int:
    """Forget live details that are older, within the caller's transaction; return how many.

    A dog's newest minute says what is old, not the clock, which may be wrong. Of many that are due
    the first ten days go now, and the others the next times, so that nothing has to wait for long.
    """
    keep_ns = round(keep_days * _DAY_NS)
    n_forgotten = 0
    for measurement, dog, kind in _series(connection):
        (newest_ns,) = connection.execute(_NEWEST, (LIVE, dog)).fetchone()
        (oldest_ns,) = connection.execute(_OLDEST, (measurement, LIVE, dog, kind)).fetchone()
        if newest_ns is not None and oldest_ns < newest_ns - keep_ns:
            until_ns = min(newest_ns - keep_ns, oldest_ns + _MOST_AT_ONCE_NS)
            cursor = connection.execute(_FORGET, (measurement, LIVE, dog, kind, until_ns))
            n_forgotten += cursor.rowcount
    return n_forgotten


def _series(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield measurement, dog and kind of all live details.

    Leaping from each to the next by the index takes no time; `DISTINCT` reads every row.
    """
    for measurement in DETAILS:
        dog = _first(connection, _NEXT_DOG, measurement, LIVE, "")
        while dog is not None:
            kind = _first(connection, _KIND, measurement, LIVE, dog)
            while kind is not None:
                yield measurement, dog, kind
                kind = _first(connection, _KIND + " AND kind > ?", measurement, LIVE, dog, kind)
            dog = _first(connection, _NEXT_DOG, measurement, LIVE, dog)


def _first(connection: sqlite3.Connection, statement: str, *values: str) -> str | None:
    (found,) = connection.execute(statement, values).fetchone()
    return None if found is None else str(found)
