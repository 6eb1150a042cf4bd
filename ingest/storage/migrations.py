"""Stores of earlier versions, brought to the next one without losing anything.

Each step says in full what it makes, and is never changed again: it has to work on the stores
that were made before it.
"""

import sqlite3
from collections.abc import Callable, Mapping
from types import MappingProxyType

Step = Callable[[sqlite3.Connection], None]

_PACKETS_2 = """
CREATE TABLE packets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  collar TEXT NOT NULL, boot TEXT NOT NULL, seq INTEGER NOT NULL,
  start_s REAL NOT NULL, arrival_s REAL NOT NULL,
  content_type TEXT NOT NULL, payload BLOB NOT NULL,
  UNIQUE (collar, boot, seq, start_s)
)
"""
_COLUMNS = "id, collar, boot, seq, start_s, arrival_s, content_type, payload"


def upgrade(connection: sqlite3.Connection, version: int, wanted: int) -> None:
    """Bring a store from one version to another, within the caller's transaction."""
    for each in range(version, wanted):
        _STEPS[each](connection)


def _from_1(connection: sqlite3.Connection) -> None:
    """Give packets positions that never come again, and collars that count from 0 again.

    Three layouts called themselves version 1; the last of them is that of version 2.
    """
    (layout,) = connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'packets'"
    ).fetchone()
    if " ".join(layout.split()) == " ".join(_PACKETS_2.split()):
        return
    connection.execute("ALTER TABLE packets RENAME TO packets_1")
    connection.execute(_PACKETS_2)
    connection.execute(f"INSERT INTO packets ({_COLUMNS}) SELECT {_COLUMNS} FROM packets_1")  # noqa: S608  # fixed names
    # The saved states tell how far positions had come, also where those packets are gone.
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'packets'")
    connection.execute(
        "INSERT INTO sqlite_sequence SELECT 'packets', max("
        "coalesce((SELECT max(id) FROM packets_1), 0),"
        "coalesce((SELECT max(position) FROM memory), 0))"
    )
    connection.execute("DROP TABLE packets_1")


_STEPS: Mapping[int, Step] = MappingProxyType({1: _from_1})
