"""One home under trial: a story is sent to it while things go wrong."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from config.machine_settings import Mqtt
from ingest.mqtt.collar_publisher import CollarLink
from ingest.packets.envelope import EncodedPacket
from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings, wait_until
from simulators.testing.http_sink import HttpSink
from tests.faults.harness.warm import STEP, Life, Wanted, Warm

COLLAR = "rex-collar"
_WITHIN_S = 60.0
_NEWS_WITHIN_S = 15.0
_WAITING = {
    "mqtt": ("publication",),
    "notify-1": ("notification", "snooze"),
    "influx": ("point",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is around a home.

    Attributes
    ----------
    warm
        What starts its daemons.
    broker_port
        Where the daemon looks for the broker.
    collar_port
        Where the collar does; 0 for the same.
    influx_url
        InfluxDB as the daemon sees it.
    phone
        Who hears the notifications, of this home alone.
    """

    warm: Warm
    broker_port: int
    influx_url: str
    phone: HttpSink
    collar_port: int = 0


@dataclass(slots=True, kw_only=True)
class Told:
    """What a trial notes about itself.

    Attributes
    ----------
    injected
        How often a fault was.
    moments
        How many packets were in the journal each time that something was done while sending.
    stopped
        Statements before which a daemon was ended.
    """

    injected: int = 0
    moments: list[int] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)


class Trial:
    """A home with a daemon that may die at any time; open inside ``with``.

    Attributes
    ----------
    home
        Its settings and ways to look in.
    told
        What was done to it.
    """

    def __init__(self, folder: Path, name: str, place: Place) -> None:
        self.place = place
        phone = place.phone.notify_url
        self.home = DaemonHarness(
            folder,
            DaemonHarnessSettings(
                name=name,
                broker_port=place.broker_port,
                influx_url=place.influx_url,
                notify_urls=(phone,),
                gather_stored_s=0.0,
            ),
        )
        self.told = Told()
        self._life: Life | None = None

    def __enter__(self) -> Self:
        self.home.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def life(self) -> Life:
        """The daemon that was started last."""
        assert self._life is not None
        return self._life

    def start(self, **wanted: int) -> None:
        """Start a daemon; nobody waits until it listens."""
        words = self.home.command("run")
        self._life = self.place.warm.start(words, self.home.folder, Wanted(**wanted))

    def kill(self) -> None:
        """End the daemon as a power cut would."""
        if self._life is not None:
            self._life.kill()

    def restart(self, **wanted: int) -> None:
        """Kill the daemon and start another."""
        self.kill()
        self.start(**wanted)
        self.told.injected += 1

    def step_clock(self, by_s: float) -> None:
        """Step the clock of daemons that were started for it."""
        path = self.home.folder / STEP
        path.with_suffix(".new").write_text(str(by_s))
        path.with_suffix(".new").replace(path)

    def second(self) -> Life:
        """Start one more daemon on the same store."""
        words = self.home.command("run")
        return self.place.warm.start(words, self.home.folder, Wanted())

    def is_alive(self) -> bool:
        """Return whether the daemon lives."""
        return self._life is not None and self._life.exit_code() is None

    def begin(self, **wanted: int) -> None:
        """Start the first daemon; the broker keeps packets for it from now on."""
        self.start(**wanted)
        self.home.messages.heard("hub/state", "online", within_s=_WITHIN_S)

    def collar(self) -> CollarLink:
        """Return the collar's side of the air."""
        port = self.place.collar_port or self.place.broker_port
        mqtt = Mqtt(port=port, root=self.home.messages.root)
        return CollarLink(mqtt, COLLAR, slowest_retry_s=1)

    def send(
        self,
        packets: Sequence[EncodedPacket],
        ends: Sequence[int],
        disturb: Callable[[], None],
        *,
        hurried: bool = False,
    ) -> None:
        """Send packets as a collar does, and do something after those that end a part.

        Unless it is hurried, it is done when the daemon has begun with the part, so that it is in
        the midst of work; a hurried one may still be starting.
        """
        with self.collar() as link:
            begin = 0
            for end in [*ends, len(packets)]:
                n_before = self.n_packets()
                for packet in packets[begin:end]:
                    link.send(packet.payload, packet.content_type)
                if end in ends:
                    if not hurried:
                        self._await_more_than(n_before)
                    self.told.moments.append(self.n_packets())
                    disturb()
                begin = end
            link.drain(_WITHIN_S)

    def _await_more_than(self, n_packets: int) -> None:
        """Wait until more packets are in the journal; not for ever, since a part may be all old."""
        wait_until(lambda: self.n_packets() > n_packets or not self.is_alive(), _NEWS_WITHIN_S)

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 (as sqlite3's)
        """Ask the store something without changing it; nothing if it cannot answer now."""
        try:
            address = f"file:{self.home.database}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=5.0)) as connection:
                return connection.execute(question, values).fetchall()
        except sqlite3.OperationalError:
            return []

    def n_packets(self) -> int:
        """Return how many packets are in the journal."""
        found = self.rows("SELECT count(*) FROM packets")
        return int(found[0][0]) if found else 0

    def journalled(self) -> list[EncodedPacket]:
        """Return the packets in the journal, in the order in which they came."""
        found = self.rows(
            "SELECT collar, arrival_s, content_type, payload FROM packets ORDER BY id"
        )
        names = ("collar", "arrival_s", "content_type", "payload")
        return [EncodedPacket(**dict(zip(names, row, strict=True))) for row in found]

    def n_waiting(self) -> int:
        """Return how many rows of the outbox are not delivered, over all followers."""
        total = 0
        for name, kinds in _WAITING.items():
            marks = ", ".join("?" * len(kinds))
            found = self.rows(
                f"SELECT count(*) FROM outbox WHERE kind IN ({marks}) AND id >"  # noqa: S608 (question marks)
                " coalesce((SELECT position FROM followers WHERE name = ?), 0)",
                *kinds,
                name,
            )
            total += int(found[0][0]) if found else 1
        return total

    def settle(self, is_done: Callable[[], bool], within_s: float = _WITHIN_S) -> bool:
        """Let a daemon without trouble do the rest; return whether it could in time."""
        if not self.is_alive():
            self.start()
        return wait_until(lambda: not self.n_waiting() and is_done(), within_s)
