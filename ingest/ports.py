"""The borders of the program: what the core needs of the world, a few methods each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Value = float | int | str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One stored record; the same in every store.

    Its identity is (measurement, dog, kind, run, time_ns): a second write overwrites the first.

    Attributes
    ----------
    measurement
        ``minute``, ``gait``, ``event``, ``alert``, ``day``, ``diary`` or ``collar``.
    dog
        The dog's id.
    kind
        What sort, where there are several (``jump``, ``stiff_gait``, ``dose``); else empty.
    run
        ``live``, or the id of a saved replay.
    time_ns
        Sample time in nanoseconds since 1970.
    fields
        Everything that may change; a name keeps its type for ever.
    """

    measurement: str
    dog: str
    kind: str
    run: str
    time_ns: int
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which points to read; times are half-open, ``None`` means any.

    `newest` keeps only that many, counted from the newest. Points always come in time order.
    """

    measurement: str
    dog: str | None = None
    kind: str | None = None
    run: str | None = "live"
    start_ns: int | None = None
    end_ns: int | None = None
    newest: int | None = None


class Store(Protocol):
    """Where points are kept for review."""

    def write(self, points: Iterable[Point]) -> None:
        """Store points, overwriting those of the same identity.

        Raises
        ------
        DeliveryError
            If it was not accepted now; the same points may be written again.
        RejectedError
            If a point never will be accepted.
        """

    def read(self, query: Query) -> list[Point]:
        """Return the points asked for, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to the owner.

    `severity` is ``watch``, ``warning`` or ``urgent``; adapters map it to their own priority.
    """

    title: str
    body: str
    severity: str


class Notifier(Protocol):
    """A way to reach the owner."""

    def send(self, message: Message, /) -> None:
        """Deliver one message.

        Raises
        ------
        DeliveryError
            If it was not accepted; it may be tried again.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One MQTT message that the hub sends; `topic` is absolute."""

    topic: str
    payload: bytes
    retain: bool = False
    qos: int = 1


class Publisher(Protocol):
    """A way to publish over MQTT."""

    def publish(self, publication: Publication, /) -> None:
        """Publish and return once the broker has it.

        Raises
        ------
        DeliveryError
            If the broker did not take it; it may be tried again.
        """


class Clock(Protocol):
    """The time, asked for in one place only."""

    def now_s(self) -> float:
        """Return Unix time in seconds."""

    def monotonic_s(self) -> float:
        """Return seconds since some start that only ever grow."""
