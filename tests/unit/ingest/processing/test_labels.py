"""Labels: what the dog did or had, from when until when, checked at the border."""

import json
from datetime import datetime
from typing import Any

import pytest

from analysis.errors import InputError
from ingest.processing.commands import LogEntry, parse_command
from ingest.processing.diary import diary_point, entry_text
from ingest.processing.labels import LABELS, VET_FOUND, Label, label_of

NOON_S = datetime.fromisoformat("2026-11-23T12:00:00+01:00").timestamp()
MORNING = {"from": "2026-11-23T07:30+01:00", "until": "2026-11-23T07:45+01:00"}


def point_of(**log: Any) -> Any:  # noqa: ANN401  # a log is any JSON
    """Return a label as the diary keeps it, logged at noon in Vienna."""
    return diary_point("rex", {"kind": "label", **log}, NOON_S, "Europe/Vienna")


@pytest.mark.parametrize("what", LABELS)
def test_every_kind_is_kept_with_its_times(what: str) -> None:
    grade = "grade 2 of 5" if what == VET_FOUND else ""

    found = label_of(point_of(what=what, grade=grade, note="left", **MORNING))

    start_s = NOON_S - 4.5 * 3600.0
    assert found == Label(
        what=what, start_s=start_s, end_s=start_s + 900.0, grade=grade, note="left"
    )


def test_without_times_it_is_a_moment_now() -> None:
    found = label_of(point_of(what="jump"))

    assert found == Label(what="jump", start_s=NOON_S, end_s=NOON_S)


def test_a_day_is_all_of_it_in_the_dogs_zone() -> None:
    """The 29th of March 2026 has 23 hours in Vienna."""
    found = label_of(point_of(what="limped", **{"from": "2026-03-29"}))

    assert found is not None
    assert found.end_s - found.start_s == 23 * 3600.0


def test_today_may_be_labelled_before_it_is_over() -> None:
    found = label_of(point_of(what="limped", **{"from": "2026-11-23"}))

    assert found is not None
    assert found.end_s == NOON_S + 12 * 3600.0


def test_it_lies_in_the_diary_where_it_begins_and_twice_is_once() -> None:
    first, second = point_of(what="limped", **MORNING), point_of(what="limped", **MORNING)

    assert first == second
    assert first.time_ns // 1000 == round((NOON_S - 4.5 * 3600.0) * 1e6)
    assert entry_text(first) == "label: limped, 2026-11-23 07:30 to 2026-11-23 07:45"


def test_other_entries_are_no_labels() -> None:
    assert label_of(diary_point("rex", {"kind": "note", "text": "jump"}, NOON_S)) is None


@pytest.mark.parametrize(
    ("log", "fault"),
    [
        ({}, f"what is missing, expected one of {', '.join(LABELS)}"),
        ({"what": "hop"}, f"'hop', expected one of {', '.join(LABELS)}"),
        ({"what": ["jump"]}, "expected one of jump"),
        ({"what": "jump", "mood": "good"}, "mood is unknown"),
        ({"what": "jump", "at": "2026-11-23T07:30+01:00"}, "at is unknown"),
        ({"what": "jump", "from": "soon"}, "label: got 'soon'"),
        ({"what": "jump", "from": "2026-11-23T07:30"}, "its offset"),
        ({"what": "jump", "from": 5}, "label: got 5"),
        ({"what": "jump", "until": "1999-01-01"}, "from 2000 to 2099"),
        ({"what": "jump", "from": "2026-11-23T12:02+01:00"}, "still to come"),
        ({"what": "jump", "until": "2026-11-23T12:02+01:00"}, "still to come"),
        ({"what": "jump", "from": "2026-11-24"}, "still to come"),
        ({"what": "jump", "until": "2026-11-23T11:59+01:00"}, "not before its beginning"),
        ({"what": "vet_found"}, "grade is missing"),
        ({"what": "vet_found", "grade": "a" * 101}, "up to 100 characters"),
        ({"what": "limped", "grade": "2 of 5"}, "with vet_found only"),
        ({"what": "limped", "note": "a" * 2001}, "up to 2000 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_the_value(log: dict[str, Any], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        point_of(**log)


def test_two_clocks_may_differ_by_a_minute() -> None:
    """The refusal above is of two minutes."""
    assert label_of(point_of(what="jump", **{"from": "2026-11-23T12:01+01:00"})) is not None


def test_over_mqtt_it_is_a_log_as_any_other() -> None:
    log = {"kind": "label", "what": "limped", **MORNING}

    command = parse_command("spryhound/v1/dogs/rex/command", json.dumps({"log": log}).encode())

    assert isinstance(command, LogEntry)
    kept = diary_point(command.dog, command.entry, NOON_S, "Europe/Vienna")
    assert kept == point_of(what="limped", **MORNING)
