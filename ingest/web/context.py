"""What the page needs of the rest of the program; it knows no adapter itself."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from analysis.model.dog import DogProfile
from analysis.recovery.settings import PlanSettings
from ingest.health import HubHealth
from ingest.ports import Clock, Store
from ingest.web.pages.trends import TrendSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class DogView:
    """One dog as the page shows it.

    Attributes
    ----------
    name, zone
        The owner's name for it, and its IANA zone.
    profile
        What the analysis knows about it.
    plan
        How its recovery plan is watched over.
    trends
        How its days are judged.
    """

    name: str
    zone: str
    profile: DogProfile
    plan: PlanSettings = field(default_factory=PlanSettings)
    trends: TrendSettings = field(default_factory=TrendSettings)

    @classmethod
    def unknown(cls, dog: str) -> "DogView":
        """Return the view of a dog that is in the store but not in the settings."""
        return cls(name=dog, zone="UTC", profile=DogProfile(id=dog))


def _never(dog: str) -> float | None:
    del dog
    return None


def _none() -> Mapping[str, int]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """Everything that the pages are made of; each callable may be called from any thread.

    Attributes
    ----------
    clock
        What "now" is; in a sped-up demo, the clock of the samples.
    dogs
        By id, in the order in which they are shown.
    read_store
        Opens the store for one request; raises `MonitorError` if it cannot.
    leave_command
        Leaves a command, JSON, for the daemon.
    health
        How the hub is doing.
    progress_age_s
        How long ago the daemon's loop last came round.
    packet_age_s
        For how many seconds no packet of a dog has come; None before the first.
    last_heard_s
        Unix time of the last packet of a dog's collar; None if that is not known.
    dead_letters
        How many rows each follower has given up.
    """

    clock: Clock
    dogs: Mapping[str, DogView]
    read_store: Callable[[], AbstractContextManager[Store]]
    leave_command: Callable[[bytes], None]
    health: Callable[[], HubHealth]
    progress_age_s: Callable[[], float]
    last_heard_s: Callable[[str], float | None] = _never
    packet_age_s: Callable[[str], float | None] = _never
    dead_letters: Callable[[], Mapping[str, int]] = _none

    def view(self, dog: str) -> DogView:
        """Return a dog's view, also of one that only the store remembers."""
        return self.dogs.get(dog) or DogView.unknown(dog)
