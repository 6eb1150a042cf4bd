"""What the settings say of this home: its embedded store and its dogs; light to import."""

from collections.abc import Callable
from pathlib import Path

from analysis.errors import SettingsError
from config.schema import Settings
from ingest.records import DogIdentity
from ingest.storage.sqlite_store import SqliteStore


def database_path(settings: Settings) -> Path:
    """Return where the embedded database is."""
    return settings.home.data_dir.expanduser() / "spryhound.sqlite"


def sqlite_store(settings: Settings) -> SqliteStore:
    """Return the embedded store, to be opened."""
    return SqliteStore(database_path(settings))


def existing_database(settings: Settings) -> Path:
    """Return where the embedded database is, for a command that must not make one.

    Raises
    ------
    SettingsError
        If there is none: an empty answer from a store made just now would be a false all-clear.
    """
    path = database_path(settings)
    if not path.exists():
        msg = (
            f"home.data_dir: there is no store at {path.absolute()}; is --config the file that the"
            " daemon runs with? `spryhound run` makes a store, so does `spryhound replay --save`"
        )
        raise SettingsError(msg)
    return path


def existing_store(settings: Settings) -> SqliteStore:
    """Return the embedded store for a command that only reads or adds to it, to be opened.

    Raises
    ------
    SettingsError
        As `existing_database` does.
    """
    return SqliteStore(existing_database(settings))


def dog_name(settings: Settings, dog: str) -> str:
    """Return what the owner calls a dog; its id, capitalised, if nothing is known."""
    return settings.dogs[dog].name if dog in settings.dogs else dog.capitalize()


def dog_identities(settings: Settings) -> dict[str, DogIdentity]:
    """Return what each dog is called."""
    return {
        dog: DogIdentity(dog=dog, name=each.name, zone=each.time_zone or settings.home.time_zone)
        for dog, each in settings.dogs.items()
    }


def dog_for_collar(settings: Settings) -> Callable[[str, float], str | None]:
    """Return who wears a collar when; with one dog and no collars listed, it wears them all."""
    if not settings.collars and len(settings.dogs) == 1:
        (only,) = settings.dogs
        return lambda _collar, _time_s: only
    return settings.dog_of
