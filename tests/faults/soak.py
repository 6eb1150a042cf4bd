"""Sixty days through a real daemon at high speed: what grows, and what does not.

Run it: ``python -m tests.faults.soak``. A healthy dog at 25 Hz, all day, in packets of a minute.
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Pause

from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings
from simulators.testing.http_sink import HttpSink
from simulators.testing.servers import Mosquitto

_STORY = """\
start = 2026-03-02
seed = 60

[dog]
name = "rex"
withers_m = 0.50
mass_kg = 20.0

[collar]
id = "rex-collar"
rate_hz = 25.0

[collar.radio]
batch = 1500

[[phases]]
days = {days}
"""
_JOURNAL_MB = 48
_DAY_NS = 86_400 * 10**9
_LOOK_EVERY_S = 0.5
_WEEK = 7
_MOST_GROWTH = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a daemon takes after so many days: memory, files and rows."""

    day: int
    memory_mb: float
    store_mb: float
    n_journal: int
    n_waiting: int
    log_kb: float

    def row(self) -> str:
        """Return it as a line of a table."""
        return (
            f"| {self.day} | {self.memory_mb:.0f} | {self.store_mb:.0f} | {self.n_journal:,}"
            f" | {self.n_waiting} | {self.log_kb:.1f} |"
        )


HEAD = (
    "| day | memory, MB | store, MB | packets in the journal | rows waiting | log, kB |\n"
    "|--:|--:|--:|--:|--:|--:|"
)


def look(home: DaemonHarness) -> Look | None:
    """Return what the daemon takes now; None before it has finished a minute."""
    address = f"file:{home.database}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=10.0)) as store:
        first_ns, last_ns = store.execute(
            "SELECT min(time_ns), max(time_ns) FROM points WHERE measurement = 'minute'"
        ).fetchone()
        (n_journal,) = store.execute("SELECT count(*) FROM packets").fetchone()
        (n_waiting,) = store.execute(
            "SELECT count(*) FROM outbox WHERE id > (SELECT min(position) FROM followers)"
        ).fetchone()
    if first_ns is None:
        return None
    status = Path(f"/proc/{home.pid}/status").read_text()
    memory_kb = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    files = home.database.parent.glob(f"{home.database.name}*")
    return Look(
        day=int((last_ns - first_ns) // _DAY_NS),
        memory_mb=int(memory_kb) / 1024,
        store_mb=sum(each.stat().st_size for each in files) / 2**20,
        n_journal=n_journal,
        n_waiting=n_waiting,
        log_kb=len(home.log) / 1024,
    )


def watch(home: DaemonHarness, collar: subprocess.Popen[str], n_days: int) -> list[Look]:
    """Return a look at the end of each day until the last one is nearly over."""
    looks: list[Look] = []
    pause, idle = Pause(), 0
    while idle < 60.0 / _LOOK_EVERY_S and (not looks or looks[-1].day < n_days - 1):
        pause.wait(_LOOK_EVERY_S)
        idle = idle + 1 if collar.poll() is not None else 0
        now = look(home)
        if now is not None and (not looks or now.day > looks[-1].day):
            looks.append(now)
    return looks


def measure(folder: Path, broker: Mosquitto, n_days: int, journal_mb: int) -> list[Look]:
    """Return a look at the end of each day of a home whose journal may take so much."""
    with HttpSink() as phone:
        settings = DaemonHarnessSettings(
            name="soak",
            broker_port=broker.port,
            notify_urls=(phone.notify_url,),
            plan_start="2025-01-01",
        )
        story = folder / "story.toml"
        story.write_text(_STORY.format(days=n_days))
        with DaemonHarness(folder / "home", settings) as home:
            with home.config.open("a") as config:
                config.write(f"[journal]\nmax_mb = {journal_mb}\n")
            home.start()
            with home.beside("simulate", "--scenario", str(story), "--speed", "max") as collar:
                return watch(home, collar, n_days)


def main() -> int:
    """Measure once and print a table; 1 if memory or journal grow after the first week."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60, help="simulated days (60)")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        with Mosquitto(folder=folder / "broker") as broker:
            looks = measure(folder, broker, wanted.days, _JOURNAL_MB)
    print(HEAD)
    for each in looks:
        if each.day % _WEEK == 0 or each is looks[-1]:
            print(each.row())
    week = [each for each in looks if each.day <= _WEEK]
    later = [each for each in looks if each.day > _WEEK]
    if not week or not later or later[-1].day < wanted.days - 2:
        print("it was not seen to its end", file=sys.stderr)
        return 1
    memory_grew, journal_grew = (
        max(getattr(each, name) for each in later) / max(getattr(each, name) for each in week)
        for name in ("memory_mb", "n_journal")
    )
    print(f"after the first week: memory x {memory_grew:.2f}, journal x {journal_grew:.2f}")
    return int(max(memory_grew, journal_grew) > _MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
