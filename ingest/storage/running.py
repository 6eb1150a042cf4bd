"""Whether a daemon runs on a store."""

from pathlib import Path

from analysis.errors import StoreError
from ingest.storage.journal import daemon_lock


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
