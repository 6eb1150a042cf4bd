"""The paho client as daemon and collar use it: MQTT 5, reconnection, and faults in words."""

import secrets
import socket
import ssl
from collections.abc import Callable, Mapping
from types import MappingProxyType

import structlog
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from analysis.errors import SettingsError
from config.machine_settings import Mqtt
from config.types import revealed

log = structlog.get_logger(__name__)

_KEEPALIVE_S = 30
"""A silent connection is found dead after one and a half times this."""
SLOWEST_RETRY_S = 60
"""Longest pause between two attempts to connect."""


def new_client(mqtt: Mqtt, client_id: str) -> Client:
    """Return a client that is not connected yet.

    Raises
    ------
    SettingsError
        If the file of authorities cannot be used.
    """
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        protocol=MQTTProtocolVersion.MQTTv5,
    )
    # An exception in a callback would end the network thread while all seems well.
    client.suppress_exceptions = True
    if mqtt.user:
        client.username_pw_set(mqtt.user, revealed(mqtt.password) or None)
    if mqtt.tls:
        try:
            context = ssl.create_default_context(cafile=mqtt.ca_file)
        except OSError as error:
            msg = f"mqtt.ca_file: {mqtt.ca_file} cannot be used: {error}"
            raise SettingsError(msg) from error
        client.tls_set_context(context)
    return client


def connect(client: Client, mqtt: Mqtt, *, session_expiry_s: int, receive_maximum: int) -> None:
    """Start the network thread, which connects now or as soon as there is a broker."""
    properties = new_properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = session_expiry_s
    properties.ReceiveMaximum = receive_maximum
    client.connect_async(
        mqtt.host,
        mqtt.port,
        keepalive=_KEEPALIVE_S,
        clean_start=False,
        properties=properties,
    )
    client.loop_start()


def new_properties(packet_type: int) -> Properties:
    """Return empty MQTT 5 properties for a type of packet."""
    return Properties(packet_type)  # type: ignore[no-untyped-call]  # paho has no types there


def spread_retries(client: Client, slowest_retry_s: int, failures: int) -> None:
    """Choose the pause before the next attempt: doubling, capped, with full jitter."""
    longest_s = min(slowest_retry_s, 2 ** min(failures, 16))
    pause_s = 1 + secrets.randbelow(max(longest_s, 1))
    client.reconnect_delay_set(pause_s, pause_s)


def guarded(callback: Callable[..., None], count: Callable[[str], None]) -> Callable[..., None]:
    """Return a callback that counts and logs what it raises, so that the network thread lives."""

    def call(*arguments: object) -> None:
        try:
            callback(*arguments)
        except Exception:  # the border to paho's thread, which must not die
            count("callback_error")
            log.exception("mqtt_callback_failed", callback=callback.__name__)

    return call


# OpenSSL's numbers, from its x509_vfy.h.
_CERTIFICATE: Mapping[int, str] = MappingProxyType(
    {
        9: "its certificate is not valid yet; is the clock of this computer right?",
        10: "its certificate has expired",
        18: "its certificate is signed by itself, and mqtt.ca_file does not name it",
        19: "its certificate is signed by an authority that mqtt.ca_file does not name",
        20: "its certificate is signed by an authority that mqtt.ca_file does not name",
        21: "its certificate is signed by an authority that mqtt.ca_file does not name",
        62: "its certificate is for another name than mqtt.host",
        64: "its certificate is for another address than mqtt.host",
    }
)


def connect_fault(error: BaseException | None, place: str) -> str:
    """Return one line on why nobody could be reached at a place.

    Examples
    --------
    >>> connect_fault(ConnectionRefusedError(), "hub:1883")
    'nothing answers at hub:1883'
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        why = _CERTIFICATE.get(error.verify_code, f"its certificate: {error.verify_message}")
        return f"{place} is not trusted: {why}"
    if isinstance(error, ssl.SSLError | ConnectionResetError | EOFError):
        return f"{place} does not speak TLS as mqtt.tls asks; is it the port with TLS?"
    if isinstance(error, socket.gaierror):
        return f"{place} has no address: {error.strerror}"
    if error is None or isinstance(error, ConnectionRefusedError | TimeoutError):
        return f"nothing answers at {place}"
    return f"nothing answers at {place}: {getattr(error, 'strerror', None) or error}"
