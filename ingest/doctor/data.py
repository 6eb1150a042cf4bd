"""Checks of what is kept: the disk, the database, the packets and the outbox."""

import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import StoreError
from config.schema import Settings
from ingest.doctor.base import DoctorContext, Finding, failed, ok, skipped, warning
from ingest.mqtt.topics import acceleration_topic
from ingest.processing.result_writer import NOTIFICATION, POINT, PUBLICATION, SNOOZE
from ingest.storage import database
from ingest.storage.database import DiskError
from ingest.storage.journal import Journal
from ingest.storage.outbox import OutboxTable

_MB = 1 << 20

_LEAST_BYTES = 200 * _MB


def check_disk(ward: DoctorContext) -> list[Finding]:
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


def is_read_only(folder: Path) -> bool:
    """Return whether nothing at all can be written on a folder's disk."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


_MOST_FAULTS = 5

_DISK_FIRST = "see to the disk first (above); the database itself may well be sound"


def check_database(ward: DoctorContext) -> list[Finding]:
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


def _soundness(ward: DoctorContext) -> Finding:
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


def _place(ward: DoctorContext) -> Finding:
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


def _faults(ward: DoctorContext) -> list[str]:
    connection = database.connect(ward.database)
    try:
        with database.guarded(ward.database):
            rows = connection.execute(f"PRAGMA quick_check({_MOST_FAULTS})").fetchall()
    finally:
        connection.close()
    return [str(row[0]) for row in rows if row[0] != "ok"]


def _rescue(ward: DoctorContext) -> str:
    return (
        f"stop the daemon and move {ward.database} away: a new one begins empty. What was sent to"
        f" InfluxDB is there still; `sqlite3 {ward.database} .recover` may save more"
    )


_LATE_S = 600.0


def check_outbox(ward: DoctorContext) -> list[Finding]:
    """Return what waits for each follower, and what was refused for good."""
    if not ward.database.exists():
        return [skipped("nothing to deliver yet")]
    with OutboxTable(ward.database) as table:
        findings = []
        for name, kinds in _followers(ward.settings).items():
            n_waiting, made_s = table.waiting(name, kinds)
            age_s = ward.clock.now_s() - made_s if n_waiting else 0.0
            findings.append(_waiting(name, n_waiting, age_s))
            if n_dead := table.n_dead(name):
                findings.append(_dead(name, n_dead))
        return findings


def _followers(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """Return who takes which rows, by the names that `ingest.app.container` gives them."""
    followers: dict[str, tuple[str, ...]] = {"mqtt": (PUBLICATION,)}
    for number, _ in enumerate(settings.notify.urls, start=1):
        followers[f"notify-{number}"] = (NOTIFICATION, SNOOZE)
    if settings.influx.enabled:
        followers["influx"] = (POINT,)
    return followers


def _waiting(name: str, n_waiting: int, age_s: float) -> Finding:
    if age_s <= _LATE_S:
        return ok(f"{name}: {n_waiting} waiting")
    return warning(
        f"{name}: {n_waiting} waiting, the oldest for {age_s / 3600.0:.1f} h",
        "is the daemon running? Then see what is said here of the other side",
    )


def _dead(name: str, n_dead: int) -> Finding:
    return failed(
        f"{name}: {n_dead} refused for good",
        "the daemon's log says why ('row refused for good'); they are kept in the database",
    )


_SILENT_S = 900.0

_HARMLESS = {"repeat"}


def check_packets(ward: DoctorContext) -> list[Finding]:
    """Return the last packet of each collar, set-aside messages and counts of drops."""
    if not ward.database.exists():
        return [skipped("no packet has come yet")]
    heard = _heard(ward)
    unheard = sorted({each.id for each in ward.settings.collars} - heard.keys())
    findings = [_collar(ward, name, *numbers) for name, numbers in heard.items()]
    findings += [_silence(ward, name) for name in unheard]
    if not findings:
        findings = [skipped("no packet has come yet")]
    with Journal(ward.database, ward.clock) as journal:
        return findings + _aside(journal) + _drops(journal)


def _heard(ward: DoctorContext) -> dict[str, tuple[int, float]]:
    """Return the number of packets kept and the last arrival, by collar."""
    connection = database.connect(ward.database)
    try:
        with database.guarded(ward.database):
            rows: Iterable[tuple[str, int, float]] = connection.execute(
                "SELECT collar, count(*), max(arrival_s) FROM packets GROUP BY collar"
            ).fetchall()
    finally:
        connection.close()
    return {collar: (count, last_s) for collar, count, last_s in rows}


def _collar(ward: DoctorContext, name: str, n_packets: int, last_s: float) -> Finding:
    age_s = ward.clock.now_s() - last_s
    text = f"collar {name}: {n_packets} packets kept, the last {_ago(age_s)}"
    if age_s <= _SILENT_S:
        return ok(text)
    return warning(text, "is it charged, switched on and within reach of the network?")


def _silence(ward: DoctorContext, name: str) -> Finding:
    topic = acceleration_topic(ward.settings.mqtt.root, name)
    return warning(f"collar {name}: no packet yet", f"it has to publish on {topic}")


def _aside(journal: Journal) -> list[Finding]:
    newest = journal.aside(newest=1)
    if not newest:
        return [ok("no message was set aside")]
    message = newest[0]
    when = datetime.fromtimestamp(message.arrival_s, UTC)
    return [
        warning(
            f"messages were set aside; the newest, {when:%Y-%m-%d %H:%M} UTC on {message.topic}:"
            f" {message.cause}",
            "compare what the sender publishes with docs/collar.md",
        )
    ]


def _drops(journal: Journal) -> list[Finding]:
    counts = journal.counts()
    if not counts:
        return [ok("nothing was dropped")]
    told = ", ".join(f"{cause} {count}" for cause, count in counts.items())
    if counts.keys() <= _HARMLESS:
        return [ok(f"counted: {told}")]
    return [warning(f"counted: {told}", "docs/commands.md says what each count means")]


def _ago(age_s: float) -> str:
    if age_s < 120.0:
        return f"{max(age_s, 0.0):.0f} s ago"
    return f"{age_s / 60.0:.0f} min ago" if age_s < 7200.0 else f"{age_s / 3600.0:.1f} h ago"
