"""Adapters from settings: the broker, a collar and the notification services."""

from config.schema import Settings
from config.types import revealed
from ingest.mqtt.client import BrokerAddress
from ingest.mqtt.collar_publisher import CollarLink, CollarLinkSettings
from ingest.notifications.apprise_notifier import AppriseNotifier
from ingest.ports import Notifier


def broker_address(settings: Settings) -> BrokerAddress:
    """Return where the broker is and how to get in."""
    mqtt = settings.mqtt
    return BrokerAddress(
        host=mqtt.host,
        port=mqtt.port,
        username=mqtt.user or "",
        password=revealed(mqtt.password),
        tls=mqtt.tls,
        ca_file=mqtt.ca_file,
    )


def collar_link(settings: Settings, collar: str) -> CollarLink:
    """Return a collar's side of the air, to be opened."""
    return CollarLink(
        CollarLinkSettings(address=broker_address(settings), collar=collar, root=settings.mqtt.root)
    )


def notifiers(settings: Settings) -> dict[str, Notifier]:
    """Return the ways to reach the owner, by the name of their follower."""
    return {
        f"notify-{number}": AppriseNotifier(url.get_secret_value(), number=number)
        for number, url in enumerate(settings.notify.urls, start=1)
    }
