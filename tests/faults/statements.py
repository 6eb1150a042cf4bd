"""Ends a process at an exact place: right before the n-th statement that it gives to SQLite."""

import os
import signal
import sqlite3
import threading
from pathlib import Path
from typing import Any

_LONGEST = 60


def stop_at(n: int, note: Path) -> None:
    """Count the statements of all connections made from now on; at the n-th, ``kill -9`` us.

    The statement that was to come is appended to `note`, so that it is known what was cut off.
    SQLite tells of a statement before it runs it, so ``COMMIT`` means: all written, not committed.
    """
    connect, lock, n_seen = sqlite3.connect, threading.Lock(), 0

    def count(statement: str) -> None:
        nonlocal n_seen
        with lock:
            n_seen += 1
            if n_seen == n:
                with note.open("a") as file:
                    file.write(" ".join(statement.split())[:_LONGEST] + "\n")
                os.kill(os.getpid(), signal.SIGKILL)

    def connect_and_count(*args: Any, **settings: Any) -> sqlite3.Connection:  # noqa: ANN401 (as sqlite3's)
        connection: sqlite3.Connection = connect(*args, **settings)
        connection.set_trace_callback(count)
        return connection

    sqlite3.connect = connect_and_count  # type: ignore[assignment]  # an overloaded function
