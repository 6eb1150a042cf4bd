"""`spryhound alerts`: found, shown, answered and exported, with and without a daemon."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import Result

from analysis.model import AlertChange, Event, Level, Minute, Results, Status
from ingest.clock import SystemClock
from ingest.processing.commands import Acknowledge, FalseAlarm, stored_command
from ingest.storage.journal import Journal, daemon_lock
from ingest.storage.points import LIVE, points_of
from ingest.storage.sqlite_store import SqliteStore

Type = Callable[..., Result]

JUMP_S = 1795516200.5
"""24 November 2026, 11:30:00.5 in Vienna."""
JUMP_ID = "aaaa1111-0000-5000-8000-000000000001"
STIFF_ID = "aaaa2222-0000-5000-8000-000000000002"


def jumping(status: Status = Status.OPEN) -> AlertChange:
    """Return an alert about one jump."""
    return AlertChange(
        id=JUMP_ID,
        dog="rex",
        kind="jumping",
        severity=Level.WARNING,
        status=status,
        onset_s=JUMP_S,
        time_s=JUMP_S + 1.0,
        evidence={"landing_g": 3.25},
    )


def stiff(status: Status = Status.OPEN) -> AlertChange:
    """Return an alert about a gait that has changed."""
    return AlertChange(
        id=STIFF_ID,
        dog="rex",
        kind="stiff_gait",
        severity=Level.WATCH,
        status=status,
        onset_s=JUMP_S + 3600.0,
        time_s=JUMP_S + 7200.0,
    )


@pytest.fixture
def database(home: Path) -> Path:
    """Return a store with a jump, the alert about it, an hour of minutes, and an ended alert."""
    path = home / "store" / "spryhound.sqlite"
    jump = Event(
        kind="jump",
        start_s=JUMP_S,
        end_s=JUMP_S + 1.0,
        confidence="high",
        evidence={"flight_ms": 310.0},
    )
    shake = Event(kind="shake", start_s=JUMP_S + 20, end_s=JUMP_S + 21, confidence="high")
    minutes = [
        Minute(
            start_s=JUMP_S - 0.5 + 60.0 * number,
            worn_s=60.0,
            vedba_g=0.2,
            rest_s=0.0,
            light_s=60.0,
            walk_s=0.0,
            vigorous_s=0.0,
        )
        for number in range(60)
    ]
    results = Results(
        minutes=minutes, events=[jump, shake], alerts=[jumping(), stiff(Status.RESOLVED)]
    )
    with SqliteStore(path) as store:
        store.write(points_of("rex", LIVE, results))
    return path


def test_an_empty_store_has_no_alerts(spryhound: Type) -> None:
    """Before the first start there is no file yet; that is no error."""
    result = spryhound("alerts", "list")

    assert (result.exit_code, result.stdout) == (0, "No alerts.\n")
    assert json.loads(spryhound("alerts", "list", "--json").stdout) == []


@pytest.mark.usefixtures("database")
def test_what_is_over_is_listed_only_when_asked_for(spryhound: Type) -> None:
    on, everything = spryhound("alerts", "list"), spryhound("alerts", "list", "--all")

    assert JUMP_ID[:8] in on.stdout
    assert STIFF_ID[:8] not in on.stdout
    assert STIFF_ID[:8] in everything.stdout


@pytest.mark.usefixtures("database")
def test_the_list_as_json_has_the_keys_of_the_replay_document(spryhound: Type) -> None:
    (entry,) = json.loads(spryhound("alerts", "list", "--json").stdout)

    assert {"id", "kind", "severity", "onset_s", "title", "text", "evidence"} <= entry.keys()
    assert entry["evidence"] == {"landing_g": 3.25}


def test_alerts_of_a_dog_that_is_not_set_up_are_wrong_usage(spryhound: Type) -> None:
    result = spryhound("alerts", "list", "--dog", "max")

    assert result.exit_code == 2
    assert "--dog: got 'max', expected one of rex" in result.stderr


@pytest.mark.usefixtures("database")
def test_an_alert_is_shown_with_its_evidence_and_the_jump_itself(spryhound: Type) -> None:
    """The shake 20 s later has nothing to do with it."""
    shown = spryhound("alerts", "show", "aaaa1").stdout

    assert "landing_g" in shown
    assert "3.25" in shown
    assert "flight_ms" in shown
    assert "310" in shown
    assert "shake" not in shown


@pytest.mark.usefixtures("database")
def test_the_day_is_drawn_with_a_mark_where_it_happened(spryhound: Type) -> None:
    """11:30 in Vienna is column 34 of 20 minutes; three of them were worn, as tall as can be."""
    lines = spryhound("alerts", "show", "aaaa1").stdout.splitlines()
    scale = next(row for row, line in enumerate(lines) if line.startswith("0 "))

    assert lines[scale - 1] == " " * 34 + "^"
    assert lines[scale - 2] == "x" * 34 + "████" + "x" * 34
    assert lines[scale].split() == ["0", "6", "12", "18", "24"]


def test_the_list_and_an_alert_say_what_to_do_and_what_was_noted(
    database: Path, spryhound: Type
) -> None:
    """The note is no number of the evidence; a name without a note brings no such line."""
    hot = replace(stiff(), id="bbbb", evidence={"noted_heat": 1.0})
    with SqliteStore(database) as store:
        store.write(points_of("rex", LIVE, Results(alerts=[hot])))

    listed = " ".join(spryhound("alerts", "list").output.split())
    shown = spryhound("alerts", "show", "bbbb").output
    as_json = json.loads(spryhound("alerts", "show", "bbbb", "--json").output)
    jumped = json.loads(spryhound("alerts", "show", "aaaa1", "--json").output)

    assert "Lift" in listed
    assert "You noted hot weather." in listed
    assert "noted_heat" not in shown
    assert as_json["noted"].startswith("You noted hot weather.")
    assert as_json["do"].startswith("Short, level walks on the leash")
    assert jumped["noted"] == ""


@pytest.mark.usefixtures("database")
def test_an_id_has_to_be_clear(spryhound: Type) -> None:
    none, two = spryhound("alerts", "show", "ffff"), spryhound("alerts", "show", "aaaa")

    assert (none.exit_code, two.exit_code) == (1, 1)
    assert "no alert has an id that begins with 'ffff'" in none.stderr
    assert f"'aaaa' begins 2 ids: {JUMP_ID}, {STIFF_ID}" in two.stderr


@pytest.mark.parametrize(("word", "answer"), [("ack", Acknowledge), ("false-alarm", FalseAlarm)])
def test_an_answer_waits_for_the_daemon_with_the_whole_id(
    database: Path, spryhound: Type, word: str, answer: type[Acknowledge | FalseAlarm]
) -> None:
    result = spryhound("alerts", word, "aaaa1")

    assert result.exit_code == 0
    assert "next start will" in result.stdout
    with Journal(database, SystemClock()) as journal, journal.transaction() as tx:
        ((_, body),) = tx.take_commands()
    assert stored_command(body) == answer(dog="rex", alert_id=JUMP_ID)


def test_a_running_daemon_is_told_of(database: Path, spryhound: Type) -> None:
    with daemon_lock(database):
        result = spryhound("alerts", "ack", "aaaa1")

    assert result.stdout == "The daemon will acknowledge it: jumping of Rex.\n"


@pytest.mark.usefixtures("database")
def test_what_is_over_cannot_be_answered(spryhound: Type) -> None:
    result = spryhound("alerts", "ack", "aaaa2")

    assert result.exit_code == 1
    assert "is over (resolved)" in result.stderr


@pytest.mark.usefixtures("database")
def test_csv_has_a_line_for_each_alert_and_local_times(spryhound: Type) -> None:
    rows = list(csv.DictReader(StringIO(spryhound("alerts", "export").stdout)))

    assert [row["id"] for row in rows] == [JUMP_ID, STIFF_ID]
    assert rows[0]["onset"] == "2026-11-24T11:30:00.500000+01:00"
    assert json.loads(rows[0]["evidence"]) == {"landing_g": 3.25}


@pytest.mark.usefixtures("database")
def test_an_export_to_a_file_is_the_same_as_to_the_terminal(home: Path, spryhound: Type) -> None:
    result = spryhound("alerts", "export", "--format", "json", "--to", "alerts.json")

    assert result.stdout == ""
    text = (home / "alerts.json").read_text()
    assert text == spryhound("alerts", "export", "--format", "json").stdout
    assert [each["id"] for each in json.loads(text)] == [JUMP_ID, STIFF_ID]


@pytest.mark.usefixtures("database")
def test_a_file_that_cannot_be_written_is_one_line(spryhound: Type) -> None:
    result = spryhound("alerts", "export", "--to", "no/such/folder.csv")

    assert result.exit_code == 1
    assert (
        result.stderr == "error: no/such/folder.csv cannot be written: No such file or directory\n"
    )


@pytest.mark.parametrize(
    "status", [Status.ACKNOWLEDGED, Status.RECOVERING, Status.RESOLVED, Status.UNKNOWN]
)
def test_what_has_become_of_an_alert_does_not_hide_what_it_was(
    database: Path, spryhound: Type, status: Status
) -> None:
    with SqliteStore(database) as store:
        later = replace(jumping(status), time_s=JUMP_S + 600.0)
        store.write(points_of("rex", LIVE, Results(alerts=[later])))

    shown = " ".join(spryhound("alerts", "show", JUMP_ID).stdout.replace("│", " ").split())

    assert "It was: Rex jumped; the landing reached 3.2 times gravity at the collar." in shown
    assert "The plan allows no jumps in this phase." in shown
