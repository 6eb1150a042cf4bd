"""The daemon's subscription: deliveries in a queue, acknowledged when they are safe."""

import queue
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import structlog
from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from analysis.errors import DeliveryError, RejectedError
from config.machine_settings import HomeAssistant, Mqtt
from ingest.mqtt.client import (
    SLOWEST_RETRY_S,
    connect,
    connect_fault,
    guarded,
    new_client,
    spread_retries,
)
from ingest.mqtt.topics import (
    ANY,
    acceleration_topic,
    birth_topic,
    collar_status_topic,
    command_topic,
    hub_state_topic,
)
from ingest.ports import Clock, Publication
from ingest.records import Delivery


def subscriptions(mqtt: Mqtt, home_assistant: HomeAssistant) -> tuple[str, ...]:
    """Return what the hub listens to."""
    return (
        acceleration_topic(mqtt.root, ANY),
        collar_status_topic(mqtt.root, ANY),
        command_topic(mqtt.root, ANY),
        birth_topic(home_assistant.prefix),
    )


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


__all__ = ["Delivery", "LinkHealth", "MqttLink", "subscriptions"]

log = structlog.get_logger(__name__)

SESSION_TAKEN_OVER = 0x8E

RIVAL_CONNECTIONS, RIVAL_WITHIN_S = 4, 30.0

_ROOM_S = 0.5

_MOST_UNSENT = 1000
"""Publications waiting for the broker; more are refused at once."""

_DAY_S = 86_400

_REFUSALS = frozenset({0x87, 0x90, 0x95, 0x97, 0x99})
"""Not authorised, bad topic, too large, over quota, bad payload."""


class MqttLink:
    """The hub's connection, open inside ``with``; a broker that is not there yet is waited for.

    Callbacks run in paho's thread and only queue; everything else is for the caller's threads.
    Two hubs with one `mqtt.client_id` throw each other out.

    Parameters
    ----------
    slowest_retry_s
        Longest pause between two attempts to connect.
    """

    def __init__(
        self,
        mqtt: Mqtt,
        home_assistant: HomeAssistant,
        clock: Clock,
        *,
        slowest_retry_s: int = SLOWEST_RETRY_S,
    ) -> None:
        self._mqtt = mqtt
        self._subscriptions = subscriptions(mqtt, home_assistant)
        self._slowest_retry_s = slowest_retry_s
        self._clock = clock
        # Brokers that know no receive maximum may send more: some room, and then they wait.
        self._queue: queue.Queue[Delivery] = queue.Queue(10 * mqtt.receive_maximum)
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._generation = 0
        self._connected = threading.Event()
        self._failures = 0
        self._session_present = False
        self._counts: Counter[str] = Counter()
        self._refused: dict[str, str] = {}
        self._rejections: dict[int, str] = {}
        self._last_error = "not connected yet"
        self._last_packet_s: float | None = None
        self._connected_at_s: deque[float] = deque()
        self._thread: threading.Thread | None = None
        self._client = self._new_client()

    def __enter__(self) -> Self:
        connect(
            self._client,
            self._mqtt,
            session_expiry_s=self._mqtt.session_expiry_days * _DAY_S,
            receive_maximum=self._mqtt.receive_maximum,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        if kind is None:
            self._say_goodbye()
            self._client.disconnect()
        else:
            # Whoever fails has not stopped in good order: the broker shall say "offline".
            self._client.disconnect(
                ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message")
            )
        self._client.loop_stop()

    def receive(self, timeout_s: float, most: int) -> list[Delivery]:
        """Return what has arrived, at most so many; wait for the first one if there is none."""
        received: list[Delivery] = []
        try:
            received.append(self._queue.get(timeout=timeout_s))
            while len(received) < most:
                received.append(self._queue.get_nowait())
        except queue.Empty:
            return received
        return received

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """Tell the broker that these are safe.

        Those of a former connection are passed over: the broker sends them again, and their ids
        may belong to other messages by now.
        """
        for delivery in deliveries:
            # Under the lock no new connection can begin between the check and the sending.
            with self._lock:
                if delivery.generation != self._generation:
                    self._counts["stale_ack"] += 1
                else:
                    self._client.ack(delivery.mid, delivery.qos)

    def publish(self, publication: Publication, /, timeout_s: float = 10.0) -> None:
        """Publish and return once the broker has it; any thread may call this.

        Raises
        ------
        DeliveryError
            If the broker did not take it in time; it may be tried again.
        RejectedError
            If it never will.
        """
        if not self._connected.is_set():
            msg = f"{publication.topic}: no connection to the broker ({self._last_error})"
            raise DeliveryError(msg)
        try:
            sent = self._client.publish(
                publication.topic, publication.payload, publication.qos, publication.retain
            )
            sent.wait_for_publish(timeout_s)
        except ValueError as error:
            if "ERR_QUEUE_SIZE" not in str(error):
                msg = f"{publication.topic}: cannot be published: {error}"
                raise RejectedError(msg) from error
            msg = f"{publication.topic}: {_MOST_UNSENT} wait already"
            raise DeliveryError(msg) from error
        except RuntimeError as error:
            msg = f"{publication.topic}: {error}"
            raise DeliveryError(msg) from error
        if not sent.is_published():
            msg = f"{publication.topic}: no answer from the broker within {timeout_s:g} s"
            raise DeliveryError(msg)
        rejection = self._rejections.pop(sent.mid, None)
        if rejection is not None:
            msg = f"{publication.topic}: refused by the broker: {rejection}"
            raise RejectedError(msg)

    def wait_connected(self, timeout_s: float) -> bool:
        """Return whether we are connected and listening, waiting for it if need be."""
        return self._connected.wait(timeout_s)

    def queue_depth(self) -> int:
        """Return how many messages have been received and not yet processed."""
        return self._queue.qsize()

    def healthy(self) -> LinkHealth:
        """Return how the link is."""
        last_s = self._last_packet_s
        return LinkHealth(
            connected=self._connected.is_set(),
            thread_alive=self._thread is not None and self._thread.is_alive(),
            packet_age_s=None if last_s is None else self._clock.monotonic_s() - last_s,
            session_present=self._session_present,
            counts=dict(self._counts),
            refused=dict(self._refused),
            last_error=self._last_error,
        )

    def _new_client(self) -> Client:
        client = new_client(self._mqtt, self._mqtt.client_id)
        client.manual_ack_set(on=True)
        client.max_queued_messages_set(_MOST_UNSENT)
        client.will_set(hub_state_topic(self._mqtt.root), b"offline", qos=1, retain=True)
        client.on_pre_connect = guarded(self._on_pre_connect, self._count)
        client.on_connect = guarded(self._on_connect, self._count)
        client.on_connect_fail = guarded(self._on_connect_fail, self._count)
        client.on_disconnect = guarded(self._on_disconnect, self._count)
        client.on_subscribe = guarded(self._on_subscribe, self._count)
        client.on_message = guarded(self._on_message, self._count)
        client.on_publish = guarded(self._on_publish, self._count)
        spread_retries(client, self._slowest_retry_s, 0)
        return client

    def _say_goodbye(self) -> None:
        state = Publication(topic=hub_state_topic(self._mqtt.root), payload=b"stopped", retain=True)
        try:
            self.publish(state, timeout_s=2.0)
        except DeliveryError as error:
            log.warning("mqtt_goodbye_unsent", reason=str(error))

    def _count(self, what: str) -> None:
        self._counts[what] += 1

    def _on_pre_connect(self, *_: object) -> None:
        self._thread = threading.current_thread()

    def _on_connect(
        self, client: Client, _: object, flags: ConnectFlags, reason: ReasonCode, *__: object
    ) -> None:
        if reason.is_failure:
            self._retry_later(f"refused: {reason}")
            return
        with self._lock:
            self._generation += 1
            generation = self._generation
        self._failures, self._last_error = 0, ""
        self._look_for_rivals()
        self._session_present = flags.session_present
        self._count("connected")
        if self._counts["connected"] > 1 and not flags.session_present:
            self._count("session_lost")
        log.info("mqtt_connected", session_present=flags.session_present, generation=generation)
        client.subscribe([(topic, 1) for topic in self._subscriptions])
        client.publish(hub_state_topic(self._mqtt.root), b"online", qos=1, retain=True)

    def _look_for_rivals(self) -> None:
        # Some brokers end a connection that was taken over without the reason for it; then two
        # hubs are seen by their throwing each other out again and again.
        now_s = self._clock.monotonic_s()
        self._connected_at_s.append(now_s)
        if len(self._connected_at_s) == RIVAL_CONNECTIONS:
            if now_s - self._connected_at_s[0] < RIVAL_WITHIN_S:
                self._taken_over()
            self._connected_at_s.popleft()

    def _taken_over(self) -> None:
        self._count("taken_over")
        log.warning("mqtt_taken_over", client_id=self._mqtt.client_id)

    def _on_connect_fail(self, *_: object) -> None:
        self._connected_at_s.clear()  # the broker was away, so nobody threw us out
        # paho calls this while it handles what connecting raised.
        self._retry_later(connect_fault(sys.exception(), self._mqtt.place))

    def _on_disconnect(
        self, _: Client, __: object, ___: object, reason: ReasonCode, *____: object
    ) -> None:
        with self._lock:
            self._generation += 1
        self._connected.clear()
        if self._closing.is_set():
            return
        if reason.value == SESSION_TAKEN_OVER:
            self._taken_over()
        self._retry_later(f"disconnected: {reason}")

    def _retry_later(self, error: str) -> None:
        self._failures += 1
        self._last_error = error
        spread_retries(self._client, self._slowest_retry_s, self._failures)
        log.warning("mqtt_not_connected", reason=error, failures=self._failures)

    def _on_subscribe(
        self, _: Client, __: object, ___: int, reasons: list[ReasonCode], *____: object
    ) -> None:
        granted = zip(self._subscriptions, reasons, strict=True)
        self._refused = {topic: str(reason) for topic, reason in granted if reason.value != 1}
        # Only now the broker keeps for us what comes; before, it had nobody to keep it for.
        self._connected.set()
        for topic, reason in self._refused.items():
            log.error("mqtt_subscription_refused", topic=topic, reason=reason)

    def _on_publish(
        self, _: Client, __: object, mid: int, reason: ReasonCode, *___: object
    ) -> None:
        if reason.value in _REFUSALS:
            if len(self._rejections) > _MOST_UNSENT:
                self._rejections.clear()  # of callers that did not wait for the answer
            self._rejections[mid] = str(reason)

    def _on_message(self, client: Client, _: object, message: MQTTMessage) -> None:
        self._last_packet_s = self._clock.monotonic_s()
        try:
            topic = message.topic
        except UnicodeDecodeError:
            self._count("bad_topic")
            client.ack(message.mid, message.qos)
            return
        delivery = Delivery(
            topic=topic,
            payload=bytes(message.payload),
            content_type=getattr(message.properties, "ContentType", ""),
            arrival_s=self._clock.now_s(),
            retained=message.retain,
            generation=self._generation,
            mid=message.mid,
            qos=message.qos,
        )
        self._put(delivery)

    def _put(self, delivery: Delivery) -> None:
        """Wait for room: what is not read from the socket stays with the broker.

        Mosquitto sends more than the receive maximum when many acknowledgements and publications
        cross; to drop one here would lose it until the next connection.
        """
        while not self._closing.is_set():
            try:
                self._queue.put(delivery, timeout=_ROOM_S)
            except queue.Full:
                self._count("queue_full")
            else:
                return
