"""The MQTT topics of the project, in one place."""

from analysis.model import Status

BIRTH_TOPIC = "homeassistant/status"

_BIRTH_PAYLOAD = b"online"


def is_birth(topic: str, payload: bytes) -> bool:
    """Return whether Home Assistant has just come up and must be told everything again."""
    return topic == BIRTH_TOPIC and payload == _BIRTH_PAYLOAD


def change_type(status: Status) -> str:
    """Return the type of the event that an alert came into a status."""
    return f"alert_{status.value}"
