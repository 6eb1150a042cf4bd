"""Whether there is room for what is to be kept."""

import os
import shutil
from pathlib import Path

from ingest.doctor.base import Finding, Ward, failed, ok, warning

_MB = 1 << 20
_LEAST_BYTES = 200 * _MB


def check(ward: Ward) -> list[Finding]:
    """Return whether the disk can hold the journal at its largest."""
    folder = _existing(ward.database.parent)
    try:
        free_bytes = shutil.disk_usage(folder).free
    except OSError as error:
        return [failed(f"{folder}: {error.strerror}", "name another folder in home.data_dir")]
    if is_read_only(folder):
        advice = (
            "restart the computer, and look in its log (`dmesg`) for errors of the disk or SD card:"
            " if there are any, replace it"
        )
        return [failed(f"the disk of {folder} is read-only", advice)]
    used_bytes = ward.database.stat().st_size if ward.database.exists() else 0
    max_mb = ward.settings.journal.max_mb
    text = f"{free_bytes // _MB} MB free in {folder}"
    if free_bytes < _LEAST_BYTES:
        return [failed(text, "make room: below 200 MB the database may stop any day")]
    if free_bytes < max_mb * _MB - used_bytes:
        advice = f"make room, or lower journal.max_mb ({max_mb})"
        return [warning(f"{text}, less than the journal may grow to", advice)]
    return [ok(text)]


def used_share(folder: Path) -> float:
    """Return the share of a folder's disk that is used; 0 if that cannot be told."""
    try:
        room = shutil.disk_usage(folder)
    except OSError:
        return 0.0
    # As `df` has it: what only root may use is neither used nor free.
    return room.used / max(1, room.used + room.free)


def is_read_only(folder: Path) -> bool:
    """Return whether nothing at all can be written on a folder's disk."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
