"""What the hub's link is set up with, what it hands over, and how it says it is."""

from dataclasses import dataclass, field

from ingest.mqtt.client import BrokerAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttLinkSettings:
    """How the hub speaks to the broker.

    Attributes
    ----------
    address
        Where the broker is.
    client_id
        The hub's name; two hubs with one name throw each other out.
    root
        What all topics of ours begin with.
    session_expiry_s
        So long the broker keeps packets while the hub is away.
    receive_maximum
        The broker sends no more than this without acknowledgement.
    most_unsent
        Publications waiting for the broker; more are refused at once.
    """

    address: BrokerAddress = field(default_factory=BrokerAddress)
    client_id: str = "spryhound-hub"
    root: str = "spryhound/v1"
    session_expiry_s: int = 7 * 24 * 3600
    receive_maximum: int = 100
    most_unsent: int = 1000

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What the hub listens to."""
        return (
            f"{self.root}/collars/+/acceleration",
            f"{self.root}/collars/+/status",
            f"{self.root}/dogs/+/command",
            "homeassistant/status",
        )


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
class LinkHealth:
    """How the link is.

    Attributes
    ----------
    connected, thread_alive
        Both must hold; paho alone may report the first without the second.
    packet_age_s
        Since the last message came; None before the first.
    session_present
        Whether the broker still had our session at the last connection.
    counts
        ``connected``, ``session_lost``, ``taken_over``, ``callback_error``, ``bad_topic``,
        ``stale_ack``, ``queue_full``.
    refused
        Subscriptions the broker did not grant, and why.
    last_error
        Why the last attempt to connect failed; empty once connected.
    """

    connected: bool
    thread_alive: bool
    packet_age_s: float | None
    session_present: bool
    counts: dict[str, int]
    refused: dict[str, str]
    last_error: str
