"""Whether this computer knows the time: everything is dated by it."""

import threading
from datetime import UTC, datetime

from ingest.doctor.base import Finding, Ward, failed, ok, warning
from ingest.storage import database

_FIRST_YEAR, _LAST_YEAR = 2025, 2100
_LOOK_S = 0.25
_STEP_S = 0.1
_BACK_S = 60.0
_ADVICE = "switch time synchronisation on: timedatectl set-ntp true"


def check(ward: Ward) -> list[Finding]:
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


def _newest_arrival_s(ward: Ward) -> float:
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
