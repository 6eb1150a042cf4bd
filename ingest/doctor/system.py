"""Checks of the machine: settings, software, clock and the daemon itself."""

import platform
import stat
import threading
import tomllib
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from config.schema import Settings
from ingest.doctor.base import DoctorContext, Finding, failed, ok, skipped, warning
from ingest.storage import database
from ingest.storage.journal import daemon_runs

_SECRETS = (
    ("mqtt", "password"),
    ("influx", "password"),
    ("influx", "token"),
    ("notify", "urls"),
    ("web", "password"),
)


def check_configuration(ward: DoctorContext) -> list[Finding]:
    """Return whether the settings are complete; that they are valid was checked as they loaded."""
    settings = ward.settings
    if ward.path is None:
        findings = [skipped("no settings file; everything has its default", "run `spryhound init`")]
    else:
        findings = [ok(f"{ward.path} is valid"), *_privacy(ward.path)]
    if not settings.dogs:
        findings.append(
            warning("no dog under [dogs]", "run `spryhound init`, or add [dogs.ID] to the settings")
        )
    return findings + _without_collar(settings)


def _privacy(path: Path) -> list[Finding]:
    """Return a warning if others may read secrets that stand in the file itself."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    if not any(tables.get(table, {}).get(key) for table, key in _SECRETS):
        return []
    if not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    return [warning(f"{path} holds secrets and others may read it", f"chmod 600 {path}")]


def _without_collar(settings: Settings) -> list[Finding]:
    worn = {collar.dog for collar in settings.collars}
    lonely = [dog for dog in settings.dogs if dog not in worn]
    # With one dog and no collars listed, it wears them all.
    if not lonely or (not settings.collars and len(settings.dogs) == 1):
        return []
    return [
        warning(
            f"no collar for {', '.join(lonely)}",
            "add [[collars]] with the collar's id and the dog, or its packets belong to nobody",
        )
    ]


_FIRST_YEAR, _LAST_YEAR = 2025, 2100

_LOOK_S = 0.25

_STEP_S = 0.1

_BACK_S = 60.0

_ADVICE = "switch time synchronisation on: timedatectl set-ntp true"


def check_clock(ward: DoctorContext) -> list[Finding]:
    """Return whether the clock shows a sane year, runs evenly, and has not gone back."""
    begun_s, begun_monotonic_s = ward.clock.now_s(), ward.clock.monotonic_s()
    threading.Event().wait(_LOOK_S)
    now_s = ward.clock.now_s()
    drift_s = (now_s - begun_s) - (ward.clock.monotonic_s() - begun_monotonic_s)
    now = datetime.fromtimestamp(now_s, UTC)
    if not _FIRST_YEAR <= now.year <= _LAST_YEAR:
        return [failed(f"the clock shows the year {now.year}", _ADVICE)]
    if abs(drift_s) > _STEP_S:
        text = f"the clock was set by {drift_s:+.1f} s while it was looked at"
        return [warning(text, "look again in a minute; " + _ADVICE)]
    back_s = _newest_arrival_s(ward) - now_s
    if back_s > _BACK_S:
        text = f"the newest packet is from {back_s:.0f} s in the future: the clock has gone back"
        return [failed(text, _ADVICE)]
    return [ok(f"{now:%Y-%m-%d %H:%M:%S} UTC, running evenly")]


def _newest_arrival_s(ward: DoctorContext) -> float:
    if not ward.database.exists():
        return 0.0
    connection = database.connect(ward.database)
    try:
        with database.guarded(ward.database):
            row = connection.execute(
                "SELECT arrival_s FROM packets ORDER BY id DESC LIMIT 1"
            ).fetchone()
    finally:
        connection.close()
    return 0.0 if row is None else float(row[0])


_EXTRAS = {
    "actfast": ("reads .cwa and .bin recordings", "devices"),
    "iotcore": ("is the broker of the demo", "demo"),
}


def check_software(_: DoctorContext) -> list[Finding]:
    """Return the versions, and what cannot be done for want of an extra."""
    findings = [ok(f"Spryhound {version('spryhound')} on Python {platform.python_version()}")]
    for module, (does, extra) in _EXTRAS.items():
        if find_spec(module) is None:
            advice = f"only if you need it: pip install 'spryhound[{extra}]'"
            findings.append(skipped(f"{module}, which {does}, is not installed", advice))
        else:
            findings.append(ok(f"{module}, which {does}, is installed"))
    return findings


def check_daemon(ward: DoctorContext) -> list[Finding]:
    """Return whether a daemon has the store."""
    if daemon_runs(ward.database):
        return [ok("a daemon runs")]
    return [warning("no daemon runs on this store", "start it: spryhound run")]
