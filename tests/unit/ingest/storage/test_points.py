"""Results become points and come back, number by number."""

from dataclasses import replace

import pytest

from analysis.errors import InputError
from analysis.model import AlertChange, Day, Event, Level, Minute, Results, Status
from ingest.ports import Point
from ingest.storage.points import (
    alert_points,
    current_alerts,
    decode_point,
    encode_point,
    points_of,
    record_of,
    time_ns,
)
from simulators.testing.fakes import FakeStore

OPEN = AlertChange(
    id="one",
    dog="rex",
    kind="jumping",
    severity=Level.URGENT,
    status=Status.OPEN,
    onset_s=100.0,
    time_s=101.0,
    evidence={"landing_g": 3.0},
)
JUMP = Event(
    kind="jump", start_s=100.02, end_s=101.0, confidence="high", evidence={"landing_g": 3.0}
)


@pytest.mark.parametrize("microseconds", [0, 1, 20_000, 999_999])
def test_a_time_is_exact_to_the_microsecond(microseconds: int) -> None:
    """A double holds today's Unix time to a quarter of a microsecond."""
    assert time_ns(1_763_985_600 + microseconds / 1e6) == (
        1_763_985_600_000_000_000 + microseconds * 1000
    )


def test_the_kind_is_part_of_the_identity_and_no_field() -> None:
    (point,) = points_of("rex", "live", Results(events=[JUMP]))

    assert (point.measurement, point.dog, point.kind) == ("event", "rex", "jump")
    assert point.time_ns == 100_020_000_000
    assert point.fields == {
        "start_s": 100.02,
        "end_s": 101.0,
        "confidence": "high",
        "evidence_landing_g": 3.0,
    }


def test_evidence_that_is_no_number_is_refused() -> None:
    odd = replace(JUMP, evidence={"landing_g": float("nan"), "drop_s": 0.4})
    with pytest.raises(InputError, match="Event has no number in evidence_landing_g"):
        points_of("rex", "live", Results(events=[odd]))


def test_a_record_with_a_number_that_is_none_is_refused() -> None:
    minute = Minute(
        start_s=60.0,
        worn_s=60.0,
        vedba_g=float("nan"),
        rest_s=60.0,
        light_s=0.0,
        walk_s=0.0,
        vigorous_s=0.0,
    )
    with pytest.raises(InputError, match="Minute has no number in vedba_g"):
        points_of("rex", "live", Results(minutes=[minute]))


def test_evidence_is_a_float_even_where_it_was_counted() -> None:
    """A field's type is for ever: 3 now and 3.5 tomorrow must both be floats."""
    (point,) = points_of("rex", "live", Results(events=[replace(JUMP, evidence={"n": 3})]))

    assert type(point.fields["evidence_n"]) is float


def test_changes_of_one_kind_at_one_time_keep_apart_and_in_order() -> None:
    worse, other = replace(OPEN, status=Status.WORSE), replace(OPEN, id="two", kind="stiff_gait")
    points = alert_points("rex", "live", [OPEN, worse, other])

    first, second, third = (point.time_ns - time_ns(OPEN.time_s) for point in points)
    assert 0 <= first == third < second < 1000
    assert [record_of(point, AlertChange) for point in points] == [OPEN, worse, other]


def test_alerts_stand_as_their_newest_change_oldest_onset_first() -> None:
    store = FakeStore()
    resolved = replace(OPEN, status=Status.RESOLVED, time_s=500.0)
    older = replace(OPEN, id="two", kind="stiff_gait", onset_s=50.0, time_s=400.0)
    other_dog = replace(OPEN, id="three", dog="bella", onset_s=10.0)
    store.write(alert_points("rex", "live", [resolved, OPEN, older]))
    store.write(alert_points("bella", "live", [other_dog]))
    store.write(alert_points("rex", "a replay", [replace(OPEN, time_s=900.0)]))

    assert current_alerts(store, "rex") == [older, resolved]
    assert current_alerts(store) == [other_dog, older, resolved]


def test_a_point_survives_the_outbox_with_its_types() -> None:
    (point,) = alert_points("rex", "live", [OPEN])
    back = decode_point(encode_point(point))

    assert back == point
    assert {name: type(value) for name, value in back.fields.items()} == {
        name: type(value) for name, value in point.fields.items()
    }


@pytest.mark.parametrize("body", [b"", b"\xff\xff", b"\x80", b"\xa1\xff"])
def test_a_row_that_is_no_point_is_bad_input(body: bytes) -> None:
    with pytest.raises(InputError, match=f"outbox row of {len(body)} bytes is not a point"):
        decode_point(body)


def test_a_point_that_somebody_else_wrote_is_bad_input() -> None:
    point = Point(
        measurement="minute", dog="rex", kind="", run="live", time_ns=1, fields={"worn_s": "all"}
    )

    with pytest.raises(InputError, match="point minute at 1 is no Minute"):
        record_of(point, Minute)
    with pytest.raises(InputError, match="point minute at 1 is no Day"):
        record_of(point, Day)


@pytest.mark.parametrize("noted", [(), ("heat",), ("guests", "heat")])
def test_what_was_noted_of_a_day_comes_back(noted: tuple[str, ...]) -> None:
    day = Day(date="2026-06-01", start_s=0.0, end_s=86400.0, noted=noted)

    (point,) = points_of("rex", "live", Results(days=[day]))

    assert record_of(point, Day).noted == noted
