"""What others may ask of the hub on ``dogs/<dog>/command``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from analysis.alerts.book import AlertBook
from analysis.errors import InputError
from analysis.model import AlertChange
from ingest.mqtt.topics import dog_of_command
from ingest.records import LATEST_SNOOZE_S

_LARGEST_BYTES = 16_384


class Snooze(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Hold back one kind of alert until a time, ISO 8601 with an offset."""

    kind: str
    until: datetime

    @property
    def until_s(self) -> float:
        """Unix time of the end."""
        return self.until.timestamp()


class _Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ack: str | None = None
    false_alarm: str | None = None
    snooze: Snooze | None = None
    log: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command; exactly one of its parts beside the dog is set."""

    dog: str
    ack: str | None = None
    false_alarm: str | None = None
    snooze: Snooze | None = None
    log: dict[str, Any] | None = None


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
    return _parse(dog, payload)


def _parse(dog: str, payload: bytes) -> Command:
    if len(payload) > _LARGEST_BYTES:
        msg = f"command has {len(payload)} bytes, expected at most {_LARGEST_BYTES}"
        raise InputError(msg)
    try:
        wire = msgspec.json.decode(payload, type=_Wire)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        msg = f"command for dog {dog!r} cannot be read: {error}"
        raise InputError(msg) from error
    parts = {name: value for name, value in msgspec.structs.asdict(wire).items() if value}
    if len(parts) != 1:
        msg = f"command holds {sorted(parts)}, expected one of ack, false_alarm, snooze, log"
        raise InputError(msg)
    if wire.snooze is not None:
        _check_end(wire.snooze)
    return Command(dog=dog, **parts)


def _check_end(snooze: Snooze) -> None:
    if snooze.until.tzinfo is None:
        msg = f"snooze until {snooze.until} has no offset, expected such as ...T07:00+01:00"
        raise InputError(msg)
    if snooze.until_s > LATEST_SNOOZE_S:
        msg = f"snooze until {snooze.until} is too long, expected an end before the year 2100"
        raise InputError(msg)


def command_from_store(body: bytes) -> Command:
    """Return a command that another process put into the store: its dog is in the map.

    Raises
    ------
    InputError
        If it names no dog or is not one command.
    """
    try:
        parts = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        msg = f"command cannot be read: {error}"
        raise InputError(msg) from error
    dog = parts.pop("dog", None)
    if not isinstance(dog, str) or not dog or "/" in dog:
        msg = f"command is for dog {dog!r}, expected an id"
        raise InputError(msg)
    return _parse(dog, msgspec.json.encode(parts))


def command_of(body: bytes) -> Command:
    """Return the command that was put into the outbox.

    Raises
    ------
    InputError
        If the row is garbled.
    """
    try:
        return msgspec.json.decode(body, type=Command)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        msg = f"command in the outbox cannot be read: {error}"
        raise InputError(msg) from error


def changes_of(book: AlertBook, command: Command, time_s: float) -> list[AlertChange]:
    """Return what a command changes in a dog's book of alerts; a snooze is not its business.

    Raises
    ------
    InputError
        If the alert is not known.
    """
    if command.ack is not None:
        return book.command("ack", command.ack, time_s)
    if command.false_alarm is not None:
        return book.command("false_alarm", command.false_alarm, time_s)
    return []
