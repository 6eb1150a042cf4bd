"""A point that some store could not hold is refused before it gets anywhere."""

from collections.abc import Mapping

import pytest

from analysis.errors import InputError
from ingest.ports import Point, Value


def point(fields: Mapping[str, Value], *, time_ns: int = 0, dog: str = "rex") -> Point:
    return Point(measurement="event", dog=dog, kind="", run="live", time_ns=time_ns, fields=fields)


@pytest.mark.parametrize("value", [0.0, -1e308, 2**63 - 1, -(2**63), True, "", "犬\n"])
def test_a_value_that_all_stores_hold_is_taken(value: Value) -> None:
    assert point({"x": value}).fields == {"x": value}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "'x' is nan, expected a finite number"),
        (float("inf"), "'x' is inf, expected a finite number"),
        (2**63, "more than 64 bits"),
        (-(2**63) - 1, "more than 64 bits"),
        ("\ud800", "is not Unicode"),
    ],
)
def test_a_value_that_some_store_cannot_hold_is_refused(value: Value, said: str) -> None:
    with pytest.raises(InputError, match=f"event of rex: .*{said}"):
        point({"x": value})


def test_a_point_without_fields_is_refused() -> None:
    """InfluxDB has no such thing."""
    with pytest.raises(InputError, match="event of rex: has no field"):
        point({})


@pytest.mark.parametrize("name", ["kind", "run", "time", "measurement"])
def test_a_field_named_like_a_tag_is_refused(name: str) -> None:
    """InfluxDB would rename it, or drop the point without a word."""
    with pytest.raises(InputError, match=f"field '{name}' is named like a part of the identity"):
        point({name: "x"})


def test_a_name_that_is_not_unicode_is_refused() -> None:
    with pytest.raises(InputError, match="is not Unicode"):
        point({"x": 1.0}, dog="\udcff")


def test_a_field_name_that_is_not_unicode_is_refused() -> None:
    with pytest.raises(InputError, match="is not Unicode"):
        point({"\udcff": 1.0})


@pytest.mark.parametrize("time_ns", [2**63 - 1, -(2**63)])
def test_a_time_beyond_64_bits_is_refused(time_ns: int) -> None:
    with pytest.raises(InputError, match=f"time {time_ns} ns has more than 64 bits"):
        point({"x": 1.0}, time_ns=time_ns)


@pytest.mark.parametrize("time_ns", [2**63 - 2, -(2**63) + 2, -1, 0])
def test_a_time_of_64_bits_is_taken(time_ns: int) -> None:
    assert point({"x": 1.0}, time_ns=time_ns).time_ns == time_ns
