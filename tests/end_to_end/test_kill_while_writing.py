"""A writer killed at any moment has lost nothing that it reported and left nothing half."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.ports import Query
from ingest.storage import database
from ingest.storage.journal import Journal
from ingest.storage.sqlite_store import SqliteStore
from simulators.testing.fakes import ManualClock

WRITER = """
import sys
from pathlib import Path

from ingest.clock import SystemClock
from ingest.storage.journal import Journal
from ingest.ports import Point
from simulators.testing.fakes import received_packet

with Journal(Path(sys.argv[1]), SystemClock()) as journal:
    seq = sum(1 for _ in journal.packets())
    while True:
        packet = received_packet(seq=seq, start_s=float(seq), payload=b"x" * 300)
        point = Point(measurement="minute", dog="rex", kind="", run="live", time_ns=seq,
                      fields={"seq": seq})
        with journal.transaction() as tx:
            position = tx.append(packet)
            tx.write([point])
            tx.enqueue("point", f"minute {seq}", b"%d" % seq)
            tx.save_state("rex", b"%d" % seq, position)
        print(seq, flush=True)
        seq += 1
"""


def kill_after(path: Path, n_reports: int) -> int:
    """Start a writer, kill it after some reports, and return the last number it reported."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        reported = [int(writer.stdout.readline()) for _ in range(n_reports)]
        writer.kill()
        # It went on while the kill was under way.
        reported += [int(line) for line in writer.stdout.read().split()]
    return reported[-1]


@pytest.mark.slow
def test_what_was_reported_is_there_and_nothing_is_half(tmp_path: Path) -> None:
    """One file through five deaths, each at another number of commits."""
    path = tmp_path / "spryhound.db"
    for n_reports in (1, 2, 7, 50, 211):
        last = kill_after(path, n_reports)

        connection = database.connect(path)
        (check,) = connection.execute("PRAGMA integrity_check").fetchone()
        outbox = [int(row[0]) for row in connection.execute("SELECT body FROM outbox ORDER BY id")]
        connection.close()
        with Journal(path, ManualClock()) as journal:
            packets = [position for position, _ in journal.packets()]
            memory = journal.load_state("rex")
        with SqliteStore(path) as store:
            points = [point.fields["seq"] for point in store.read(Query(measurement="minute"))]

        assert check == "ok"
        # One more than reported may be there: it was committed, and the report was not printed.
        assert points[-1] in {last, last + 1}
        assert points == outbox == list(range(len(points)))
        assert len(packets) == len(points)
        assert memory == (b"%d" % points[-1], packets[-1])
