"""The borders of the program: what the core needs of the world, a few methods each."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from analysis.errors import InputError

_IDENTITY = frozenset({"measurement", "dog", "kind", "run", "time"})

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
        Everything that may change, at least one; a name keeps its type for ever.

    Raises
    ------
    InputError
        If some store could not hold it: no field, a field named like a part of the identity, a
        number that is not finite or has more than 64 bits, a text that is not Unicode.
    """

    measurement: str
    dog: str
    kind: str
    run: str
    time_ns: int
    fields: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what some store could not hold."""
        at = f"{self.measurement} of {self.dog}"
        if not self.fields:
            msg = f"{at}: has no field, expected at least one"
            raise InputError(msg)
        # The ends of the range mean something else to InfluxDB.
        if not -(2**63) + 2 <= self.time_ns <= 2**63 - 2:
            msg = f"{at}: time {self.time_ns} ns has more than 64 bits"
            raise InputError(msg)
        for name in (self.measurement, self.dog, self.kind, self.run):
            _check_text(at, "name", name)
        for name, value in self.fields.items():
            if name in _IDENTITY:
                msg = f"{at}: field {name!r} is named like a part of the identity"
                raise InputError(msg)
            _check_text(at, "field", name)
            _check_value(at, name, value)


def _check_value(at: str, name: str, value: Value) -> None:
    if isinstance(value, str):
        _check_text(at, name, value)
    elif isinstance(value, float) and not math.isfinite(value):
        msg = f"{at}: field {name!r} is {value}, expected a finite number"
        raise InputError(msg)
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        msg = f"{at}: field {name!r} is {value}, which has more than 64 bits"
        raise InputError(msg)


def _check_text(at: str, name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        msg = f"{at}: {name} {text!r} is not Unicode"
        raise InputError(msg) from error


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

    `severity` is ``clear`` (good news), ``watch``, ``warning`` or ``urgent``; adapters map it to
    their own priority.
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
