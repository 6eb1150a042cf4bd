"""Hostile messages through a real broker into a running daemon, with a dog's own among them.

``nice python -m tests.security.harness.flood --payloads 1000000``
"""

import argparse
import random
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes

from config.machine_settings import Mqtt
from ingest.mqtt.client import new_properties
from ingest.mqtt.collar_publisher import CollarLink
from ingest.ports import Query
from ingest.storage.sqlite_store import SqliteStore
from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings, wait_until
from simulators.testing.http_sink import HttpSink
from simulators.testing.servers import Mosquitto
from tests.faults.harness.stories import story
from tests.faults.harness.trial import COLLAR
from tests.faults.harness.verdict import MEASUREMENTS, Answer, undisturbed
from tests.security.harness.hostile import LOST, Message, hostile
from tests.security.harness.ledger import Ledger

_TWO_DOGS = f"""
[dogs.max]
name = "Max"
withers_m = 0.4
[[collars]]
id = "{COLLAR}"
dog = "rex"
[[collars]]
id = "{LOST}"
dog = "max"
"""
_REAL = f"collars/{COLLAR}/acceleration"
_LOOK_EVERY, _MOST_AHEAD = 500, 4000
_WITHIN_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a flood came to.

    Attributes
    ----------
    sent, real
        Hostile messages, and packets of the dog's own collar.
    aside, kept, repeats
        Messages that were set aside and counted, packets in the journal, and packets dropped.
    faults
        What went wrong, in words; empty is good.
    seconds
        From the first message to the last one taken.
    early_mb, most_mb
        Memory of the daemon after the first tenth, and at its largest.
    log_bytes, store_mb
        Sizes in the end.
    """

    sent: int
    real: int
    aside: int
    kept: int
    repeats: int
    faults: tuple[str, ...]
    seconds: float
    early_mb: float
    most_mb: float
    log_bytes: int
    store_mb: float


class Flood:
    """One flood into one home.

    Attributes
    ----------
    ledger
        What must have become of all that was sent.
    memory_mb
        What the daemon needed, again and again.
    """

    def __init__(self, home: DaemonHarness, seed: int) -> None:
        self.ledger = Ledger()
        self.memory_mb: list[float] = []
        self._home = home
        self._rng = random.Random(seed)  # noqa: S311  # dice
        self._root = home.messages.root
        self._sent = 0

    def send(self, n_payloads: int) -> None:
        """Send hostile messages with the story's packets spread evenly among them."""
        port, packets = self._home.settings.broker_port, story()
        mqtt = Mqtt(port=port, root=self._root)
        enemy = Client(CallbackAPIVersion.VERSION2, client_id="enemy", protocol=MQTTv5)
        enemy.max_inflight_messages_set(200)
        enemy.connect(mqtt.host, port)
        enemy.loop_start()
        with CollarLink(mqtt, COLLAR, slowest_retry_s=1) as link:
            for index, packet in enumerate(packets, start=1):
                self._hostile(enemy, n_payloads * index // len(packets))
                self.ledger.write(Message(topic=_REAL, payload=packet.payload))
                link.send(packet.payload, packet.content_type)
            link.drain(_WITHIN_S)
        self._wait(0)
        enemy.disconnect()
        enemy.loop_stop()

    def _hostile(self, enemy: Client, until: int) -> None:
        while self._sent < until:
            message = hostile(self._rng)
            self.ledger.write(message)
            properties = new_properties(PacketTypes.PUBLISH)
            if message.content_type:
                properties.ContentType = message.content_type
            topic = f"{self._root}/{message.topic}"
            enemy.publish(topic, message.payload, 1, message.retain, properties)
            self._sent += 1
            if self._sent % _LOOK_EVERY == 0:
                self._wait(_MOST_AHEAD)

    def _wait(self, most_ahead: int) -> None:
        """Wait until the daemon has taken all but a few, so that the broker's queue stays short."""
        self.memory_mb.append(resident_mb(self._home.pid))
        wanted = self.ledger.aside.total() + self.ledger.kept - most_ahead
        if not wait_until(lambda: self.n_aside() + self.n_kept() >= wanted, _WITHIN_S):
            msg = f"{self.n_aside()} + {self.n_kept()} of {wanted}:\n{self._home.log[-3000:]}"
            raise TimeoutError(msg)

    def differences(self) -> list[str]:
        """Return where the store's counts are other than the ledger's."""
        found, counts = [], dict(self._rows("SELECT cause, n FROM counts"))
        expected = {**self.ledger.aside}
        said = {cause: counts.get(cause, 0) for cause in expected}
        if said != expected:
            found.append(f"counted {said}, sent {expected}")
        if self.n_aside() != self.ledger.aside.total():
            found.append(f"{self.n_aside()} set aside, {self.ledger.aside.total()} sent")
        if self.n_kept() != self.ledger.kept:
            found.append(f"{self.n_kept()} kept, {self.ledger.kept} sent")
        # Two packets of one number and different times are kept, and one is dropped later.
        if counts.get("repeat", 0) < self.ledger.repeats:
            found.append(f"{counts.get('repeat', 0)} repeats, {self.ledger.repeats} sent")
        return found

    def n_aside(self) -> int:
        """Return how many messages were ever set aside; only the newest are still there."""
        return int(self._rows("SELECT 0, coalesce(max(id), 0) FROM aside")[0][1])

    def n_kept(self) -> int:
        """Return how many packets are in the journal."""
        return int(self._rows("SELECT 0, count(*) FROM packets")[0][1])

    def _rows(self, question: str) -> list[tuple[str, int]]:
        address = f"file:{self._home.database}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=30.0)) as connection:
            return connection.execute(question).fetchall()


def flood(folder: Path, broker_port: int, n_payloads: int, seed: int = 0) -> Outcome:
    """Flood a fresh home and say what that came to."""
    with HttpSink() as phone:
        settings = DaemonHarnessSettings(
            name="flooded",
            broker_port=broker_port,
            notify_urls=(phone.notify_url,),
            gather_stored_s=0.0,
        )
        with DaemonHarness(folder, settings) as home:
            with home.config.open("a", encoding="utf-8") as file:
                file.write(_TWO_DOGS)
            answer = undisturbed(home, story())
            home.start()
            home.messages.heard("hub/state", "online")
            attack, begin_s = Flood(home, seed), monotonic()
            attack.send(n_payloads)
            seconds = monotonic() - begin_s
            wait_until(lambda: told(phone, answer) >= len(answer.messages), _WITHIN_S)
            code = home.terminate(within_s=30.0)
            ended = [f"it ended with {code}"] if code else []
            faults = [*_faults(home, answer, phone), *attack.differences(), *ended]
            return Outcome(
                sent=n_payloads,
                real=len(story()),
                aside=attack.n_aside(),
                kept=attack.n_kept(),
                repeats=attack.ledger.repeats,
                faults=tuple(faults),
                seconds=seconds,
                early_mb=attack.memory_mb[len(attack.memory_mb) // 10],
                most_mb=max(attack.memory_mb),
                log_bytes=len(home.log),
                store_mb=home.database.stat().st_size / 1e6,
            )


def told(phone: HttpSink, answer: Answer) -> int:
    """Return how many of the messages that the owner should get have come, each as often."""
    heard = Counter(
        message
        for message in answer.messages
        for each in phone.caught
        if message.encode() in each.body
    )
    return sum(heard.values())


def resident_mb(pid: int) -> float:
    """Return how much memory a process has."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = (each for each in lines if each.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def _faults(home: DaemonHarness, answer: Answer, phone: HttpSink) -> Sequence[str]:
    found = [
        line
        for line in home.log.splitlines()
        if any(word in line for word in ("Traceback", "Error", "[error", "exception"))
    ]
    with SqliteStore(home.database) as store:
        for name in MEASUREMENTS:
            stored = store.read(Query(measurement=name, dog="rex"))
            expected = [each for each in answer.points[name] if each.dog == "rex"]
            missing = [each for each in expected if each not in stored]
            if missing or len(stored) != len(expected):
                found.append(
                    f"{name}: {len(missing)} missing of {len(expected)}, {len(stored)} stored"
                )
    n_told = told(phone, answer)
    if n_told != len(answer.messages):
        found.append(f"the owner heard {n_told} of {len(answer.messages)}")
    return found


def main() -> int:
    """Flood a home and print what that came to; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.security.harness.flood", description=__doc__
    )
    parser.add_argument("--payloads", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="flood-"))
    with Mosquitto(folder=folder / "broker") as broker:
        outcome = flood(folder / "home", broker.port, wanted.payloads, wanted.seed)
    sys.stdout.write(f"{outcome}\n")
    return int(bool(outcome.faults))


if __name__ == "__main__":
    sys.exit(main())
