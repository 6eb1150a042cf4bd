"""What is published leaves the hub once, whatever happens to its neighbours."""

import threading
import time
from pathlib import Path

import msgspec

from analysis.errors import DeliveryError, RejectedError
from config.schema import Settings
from ingest.app.container import consumers
from ingest.ports import Publication
from ingest.processing.result_writer import PUBLICATION
from ingest.storage.journal import Journal
from ingest.storage.outbox import Outbox
from simulators.testing.fakes import FakePublisher, ManualClock

WITHIN_S = 20.0
TOPICS = [f"spryhound/v1/dogs/rex/events/{i}" for i in range(6)]


class ChoosyBroker(FakePublisher):
    """Refuses one topic for good, and is away the first time that it is offered another."""

    def __init__(self, *, never: str, later: str) -> None:
        super().__init__()
        self.never = never
        self.later = [later]

    def publish(self, publication: Publication, /) -> None:
        """Keep one publication, or fail."""
        if publication.topic == self.never:
            reason = "topic is too long"
            raise RejectedError(reason)
        if publication.topic in self.later:
            self.later.clear()
            reason = "no connection"
            raise DeliveryError(reason)
        super().publish(publication)


def test_events_around_a_bad_one_and_an_outage_are_published_once(tmp_path: Path) -> None:
    """Six events: the second is refused for good, the fifth fails once."""
    path, clock = tmp_path / "spryhound.db", ManualClock()
    broker = ChoosyBroker(never=TOPICS[1], later=TOPICS[4])
    with Journal(path, clock) as journal, journal.transaction() as tx:
        for topic in TOPICS:
            publication = Publication(topic=topic, payload=b"{}")
            tx.enqueue(PUBLICATION, topic, msgspec.msgpack.encode(publication))

    with Outbox(
        path, consumers(Settings(), clock, broker, {}), clock, kept_s=14 * 86_400.0
    ) as outbox:
        until_s = time.monotonic() + WITHIN_S
        while (status := outbox.status()[0]).n_waiting:
            assert time.monotonic() < until_s, status
            clock.advance(0.5)
            outbox.wake()
            threading.Event().wait(0.01)

    assert [each.topic for each in broker.published] == [TOPICS[i] for i in (0, 2, 3, 4, 5)]
    assert status.n_dead == 1
