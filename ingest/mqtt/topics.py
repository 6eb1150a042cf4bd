"""The MQTT topics of the project, in one place."""

from analysis.model import Status

_BIRTH_PAYLOAD = b"online"

ANY = "+"
"""In the place of an id: every one, for a subscription."""


def acceleration_topic(root: str, collar: str) -> str:
    """Return where a collar publishes its batches."""
    return f"{root}/collars/{collar}/acceleration"


def collar_status_topic(root: str, collar: str) -> str:
    """Return where a collar says how it is, retained."""
    return f"{root}/collars/{collar}/status"


def command_topic(root: str, dog: str) -> str:
    """Return where commands about a dog are taken."""
    return f"{root}/dogs/{dog}/command"


def dog_state_topic(root: str, dog: str) -> str:
    """Return where a dog's state is, retained."""
    return f"{root}/dogs/{dog}/state"


def alert_topic(root: str, dog: str, kind: str) -> str:
    """Return where the alert of a kind is as it stands, retained."""
    return f"{root}/dogs/{dog}/alerts/{kind}"


def events_topic(root: str, dog: str) -> str:
    """Return where each event and each change of an alert is published."""
    return f"{root}/dogs/{dog}/events"


def hub_state_topic(root: str) -> str:
    """Return where the hub says that it is online or stopped, and its will that it is offline."""
    return f"{root}/hub/state"


def hub_health_topic(root: str) -> str:
    """Return where the hub's health is, retained."""
    return f"{root}/hub/health"


def doctor_topic(root: str) -> str:
    """Return where the doctor tries whether what is published comes back."""
    return f"{root}/hub/doctor"


def dog_of_command(topic: str) -> str | None:
    """Return the dog that a command at a topic is about; None at every other topic."""
    levels = topic.split("/")
    is_command = len(levels) >= 3 and levels[-3] == "dogs" and levels[-1] == "command"
    return levels[-2] or None if is_command else None


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
