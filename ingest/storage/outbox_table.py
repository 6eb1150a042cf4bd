"""The rows of the outbox in the database, and how far each follower has come.

A row of no kind was delivered long ago and has lost its body: only its key still counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.storage import database

_MOST_DEAD = 10_000
_EMPTIED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One thing to deliver; `id` only grows."""

    id: int
    kind: str
    body: bytes


class OutboxTable:
    """The outbox as one thread sees it, inside ``with``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._connection = database.connect(self._path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def next_rows(self, name: str, kinds: Sequence[str], most: int) -> list[OutboxRow]:
        """Return the oldest rows that a follower has not delivered."""
        with database.guarded(self._path):
            rows = self._connection.execute(
                f"SELECT id, kind, body FROM outbox WHERE id > ? AND kind IN ({_marks(kinds)})"  # noqa: S608 (marks are question marks)
                " ORDER BY id LIMIT ?",
                (self._position(name), *kinds, most),
            ).fetchall()
        return [OutboxRow(id=row[0], kind=row[1], body=row[2]) for row in rows]

    def waiting(self, name: str, kinds: Sequence[str]) -> tuple[int, float]:
        """Return how many rows a follower has not delivered, and when the oldest was made."""
        with database.guarded(self._path):
            n_waiting, made_s = self._connection.execute(
                f"SELECT count(*), min(made_s) FROM outbox WHERE id > ? AND kind IN ({_marks(kinds)})",  # noqa: E501, S608 (marks are question marks)
                (self._position(name), *kinds),
            ).fetchone()
        return n_waiting, made_s or 0.0

    def n_dead(self, name: str) -> int:
        """Return how many rows were refused for good."""
        with database.guarded(self._path):
            return int(
                self._connection.execute(
                    "SELECT count(*) FROM dead_letters WHERE follower = ?", (name,)
                ).fetchone()[0]
            )

    def move(self, name: str, position: int) -> None:
        """Note that a follower has delivered everything up to a row."""
        with database.transaction(self._connection, self._path):
            self._move(name, position)

    def bury(self, name: str, row: OutboxRow, reason: str, now_s: float) -> None:
        """Set aside a row that was refused for good, and go on behind it."""
        with database.transaction(self._connection, self._path) as connection:
            cursor = connection.execute(
                "INSERT INTO dead_letters (follower, row, kind, body, reason, time_s)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (name, row.id, row.kind, row.body, reason, now_s),
            )
            newest = cursor.lastrowid or 0
            connection.execute("DELETE FROM dead_letters WHERE id <= ?", (newest - _MOST_DEAD,))
            self._move(name, row.id)

    def empty(self, before_s: float, kinds_of: Mapping[str, Sequence[str]]) -> None:
        """Free the bodies of rows made before a time, but of none that is still to deliver."""
        clauses = ["made_s < ?", "kind <> ?"]
        bound: list[object] = [before_s, _EMPTIED]
        with database.transaction(self._connection, self._path) as connection:
            for name, kinds in kinds_of.items():
                clauses.append(f"NOT (id > ? AND kind IN ({_marks(kinds)}))")
                bound += [self._position(name), *kinds]
            # Deleted and put back, since SQLite gives no page back for rows that became shorter.
            # The clauses hold question marks only.
            rows = connection.execute(
                "DELETE FROM outbox"  # noqa: S608
                f" WHERE {' AND '.join(clauses)} RETURNING id, key, made_s",
                bound,
            ).fetchall()
            connection.executemany(
                "INSERT INTO outbox (id, kind, key, body, made_s) VALUES (?, ?, ?, x'', ?)",
                [(row, _EMPTIED, key, made_s) for row, key, made_s in sorted(rows)],
            )

    def forget(self, before_s: float) -> int:
        """Forget the keys of emptied rows made before a time; return how many."""
        with database.transaction(self._connection, self._path) as connection:
            return connection.execute(
                "DELETE FROM outbox WHERE made_s < ? AND kind = ?", (before_s, _EMPTIED)
            ).rowcount

    def _position(self, name: str) -> int:
        row = self._connection.execute(
            "SELECT position FROM followers WHERE name = ?", (name,)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def _move(self, name: str, position: int) -> None:
        self._connection.execute(
            "INSERT INTO followers VALUES (?, ?, NULL)"
            " ON CONFLICT (name) DO UPDATE SET position = excluded.position",
            (name, position),
        )


class FollowerMemory:
    """A place in the store where a follower keeps what it has held back."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name

    def load(self) -> bytes | None:
        """Return what was saved last, if anything."""
        connection = database.connect(self._path)
        try:
            with database.guarded(self._path):
                row = connection.execute(
                    "SELECT memory FROM followers WHERE name = ?", (self._name,)
                ).fetchone()
            return None if row is None else row[0]
        finally:
            connection.close()

    def save(self, body: bytes, /) -> None:
        """Save; it is on the disk when this returns."""
        connection = database.connect(self._path)
        try:
            with database.transaction(connection, self._path):
                connection.execute(
                    "INSERT INTO followers VALUES (?, 0, ?)"
                    " ON CONFLICT (name) DO UPDATE SET memory = excluded.memory",
                    (self._name, body),
                )
        finally:
            connection.close()


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
