"""Why a connection could not be made, in words that say what to look at."""

import socket
import ssl
from collections.abc import Mapping
from types import MappingProxyType

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
