"""A damaged store is kept aside, and what can be read of it is taken over into a new one.

Every step may be the last before a power cut: the new file gets its final place only when it is
whole, and a start that finds one waiting goes on from there.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog

from ingest.ports import Clock
from ingest.storage import database

log = structlog.get_logger(__name__)

COUNTED_AS = "store_rebuilt"
"""Cause under which `hub/health` counts it."""

# Tables with what their rows are ordered by.
_TABLES = {
    "packets": "id",
    "points": "measurement, run, dog, kind, time_ns",
    "outbox": "id",
    "followers": "name",
    "dead_letters": "id",
    "memory": "name",
    "aside": "id",
    "counts": "cause",
    "commands": "id",
}
# Positions in a table outlive its newest rows; a row that came at one of them would be passed over.
_POSITIONS = {"packets": "memory", "outbox": "followers"}
_BESIDE = ("", "-wal", "-shm")


def mark(path: Path) -> None:
    """Note that a store was found damaged, so that the next start rebuilds it."""
    _mark_of(path).touch(mode=0o600)


def forget(path: Path) -> None:
    """Forget that a store was found damaged, since another has come in its place."""
    path.with_name(f"{path.name}.rebuilt").unlink(missing_ok=True)
    _mark_of(path).unlink(missing_ok=True)


def rescue(path: Path, clock: Clock) -> Path | None:
    """Rebuild a store that is damaged or was marked so; return where the damaged one is kept.

    Only the one daemon of a store may ask for this, before anybody opens it.

    Raises
    ------
    StoreError
        If the disk does not let us.
    """
    rebuilt = path.with_name(f"{path.name}.rebuilt")
    if not rebuilt.exists():
        if not (path.exists() and (_mark_of(path).exists() or _is_damaged(path))):
            return None
        _build(path, rebuilt)
    kept = _swap(path, rebuilt, clock)
    log.error("the store was damaged; it is kept aside and a new one is in use", kept=str(kept))
    return kept


def _is_damaged(path: Path) -> bool:
    try:
        database.connect(path).close()
    except database.DamagedError as error:
        log.error("the store is damaged", error=str(error))  # noqa: TRY400 (said in its message)
        return True
    return False


def _build(path: Path, rebuilt: Path) -> None:
    """Make a new file of what can be read; it has its name only once it is whole."""
    unfinished = path.with_name(f"{path.name}.rebuilding")
    for end in _BESIDE:
        unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(path, timeout=30.0, isolation_level=None)) as old,
        closing(database.connect(unfinished)) as new,
    ):
        with database.transaction(new, unfinished):
            for table, order in _TABLES.items():
                _take_over(old, new, table, order)
            for table, positions in _POSITIONS.items():
                _number_on(new, table, positions)
            new.execute(
                "INSERT INTO counts VALUES (?, 1) ON CONFLICT (cause) DO UPDATE SET n = n + 1",
                (COUNTED_AS,),
            )
        # In one file, so that it can be renamed.
        new.execute("PRAGMA journal_mode=DELETE")
    unfinished.rename(rebuilt)


def _take_over(old: sqlite3.Connection, new: sqlite3.Connection, table: str, order: str) -> None:
    """Copy rows from both ends up to where nothing can be read."""
    columns = [row[1] for row in new.execute(f"PRAGMA table_info({table})")]
    marks = ", ".join("?" * len(columns))
    into = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"  # noqa: S608 (our own names)
    for direction in ("ASC", "DESC"):
        by = ", ".join(f"{each} {direction}" for each in order.split(", "))
        question = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {by}"  # noqa: S608 (as above)
        if new.executemany(into, _readable(old, question)).rowcount < 0:
            return
    (n_rows,) = new.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 (as above)
    log.warning("taken over from the damaged store", table=table, rows=n_rows)


def _readable(old: sqlite3.Connection, question: str) -> Iterator[tuple[object, ...]]:
    with suppress(sqlite3.DatabaseError):
        yield from old.execute(question)


def _number_on(new: sqlite3.Connection, table: str, positions: str) -> None:
    """Let new rows be numbered behind every position that somebody remembers."""
    (last,) = new.execute(
        f"SELECT max(coalesce((SELECT max(id) FROM {table}), 0),"  # noqa: S608 (our own names)
        f" coalesce((SELECT max(position) FROM {positions}), 0))"
    ).fetchone()
    new.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    new.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, last))


def _swap(path: Path, rebuilt: Path, clock: Clock) -> Path:
    """Put the new file where the damaged one is, which stays under another name."""
    made = datetime.fromtimestamp(clock.now_s(), UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = path.with_name(f"{path.name}.damaged-{made}")
    if path.exists() and not kept.exists():
        os.link(path, kept)
    for end in _BESIDE[1:]:
        beside = path.with_name(path.name + end)
        if beside.exists():
            # A log of the damaged file would be played into the new one.
            beside.replace(kept.with_name(kept.name + end))
    rebuilt.replace(path)
    _mark_of(path).unlink(missing_ok=True)
    return kept


def _mark_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")
