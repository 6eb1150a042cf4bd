"""The one SQLite file: who may open it, how, and what is in it."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import StoreError
from ingest.storage.migrations import upgrade


class DamagedError(StoreError):
    """A file whose content SQLite cannot make sense of."""


class DiskError(StoreError):
    """A disk that does not take or give what SQLite asks of it."""


APPLICATION_ID = 0x5370_7279
"""``Spry``: tells our file from anybody else's."""

SCHEMA_VERSION = 2
"""Whoever changes the tables counts it up and adds a step to `ingest.storage.migrations`."""

_KINDS = {
    sqlite3.SQLITE_CORRUPT: DamagedError,
    sqlite3.SQLITE_NOTADB: DamagedError,
    sqlite3.SQLITE_IOERR: DiskError,
    sqlite3.SQLITE_FULL: DiskError,
    sqlite3.SQLITE_READONLY: DiskError,
    sqlite3.SQLITE_CANTOPEN: DiskError,
}

_PRIVATE = 0o600

_SCHEMA = """
CREATE TABLE packets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  collar TEXT NOT NULL, boot TEXT NOT NULL, seq INTEGER NOT NULL,
  start_s REAL NOT NULL, arrival_s REAL NOT NULL,
  content_type TEXT NOT NULL, payload BLOB NOT NULL,
  UNIQUE (collar, boot, seq, start_s)
);
CREATE TABLE points (
  measurement TEXT NOT NULL, run TEXT NOT NULL, dog TEXT NOT NULL, kind TEXT NOT NULL,
  time_ns INTEGER NOT NULL, fields TEXT NOT NULL,
  PRIMARY KEY (measurement, run, dog, kind, time_ns)
) WITHOUT ROWID;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, key TEXT NOT NULL UNIQUE, body BLOB NOT NULL, made_s REAL NOT NULL
);
CREATE TABLE followers (
  name TEXT PRIMARY KEY, position INTEGER NOT NULL, memory BLOB
);
CREATE TABLE dead_letters (
  id INTEGER PRIMARY KEY,
  follower TEXT NOT NULL, row INTEGER NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL,
  reason TEXT NOT NULL, time_s REAL NOT NULL
);
CREATE TABLE memory (name TEXT PRIMARY KEY, body BLOB NOT NULL, position INTEGER NOT NULL);
CREATE TABLE aside (
  id INTEGER PRIMARY KEY,
  topic TEXT NOT NULL, payload BLOB NOT NULL, cause TEXT NOT NULL, arrival_s REAL NOT NULL
);
CREATE TABLE counts (cause TEXT PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE commands (
  id INTEGER PRIMARY KEY, time_s REAL NOT NULL, body BLOB NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0
);
"""


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection to the file, which is made if there is none.

    Every commit is on the disk when it returns (WAL with ``synchronous=FULL``), since packets are
    acknowledged on its word.

    Raises
    ------
    DamagedError
        If the file is damaged.
    StoreError
        If it is not ours, from a later version, or cannot be opened.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_private(path)
        connection = sqlite3.connect(path, timeout=30.0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        msg = f"{path}: cannot be opened: {error}"
        raise StoreError(msg) from error
    try:
        with guarded(path):
            # Looked at before anything is changed: the file may be somebody else's.
            if _version(connection, path) < SCHEMA_VERSION:
                _prepare(connection, path)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
    except StoreError:
        connection.close()
        raise
    return connection


def open_read_only(path: Path) -> sqlite3.Connection:
    """Return a connection to a file that is there, which stays as it is.

    Raises
    ------
    StoreError
        If there is none, or it is damaged, not ours, or from a later version.
    """
    if not path.is_file():
        msg = f"{path}: there is no store"
        raise StoreError(msg)
    with guarded(path):
        connection = sqlite3.connect(path, timeout=30.0, isolation_level=None)
    try:
        with guarded(path):
            connection.execute("PRAGMA query_only=ON")
            version = _version(connection, path)
    except StoreError:
        connection.close()
        raise
    if not version:
        connection.close()
        msg = f"{path}: is empty"
        raise StoreError(msg)
    return connection


def _make_private(path: Path) -> None:
    """Make the file if it is missing; nobody but its owner may read it.

    A file that exists is never opened here: closing it would drop every lock that this process
    holds on it through SQLite, and another process could then take the log away under us.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE))
    except FileExistsError:
        if stat.S_IMODE(path.stat().st_mode) != _PRIVATE:
            path.chmod(_PRIVATE)


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into a `StoreError` that names the file."""
    try:
        yield
    except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
        # The low byte: the rest says where it was found.
        kind = _KINDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, StoreError)
        hint = "; is its disk full, read-only or failing?" if kind is DiskError else ""
        msg = f"{path}: {error}{hint}"
        raise kind(msg) from error


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """Run a block as one transaction: all of it is on the disk afterwards, or nothing."""
    with guarded(path):
        connection.execute("BEGIN IMMEDIATE")
    try:
        with guarded(path):
            yield connection
            connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the version of the tables, 0 if there are none; refuse what is not ours or too new."""
    application = _pragma(connection, "application_id")
    version = _pragma(connection, "user_version")
    if not application and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        return 0
    if application != APPLICATION_ID:
        msg = f"{path}: is a database of another program; name another file"
        raise StoreError(msg)
    if version > SCHEMA_VERSION:
        msg = f"{path}: has schema {version}, this Spryhound knows {SCHEMA_VERSION}; upgrade it"
        raise StoreError(msg)
    return version


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables of a new file or upgrade them, unless another process was quicker."""
    with transaction(connection, path):
        version = _version(connection, path)
        if version:
            upgrade(connection, version, SCHEMA_VERSION)
        else:
            _make_tables(connection)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


def _make_tables(connection: sqlite3.Connection) -> None:
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
