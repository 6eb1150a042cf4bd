"""The diary: one shape for the command line and for MQTT, checked at the border."""

from datetime import datetime
from typing import Any

import pytest

from analysis.errors import InputError
from analysis.model import Circumstance
from ingest.ports import Point, Query
from ingest.processing.diary import circumstance_of, diary_point, entry_text, with_unique_time


class OneEntry:
    """A store that holds what it is given."""

    def __init__(self, *points: Point) -> None:
        self._points = list(points)

    def write(self, points: object) -> None:
        """Keep nothing."""

    def read(self, query: Query) -> list[Point]:
        """Return what lies at or after the start."""
        start_ns = query.start_ns or 0
        return [each for each in self._points if each.time_ns >= start_ns]


@pytest.mark.parametrize(
    ("log", "fault"),
    [
        ({}, "kind None, expected one of circumstance, dose"),
        ({"kind": "party"}, "kind 'party', expected one of circumstance, dose"),
        ({"kind": ["dose"]}, r"kind \['dose'\]"),
        ({"kind": "dose", "drug": "carprofen"}, "amount is missing"),
        ({"kind": "dose", "drug": "a" * 101, "amount": "1"}, "drug"),
        ({"kind": "walk", "duration_min": 1441}, "duration_min"),
        (
            {"kind": "walk", "duration_min": True},
            "duration_min True, expected minutes above 0 and up to 1440",
        ),
        ({"kind": "weight", "mass_kg": float("nan")}, "mass_kg"),
        ({"kind": "note", "text": "x", "mood": "good"}, "mood"),
        ({"kind": "note", "text": "x", "at": "2026-11-23T07:30"}, "at '2026-11-23T07:30'"),
        ({"kind": "note", "text": "x", "at": "0001-01-01T00:00+23:00"}, "from 2000 to 2099"),
        ({"kind": "note", "text": "x", "at": 5}, "at 5"),
        ({"kind": "note", "text": "x", "at": "soon"}, "at 'soon'"),
        ({"kind": "note", "text": "x", "from": "2026-11-23"}, "from"),
        ({"kind": "circumstance", "what": "party"}, "'party', expected one of"),
        ({"kind": "circumstance", "what": "heat", "from": "Monday"}, "got 'Monday'"),
        ({"kind": "circumstance", "what": "heat", "from": "2026-11-23T07:00"}, "its offset"),
        ({"kind": "circumstance", "what": "heat", "until": 5}, "got 5"),
        ({"kind": "circumstance", "what": "heat", "from": "9999-12-31"}, "got '9999-12-31'"),
        (
            {"kind": "circumstance", "what": "heat", "until": "0001-01-01T00:00+23:00"},
            "from 2000 to 2099",
        ),
        (
            {"kind": "circumstance", "what": "heat", "from": "2026-11-23", "until": "2026-11-22"},
            "an end after its beginning",
        ),
    ],
)
def test_what_is_no_entry_is_refused_by_name(log: dict[str, Any], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        diary_point("rex", log, 1.7e9)


def test_an_entry_without_a_time_is_of_now() -> None:
    point = diary_point("rex", {"kind": "note", "text": "calm"}, 1.7e9)

    assert point.time_ns // 1000 == 1_700_000_000_000_000


def test_an_entry_in_the_place_of_another_moves_aside() -> None:
    """A third entry finds both places taken."""
    point = diary_point("rex", {"kind": "note", "text": "calm"}, 1.7e9)
    other = Point(
        measurement="diary",
        dog="rex",
        kind="note",
        run="live",
        time_ns=point.time_ns,
        fields={"text": "restless"},
    )

    assert with_unique_time(point, OneEntry(other)).time_ns == point.time_ns + 1
    assert with_unique_time(point, OneEntry(point)) == point
    assert with_unique_time(point, OneEntry()) == point


def test_numbers_are_told_with_their_units() -> None:
    walk = diary_point("rex", {"kind": "walk", "duration_min": 12.5, "note": "slow"}, 1.7e9)
    pack = diary_point("rex", {"kind": "heat_pack", "duration_min": 20}, 1.7e9)

    assert entry_text(walk) == "walk: 12.5 min, slow"
    assert entry_text(pack) == "heat pack: 20 min"


NOON_S = 1_780_308_000.0
"""1 June 2026, 12:00 in Vienna."""


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ({}, "2026-06-01T00:00:00+02:00", "2026-06-02T00:00:00+02:00"),
        ({"from": "2026-05-30"}, "2026-05-30T00:00:00+02:00", "2026-05-31T00:00:00+02:00"),
        ({"until": "2026-06-03"}, "2026-06-01T00:00:00+02:00", "2026-06-04T00:00:00+02:00"),
        (
            {"from": "2026-03-29", "until": "2026-03-29"},
            "2026-03-29T00:00:00+01:00",
            "2026-03-30T00:00:00+02:00",
        ),
        (
            {"from": "2026-06-01T10:00:00Z", "until": "2026-06-01T15:30+02:00"},
            "2026-06-01T12:00:00+02:00",
            "2026-06-01T15:30:00+02:00",
        ),
    ],
)
def test_a_circumstance_is_of_whole_days_in_the_dogs_zone_unless_it_says_times(
    said: dict[str, str], start: str, end: str
) -> None:
    """The last Sunday of March has 23 hours."""
    log = {"kind": "circumstance", "what": "heat", **said}

    point = diary_point("rex", log, NOON_S, "Europe/Vienna")

    assert (point.fields["from"], point.fields["until"]) == (start, end)
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    assert circumstance_of(point) == Circumstance(
        what="heat", start_s=first.timestamp(), end_s=last.timestamp()
    )


def test_a_circumstance_that_is_delivered_twice_is_one_entry() -> None:
    """It lies where it begins, whenever it was heard."""
    log = {"kind": "circumstance", "what": "guests", "note": "six of them"}

    first = diary_point("rex", log, NOON_S, "Europe/Vienna")

    assert diary_point("rex", log, NOON_S + 3600.0, "Europe/Vienna") == first
    assert entry_text(first) == "circumstance: guests, 2026-06-01, six of them"


def test_another_entry_is_no_circumstance() -> None:
    assert circumstance_of(diary_point("rex", {"kind": "note", "text": "heat"}, NOON_S)) is None
