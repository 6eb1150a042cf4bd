"""The MQTT topics of the project, in one place."""

from analysis.model import Status

_BIRTH_PAYLOAD = b"online"


def birth_topic(prefix: str) -> str:
    """Return where Home Assistant says that it has come up; `prefix` is its discovery prefix."""
    return f"{prefix}/status"


def discovery_topic(prefix: str, dog: str) -> str:
    """Return where a dog is announced to Home Assistant."""
    return f"{prefix}/device/spryhound_{dog}/config"


def is_birth(topic: str, payload: bytes) -> bool:
    """Return whether Home Assistant has just come up and must be told everything again.

    Of the topics that the hub subscribes to, two end so: this one, and each collar's.
    """
    levels = topic.split("/")
    of_collar = len(levels) >= 3 and levels[-3] == "collars"
    return levels[-1] == "status" and not of_collar and payload == _BIRTH_PAYLOAD


def change_type(status: Status) -> str:
    """Return the type of the event that an alert came into a status."""
    return f"alert_{status.value}"
