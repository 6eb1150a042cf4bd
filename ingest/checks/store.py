"""Whether the database is ours, private, sound and of a sensible size."""

import os
import stat

from analysis.errors import StoreError
from ingest import database
from ingest.checks.base import Finding, Ward, failed, ok, skipped, warning

_MB = 1 << 20
_MOST_FAULTS = 5


def check(ward: Ward) -> list[Finding]:
    """Return how the database file is; a file that is not there yet is not made."""
    path = ward.database
    if not path.exists():
        return [_place(ward)]
    if not os.access(path, os.R_OK | os.W_OK):
        return [failed(f"{path} may not be read and written", f"chown it to you: {path}")]
    findings = []
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        findings.append(warning(f"others may read {path}", f"chmod 600 {path}"))
    try:
        faults = _faults(ward)
    except StoreError as error:
        return [*findings, failed(str(error), _rescue(ward))]
    if faults:
        return [*findings, failed(f"{path} is damaged: {'; '.join(faults)}", _rescue(ward))]
    return [*findings, ok(f"{path}: {path.stat().st_size / _MB:.1f} MB, sound")]


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
