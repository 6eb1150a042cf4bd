"""Adapters from settings: with `container`, the one place that knows which are in use."""

from collections.abc import Callable
from pathlib import Path

from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import PipelineSettings
from config.schema import Settings
from ingest.mqtt.client import BrokerAddress
from ingest.mqtt.collar_publisher import CollarLink, CollarLinkSettings
from ingest.notifications.apprise_notifier import AppriseNotifier
from ingest.ports import Notifier
from ingest.processing.result_writer import DogCard
from ingest.storage.influx import InfluxSettings, InfluxStore
from ingest.storage.sqlite_store import SqliteStore


def database_path(settings: Settings) -> Path:
    """Return where the embedded database is."""
    return settings.home.data_dir.expanduser() / "spryhound.sqlite"


def sqlite_store(settings: Settings) -> SqliteStore:
    """Return the embedded store, to be opened."""
    return SqliteStore(database_path(settings))


def influx_store(settings: Settings) -> InfluxStore:
    """Return the store on InfluxDB."""
    influx = settings.influx
    return InfluxStore(
        InfluxSettings(
            url=influx.url,
            version=influx.version,
            org=influx.org,
            bucket=influx.bucket,
            user=influx.user or "",
            password="" if influx.password is None else influx.password.get_secret_value(),
            token="" if influx.token is None else influx.token.get_secret_value(),
            timeout_s=influx.timeout_s,
        )
    )


def broker_address(settings: Settings) -> BrokerAddress:
    """Return where the broker is and how to get in."""
    mqtt = settings.mqtt
    return BrokerAddress(
        host=mqtt.host,
        port=mqtt.port,
        username=mqtt.user or "",
        password="" if mqtt.password is None else mqtt.password.get_secret_value(),
        tls=mqtt.tls,
        ca_file=mqtt.ca_file,
    )


def collar_link(settings: Settings, collar: str) -> CollarLink:
    """Return a collar's side of the air, to be opened."""
    return CollarLink(
        CollarLinkSettings(address=broker_address(settings), collar=collar, root=settings.mqtt.root)
    )


def dog_name(settings: Settings, dog: str) -> str:
    """Return what the owner calls a dog; its id, capitalised, if nothing is known."""
    return settings.dogs[dog].name if dog in settings.dogs else dog.capitalize()


def pipeline_settings(settings: Settings, dog: str) -> PipelineSettings:
    """Return all that a dog's results depend on; a dog that is not configured has the defaults."""
    if dog in settings.dogs:
        return settings.pipeline(dog)
    profile = DogProfile(id=dog, time_zone=settings.home.time_zone)
    return PipelineSettings(dog=profile, detectors=settings.detector_settings())


def dog_cards(settings: Settings) -> dict[str, DogCard]:
    """Return what each dog is called."""
    return {
        dog: DogCard(dog=dog, name=each.name, zone=each.time_zone or settings.home.time_zone)
        for dog, each in settings.dogs.items()
    }


def wearer_of(settings: Settings) -> Callable[[str, float], str | None]:
    """Return who wears a collar when; with one dog and no collars listed, it wears them all."""
    if not settings.collars and len(settings.dogs) == 1:
        (only,) = settings.dogs
        return lambda _collar, _time_s: only
    return settings.dog_of


def notifiers(settings: Settings) -> dict[str, Notifier]:
    """Return the ways to reach the owner, by the name of their follower."""
    return {
        f"notify-{number}": AppriseNotifier(url.get_secret_value(), number=number)
        for number, url in enumerate(settings.notify.urls, start=1)
    }
