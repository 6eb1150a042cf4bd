"""What the broker delivered, told apart: packets, collar states, commands, and what is neither."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta

from analysis.errors import InputError, PacketError
from ingest.mqtt.topics import is_birth
from ingest.packets.envelope import EncodedPacket, ReceivedPacket, received
from ingest.ports import Point, Value
from ingest.processing.commands import Command, parse_command
from ingest.records import Delivery
from ingest.storage.journal import SetAside
from ingest.storage.points import LIVE, time_ns

_LONGEST_ID = 32
_STATUS_S = 10.0
"""Of all that a collar says of itself within so long the last is kept, so that talk fills no disk
(a judgement)."""


class CollarStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a collar says of itself; unknown keys are ignored.

    It is kept for ever, so no text is long. Boots are what they are in a batch.
    """

    state: Annotated[str, Meta(max_length=32)]
    battery: float | None = None
    boot: Annotated[int, Meta(ge=0, le=2**63 - 1)] | Annotated[str, Meta(max_length=64)] | None = (
        None
    )
    firmware: Annotated[str, Meta(max_length=64)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedStatus:
    """A collar's word on itself."""

    collar: str
    status: CollarStatus
    arrival_s: float


@dataclass(slots=True)
class RoutedDeliveries:
    """Deliveries by what they are.

    Attributes
    ----------
    packets, statuses, commands
        What was understood, in the order of arrival.
    aside
        What was not.
    births
        How often Home Assistant said that it came up.
    """

    packets: list[ReceivedPacket] = field(default_factory=list)
    statuses: list[ReceivedStatus] = field(default_factory=list)
    commands: list[tuple[float, Command]] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    births: int = 0


def sort(deliveries: Iterable[Delivery]) -> RoutedDeliveries:
    """Return deliveries by what they are; nothing raises and nothing gets lost."""
    inbox = RoutedDeliveries()
    for delivery in deliveries:
        try:
            _put(inbox, delivery)
        except InputError as error:
            cause = error.cause if isinstance(error, PacketError) else "command"
            inbox.aside.append(
                SetAside(
                    topic=delivery.topic,
                    payload=delivery.payload,
                    cause=f"{cause}: {error}",
                    arrival_s=delivery.arrival_s,
                )
            )
    return inbox


def collar_point(dog: str, heard: ReceivedStatus) -> Point:
    """Return what a collar said of itself as a point of the dog that wears it.

    Its time is the beginning of ten seconds: a later word of the same ones takes its place.
    """
    status = heard.status
    fields: dict[str, Value] = {"collar": heard.collar, "state": status.state}
    if status.battery is not None:
        fields["battery"] = float(status.battery)
    if status.boot is not None:
        fields["boot"] = str(status.boot)
    if status.firmware is not None:
        fields["firmware"] = status.firmware
    return Point(
        measurement="collar",
        dog=dog,
        kind="",
        run=LIVE,
        time_ns=time_ns(heard.arrival_s // _STATUS_S * _STATUS_S),
        fields=fields,
    )


def _put(inbox: RoutedDeliveries, delivery: Delivery) -> None:
    levels = delivery.topic.split("/")
    if is_birth(delivery.topic, delivery.payload):
        inbox.births += 1
    elif levels[-1] == "acceleration":
        if delivery.retained:
            msg = "a batch was retained by the broker; nobody knows when it was sent"
            raise PacketError(msg, cause="retained")
        encoded = EncodedPacket(
            collar=_collar(levels),
            arrival_s=delivery.arrival_s,
            content_type=delivery.content_type,
            payload=delivery.payload,
        )
        inbox.packets.append(received(encoded))
    elif levels[-1] == "status" and len(levels) >= 3 and levels[-3] == "collars":
        inbox.statuses.append(
            ReceivedStatus(
                collar=_collar(levels),
                status=_status(delivery.payload),
                arrival_s=delivery.arrival_s,
            )
        )
    elif levels[-1] == "command":
        command = parse_command(delivery.topic, delivery.payload)
        inbox.commands.append((delivery.arrival_s, command))


def _collar(levels: list[str]) -> str:
    collar = levels[-2] if len(levels) >= 2 else ""
    known = collar and all(
        each.isascii() and (each.islower() or each.isdigit() or each in "_-") for each in collar
    )
    if not known or len(collar) > _LONGEST_ID:
        msg = f"collar is {collar!r}, expected up to 32 of a-z, 0-9, _ and -"
        raise PacketError(msg, cause="collar")
    return collar


def _status(payload: bytes) -> CollarStatus:
    try:
        return msgspec.json.decode(payload, type=CollarStatus)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        msg = f"status cannot be read: {error}"
        raise PacketError(msg, cause="status") from error
