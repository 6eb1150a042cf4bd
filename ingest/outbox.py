"""The outbox: what must reach the world, and the followers that carry it there.

Each follower has its own position in the same rows and its own pace, so a database that is away
does not hold up a notification. A position moves only after the other side has accepted.
"""

import random
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from analysis.errors import DeliveryError, MonitorError, RejectedError
from ingest import database
from ingest.ports import Clock

log = structlog.get_logger(__name__)

_MOST_DEAD = 10_000
_LONGEST_BACKOFF_S = 60.0
_LONGEST_RETRY_AFTER_S = 600.0
_LONGEST_WAIT_S = 30.0
_KEPT_S = 2 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One thing to deliver; `id` only grows."""

    id: int
    kind: str
    body: bytes


def never() -> float | None:
    """Return that nothing is due by the clock."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Somebody who takes rows of some kinds, in order.

    Attributes
    ----------
    name
        Its name in the store; a new one begins at the oldest row still there.
    kinds
        What it takes.
    deliver
        Delivers rows; raises `DeliveryError` to be asked again, `RejectedError` for rows that
        never will be accepted. Asked with no rows when something it held back is due.
    due_s
        Unix time at which something held back is due, or None.
    most
        Rows at once.
    """

    name: str
    kinds: tuple[str, ...]
    deliver: Callable[[Sequence[OutboxRow]], None]
    due_s: Callable[[], float | None] = never
    most: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerStatus:
    """How a follower is doing.

    Attributes
    ----------
    n_waiting, oldest_s
        Rows it has still to deliver, and the age of the oldest.
    failures, last_error
        Failures in a row, and the last one.
    n_dead
        Rows that were refused for good.
    """

    name: str
    n_waiting: int
    oldest_s: float
    failures: int
    last_error: str
    n_dead: int


@dataclass(slots=True)
class _Health:
    failures: int = 0
    last_error: str = ""
    until_s: float = field(default=0.0)


class Outbox:
    """Runs every follower in a thread of its own, inside ``with``."""

    def __init__(self, path: Path, followers: Sequence[Follower], clock: Clock) -> None:
        self._path = path
        self._followers = tuple(followers)
        self._clock = clock
        self._health = {follower.name: _Health() for follower in followers}
        self._bell = threading.Condition()
        self._rung = 0
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        for follower in self._followers:
            thread = threading.Thread(
                target=self._follow, args=(follower,), name=f"outbox-{follower.name}", daemon=True
            )
            self._threads.append(thread)
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
        for thread in self._threads:
            thread.join(timeout=2.0)

    def wake(self) -> None:
        """Say that there are new rows, or that time has moved."""
        with self._bell:
            self._rung += 1
            self._bell.notify_all()

    def status(self) -> list[FollowerStatus]:
        """Return how every follower is doing."""
        connection = database.connect(self._path)
        try:
            return [self._status(connection, follower) for follower in self._followers]
        finally:
            connection.close()

    def prune(self) -> int:
        """Forget rows that all followers have delivered; return how many.

        They stay for two days, so that a row that is made again after a crash is known by its key.
        """
        connection = database.connect(self._path)
        try:
            positions = [_position(connection, follower.name) for follower in self._followers]
            oldest_s = self._clock.now_s() - _KEPT_S
            with database.transaction(connection, self._path):
                return connection.execute(
                    "DELETE FROM outbox WHERE made_s < ? AND id <= ?",
                    (oldest_s, min(positions, default=1 << 62)),
                ).rowcount
        finally:
            connection.close()

    def _status(self, connection: sqlite3.Connection, follower: Follower) -> FollowerStatus:
        marks = ", ".join("?" * len(follower.kinds))
        with database.guarded(self._path):
            n_waiting, oldest_s = connection.execute(
                f"SELECT count(*), min(made_s) FROM outbox WHERE id > ? AND kind IN ({marks})",  # noqa: S608 (marks are question marks)
                (_position(connection, follower.name), *follower.kinds),
            ).fetchone()
            (n_dead,) = connection.execute(
                "SELECT count(*) FROM dead_letters WHERE follower = ?", (follower.name,)
            ).fetchone()
        health = self._health[follower.name]
        return FollowerStatus(
            name=follower.name,
            n_waiting=n_waiting,
            oldest_s=max(0.0, self._clock.now_s() - oldest_s) if n_waiting else 0.0,
            failures=health.failures,
            last_error=health.last_error,
            n_dead=n_dead,
        )

    def _follow(self, follower: Follower) -> None:
        connection = database.connect(self._path)
        try:
            while not self._stopping:
                rung = self._rung
                try:
                    busy = self._step(connection, follower)
                except MonitorError as error:
                    self._failed(follower, error)
                    continue
                self._health[follower.name] = _Health()
                if not busy:
                    self._wait(self._idle_s(follower), rung)
        finally:
            connection.close()

    def _step(self, connection: sqlite3.Connection, follower: Follower) -> bool:
        """Deliver the next rows, or what is due; return whether there was anything to do."""
        rows = self._next_rows(connection, follower)
        if rows:
            self._deliver(connection, follower, rows)
            return True
        due_s = follower.due_s()
        if due_s is None or due_s > self._clock.now_s():
            return False
        follower.deliver([])
        return True

    def _deliver(
        self, connection: sqlite3.Connection, follower: Follower, rows: Sequence[OutboxRow]
    ) -> None:
        """Deliver rows in order; those that are refused for good are set aside one by one."""
        try:
            follower.deliver(rows)
        except RejectedError as error:
            if len(rows) == 1:
                self._bury(connection, follower, rows[0], str(error))
                return
            half = len(rows) // 2
            self._deliver(connection, follower, rows[:half])
            self._deliver(connection, follower, rows[half:])
            return
        with database.transaction(connection, self._path):
            _move(connection, follower.name, rows[-1].id)

    def _bury(
        self, connection: sqlite3.Connection, follower: Follower, row: OutboxRow, reason: str
    ) -> None:
        log.warning("row refused for good", follower=follower.name, row=row.id, reason=reason)
        with database.transaction(connection, self._path):
            cursor = connection.execute(
                "INSERT INTO dead_letters (follower, row, kind, body, reason, time_s)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (follower.name, row.id, row.kind, row.body, reason, self._clock.now_s()),
            )
            newest = cursor.lastrowid or 0
            connection.execute("DELETE FROM dead_letters WHERE id <= ?", (newest - _MOST_DEAD,))
            _move(connection, follower.name, row.id)

    def _next_rows(self, connection: sqlite3.Connection, follower: Follower) -> list[OutboxRow]:
        marks = ", ".join("?" * len(follower.kinds))
        with database.guarded(self._path):
            rows = connection.execute(
                f"SELECT id, kind, body FROM outbox WHERE id > ? AND kind IN ({marks})"  # noqa: S608 (marks are question marks)
                " ORDER BY id LIMIT ?",
                (_position(connection, follower.name), *follower.kinds, follower.most),
            ).fetchall()
        return [OutboxRow(id=row[0], kind=row[1], body=row[2]) for row in rows]

    def _failed(self, follower: Follower, error: MonitorError) -> None:
        """Remember a failure and wait: longer each time, and never two followers in step."""
        health = self._health[follower.name]
        health.failures += 1
        health.last_error = str(error)
        if health.failures in {1, 10, 100} or health.failures % 1000 == 0:
            log.warning("not delivered", follower=follower.name, error=str(error))
        backoff_s = min(_LONGEST_BACKOFF_S, 2.0 ** min(health.failures, 10) / 2.0)
        wait_s = random.uniform(0.5, 1.0) * backoff_s  # noqa: S311 (dice against thundering herds)
        if isinstance(error, DeliveryError) and error.retry_after_s is not None:
            wait_s = min(_LONGEST_RETRY_AFTER_S, max(wait_s, error.retry_after_s))
        self._wait(wait_s, None)

    def _idle_s(self, follower: Follower) -> float:
        due_s = follower.due_s()
        if due_s is None:
            return _LONGEST_WAIT_S
        return min(_LONGEST_WAIT_S, max(0.0, due_s - self._clock.now_s()))

    def _wait(self, wait_s: float, rung: int | None) -> None:
        """Wait until the time is over or, if `rung` is given, the bell was rung since."""
        until_s = self._clock.monotonic_s() + wait_s
        with self._bell:
            while not self._stopping and (rung is None or rung == self._rung):
                left_s = until_s - self._clock.monotonic_s()
                if left_s <= 0.0:
                    return
                self._bell.wait(left_s)


class FollowerMemory:
    """A place in the store where a follower keeps what it has held back."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name

    def load(self) -> bytes | None:
        """Return what was saved last, if anything."""
        connection = database.connect(self._path)
        try:
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


def _position(connection: sqlite3.Connection, name: str) -> int:
    row = connection.execute("SELECT position FROM followers WHERE name = ?", (name,)).fetchone()
    return 0 if row is None else int(row[0])


def _move(connection: sqlite3.Connection, name: str, position: int) -> None:
    connection.execute(
        "INSERT INTO followers VALUES (?, ?, NULL)"
        " ON CONFLICT (name) DO UPDATE SET position = excluded.position",
        (name, position),
    )
