"""What the hub tells the house over MQTT: dogs, its own health, and Home Assistant's discovery."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from analysis.model.dog import DogProfile
from ingest.health import ConsumerHealth, HubHealth
from ingest.mqtt.homeassistant import Discovery, discovery_publication
from ingest.ports import Clock, Publication
from ingest.processing.publications import DogState, health_publication, state_publication
from ingest.processing.service import IngestService
from ingest.records import DogIdentity
from ingest.storage.outbox import Outbox

_FRESH_S = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPublisherSettings:
    """Whom the published status is about.

    Attributes
    ----------
    root
        Topics begin with it.
    dogs, cards
        Profiles and names by id.
    discoveries
        What Home Assistant is told; empty if it is not to be.
    """

    root: str
    dogs: Mapping[str, DogProfile]
    cards: Mapping[str, DogIdentity]
    discoveries: Sequence[Discovery] = ()


class StatusPublisher:
    """Makes the hub's publications from what hub and outbox know."""

    def __init__(
        self,
        settings: StatusPublisherSettings,
        service: IngestService,
        outbox: Outbox,
        clock: Clock,
        queue_depth: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._queue_depth = queue_depth
        self._service = service
        self._outbox = outbox
        self._clock = clock

    def publications(self) -> list[Publication]:
        """Return the state of every dog and of the hub itself, all retained."""
        root = self._settings.root
        states = [state_publication(root, self._state(dog)) for dog in self._settings.dogs]
        return [*states, health_publication(root, self.health())]

    def discoveries(self) -> list[Publication]:
        """Return what Home Assistant needs to know at every connection and at its birth."""
        return [discovery_publication(each) for each in self._settings.discoveries]

    def health(self) -> HubHealth:
        """Return how the hub is doing."""
        followers = {
            each.name: ConsumerHealth(
                n_waiting=each.n_waiting,
                oldest_s=each.oldest_s,
                failures=each.failures,
                last_error=each.last_error,
            )
            for each in self._outbox.status()
        }
        return HubHealth(
            time_s=self._clock.now_s(),
            queue_depth=self._queue_depth(),
            journal_bytes=self._service.size_bytes(),
            last_packet_s=self._service.last_packet_age_s(),
            drops=self._service.drops(),
            followers=followers,
        )

    def _state(self, dog: str) -> DogState:
        profile, card = self._settings.dogs[dog], self._settings.cards[dog]
        heard_s = self._service.processor.state.until_s.get(dog, 0.0)
        now_s = self._clock.now_s()
        today = datetime.fromtimestamp(now_s, ZoneInfo(profile.time_zone)).date()
        phase = None if profile.plan is None else profile.plan.phase_on(today)
        pipeline = self._service.processor.pipelines[dog]
        return DogState(
            dog=dog,
            name=card.name,
            zone=card.zone,
            time_s=heard_s,
            available=now_s - heard_s < _FRESH_S,
            minute=self._service.last_minutes.get(dog),
            today=pipeline.today(),
            phase=None if phase is None else phase.name,
            cap=pipeline.judging.plan.cap_on(today),
            alerts=[*pipeline.alerts.standing(), *self._service.home.standing(dog)],
        )
