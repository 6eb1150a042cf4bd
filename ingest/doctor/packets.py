"""When each collar was last heard, and what of it could not be used."""

from collections.abc import Iterable
from datetime import UTC, datetime

from ingest.doctor.base import Finding, Ward, ok, skipped, warning
from ingest.storage import database
from ingest.storage.journal import Journal

_SILENT_S = 900.0
_HARMLESS = {"repeat"}


def check(ward: Ward) -> list[Finding]:
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


def _heard(ward: Ward) -> dict[str, tuple[int, float]]:
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


def _collar(ward: Ward, name: str, n_packets: int, last_s: float) -> Finding:
    age_s = ward.clock.now_s() - last_s
    text = f"collar {name}: {n_packets} packets kept, the last {_ago(age_s)}"
    if age_s <= _SILENT_S:
        return ok(text)
    return warning(text, "is it charged, switched on and within reach of the network?")


def _silence(ward: Ward, name: str) -> Finding:
    topic = f"{ward.settings.mqtt.root}/collars/{name}/acceleration"
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
