"""How fast packets are made safe and points written: run this file with the project installed."""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from config.machine_settings import Influx as InfluxTable
from ingest.ports import Point, Query
from ingest.storage import database
from ingest.storage.influx import InfluxStore
from ingest.storage.sqlite_store import SqliteStore, write_points
from simulators.testing.servers import Influx, ServerMissingError

N_COMMITS = 300
N_LINES = 100_000
PACKET = b"x" * 340
"""50 samples in CBOR take about this much."""


def minute(i: int) -> Point:
    """Return a point with as many fields as a minute has."""
    fields = {"start_s": 60.0 * i, "worn_s": 60.0, "vedba_g": 0.031, "rest_s": 55.0}
    fields |= {"light_s": 5.0, "walk_s": 0.0, "vigorous_s": 0.0, "clipped": 0.0}
    return Point(
        measurement="minute",
        dog="rex",
        kind="",
        run="live",
        time_ns=60_000_000_000 * i,
        fields=fields,
    )


def commits_per_s(path: Path, synchronous: str) -> float:
    """Return transactions a second, each a packet and what it caused."""
    connection = database.connect(path)
    connection.execute(f"PRAGMA synchronous={synchronous}")

    def commit(i: int) -> None:
        with database.transaction(connection, path):
            connection.execute(
                "INSERT INTO packets (collar, boot, seq, start_s, arrival_s, content_type, payload)"
                " VALUES ('c', 'b', ?, ?, ?, 'application/cbor', ?)",
                (i, float(i), float(i), PACKET),
            )
            write_points(connection, [minute(i)])
            connection.execute(
                "INSERT INTO outbox (kind, key, body, made_s) VALUES ('point', ?, ?, 0)",
                (str(i), PACKET),
            )
            connection.execute(
                "INSERT OR REPLACE INTO memory VALUES ('rex', ?, ?)", (PACKET * 20, i)
            )

    def commit_all() -> None:
        for i in range(N_COMMITS):
            commit(i)

    rate = N_COMMITS / seconds(commit_all)
    connection.close()
    return rate


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def say(text: str) -> None:
    """Print one line."""
    sys.stdout.write(text + "\n")


def main() -> None:
    """Measure all and print one line each."""
    points = [minute(i) for i in range(N_LINES)]
    say(f"SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}")
    # Not the system's own folder for such things: that often is memory.
    with tempfile.TemporaryDirectory(dir=Path.home()) as name:
        folder = Path(name)
        for synchronous in ("FULL", "NORMAL"):
            rate = commits_per_s(folder / f"{synchronous}.db", synchronous)
            say(f"commits with synchronous={synchronous}: {rate:.0f} a second")
        with SqliteStore(folder / "points.db") as store:
            rate = N_LINES / seconds(lambda: store.write(points))
            say(f"points into SQLite in one transaction: {rate:.0f} a second")
        try:
            server = Influx(folder=folder / "influx")
        except ServerMissingError as error:
            say(str(error))
            return
        with server, InfluxStore(InfluxTable(url=server.url)) as influx:
            rate = N_LINES / seconds(lambda: influx.write(points))
            say(f"points into InfluxDB 1.x, 5000 a request: {rate:.0f} a second")
            day = Query(measurement="minute", dog="rex", newest=1440)
            took_ms = 1000 * seconds(lambda: influx.read(day))
            say(f"a day of minutes out of InfluxDB 1.x: {took_ms:.0f} ms")


if __name__ == "__main__":
    main()
