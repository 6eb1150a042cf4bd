"""Whether what is to be delivered gets delivered."""

from collections.abc import Mapping

from config.schema import Settings
from ingest.doctor.base import Finding, Ward, failed, ok, skipped, warning
from ingest.processing.result_writer import NOTIFICATION, POINT, PUBLICATION, SNOOZE
from ingest.storage.outbox_table import OutboxTable

_LATE_S = 600.0


def check(ward: Ward) -> list[Finding]:
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
    """Return who takes which rows, by the names that `bootstrap` gives them."""
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
