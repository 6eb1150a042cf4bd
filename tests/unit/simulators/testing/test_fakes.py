"""The stand-ins do what they are told, and the clock stands still otherwise."""

import pytest

from analysis.errors import DeliveryError, RejectedError
from ingest.ports import Message, Point, Publication, Query
from simulators.testing.fakes import FakeNotifier, FakePublisher, FakeStore, ManualClock

AWAY = DeliveryError("away")
MESSAGE = Message(title="Rex jumped", body="Once.", severity="urgent")


def test_a_clock_stands_still_until_it_is_advanced() -> None:
    clock = ManualClock(100.0)
    before = (clock.now_s(), clock.monotonic_s())
    clock.advance(2.5)

    assert before == (100.0, 0.0)
    assert (clock.now_s(), clock.monotonic_s()) == (102.5, 2.5)


def test_setting_the_time_of_day_lets_no_time_pass() -> None:
    clock = ManualClock(100.0)
    clock.set_now(50.0)

    assert (clock.now_s(), clock.monotonic_s()) == (50.0, 0.0)


@pytest.mark.parametrize("step_s", [-1.0, float("nan")])
def test_time_does_not_run_backwards(step_s: float) -> None:
    with pytest.raises(ValueError, match=f"time does not pass by {step_s} s"):
        ManualClock().advance(step_s)


def test_faults_happen_in_order_and_then_no_more() -> None:
    notifier = FakeNotifier()
    notifier.fail_next(AWAY, RejectedError("never"))
    with pytest.raises(DeliveryError, match="away"):
        notifier.send(MESSAGE)
    with pytest.raises(RejectedError, match="never"):
        notifier.send(MESSAGE)
    notifier.send(MESSAGE)

    assert notifier.sent == [MESSAGE]


def test_a_store_that_fails_keeps_nothing_of_it() -> None:
    store = FakeStore()
    point = Point(measurement="event", dog="rex", kind="", run="live", time_ns=0, fields={"x": 1.0})
    store.fail_next(AWAY)
    with pytest.raises(DeliveryError, match="away"):
        store.write([point])
    assert store.read(Query(measurement="event")) == []
    store.write([point])

    assert store.read(Query(measurement="event")) == [point]


def test_a_publisher_knows_what_a_new_subscriber_would_get() -> None:
    publisher = FakePublisher()
    for topic, payload, retain in [
        ("a", b"1", True),
        ("a", b"2", True),
        ("a", b"3", False),
        ("b", b"1", True),
        ("b", b"", True),
    ]:
        publisher.publish(Publication(topic=topic, payload=payload, retain=retain))
    publisher.fail_next(AWAY)
    with pytest.raises(DeliveryError, match="away"):
        publisher.publish(Publication(topic="a", payload=b"4", retain=True))

    assert len(publisher.published) == 5
    assert publisher.retained == {"a": b"2"}
