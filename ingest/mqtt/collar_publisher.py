"""A collar's side of the air: for the simulator, for recordings played back, and for tests."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import msgspec
from paho.mqtt.client import Client
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from analysis.errors import DeliveryError
from config.machine_settings import Mqtt
from ingest.mqtt.client import (
    SLOWEST_RETRY_S,
    connect,
    guarded,
    new_client,
    new_properties,
    spread_retries,
)
from ingest.mqtt.topics import acceleration_topic, collar_status_topic

_MOST_IN_FLIGHT = 20
"""Batches on their way at once."""


class CollarLink:
    """A collar's connection, open inside ``with``.

    Parameters
    ----------
    collar
        The collar's id.
    slowest_retry_s
        Longest pause between two attempts to connect.

    Attributes
    ----------
    sent, refused
        Messages that the broker has taken, and that it said it would not; status included.
    """

    def __init__(self, mqtt: Mqtt, collar: str, *, slowest_retry_s: int = SLOWEST_RETRY_S) -> None:
        self._mqtt = mqtt
        self._slowest_retry_s = slowest_retry_s
        self.sent = 0
        self.refused = 0
        self._acceleration = acceleration_topic(mqtt.root, collar)
        self._status = collar_status_topic(mqtt.root, collar)
        self._failures = 0
        self._in_flight = 0
        self._is_up = False
        self._resends = False
        self._changed = threading.Condition()
        self._client = self._new_client(collar)

    def __enter__(self) -> Self:
        connect(self._client, self._mqtt, session_expiry_s=3600, receive_maximum=10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, payload: bytes, content_type: str = "", *, timeout_s: float = 60.0) -> None:
        """Send one batch; wait while 20 are on their way, or nobody listens.

        Batches leave in the order in which they were given: what waits in the client when a
        connection comes up is sent by another thread, so nothing new is given to it until then.

        Raises
        ------
        DeliveryError
            If none of those was taken by the broker in time.
        """
        properties = new_properties(PacketTypes.PUBLISH)
        if content_type:
            properties.ContentType = content_type
        with self._changed:
            self._wait_for(self._may_send, timeout_s)
            self._in_flight += 1
        # Not under the lock: paho holds its own while it calls back.
        self._client.publish(self._acceleration, payload, qos=1, properties=properties)

    def status(self, **fields: object) -> None:
        """Publish the collar's retained status, such as ``state="sleeping", battery=0.8``."""
        with self._changed:
            self._in_flight += 1
        self._client.publish(self._status, msgspec.json.encode(fields), qos=1, retain=True)

    def drain(self, timeout_s: float) -> None:
        """Return once the broker has taken everything.

        Raises
        ------
        DeliveryError
            If it has not in time.
        """
        with self._changed:
            self._wait_for(lambda: self._in_flight == 0, timeout_s)

    def _may_send(self) -> bool:
        self._resends = self._resends and self._in_flight > 0
        room = self._in_flight < _MOST_IN_FLIGHT
        return self._is_up and room and not self._resends

    def _wait_for(self, condition: Callable[[], bool], timeout_s: float) -> None:
        if not self._changed.wait_for(condition, timeout_s):
            msg = (
                f"{self._acceleration}: {self._in_flight} messages unanswered by "
                f"{self._mqtt.place} after {timeout_s:g} s"
            )
            raise DeliveryError(msg)

    def _new_client(self, collar: str) -> Client:
        client = new_client(self._mqtt, f"collar-{collar}")
        client.max_inflight_messages_set(_MOST_IN_FLIGHT)
        client.will_set(self._status, b'{"state":"lost"}', qos=1, retain=True)
        client.on_connect = guarded(self._on_connect, self._ignore)
        client.on_connect_fail = guarded(self._on_failure, self._ignore)
        client.on_disconnect = guarded(self._on_failure, self._ignore)
        client.on_publish = guarded(self._on_publish, self._ignore)
        spread_retries(client, self._slowest_retry_s, 0)
        return client

    def _ignore(self, _: str) -> None:
        """Count nothing: what a callback raises is logged."""

    def _on_connect(
        self, _: Client, __: object, ___: object, reason: ReasonCode, *____: object
    ) -> None:
        if reason.is_failure:
            self._on_failure()
            return
        self._failures = 0
        with self._changed:
            self._is_up, self._resends = True, self._in_flight > 0
            self._changed.notify_all()
        self.status(state="online")

    def _on_failure(self, *_: object) -> None:
        self._failures += 1
        with self._changed:
            self._is_up = False
        spread_retries(self._client, self._slowest_retry_s, self._failures)

    def _on_publish(
        self, _: Client, __: object, ___: int, reason: ReasonCode, *____: object
    ) -> None:
        with self._changed:
            self._in_flight -= 1
            if reason.is_failure:
                self.refused += 1
            else:
                self.sent += 1
            self._changed.notify_all()
