"""A copy of the store, made while a daemon writes to it, and the way back."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from analysis.errors import InputError, StoreError
from ingest.storage import database, repair
from ingest.storage.journal import daemon_lock

_KEPT = ".before"


def back_up(store: Path, to: Path, *, force: bool = False) -> int:
    """Copy a store as it is at this moment into one sound file, and return its bytes.

    The daemon may go on writing. The file is there whole or not at all, and its owner's alone.

    Raises
    ------
    InputError
        If there is such a file already and it may not be replaced, or it cannot be written.
    StoreError
        If there is no sound store.
    """
    if to.exists() and (not force or to.samefile(store)):
        msg = f"{to} exists; --force replaces it"
        raise InputError(msg)
    fresh = _copy(store, to)
    n_bytes = fresh.stat().st_size
    fresh.replace(to)
    _sync(to.parent)
    return n_bytes


def restore(backup: Path, store: Path, *, force: bool = False) -> Path | None:
    """Put a backup in the place of a store, and return where the one before it is kept.

    The backup is copied and looked through before the store is touched.

    Raises
    ------
    InputError
        If there is a store that may not be replaced, or the folder cannot be written.
    StoreError
        If the backup is not a sound store of this or an earlier version, or a daemon runs.
    """
    if store.exists() and not force:
        msg = f"{store} exists; --force replaces it, and keeps it as {store.name}{_KEPT}"
        raise InputError(msg)
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{store.parent} cannot be made: {error.strerror}"
        raise InputError(msg) from error
    with daemon_lock(store):
        fresh = _copy(backup, store)
        repair.forget(store)
        kept = _put_aside(store)
        fresh.replace(store)
        _sync(store.parent)
    return kept


def _copy(store: Path, to: Path) -> Path:
    """Return a sound copy beside `to`, under another name."""
    fresh = to.with_name(f".{to.name}.new")
    with closing(database.open_read_only(store)) as source:
        try:
            fresh.unlink(missing_ok=True)
            os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError as error:
            msg = f"{to} cannot be written: {error.strerror}"
            raise InputError(msg) from error
        try:
            with closing(sqlite3.connect(fresh)) as target:
                # All pages at once: a writer cannot make it begin again and again.
                source.backup(target)
                # One file without a log beside it, that can be read from anywhere.
                target.execute("PRAGMA journal_mode=DELETE")
            with closing(database.open_read_only(fresh)) as target:
                _check(target)
        except (sqlite3.Error, StoreError) as error:
            fresh.unlink(missing_ok=True)
            msg = f"{store} cannot be copied to {to}: {error}"
            raise StoreError(msg) from error
    return fresh


def _check(copy: sqlite3.Connection) -> None:
    (first,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if first != "ok":
        msg = f"it is damaged: {first}"
        raise StoreError(msg)


def _put_aside(store: Path) -> Path | None:
    """Keep a store under another name as well, and take its log away from beside it.

    A log must never meet another store, and without its own it is of no use. At every moment there
    is a store under the old name, so that a start after a power cut does not begin an empty one.
    """
    log, index = (store.with_name(f"{store.name}{each}") for each in ("-wal", "-shm"))
    kept = None
    if store.exists():
        kept = store.with_name(f"{store.name}{_KEPT}")
        kept_log = kept.with_name(f"{kept.name}-wal")
        with suppress(sqlite3.Error), closing(sqlite3.connect(store)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for here, there in ((log, kept_log), (store, kept)):
            there.unlink(missing_ok=True)
            if here.exists():
                os.link(here, there)
    log.unlink(missing_ok=True)
    index.unlink(missing_ok=True)
    return kept


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
