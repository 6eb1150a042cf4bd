"""Whether the database is ours, private, sound and of a sensible size."""

import os
import stat
from pathlib import Path

from analysis.errors import StoreError
from ingest.doctor.base import Finding, Ward, failed, ok, skipped, warning
from ingest.doctor.disk import is_read_only
from ingest.storage import database
from ingest.storage.database import DiskError

_MB = 1 << 20
_MOST_FAULTS = 5
_DISK_FIRST = "see to the disk first (above); the database itself may well be sound"


def check(ward: Ward) -> list[Finding]:
    """Return how the database file is; a file that is not there yet is not made."""
    path = ward.database
    if not path.exists():
        return [_place(ward)]
    if is_read_only(path.parent):
        return [failed(f"{path}: nothing can be written on its disk", _DISK_FIRST)]
    if not os.access(path, os.R_OK | os.W_OK):
        return [failed(f"{path} may not be read and written", f"chown it to you: {path}")]
    return [*_privacy(path), _soundness(ward)]


def _privacy(path: Path) -> list[Finding]:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [warning(f"others may read {path}", f"chmod 600 {path}")]
    return []


def _soundness(ward: Ward) -> Finding:
    path = ward.database
    try:
        faults = _faults(ward)
    except DiskError as error:
        return failed(str(error), _DISK_FIRST)
    except StoreError as error:
        return failed(str(error), _rescue(ward))
    if faults:
        return failed(f"{path} is damaged: {'; '.join(faults)}", _rescue(ward))
    return ok(f"{path}: {path.stat().st_size / _MB:.1f} MB, sound")


def _place(ward: Ward) -> Finding:
    """Return whether the database could be made."""
    folder = ward.database.parent.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if os.access(folder, os.W_OK | os.X_OK) and folder.is_dir():
        return skipped(f"{ward.database} is not there yet; the first start makes it")
    return failed(
        f"{ward.database} cannot be made: {folder} may not be written",
        "name another folder in home.data_dir, or make this one yours",
    )


def _faults(ward: Ward) -> list[str]:
    connection = database.connect(ward.database)
    try:
        with database.guarded(ward.database):
            rows = connection.execute(f"PRAGMA quick_check({_MOST_FAULTS})").fetchall()
    finally:
        connection.close()
    return [str(row[0]) for row in rows if row[0] != "ok"]


def _rescue(ward: Ward) -> str:
    return (
        f"stop the daemon and move {ward.database} away: a new one begins empty. What was sent to"
        f" InfluxDB is there still; `sqlite3 {ward.database} .recover` may save more"
    )
