"""How soon a killed daemon works again with a full journal and 20 dogs.

Run it: ``python -m tests.faults.measure_restart``.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np

from config.machine_settings import Mqtt
from ingest.mqtt.collar_publisher import CollarLink
from ingest.packets.packet import Packet, encode_cbor
from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings, wait_until
from simulators.testing.servers import Mosquitto

N_DOGS = 20
N_BEHIND_S = 60
"""The state is saved once a minute, so a minute of packets lies behind it at most."""
RATE_HZ = 50.0
PAYLOAD_BYTES = 340
WITHIN_S = 120.0

_FILL = f"""
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
INSERT INTO packets (collar, boot, seq, start_s, arrival_s, content_type, payload)
SELECT 'dog-' || (i % {N_DOGS}), 'old', i / {N_DOGS}, ? - (? - i) / {N_DOGS}.0,
       ? - (? - i) / {N_DOGS}.0, 'application/cbor', zeroblob({PAYLOAD_BYTES}) FROM n
"""  # noqa: S608 (our own numbers)


def packet(seq: int, start_s: float) -> bytes:
    """Return a second of a dog that lies still."""
    noise_g = np.random.default_rng(seq).normal(0.0, 0.004, (int(RATE_HZ), 3))
    made = Packet(
        boot="new",
        seq=seq,
        t_ms=start_s * 1000.0,
        rate_hz=RATE_HZ,
        acceleration_g=noise_g + np.array([0.0, 0.0, 1.0]),
    )
    return encode_cbor(made)


def fill(database: Path, n_packets: int, now_s: float) -> None:
    """Put packets of the last weeks into a journal, all of them in its saved state."""
    with closing(sqlite3.connect(database, isolation_level=None)) as store:
        store.execute("BEGIN")
        store.execute(_FILL, (n_packets, now_s, n_packets, now_s, n_packets))
        store.execute("UPDATE memory SET position = ?", (n_packets,))
        store.execute("COMMIT")
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def send(home: DaemonHarness, seqs: range, begin_s: float) -> None:
    """Send packets of all dogs, a second after the other."""
    with ExitStack() as stack:
        mqtt = Mqtt(port=home.settings.broker_port, root=home.messages.root)
        links = [stack.enter_context(CollarLink(mqtt, f"dog-{dog}")) for dog in range(N_DOGS)]
        for seq in seqs:
            for link in links:
                link.send(packet(seq, begin_s + seq), "application/cbor")
        for link in links:
            link.drain(WITHIN_S)


def newest(home: DaemonHarness) -> int:
    """Return the last packet in the journal."""
    with closing(sqlite3.connect(f"file:{home.database}?mode=ro", uri=True)) as store:
        return int(store.execute("SELECT max(id) FROM packets").fetchone()[0] or 0)


def restart_s(home: DaemonHarness, n_packets: int) -> float:
    """Return the seconds from the start of the daemon to the first new packet in the journal."""
    home.start()
    home.terminate(WITHIN_S)
    now_s = time.time()  # noqa: TID251 (no clock to hand in)
    fill(home.database, n_packets, now_s)
    home.start()
    send(home, range(N_BEHIND_S), now_s - N_BEHIND_S)
    assert wait_until(lambda: newest(home) >= n_packets + N_DOGS * N_BEHIND_S, WITHIN_S)
    home.kill()
    send(home, range(N_BEHIND_S, N_BEHIND_S + 1), now_s - N_BEHIND_S)
    known, begin_s = newest(home), time.monotonic()
    home.start()
    assert wait_until(lambda: newest(home) > known, WITHIN_S)
    return time.monotonic() - begin_s


def main() -> int:
    """Measure once and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packets", type=int, default=6_000_000, help="in the journal (6,000,000)")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="restart-") as name:
        folder = Path(name)
        with (
            Mosquitto(folder=folder / "broker") as broker,
            DaemonHarness(
                folder / "home", DaemonHarnessSettings(name="restart", broker_port=broker.port)
            ) as home,
        ):
            dogs = "".join(f'[dogs.dog-{dog}]\nname = "Dog {dog}"\n' for dog in range(N_DOGS))
            collars = "".join(
                f'[[collars]]\nid = "dog-{dog}"\ndog = "dog-{dog}"\n' for dog in range(N_DOGS)
            )
            with home.config.open("a") as config:
                config.write(dogs + collars)
            took_s = restart_s(home, wanted.packets)
            size = home.database.stat().st_size >> 20
    print(f"{wanted.packets:,} packets, {size:,} MB, {N_DOGS} dogs: {took_s:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
