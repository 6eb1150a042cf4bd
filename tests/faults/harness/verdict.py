"""The one verdict: what is there in the end is what an undisturbed replay gives, once."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.model import AlertChange, Results
from config.load import load
from ingest.app.home import dog_for_collar
from ingest.packets.envelope import EncodedPacket, received
from ingest.ports import Point, Query
from ingest.processing.stream_processor import StreamProcessor
from ingest.storage.points import LIVE, points_of
from ingest.storage.sqlite_store import SqliteStore
from ingest.text.alerts import describe
from simulators.testing.daemon_harness import DaemonHarness
from tests.faults.harness.trial import Trial

DOG = "rex"
MEASUREMENTS = ("alert", "event", "minute", "gait", "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an undisturbed run makes of some packets.

    Attributes
    ----------
    points
        Alerts, events, minutes, walks and days as a store holds them.
    messages
        What the owner is told, one text an alert.
    """

    points: Mapping[str, Sequence[Point]]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a trial ended.

    Attributes
    ----------
    packets, kept
        Packets that the broker took, and those in the journal.
    expected, delivered, repeated, lost
        Alerts: of the undisturbed run; those in the store, in InfluxDB and with the owner; those
        that became a second alert anywhere; those that somebody never got.
    told_again
        Messages to the owner that said the same once more.
    differences
        Where the stores say anything else than the undisturbed run; empty is good.
    """

    packets: int
    kept: int
    expected: int
    delivered: int
    repeated: int
    lost: int
    told_again: int
    differences: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, repeated, or different."""
        return not (self.lost or self.repeated or self.differences)


def undisturbed(home: DaemonHarness, packets: Iterable[EncodedPacket]) -> Answer:
    """Play packets through an engine in this process, one by one, without any store."""
    settings = load(home.config, {})
    dogs = {dog: settings.pipeline(dog) for dog in settings.dogs}
    engine, results = StreamProcessor(dogs, dog_for_collar(settings)), Results()
    for each in packets:
        for outcome in engine.process([received(each)]):
            results.extend(outcome.results)
    points = points_of(DOG, LIVE, results)
    told = {change.id: message_of(change) for change in results.alerts if change.notify}
    return Answer(
        points={name: _sorted(points, name) for name in MEASUREMENTS},
        messages=tuple(told.values()),
    )


def message_of(change: AlertChange) -> str:
    """Return what the owner reads of an alert, without how it is introduced."""
    return describe(change, "Rex", "UTC").title


def judge(trial: Trial, n_sent: int, answer: Answer) -> Verdict:
    """Compare everything that a home holds with an undisturbed run."""
    here = {name: stored(trial.home, name) for name in MEASUREMENTS}
    there = {name: trial.home.points_in_influx(name) for name in MEASUREMENTS}
    differences = [
        *_differences("store", here, answer.points),
        *_differences("InfluxDB", there, answer.points),
    ]
    heard = Counter(accepted(trial))
    expected = answer.points["alert"]
    delivered = sum(
        point in here["alert"] and point in there["alert"] and message in heard
        for point, message in zip(expected, answer.messages, strict=True)
    )
    unexpected = [
        *(point for store in (here, there) for point in store["alert"] if point not in expected),
        *(message for message in heard if message not in answer.messages),
    ]
    return Verdict(
        packets=n_sent,
        kept=trial.n_packets(),
        expected=len(expected),
        delivered=delivered,
        repeated=len(unexpected),
        lost=len(expected) - delivered,
        told_again=sum(heard.values()) - len(heard),
        differences=tuple(differences),
    )


def stored(home: DaemonHarness, measurement: str) -> list[Point]:
    """Return what the embedded store holds of one measurement, by time."""
    with SqliteStore(home.database) as store:
        return _by_time(store.read(Query(measurement=measurement)))


def holds(trial: Trial, answer: Answer) -> bool:
    """Return whether everything that is expected has come to the store and the owner."""
    counts = dict(trial.rows("SELECT measurement, count(*) FROM points GROUP BY measurement"))
    is_here = all(counts.get(name, 0) >= len(answer.points[name]) for name in MEASUREMENTS)
    return is_here and len(accepted(trial)) >= len(answer.messages)


def accepted(trial: Trial) -> list[str]:
    """Return the messages that the owner's phone took, by their titles."""
    heard = [each for each in trial.place.phone.caught if each.status < 300]
    return [json.loads(each.body)["title"] for each in heard]


def _differences(
    where: str, found: Mapping[str, Sequence[Point]], expected: Mapping[str, Sequence[Point]]
) -> list[str]:
    said = []
    for name in MEASUREMENTS:
        missing = [point for point in expected[name] if point not in found[name]]
        extra = [point for point in found[name] if point not in expected[name]]
        if missing or extra:
            said.append(f"{where}: {name}: {len(missing)} missing, {len(extra)} not expected")
    return said


def _sorted(points: Iterable[Point], measurement: str) -> list[Point]:
    newest = {(each.kind, each.time_ns): each for each in points if each.measurement == measurement}
    return _by_time(newest.values())


def _by_time(points: Iterable[Point]) -> list[Point]:
    return sorted(points, key=lambda point: (point.time_ns, point.kind))
