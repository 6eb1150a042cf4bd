"""A message to ourselves: the one test that a rule of the broker does not swallow everything."""

import secrets
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from analysis.errors import DeliveryError
from config.machine_settings import Mqtt
from ingest.mqtt.client import connect, connect_fault, guarded, new_client
from ingest.mqtt.topics import doctor_topic


class _Reason(Protocol):
    is_failure: bool


class _Message(Protocol):
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """How far a message came.

    Attributes
    ----------
    connected
        Whether the broker let us in.
    returned
        Whether our own message came back.
    refusals
        What the broker refused, in its own words.
    fault
        Why there was no connection at all; empty if that is not known.
    """

    connected: bool
    returned: bool
    refusals: tuple[str, ...]
    fault: str = ""


class _Probe:
    """One try, with no topic only to connect.

    Callbacks run in paho's thread and take notes, guarded by `changed`.
    """

    def __init__(self, mqtt: Mqtt, topic: str) -> None:
        self.changed = threading.Condition()
        self.connected = self.returned = self.unanswered = False
        self.refusals: list[str] = []
        self.fault = ""
        self._place = mqtt.place
        self._topic = topic
        self._token = secrets.token_hex(8).encode()
        self.client = new_client(mqtt, f"spryhound-doctor-{secrets.token_hex(4)}")
        self.client.on_connect = guarded(self._on_connect, self._ignore)
        self.client.on_connect_fail = guarded(self._on_connect_fail, self._ignore)
        self.client.on_subscribe = guarded(self._on_subscribe, self._ignore)
        self.client.on_publish = guarded(self._on_publish, self._ignore)
        self.client.on_message = guarded(self._on_message, self._ignore)

    def is_over(self) -> bool:
        """Return whether waiting longer would show no more; for the holder of `changed`."""
        done = self.returned if self._topic else self.connected
        return done or self.unanswered or bool(self.refusals)

    def _on_connect(
        self, _: object, __: object, ___: object, reason: _Reason, *____: object
    ) -> None:
        if self._refused("connection", reason):
            return
        with self.changed:
            self.connected = True
            self.changed.notify_all()
        if self._topic:
            self.client.subscribe(self._topic, 1)

    def _on_connect_fail(self, *_: object) -> None:
        with self.changed:
            self.unanswered = True
            self.fault = connect_fault(sys.exception(), self._place)
            self.changed.notify_all()

    def _on_subscribe(
        self, _: object, __: object, ___: int, reasons: Sequence[_Reason], *____: object
    ) -> None:
        if not self._refused(f"subscription to {self._topic}", reasons[0]):
            self.client.publish(self._topic, self._token, qos=1)

    def _on_publish(self, _: object, __: object, ___: int, reason: _Reason, *____: object) -> None:
        self._refused(f"publication on {self._topic}", reason)

    def _on_message(self, _: object, __: object, message: _Message) -> None:
        with self.changed:
            self.returned = self.returned or message.payload == self._token
            self.changed.notify_all()

    def _refused(self, what: str, reason: _Reason) -> bool:
        if reason.is_failure:
            with self.changed:
                self.refusals.append(f"{what}: {reason}")
                self.changed.notify_all()
        return reason.is_failure

    def _ignore(self, _: str) -> None:
        """Count nothing: what a callback raises is logged."""


def probe(mqtt: Mqtt, *, timeout_s: float = 10.0) -> ProbeResult:
    """Connect under a name of our own, publish on ``hub/doctor``, and wait for it to come back.

    The daemon's session is not touched: nothing retained, no will, another client id.

    Raises
    ------
    SettingsError
        If the file of authorities cannot be used.
    """
    return _tried(_Probe(mqtt, doctor_topic(mqtt.root)), mqtt, timeout_s)


def knock(mqtt: Mqtt, *, timeout_s: float = 10.0) -> None:
    """Return if the broker lets us in.

    Raises
    ------
    DeliveryError
        If it does not, or nobody is there.
    SettingsError
        If the file of authorities cannot be used.
    """
    result = _tried(_Probe(mqtt, ""), mqtt, timeout_s)
    if not result.connected:
        fault = result.fault or f"nothing that speaks MQTT 5 answers at {mqtt.place}"
        msg = f"broker: {fault}"
        if result.refusals:
            msg = f"broker {mqtt.place}: {'; '.join(result.refusals)}"
        raise DeliveryError(msg)


def _tried(tried: _Probe, mqtt: Mqtt, timeout_s: float) -> ProbeResult:
    connect(tried.client, mqtt, session_expiry_s=0, receive_maximum=10)
    try:
        with tried.changed:
            tried.changed.wait_for(tried.is_over, timeout_s)
            return ProbeResult(
                connected=tried.connected,
                returned=tried.returned,
                refusals=tuple(tried.refusals),
                fault=tried.fault,
            )
    finally:
        tried.client.disconnect()
        tried.client.loop_stop()
