"""What others may ask of the hub on ``dogs/<dog>/command``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from analysis.alerts.book import AlertBook
from analysis.errors import InputError
from analysis.model import AlertChange
from ingest.mqtt.topics import dog_of_command
from ingest.records import LATEST_SNOOZE_S

_LARGEST_BYTES = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """The owner has seen an alert."""

    dog: str
    alert_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAlarm:
    """An alert was none."""

    dog: str
    alert_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Hold back one kind of alert until a time, which has an offset."""

    dog: str
    kind: str
    until: datetime

    @property
    def until_s(self) -> float:
        """Unix time of the end."""
        return self.until.timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """Something for the diary, not checked yet; see `ingest.processing.diary`."""

    dog: str
    entry: Mapping[str, Any]


Command = Acknowledge | FalseAlarm | Snooze | LogEntry


class _SnoozeWire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: str
    until: datetime


class _Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One command as others write it: exactly one of its parts is set."""

    ack: str | None = None
    false_alarm: str | None = None
    snooze: _SnoozeWire | None = None
    log: dict[str, Any] | None = None


class _StoredWire(_Wire, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same where no topic says which dog it is for."""

    dog: Any = None


WireT = TypeVar("WireT", bound=_Wire)


def parse_command(topic: str, payload: bytes) -> Command:
    """Return the command in a message.

    Raises
    ------
    InputError
        If the topic is not that of a dog's commands or the payload is not one command.
    """
    dog = dog_of_command(topic)
    if dog is None:
        msg = f"topic {topic!r} carries no commands, expected .../dogs/<dog>/command"
        raise InputError(msg)
    return _command(dog, _decoded(payload, _Wire, f"command for dog {dog!r}"))


def stored_command(body: bytes) -> Command:
    """Return a command that lies in the store, where it names its dog itself.

    Raises
    ------
    InputError
        If it names no dog or is not one command.
    """
    wire = _decoded(body, _StoredWire, "command")
    if not isinstance(wire.dog, str) or not wire.dog or "/" in wire.dog:
        msg = f"command is for dog {wire.dog!r}, expected an id"
        raise InputError(msg)
    return _command(wire.dog, wire)


def encode_command(command: Command) -> bytes:
    """Return a command as `stored_command` reads it."""
    parts: dict[str, Any]
    match command:
        case Acknowledge():
            parts = {"ack": command.alert_id}
        case FalseAlarm():
            parts = {"false_alarm": command.alert_id}
        case Snooze():
            parts = {"snooze": {"kind": command.kind, "until": command.until}}
        case LogEntry():
            parts = {"log": command.entry}
    return msgspec.json.encode({"dog": command.dog, **parts})


def changes_of(book: AlertBook, command: Command, time_s: float) -> list[AlertChange]:
    """Return what a command changes in a dog's book of alerts; a snooze is not its business.

    Raises
    ------
    InputError
        If the alert is not known.
    """
    match command:
        case Acknowledge():
            return book.command("ack", command.alert_id, time_s)
        case FalseAlarm():
            return book.command("false_alarm", command.alert_id, time_s)
        case _:
            return []


def _decoded(payload: bytes, wire: type[WireT], what: str) -> WireT:
    if len(payload) > _LARGEST_BYTES:
        msg = f"command has {len(payload)} bytes, expected at most {_LARGEST_BYTES}"
        raise InputError(msg)
    try:
        return msgspec.json.decode(payload, type=wire)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        msg = f"{what} cannot be read: {error}"
        raise InputError(msg) from error


def _command(dog: str, wire: _Wire) -> Command:
    parts = [name for name in ("ack", "false_alarm", "log", "snooze") if getattr(wire, name)]
    if len(parts) != 1:
        msg = f"command holds {parts}, expected one of ack, false_alarm, snooze, log"
        raise InputError(msg)
    if wire.ack:
        return Acknowledge(dog=dog, alert_id=wire.ack)
    if wire.false_alarm:
        return FalseAlarm(dog=dog, alert_id=wire.false_alarm)
    if wire.snooze is not None:
        return _checked(Snooze(dog=dog, kind=wire.snooze.kind, until=wire.snooze.until))
    return LogEntry(dog=dog, entry=wire.log or {})


def _checked(snooze: Snooze) -> Snooze:
    if snooze.until.tzinfo is None:
        msg = f"snooze until {snooze.until} has no offset, expected such as ...T07:00+01:00"
        raise InputError(msg)
    if snooze.until_s > LATEST_SNOOZE_S:
        msg = f"snooze until {snooze.until} is too long, expected an end before the year 2100"
        raise InputError(msg)
    return snooze
