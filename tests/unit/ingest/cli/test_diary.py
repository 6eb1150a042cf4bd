"""`spryhound log`: an entry is kept, sent on, and never in the place of another."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import Result

from analysis.model import CIRCUMSTANCES
from ingest.ports import Point, Query
from ingest.processing.commands import LogEntry, stored_command
from ingest.processing.diary import DIARY, diary_point
from ingest.processing.result_writer import POINT
from ingest.storage.journal import Journal
from ingest.storage.outbox import OutboxTable
from ingest.storage.points import decode_point
from ingest.storage.sqlite_store import SqliteStore
from simulators.testing.fakes import ManualClock

Type = Callable[..., Result]


def entries(home: Path) -> list[Point]:
    """Return the diary in the store."""
    with SqliteStore(home / "store" / "spryhound.sqlite") as store:
        return store.read(Query(measurement=DIARY))


@pytest.mark.parametrize(
    ("typed", "kind", "fields"),
    [
        (("dose", "carprofen", "50 mg"), "dose", {"drug": "carprofen", "amount": "50 mg"}),
        (("walk", "15", "slow"), "walk", {"duration_min": 15.0, "note": "slow"}),
        (("physio", "10"), "physio", {"duration_min": 10.0}),
        (("heat-pack", "20"), "heat_pack", {"duration_min": 20.0}),
        (("weight", "16.2"), "weight", {"mass_kg": 16.2}),
        (("questionnaire", "CBPI", "24"), "questionnaire", {"name": "CBPI", "score": 24.0}),
        (("note", "slipped [on the] stairs"), "note", {"text": "slipped [on the] stairs"}),
    ],
)
def test_an_entry_is_kept_as_it_was_typed(
    home: Path, spryhound: Type, typed: tuple[str, ...], kind: str, fields: dict[str, object]
) -> None:
    result = spryhound("log", *typed)

    assert result.exit_code == 0
    (point,) = entries(home)
    assert (point.dog, point.kind, point.run, dict(point.fields)) == ("rex", kind, "live", fields)


def test_a_time_without_offset_is_the_dogs(home: Path, spryhound: Type) -> None:
    """07:30 in Vienna in winter is 06:30 UTC."""
    spryhound("log", "weight", "16", "--at", "2026-01-10T07:30")

    (point,) = entries(home)
    at_s = datetime.fromisoformat("2026-01-10T06:30+00:00").timestamp()
    assert point.time_ns // 1000 == int(at_s) * 1_000_000


@pytest.mark.parametrize("at", ["half past seven", "25:00", "2999-01-01T00:00", ""])
def test_a_time_that_is_none_or_to_come_is_wrong_usage(
    home: Path, spryhound: Type, at: str
) -> None:
    result = spryhound("log", "weight", "16", "--at", at)

    assert result.exit_code == 2
    assert "--at: " in result.stderr
    assert entries(home) == []


@pytest.mark.parametrize(
    "typed", [("weight", "160"), ("weight", "nan"), ("walk", "0"), ("dose", "", "50 mg")]
)
def test_a_value_that_cannot_be_is_wrong_usage(
    home: Path, spryhound: Type, typed: tuple[str, ...]
) -> None:
    result = spryhound("log", *typed)

    assert result.exit_code == 2
    assert "diary entry" in result.stderr
    assert entries(home) == []


def test_two_doses_at_the_same_time_are_both_kept_and_one_typed_twice_is_one(
    home: Path, spryhound: Type
) -> None:
    for drug in ("carprofen", "gabapentin", "carprofen"):
        spryhound("log", "dose", drug, "50 mg", "--at", "2026-01-10T07:30")

    assert {each.fields["drug"] for each in entries(home)} == {"carprofen", "gabapentin"}
    assert len(entries(home)) == 2


def test_an_entry_waits_for_influx_only_if_there_is_one(
    home: Path, spryhound: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    spryhound("log", "weight", "16")
    monkeypatch.setenv("SPRYHOUND_INFLUX__ENABLED", "true")
    spryhound("log", "weight", "17")

    with OutboxTable(home / "store" / "spryhound.sqlite") as table:
        rows = table.next_rows("influx", (POINT,), 10)
    assert [decode_point(row.body) for row in rows] == entries(home)[1:]


def test_with_two_dogs_the_entry_has_to_say_whose(home: Path, spryhound: Type) -> None:
    with (home / "spryhound.toml").open("a") as file:
        file.write('[dogs.max]\nname = "Max"\n')

    unsaid, said = (
        spryhound("log", "weight", "16"),
        spryhound("log", "weight", "16", "--dog", "max"),
    )

    assert unsaid.exit_code == 2
    assert "--dog: expected one of rex, max" in unsaid.stderr
    assert said.exit_code == 0
    assert [each.dog for each in entries(home)] == ["max"]


def test_the_diary_is_listed_in_order_of_time(spryhound: Type) -> None:
    assert spryhound("log", "list").stdout == "The diary is empty.\n"
    spryhound("log", "note", "second", "--at", "2026-01-10T07:30")
    spryhound("log", "note", "first", "--at", "2026-01-09T07:30")

    shown = spryhound("log", "list").stdout
    as_json = json.loads(spryhound("log", "list", "--json").stdout)

    assert shown.index("first") < shown.index("second")
    assert [each["text"] for each in as_json] == ["first", "second"]
    assert as_json[0]["at"] == "2026-01-09T07:30:00+01:00"


def test_what_is_typed_and_what_comes_over_mqtt_are_the_same_point(
    home: Path, spryhound: Type
) -> None:
    spryhound("log", "walk", "15", "--at", "2026-01-10T07:30")
    over_mqtt = {"kind": "walk", "duration_min": 15, "at": "2026-01-10T06:30:00Z"}

    assert entries(home) == [diary_point("rex", over_mqtt, 0.0)]


def test_a_circumstance_is_kept_and_left_for_the_daemon_as_the_same_point(
    home: Path, spryhound: Type
) -> None:
    """The daemon may obey days later, when it starts: today is still the day it was typed."""
    result = spryhound("log", "circumstance", "heat", "31 °C", "--from", "2026-07-20")

    assert result.exit_code == 0
    assert "Rex, " in result.stdout
    assert "circumstance: heat, 2026-07-20, 31 °C" in result.stdout
    (point,) = entries(home)
    journal = Journal(home / "store" / "spryhound.sqlite", ManualClock(0.0))
    with journal, journal.transaction() as tx:
        ((_, body),) = tx.take_commands()
    command = stored_command(body)
    assert isinstance(command, LogEntry)
    assert diary_point(command.dog, command.entry, 4e9, "Europe/Vienna") == point


def test_what_is_no_circumstance_is_wrong_usage(home: Path, spryhound: Type) -> None:
    result = spryhound("log", "circumstance", "party")

    assert result.exit_code == 2
    assert "'party'" in result.stderr
    assert entries(home) == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("walk", "ten"), "got 'ten', expected a number, such as 15"),
        (("weight", "sixteen"), "got 'sixteen', expected a number, such as 16.2"),
        (("questionnaire", "CBPI", "bad"), "got 'bad', expected a number, such as 24"),
        (("list", "--newest", "0"), "got '0', expected a whole number of at least 1"),
        (("list", "--newest", "1.5"), "got '1.5', expected a whole number of at least 1"),
    ],
)
def test_what_is_no_number_is_refused_with_an_example(
    home: Path, spryhound: Type, typed: tuple[str, ...], expected: str
) -> None:
    result = spryhound("log", *typed)

    assert result.exit_code == 2
    assert expected in result.stderr
    assert "valid float" not in result.stderr
    assert entries(home) == []


def test_an_unknown_circumstance_is_answered_with_the_circumstances(spryhound: Type) -> None:
    """Not with the kinds of entries: whoever typed it has chosen that already."""
    result = spryhound("log", "circumstance", "snow")

    assert result.exit_code == 2
    assert f"'snow', expected one of {', '.join(CIRCUMSTANCES)}" in result.stderr
    assert "questionnaire" not in result.stderr
