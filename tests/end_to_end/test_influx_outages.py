"""From the outbox into a real InfluxDB through outages: every point arrives, and once."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from config.machine_settings import Influx as InfluxTable
from ingest.ports import Point, Query
from ingest.storage import database
from ingest.storage.influx import InfluxStore
from ingest.storage.journal import Journal
from ingest.storage.outbox import Consumer, ConsumerStatus, Outbox, OutboxRow
from ingest.storage.points import decode_point, encode_point
from simulators.testing.fakes import ManualClock
from simulators.testing.influx_proxy import REPLY_LOST, InfluxProxy, Reply
from simulators.testing.servers import Influx

pytestmark = pytest.mark.influx

WITHIN_S = 30.0
BUCKETS = itertools.count()
EVENTS = Query(measurement="event")


def points(n: int) -> list[Point]:
    return [
        Point(
            measurement="event",
            dog="rex",
            kind="jump",
            run="live",
            time_ns=1_763_985_600_000_000_000 + i,
            fields={"landing_g": float(i)},
        )
        for i in range(n)
    ]


def put(path: Path, clock: ManualClock, written: Sequence[Point]) -> None:
    with Journal(path, clock) as journal, journal.transaction() as tx:
        for point in written:
            tx.enqueue("point", f"event {point.time_ns}", encode_point(point))


@contextmanager
def following(path: Path, clock: ManualClock, store: InfluxStore) -> Iterator[Outbox]:
    """Carry points from the outbox to the store while the block lasts."""

    def deliver(rows: Sequence[OutboxRow]) -> None:
        store.write([decode_point(row.body) for row in rows])

    follower = Consumer(name="influx", kinds=("point",), deliver=deliver, most=500)
    with Outbox(path, [follower], clock, kept_s=14 * 86_400.0) as outbox:
        yield outbox


def wait(
    outbox: Outbox, clock: ManualClock, claim: Callable[[ConsumerStatus], bool]
) -> ConsumerStatus:
    """Let time pass until a claim about the follower holds."""
    until_s = time.monotonic() + WITHIN_S
    tick = threading.Event()
    while True:
        (status,) = outbox.status()
        if claim(status):
            return status
        assert time.monotonic() < until_s, status
        clock.advance(1.0)
        outbox.wake()
        tick.wait(0.01)


def is_done(status: ConsumerStatus) -> bool:
    return not status.n_waiting and not status.failures


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spryhound.db"


@pytest.fixture
def gate(influx: str) -> Iterator[InfluxProxy]:
    with InfluxProxy(influx, version="1.8.10") as gate:
        yield gate


@pytest.fixture
def store(gate: InfluxProxy) -> Iterator[InfluxStore]:
    """Return a store behind the gate, with an empty database of its own."""
    settings = InfluxTable(url=gate.url, bucket=f"outage{next(BUCKETS)}", timeout_s=5.0)
    with InfluxStore(settings) as store:
        yield store


def test_an_outage_loses_nothing(path: Path, gate: InfluxProxy, store: InfluxStore) -> None:
    """Busy, overloaded, in trouble each third time, and cut off; then back."""
    clock = ManualClock()
    written = points(2000)
    gate.answer(
        Reply(status=503),
        Reply(status=429, headers={"Retry-After": "30"}),
        Reply(cut=True),
        Reply(status=500),
    )
    put(path, clock, written)
    with following(path, clock, store) as outbox:
        wait(outbox, clock, is_done)

    assert store.read(EVENTS) == written
    # Four refused, one that found no database, and four that were accepted.
    assert len(gate.writes) == 9


def test_a_lost_reply_makes_no_second_point(
    path: Path, gate: InfluxProxy, store: InfluxStore
) -> None:
    """The server stored it, the connection broke, and it is sent again."""
    clock = ManualClock()
    written = points(10)
    store.write(written[:1])
    gate.answer(REPLY_LOST)
    put(path, clock, written)
    with following(path, clock, store) as outbox:
        wait(outbox, clock, lambda status: status.failures == 1)
        stored_at_first = store.read(EVENTS)
        wait(outbox, clock, is_done)

    assert stored_at_first == written
    assert store.read(EVENTS) == written


def test_one_bad_point_among_many_is_set_aside(
    path: Path, gate: InfluxProxy, store: InfluxStore
) -> None:
    """Its field is a text where all others have a number."""
    clock = ManualClock()
    written = points(1000)
    bad = replace(written[337], fields={"landing_g": "hard"})
    store.write(written[:1])
    put(path, clock, [*written[:337], bad, *written[338:]])
    with following(path, clock, store) as outbox:
        status = wait(outbox, clock, is_done)

    connection = database.connect(path)
    dead = connection.execute("SELECT body, reason FROM dead_letters").fetchall()
    connection.close()
    assert [decode_point(body) for body, _ in dead] == [bad]
    assert "field type conflict" in dead[0][1]
    assert status.n_dead == 1
    assert store.read(EVENTS) == [*written[:337], *written[338:]]
    # One to start with, at most 2 * 9 + 1 requests to find one row in 500, and the other 500.
    assert len(gate.writes) <= 22


def test_a_token_that_was_changed_costs_nothing(
    path: Path, gate: InfluxProxy, store: InfluxStore
) -> None:
    clock = ManualClock()
    put(path, clock, points(3))
    gate.token = "another"  # noqa: S105 (made up)
    with following(path, clock, store) as outbox:
        status = wait(outbox, clock, lambda status: status.failures >= 2)
        gate.token = ""
        wait(outbox, clock, is_done)

    assert "influx.token" in status.last_error
    assert store.read(EVENTS) == points(3)


@pytest.mark.slow
@pytest.mark.usefixtures("influx")
def test_a_server_that_is_killed_while_writing_has_everything_in_the_end(
    path: Path, tmp_path: Path
) -> None:
    """It is killed after some thousand points, and comes back with all that it had accepted."""
    server = Influx(folder=tmp_path / "influx")
    clock = ManualClock()
    written = points(20_000)
    put(path, clock, written)
    with server, InfluxStore(InfluxTable(url=server.url, timeout_s=5.0)) as store:
        with following(path, clock, store) as outbox:
            wait(outbox, clock, lambda status: status.n_waiting < 18_000)
            server.kill()
            wait(outbox, clock, lambda status: status.failures >= 1)
            server.start()
            wait(outbox, clock, is_done)

        assert store.read(EVENTS) == written
