"""Records that pass between the folders of the shell: deliveries, dogs, pending notifications."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from analysis.errors import InputError
from analysis.model import AlertChange

LATEST_SNOOZE_S = 4_102_444_800.0
"""1 January 2100, 00:00 UTC: no snooze lasts longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message as it arrived.

    `generation` counts connections: packet ids (`mid`) mean nothing on another one.
    """

    topic: str
    payload: bytes
    content_type: str
    arrival_s: float
    retained: bool
    generation: int
    mid: int
    qos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingNotification:
    """A change of an alert on its way to the owner.

    Attributes
    ----------
    change
        The alert as it stands.
    dog_name
        What the owner calls the dog.
    zone
        IANA name of the dog's time zone.
    stored
        Whether it was recorded earlier and must not be told as happening now.
    """

    change: AlertChange
    dog_name: str
    zone: str
    stored: bool = False


def encode_notification(pending: PendingNotification) -> bytes:
    """Return the body of an outbox row; evidence that is not a finite number is left out."""
    finite = {name: x for name, x in pending.change.evidence.items() if math.isfinite(x)}
    return msgspec.json.encode(replace(pending, change=replace(pending.change, evidence=finite)))


def decode_notification(body: bytes) -> PendingNotification:
    """Return what `encode_notification` wrote.

    Raises
    ------
    InputError
        If the bytes are something else, name an unknown time zone, or a time beyond the calendar.
    """
    try:
        pending = msgspec.json.decode(body, type=PendingNotification)
        zone = ZoneInfo(pending.zone)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        msg = f"outbox row of {len(body)} bytes is not a notification: {error}"
        raise InputError(msg) from error
    except (KeyError, ValueError, OSError) as error:
        msg = f"outbox row names time zone {error}, expected an IANA name"
        raise InputError(msg) from error
    try:
        datetime.fromtimestamp(pending.change.onset_s, tz=zone)
    except (OverflowError, ValueError, OSError) as error:
        msg = f"outbox row begins at {pending.change.onset_s} s, expected a time of the calendar"
        raise InputError(msg) from error
    return pending


@dataclass(frozen=True, slots=True, kw_only=True)
class DogIdentity:
    """What others call a dog: its id, the owner's name for it, and its time zone."""

    dog: str
    name: str
    zone: str
