"""The journal: packets and all that they caused in one transaction; the lock of the daemon."""

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from analysis.errors import StoreError
from ingest.packets.envelope import EncodedPacket, ReceivedPacket
from ingest.ports import Clock, Point
from ingest.storage import database
from ingest.storage.retention import delete_old_details
from ingest.storage.sqlite_store import write_points

_MOST_ASIDE = 1000

_CHUNK = 500

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A message that could not be understood."""

    topic: str
    payload: bytes
    cause: str
    arrival_s: float


class Transaction:
    """What can be written in one go; valid inside `Journal.transaction` only."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def append(self, received: ReceivedPacket) -> int | None:
        """Keep a packet as it came and return its position, or None if it is here already.

        It is the same as another if collar, boot, number and time of its first sample are.
        """
        encoded, packet = received.encoded, received.packet
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO packets (collar, boot, seq, start_s, arrival_s, content_type,"
            " payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                encoded.collar,
                packet.boot,
                packet.seq,
                packet.t_ms / 1000.0,
                encoded.arrival_s,
                encoded.content_type,
                encoded.payload,
            ),
        )
        return cursor.lastrowid if cursor.rowcount else None

    def write(self, points: Iterable[Point]) -> None:
        """Store points, overwriting those of the same identity."""
        write_points(self._connection, points)

    def enqueue(self, kind: str, key: str, body: bytes) -> bool:
        """Put something in the outbox; return False if that key was put there before."""
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO outbox (kind, key, body, made_s) VALUES (?, ?, ?, ?)",
            (kind, key, body, self._clock.now_s()),
        )
        return bool(cursor.rowcount)

    def save_state(self, name: str, body: bytes, position: int) -> None:
        """Save a state that holds all packets up to a position."""
        self._connection.execute(
            "INSERT OR REPLACE INTO memory VALUES (?, ?, ?)", (name, body, position)
        )

    def set_aside(self, message: SetAside) -> None:
        """Keep a message that could not be understood, dropping the oldest of too many."""
        cursor = self._connection.execute(
            "INSERT INTO aside (topic, payload, cause, arrival_s) VALUES (?, ?, ?, ?)",
            (message.topic[:256], message.payload[:4096], message.cause[:256], message.arrival_s),
        )
        newest = cursor.lastrowid or 0
        self._connection.execute("DELETE FROM aside WHERE id <= ?", (newest - _MOST_ASIDE,))

    def count(self, cause: str, n: int = 1) -> None:
        """Add to a counter that outlives restarts."""
        self._connection.execute(
            "INSERT INTO counts VALUES (?, ?) ON CONFLICT (cause) DO UPDATE SET n = n + excluded.n",
            (cause, n),
        )

    def take_commands(self) -> list[tuple[float, bytes]]:
        """Return the commands not taken yet, with their times, and mark them as taken."""
        rows = self._connection.execute(
            "SELECT time_s, body FROM commands WHERE taken = 0 ORDER BY id"
        ).fetchall()
        if rows:
            self._connection.execute("UPDATE commands SET taken = 1 WHERE taken = 0")
        return rows


class Journal:
    """The daemon's side of the SQLite file; open inside ``with``, for one thread."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        self._connection = database.connect(self.path)
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

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Write a group of packets with all that they caused, or nothing of it.

        Raises
        ------
        StoreError
            If it could not be made safe; nothing of it may be acknowledged then.
        """
        with database.transaction(self._open(), self.path) as connection:
            yield Transaction(connection, self._clock)

    def packets(self, after: int = 0) -> Iterator[tuple[int, EncodedPacket]]:
        """Yield the packets beyond a position, each after its own, in the order of coming."""
        while True:
            rows = self._rows(
                "SELECT id, collar, arrival_s, content_type, payload FROM packets"
                " WHERE id > ? ORDER BY id LIMIT ?",
                (after, _CHUNK),
            )
            for row in rows:
                position, collar, arrival_s, content_type, payload = row
                yield (
                    position,
                    EncodedPacket(
                        collar=collar,
                        arrival_s=arrival_s,
                        content_type=content_type,
                        payload=payload,
                    ),
                )
            if len(rows) < _CHUNK:
                return
            after = rows[-1][0]

    def load_state(self, name: str) -> tuple[bytes, int] | None:
        """Return a saved state and its position, if there is one."""
        rows = self._rows("SELECT body, position FROM memory WHERE name = ?", (name,))
        return (rows[0][0], rows[0][1]) if rows else None

    def counts(self) -> Mapping[str, int]:
        """Return all counters."""
        return dict(self._rows("SELECT cause, n FROM counts ORDER BY cause"))

    def aside(self, newest: int = 20) -> list[SetAside]:
        """Return the newest messages that could not be understood."""
        rows = self._rows(
            "SELECT topic, payload, cause, arrival_s FROM aside ORDER BY id DESC LIMIT ?", (newest,)
        )
        return [
            SetAside(topic=topic, payload=payload, cause=cause, arrival_s=arrival_s)
            for topic, payload, cause, arrival_s in rows
        ]

    def add_command(self, body: bytes) -> None:
        """Leave a command for the daemon, or for its next start."""
        with database.transaction(self._open(), self.path) as connection:
            connection.execute(
                "INSERT INTO commands (time_s, body) VALUES (?, ?)", (self._clock.now_s(), body)
            )

    def has_commands(self) -> bool:
        """Return whether commands wait."""
        return bool(self._rows("SELECT 1 FROM commands WHERE taken = 0 LIMIT 1"))

    def size_bytes(self) -> int:
        """Return the size of the file in use."""
        (pages,), (free,), (size,) = (
            self._rows(f"PRAGMA {name}")[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def prune(self, *, keep_days: float, most_bytes: int, needed_from: int) -> int:
        """Forget packets that are too old, or have too many bytes, oldest first; return how many.

        Those at or beyond `needed_from` stay: they are not in any saved state yet.
        """
        oldest_s = self._clock.now_s() - keep_days * _DAY_S
        pruned = self._forget("arrival_s < ? AND id < ?", (oldest_s, needed_from))
        (n_bytes,) = self._rows("SELECT coalesce(sum(length(payload)), 0) FROM packets")[0]
        excess = n_bytes - most_bytes
        if excess > 0:
            pruned += self._forget("id < ?", (min(needed_from, self._first_beyond(excess)),))
        return pruned

    def delete_old_details(self, keep_days: float) -> int:
        """Forget minutes, windows of gait and events that are older than their dog's newest."""
        with database.transaction(self._open(), self.path) as connection:
            return delete_old_details(connection, keep_days)

    def _first_beyond(self, n_bytes: int) -> int:
        """Return the first packet that may stay if so many bytes of the oldest ones go."""
        rows = self._rows(
            "SELECT id FROM (SELECT id, sum(length(payload)) OVER (ORDER BY id) AS total"
            " FROM packets) WHERE total > ? ORDER BY id LIMIT 1",
            (n_bytes,),
        )
        return int(rows[0][0]) + 1 if rows else 1 << 62

    def _forget(self, where: str, values: tuple[object, ...]) -> int:
        with database.transaction(self._open(), self.path) as connection:
            # `where` is one of the texts above, never outside data.
            return connection.execute(f"DELETE FROM packets WHERE {where}", values).rowcount  # noqa: S608

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple]:  # type: ignore[type-arg]  # rows differ
        with database.guarded(self.path):
            return self._open().execute(statement, values).fetchall()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            msg = "the journal is used outside of its with block"
            raise RuntimeError(msg)
        return self._connection


@contextmanager
def daemon_lock(path: Path) -> Iterator[None]:
    """Hold the right to be the one daemon on a store.

    Raises
    ------
    StoreError
        If another process has it, which the message names, or its file cannot be opened.
    """
    lock = path.with_suffix(".lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        msg = f"{lock}: cannot be opened: {error.strerror}"
        raise StoreError(msg) from error
    with os.fdopen(handle, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"{path} is in use by process {file.read().strip() or 'unknown'}"
            raise StoreError(msg) from error
        # The name of the process is for people; a full disk has no room for it.
        with suppress(OSError):
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield


def daemon_runs(database: Path) -> bool:
    """Return whether a daemon holds the store; nothing is left behind by asking.

    Raises
    ------
    StoreError
        If the folder cannot be used at all.
    """
    if not database.with_suffix(".lock").exists():
        return False
    try:
        with daemon_lock(database):
            return False
    except StoreError:
        return True
    except OSError as error:
        msg = f"{database.parent}: {error.strerror}"
        raise StoreError(msg) from error
