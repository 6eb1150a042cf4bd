"""Stand-ins for the world that keep what they were given and fail when they are told to.

They hold the same contract tests as the real adapters (`tests/contract`).
"""

import threading
from collections import deque
from collections.abc import Iterable

import numpy as np

from analysis.errors import DeliveryError
from config.machine_settings import Web
from ingest.packets.envelope import EncodedPacket, ReceivedPacket
from ingest.packets.packet import Packet
from ingest.ports import Message, Point, Publication, Query

PAGE = Web().model_copy(update={"port": 0})
"""A page on whatever port is free, which no settings file can ask for."""


class ManualClock:
    """A clock that stands still until it is told to go on; both its times move together."""

    def __init__(self, now_s: float = 1_700_000_000.0) -> None:
        self._now_s = now_s
        self._monotonic_s = 0.0
        self._lock = threading.Lock()

    def now_s(self) -> float:
        """Return Unix time in seconds."""
        with self._lock:
            return self._now_s

    def monotonic_s(self) -> float:
        """Return seconds since this clock was made."""
        with self._lock:
            return self._monotonic_s

    def advance(self, step_s: float) -> None:
        """Let time pass.

        Raises
        ------
        ValueError
            If it is to run backwards.
        """
        if not step_s >= 0.0:
            msg = f"time does not pass by {step_s} s"
            raise ValueError(msg)
        with self._lock:
            self._now_s += step_s
            self._monotonic_s += step_s

    def set_now(self, now_s: float) -> None:
        """Set the time of day, as a time server does, also backwards; no time passes by that."""
        with self._lock:
            self._now_s = now_s


class Faults:
    """Errors to raise at the next calls, one each."""

    def __init__(self) -> None:
        self._waiting: deque[DeliveryError] = deque()
        self._lock = threading.Lock()

    def fail_next(self, *errors: DeliveryError) -> None:
        """Raise these at the next calls, in this order, instead of taking what is given."""
        with self._lock:
            self._waiting.extend(errors)

    def happen(self) -> None:
        """Raise the next error, if one waits."""
        with self._lock:
            error = self._waiting.popleft() if self._waiting else None
        if error is not None:
            raise error


class FakeStore(Faults):
    """The `Store` port in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._points: dict[tuple[str, str, str, str, int], Point] = {}

    def write(self, points: Iterable[Point]) -> None:
        """Store points, overwriting those of the same identity."""
        self.happen()
        for each in points:
            key = (each.measurement, each.run, each.dog, each.kind, each.time_ns)
            self._points[key] = each

    def read(self, query: Query) -> list[Point]:
        """Return the points asked for, oldest first."""
        found = [point for point in self._points.values() if _is_wanted(point, query)]
        found.sort(key=lambda point: (point.time_ns, point.run, point.dog, point.kind))
        if query.newest is not None:
            found = found[max(0, len(found) - query.newest) :]
        return found


class FakeNotifier(Faults):
    """The `Notifier` port; `sent` holds the messages, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Message] = []

    def send(self, message: Message, /) -> None:
        """Keep one message."""
        self.happen()
        self.sent.append(message)


class FakePublisher(Faults):
    """The `Publisher` port; `published` holds everything, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.published: list[Publication] = []

    @property
    def retained(self) -> dict[str, bytes]:
        """What a new subscriber would get, by topic; an empty payload takes a topic away."""
        last = {each.topic: each.payload for each in self.published if each.retain}
        return {topic: payload for topic, payload in last.items() if payload}

    def publish(self, publication: Publication, /) -> None:
        """Keep one publication."""
        self.happen()
        self.published.append(publication)


def _is_wanted(point: Point, query: Query) -> bool:
    return (
        point.measurement == query.measurement
        and query.dog in {None, point.dog}
        and query.kind in {None, point.kind}
        and query.run in {None, point.run}
        and (query.start_ns is None or point.time_ns >= query.start_ns)
        and (query.end_ns is None or point.time_ns < query.end_ns)
    )


def received_packet(  # noqa: PLR0913 (one argument for each column of the journal)
    *,
    collar: str = "collar-1",
    boot: str = "1",
    seq: int = 0,
    start_s: float = 0.0,
    arrival_s: float = 0.0,
    payload: bytes = b"payload",
    content_type: str = "application/cbor",
) -> ReceivedPacket:
    """Return a packet of one sample, said to have come in some bytes."""
    encoded = EncodedPacket(
        collar=collar, arrival_s=arrival_s, content_type=content_type, payload=payload
    )
    packet = Packet(
        seq=seq,
        boot=boot,
        t_ms=1000.0 * start_s,
        rate_hz=50.0,
        acceleration_g=np.array([[0.0, 0.0, 1.0]]),
    )
    return ReceivedPacket(encoded=encoded, packet=packet)
