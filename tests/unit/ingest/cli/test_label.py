"""`spryhound label`: what was seen is kept beside the diary, and wrong usage is said in a line."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import Result

from ingest.ports import Point, Query
from ingest.processing.diary import DIARY, diary_point
from ingest.processing.labels import LABELS, VET_FOUND
from ingest.storage.sqlite_store import SqliteStore

Type = Callable[..., Result]


def entries(home: Path) -> list[Point]:
    """Return the diary in the store."""
    with SqliteStore(home / "store" / "spryhound.sqlite") as store:
        return store.read(Query(measurement=DIARY))


@pytest.mark.parametrize("what", [each for each in LABELS if each != VET_FOUND])
def test_each_kind_has_a_command(home: Path, spryhound: Type, what: str) -> None:
    result = spryhound("label", what, "--note", "on the [wet] grass")

    assert result.exit_code == 0
    (point,) = entries(home)
    assert (point.dog, point.kind, point.fields["what"]) == ("rex", "label", what)
    assert point.fields["note"] == "on the [wet] grass"


@pytest.mark.parametrize("word", ["vet-found", "vet_found"])
def test_what_the_vet_found_is_kept_in_the_vets_words(
    home: Path, spryhound: Type, word: str
) -> None:
    result = spryhound("label", word, "lame, grade 2 of 5", "--from", "2026-01-10T10:30")

    assert result.exit_code == 0
    (point,) = entries(home)
    assert (point.fields["what"], point.fields["grade"]) == ("vet_found", "lame, grade 2 of 5")


def test_what_is_typed_and_what_comes_over_mqtt_are_the_same_point(
    home: Path, spryhound: Type
) -> None:
    """07:30 in Vienna in winter is 06:30 UTC."""
    spryhound("label", "limped", "--from", "2026-01-10T07:30", "--until", "2026-01-10T07:45")
    over_mqtt = {
        "kind": "label",
        "what": "limped",
        "from": "2026-01-10T06:30Z",
        "until": "2026-01-10T06:45Z",
    }

    assert entries(home) == [diary_point("rex", over_mqtt, 1.8e9, "Europe/Vienna")]


def test_times_may_be_ago_and_days(home: Path, spryhound: Type) -> None:
    spryhound("label", "limped", "--from", "2 h ago", "--until", "30 min ago")
    spryhound("label", "limped", "--from", "2026-01-10")

    day, hours = entries(home)
    assert day.fields["from"] == "2026-01-10T00:00:00+01:00"
    assert day.fields["until"] == "2026-01-11T00:00:00+01:00"
    start, end = (datetime.fromisoformat(str(hours.fields[each])) for each in ("from", "until"))
    assert (end - start).total_seconds() == pytest.approx(5400.0, abs=5.0)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (("hop",), "got 'hop', expected one of jump, stairs, shake, limped, cried, vet-found"),
        (("jump", "--from", "half past seven"), "--from: got 'half past seven'"),
        (("jump", "--until", "2999-01-01T00:00"), "--until: 2999-01-01T00:00:00+01:00 is still"),
        (("jump", "--from", "2 parsecs ago"), "--from: got '2 parsecs ago'"),
        (("jump", "--from", "1 h ago", "--until", "2 h ago"), "not before its beginning"),
        (("vet-found", ""), "grade is missing"),
        (("vet-found",), "GRADE"),
        (("jump", "--dog"), "--dog"),
    ],
)
def test_wrong_usage_is_told_and_keeps_nothing(
    home: Path, spryhound: Type, typed: tuple[str, ...], fault: str
) -> None:
    result = spryhound("label", *typed)

    assert result.exit_code == 2
    assert fault in result.stderr
    assert "Traceback" not in result.stderr
    assert entries(home) == []


def test_the_labels_are_listed_without_the_rest_of_the_diary(spryhound: Type) -> None:
    assert spryhound("label", "list").stdout == "There are no labels.\n"
    spryhound("log", "note", "slept well")
    spryhound("label", "cried", "--from", "2026-01-10T07:30")

    (listed,) = json.loads(spryhound("label", "list", "--json").stdout)
    shown = spryhound("label", "list").stdout

    assert (listed["what"], listed["at"]) == ("cried", "2026-01-10T07:30:00+01:00")
    assert "label: cried, 2026-01-10 07:30" in shown
    assert "slept" not in shown
    assert "cried" in spryhound("log", "list").stdout


def test_an_entry_of_the_diary_takes_ago_too(home: Path, spryhound: Type) -> None:
    before = spryhound("log", "weight", "16", "--at", "20 min ago")
    now = spryhound("log", "weight", "17")

    first, second = entries(home)
    assert (before.exit_code, now.exit_code) == (0, 0)
    assert (second.time_ns - first.time_ns) / 60e9 == pytest.approx(20.0, abs=0.5)
