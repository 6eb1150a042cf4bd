"""What results lead to: points in the store, and rows in the outbox for everybody else."""

from collections.abc import Mapping

import msgspec

from analysis.errors import InputError
from analysis.model import AlertChange
from ingest.ports import Point, Publication
from ingest.processing.publications import alert_publication, change_publication, event_publication
from ingest.processing.stream_processor import DogResults
from ingest.records import DogIdentity, PendingNotification, encode_notification
from ingest.storage.journal import Transaction
from ingest.storage.points import LIVE, encode_point, point_key, points_of, time_ns

POINT, NOTIFICATION, PUBLICATION, SNOOZE = "point", "notification", "publication", "snooze"


class ResultWriter:
    """Writes outcomes into a transaction; writing one twice changes nothing.

    Every row has a key made of what it says, so what is computed again after a crash is known.
    """

    def __init__(self, cards: Mapping[str, DogIdentity], root: str, *, to_influx: bool) -> None:
        self._cards = cards
        self._root = root
        self._to_influx = to_influx

    def zone(self, dog: str) -> str:
        """Return a dog's time zone."""
        return self._cards[dog].zone

    def record(self, tx: Transaction, outcome: DogResults) -> None:
        """Store what packets led to, and tell the followers."""
        self.write(tx, points_of(outcome.dog, LIVE, outcome.results))
        card = self._cards[outcome.dog]
        for change in outcome.results.alerts:
            self._notify(tx, card, change, stored=outcome.stored)
        if outcome.stored:
            return
        for event in outcome.results.events:
            key = f"event/{card.dog}/{event.kind}/{time_ns(event.start_s)}"
            publish(tx, key, event_publication(self._root, card.dog, event, card.zone))

    def write(self, tx: Transaction, points: list[Point]) -> None:
        """Store points here, and in InfluxDB through the outbox."""
        tx.write(points)
        if self._to_influx:
            for point in points:
                body = encode_point(point)
                tx.enqueue(POINT, point_key(point, body), body)

    def _notify(
        self, tx: Transaction, card: DogIdentity, change: AlertChange, *, stored: bool
    ) -> None:
        key = f"{change.id}/{time_ns(change.time_s)}/{change.status}/{change.count}"
        pending = PendingNotification(
            change=change, dog_name=card.name, zone=card.zone, stored=stored
        )
        tx.enqueue(NOTIFICATION, f"tell/{key}", encode_notification(pending))
        publish(tx, f"alert/{key}", alert_publication(self._root, change, card.name, card.zone))
        if not stored:
            news = change_publication(self._root, change, card.name, card.zone)
            publish(tx, f"change/{key}", news)


def publish(tx: Transaction, key: str, publication: Publication) -> None:
    """Put a publication into the outbox."""
    tx.enqueue(PUBLICATION, key, msgspec.msgpack.encode(publication))


def publication_of(body: bytes) -> Publication:
    """Return the publication that was put into the outbox.

    Raises
    ------
    InputError
        If the row is garbled.
    """
    try:
        return msgspec.msgpack.decode(body, type=Publication)
    except msgspec.MsgspecError as error:
        msg = f"publication in the outbox cannot be read: {error}"
        raise InputError(msg) from error
