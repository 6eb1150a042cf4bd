"""The outbox: rows that must reach the world, and the consumers that deliver them.

Each consumer has its own position in the same rows and its own pace, so a database that is away
does not hold up a notification. A position moves only after the other side has accepted.
"""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from analysis.errors import DeliveryError, InputError, MonitorError, RejectedError
from ingest.ports import Clock
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


class ConsumerState:
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


__all__ = ["Consumer", "ConsumerState", "ConsumerStatus", "Outbox", "OutboxRow", "never"]

log = structlog.get_logger(__name__)

_LONGEST_BACKOFF_S = 60.0

_LONGEST_RETRY_AFTER_S = 600.0

_LONGEST_WAIT_S = 30.0

_DAY_S = 86_400.0

_BODIES_KEPT_S = 2 * _DAY_S

_STOP_WITHIN_S = 2.0


def never() -> float | None:
    """Return that nothing is due by the clock."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """Somebody who takes rows of some kinds, in order.

    Attributes
    ----------
    name
        Its name in the store; a new one begins at the oldest row still there.
    kinds
        What it takes.
    deliver
        Delivers rows; raises `DeliveryError` to be asked again, `RejectedError` or `InputError` if
        one of them never will be accepted. Asked with no rows when something it held back is due.
    due_s
        Unix time at which something held back is due, or None.
    most
        Rows at once. If one is refused or a delivery fails half way, its neighbours are delivered
        again; so 1 for whoever must not hear anything twice.
    """

    name: str
    kinds: tuple[str, ...]
    deliver: Callable[[Sequence[OutboxRow]], None]
    due_s: Callable[[], float | None] = never
    most: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerStatus:
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


class Outbox:
    """Runs every follower in a thread of its own, inside ``with``.

    `kept_s` is how long packets are kept: as long as a row could be made from them again.
    """

    def __init__(
        self,
        path: Path,
        followers: Sequence[Consumer],
        clock: Clock,
        *,
        kept_s: float,
    ) -> None:
        self._path = path
        self._keys_kept_s = kept_s + _BODIES_KEPT_S
        self._followers = tuple(followers)
        self._clock = clock
        self._health = {follower.name: _Health() for follower in followers}
        self._bell = threading.Condition()
        self._rung = 0
        self._stopping = False
        self._threads: dict[str, threading.Thread] = {}

    def __enter__(self) -> Self:
        for follower in self._followers:
            thread = threading.Thread(
                target=self._follow, args=(follower,), name=f"outbox-{follower.name}", daemon=True
            )
            self._threads[follower.name] = thread
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
        until_s = self._clock.monotonic_s() + _STOP_WITHIN_S
        for thread in self._threads.values():
            thread.join(timeout=max(0.0, until_s - self._clock.monotonic_s()))

    def wake(self) -> None:
        """Say that there are new rows, or that time has moved."""
        with self._bell:
            self._rung += 1
            self._bell.notify_all()

    def status(self) -> list[ConsumerStatus]:
        """Return how every follower is doing."""
        with OutboxTable(self._path) as table:
            return [self._status(table, follower) for follower in self._followers]

    def prune(self) -> int:
        """Forget rows that all who take them have delivered; return how many.

        They are emptied after two days. Their keys stay two days longer than the packets, so that
        a row that is made again, after a crash or when packets are computed anew, is known.
        """
        kinds_of = {follower.name: follower.kinds for follower in self._followers}
        with OutboxTable(self._path) as table:
            now_s = self._clock.now_s()
            table.empty(now_s - _BODIES_KEPT_S, kinds_of)
            return table.forget(now_s - self._keys_kept_s)

    def _status(self, table: OutboxTable, follower: Consumer) -> ConsumerStatus:
        n_waiting, made_s = table.waiting(follower.name, follower.kinds)
        health = self._health[follower.name]
        thread = self._threads.get(follower.name)
        has_ended = thread is not None and not thread.is_alive()
        return ConsumerStatus(
            name=follower.name,
            n_waiting=n_waiting,
            oldest_s=max(0.0, self._clock.now_s() - made_s) if n_waiting else 0.0,
            failures=max(health.failures, int(has_ended)),
            last_error="its thread has ended; restart the daemon"
            if has_ended
            else health.last_error,
            n_dead=table.n_dead(follower.name),
        )

    def _follow(self, follower: Consumer) -> None:
        """Work until stopped, whatever goes wrong.

        Below the daemon's main loop this is the one place that survives any exception: a thread
        that ended of a mistake would take every later alert with it. The mistake is logged with
        its traceback, shown in `status`, and the same row is tried again.
        """
        while not self._stopping:
            try:
                with OutboxTable(self._path) as table:
                    self._work(table, follower)
            except Exception as error:  # noqa: BLE001 (see above)
                self._failed(follower, error)

    def _work(self, table: OutboxTable, follower: Consumer) -> None:
        """Deliver until stopped, or until the first failure."""
        while not self._stopping:
            rung = self._rung
            busy = self._step(table, follower)
            self._health[follower.name] = _Health()
            if not busy:
                self._wait(self._idle_s(follower), rung)

    def _step(self, table: OutboxTable, follower: Consumer) -> bool:
        """Deliver the next rows, or what is due; return whether there was anything to do."""
        rows = table.next_rows(follower.name, follower.kinds, follower.most)
        if rows:
            self._deliver(table, follower, rows)
            return True
        due_s = follower.due_s()
        if due_s is None or due_s > self._clock.now_s():
            return False
        follower.deliver([])
        return True

    def _deliver(self, table: OutboxTable, follower: Consumer, rows: Sequence[OutboxRow]) -> None:
        """Deliver rows in order; those that are refused for good are set aside one by one."""
        try:
            follower.deliver(rows)
        except (RejectedError, InputError) as error:
            if len(rows) == 1:
                reason = str(error)
                log.warning("row refused", follower=follower.name, row=rows[0].id, reason=reason)
                table.bury(follower.name, rows[0], reason, self._clock.now_s())
                return
            half = len(rows) // 2
            self._deliver(table, follower, rows[:half])
            self._deliver(table, follower, rows[half:])
            return
        table.move(follower.name, rows[-1].id)

    def _failed(self, follower: Consumer, error: Exception) -> None:
        """Remember a failure and wait: longer each time, and never two followers in step."""
        health = self._health[follower.name]
        health.failures += 1
        reason = str(error)
        if not isinstance(error, MonitorError):
            reason = f"unexpected {type(error).__name__}: {reason}"
            if reason != health.last_error:
                log.error("mistake in a follower", follower=follower.name, exc_info=error)
        health.last_error = reason
        if health.failures in {1, 10, 100} or health.failures % 1000 == 0:
            log.warning("not delivered", follower=follower.name, error=reason)
        backoff_s = min(_LONGEST_BACKOFF_S, 2.0 ** min(health.failures, 10) / 2.0)
        wait_s = random.uniform(0.5, 1.0) * backoff_s  # noqa: S311 (dice against thundering herds)
        if isinstance(error, DeliveryError) and error.retry_after_s is not None:
            wait_s = min(_LONGEST_RETRY_AFTER_S, max(wait_s, error.retry_after_s))
        self._wait(wait_s, None)

    def _idle_s(self, follower: Consumer) -> float:
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
