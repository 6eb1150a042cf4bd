"""How soon a forbidden jump is told, with one collar and with many.

Run it: ``python -m tests.faults.measure_latency``. Collars send what they feel when they feel it.
"""

import argparse
import os
import re
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Pause

import numpy as np

from analysis.model import FloatArray
from config.machine_settings import Mqtt
from ingest.clock import SystemClock
from ingest.mqtt.collar_publisher import CollarLink
from ingest.packets.packet import Packet, encode_cbor
from simulators.day.day import Chunk
from simulators.evaluation.sections.run_detectors import Listener
from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings, wait_until
from simulators.testing.http_sink import HttpSink, ReceivedRequest
from simulators.testing.sample_recording import BOUTS, RATE_HZ, story_g
from simulators.testing.servers import Mosquitto

BATCH = 100
BATCH_S = BATCH / RATE_HZ
_BEFORE_S, _AFTER_S = 10.0, 12.0
_CALM_S = 8.0
"""The story around its jump; its last calm seconds are repeated before and after it."""
_SPACING_S = 1.03
_BEGIN_IN_S = 3.0
_WITHIN_S = 30.0
_NOW = SystemClock()
_DOG = """
[dogs.{name}]
name = "{name}"
withers_m = 0.5
[dogs.{name}.plan]
start = {start}
[[dogs.{name}.plan.phases]]
name = "no jumps"
days = 28
forbids = ["jump"]
[[collars]]
id = "{name}"
dog = "{name}"
"""


@dataclass(slots=True, kw_only=True)
class Stream:
    """One collar: when it begins, what it feels, and how many packets it has sent."""

    name: str
    begin_s: float
    felt_g: FloatArray
    sent: int = 0

    @property
    def due_s(self) -> float:
        """When the last sample of the next packet is there."""
        return self.begin_s + (self.sent + 1) * BATCH_S

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to send."""
        return (self.sent + 1) * BATCH > len(self.felt_g)

    def packet(self) -> bytes:
        """Return the next packet."""
        first = self.sent * BATCH
        made = Packet(
            boot="boot",
            seq=self.sent,
            t_ms=(self.begin_s + self.sent * BATCH_S) * 1000.0,
            rate_hz=RATE_HZ,
            acceleration_g=self.felt_g[first : first + BATCH],
        )
        self.sent += 1
        return encode_cbor(made)


def scene() -> tuple[FloatArray, FloatArray, float]:
    """Return the story around its jump, calm from it, and when the jump ends, in seconds."""
    jump_s = sum(length_s for _, length_s in BOUTS[:3])
    first, end = (round((jump_s + each) * RATE_HZ) for each in (-_BEFORE_S, _AFTER_S))
    felt_g = story_g()[first:end]
    chunk = Chunk(start_s=0.0, rate_hz=RATE_HZ, acceleration_g=felt_g.astype(np.float32))
    (jump,) = Listener(withers_m=0.5).events([chunk])
    return felt_g, felt_g[: round(_CALM_S * RATE_HZ)], jump.end_s


def together(n: int) -> tuple[list[Stream], dict[str, float]]:
    """Return collars that all send all the time, and when each one's jump ends."""
    felt_g, calm_g, end_s = scene()
    begin_s = _NOW.now_s() + _BEGIN_IN_S
    streams, ends_s = [], {}
    for number in range(n):
        before, after = (
            np.resize(calm_g, (round(places * _SPACING_S * RATE_HZ), 3))
            for places in (number, n - number)
        )
        mine_s = begin_s + number * BATCH_S / n
        name = f"dog-{number}"
        streams.append(
            Stream(name=name, begin_s=mine_s, felt_g=np.concatenate([before, felt_g, after]))
        )
        ends_s[name] = mine_s + number * _SPACING_S + end_s
    return streams, ends_s


def in_turn(n: int) -> tuple[list[Stream], dict[str, float]]:
    """Return collars that send one after the other, and when each one's jump ends."""
    felt_g, _, end_s = scene()
    begin_s = _NOW.now_s() + _BEGIN_IN_S
    lasts_s = len(felt_g) / RATE_HZ
    begins_s = [begin_s + number * lasts_s for number in range(n)]
    streams = [
        Stream(name=f"dog-{number}", begin_s=mine_s, felt_g=felt_g)
        for number, mine_s in enumerate(begins_s)
    ]
    ends_s = {each.name: each.begin_s + end_s for each in streams}
    return streams, ends_s


def send(home: DaemonHarness, streams: list[Stream]) -> None:
    """Send every packet when its last sample is there."""
    pause = Pause()
    with ExitStack() as stack:
        links = {each.name: stack.enter_context(_link(home, each.name)) for each in streams}
        while left := [each for each in streams if not each.is_over]:
            stream = min(left, key=lambda each: each.due_s)
            pause.wait(max(0.0, stream.due_s - _NOW.now_s()))
            links[stream.name].send(stream.packet(), "application/cbor")


def _link(home: DaemonHarness, name: str) -> CollarLink:
    return CollarLink(Mqtt(port=home.settings.broker_port, root=home.messages.root), name)


def told_s(caught: list[ReceivedRequest]) -> dict[str, float]:
    """Return when each dog was first named in a message."""
    found: dict[str, float] = {}
    for each in caught:
        for name in re.findall(r"dog-\d+", each.body.decode()):
            found.setdefault(name, each.at_s)
    return found


def measure(n: int, *, is_together: bool) -> list[float]:
    """Return the seconds from each jump's last sample to its message, longest last."""
    with tempfile.TemporaryDirectory(prefix="latency-") as name, ExitStack() as stack:
        folder = Path(name)
        broker = stack.enter_context(Mosquitto(folder=folder / "broker"))
        phone = stack.enter_context(HttpSink())
        wanted = DaemonHarnessSettings(
            name="latency",
            broker_port=broker.port,
            notify_urls=(phone.notify_url,),
        )
        home = stack.enter_context(DaemonHarness(folder / "home", wanted))
        start = datetime.fromtimestamp(_NOW.now_s(), UTC).date()
        with home.config.open("a") as config:
            config.writelines(_DOG.format(name=f"dog-{each}", start=start) for each in range(n))
        home.start()
        streams, ends_s = together(n) if is_together else in_turn(n)
        send(home, streams)
        wait_until(lambda: set(ends_s) <= set(told_s(phone.caught)), _WITHIN_S)
        heard_s = told_s(phone.caught)
    missing = sorted(set(ends_s) - set(heard_s))
    if missing:
        print(f"never told: {', '.join(missing)}", file=sys.stderr)
    return sorted(heard_s[dog] - end for dog, end in ends_s.items() if dog in heard_s)


def main() -> int:
    """Measure both and print them; 1 if a jump was never told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", type=int, default=30, help="jumps of one collar at a time (30)")
    parser.add_argument("--many", type=int, default=200, help="collars at once (200)")
    wanted = parser.parse_args()
    all_told = True
    for n, is_together, what in (
        (wanted.one, False, "one collar"),
        (wanted.many, True, f"{wanted.many} collars"),
    ):
        took_s = measure(n, is_together=is_together) if n else []
        all_told &= len(took_s) == n
        if took_s:
            middle, late = np.quantile(took_s, (0.5, 0.99))
            load = os.getloadavg()[0]
            print(
                f"{what}: {len(took_s)} of {n} jumps told, p50 {middle:.2f} s, p99 {late:.2f} s,"
                f" longest {took_s[-1]:.2f} s; packets of {BATCH_S:g} s; load {load:.1f}"
            )
    return int(not all_told)


if __name__ == "__main__":
    sys.exit(main())
