"""The diary: one shape for the command line and for MQTT, checked at the border."""

from typing import Any

import pytest

from analysis.errors import InputError
from ingest.diary import beside_others, diary_point, told
from ingest.ports import Point, Query


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
        ({}, "missing required field `kind`"),
        ({"kind": "party"}, "Invalid value 'party'"),
        ({"kind": ["dose"]}, "got `list`"),
        ({"kind": "dose", "drug": "carprofen"}, "`amount`"),
        ({"kind": "dose", "drug": "a" * 101, "amount": "1"}, "drug"),
        ({"kind": "walk", "duration_min": 1441}, "duration_min"),
        ({"kind": "walk", "duration_min": True}, "got `bool`"),
        ({"kind": "weight", "mass_kg": float("nan")}, "mass_kg"),
        ({"kind": "note", "text": "x", "mood": "good"}, "mood"),
        ({"kind": "note", "text": "x", "at": "2026-11-23T07:30"}, "at '2026-11-23T07:30'"),
        ({"kind": "note", "text": "x", "at": "0001-01-01T00:00+23:00"}, "from 2000 to 2099"),
        ({"kind": "note", "text": "x", "at": 5}, "at 5"),
        ({"kind": "note", "text": "x", "at": "soon"}, "at 'soon'"),
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

    assert beside_others(point, OneEntry(other)).time_ns == point.time_ns + 1
    assert beside_others(point, OneEntry(point)) == point
    assert beside_others(point, OneEntry()) == point


def test_numbers_are_told_with_their_units() -> None:
    walk = diary_point("rex", {"kind": "walk", "duration_min": 12.5, "note": "slow"}, 1.7e9)
    pack = diary_point("rex", {"kind": "heat_pack", "duration_min": 20}, 1.7e9)

    assert told(walk) == "walk: 12.5 min, slow"
    assert told(pack) == "heat pack: 20 min"
