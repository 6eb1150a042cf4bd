"""`spryhound replay`: what goes in, what comes out, and what is said about the rest."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from ingest.ports import Query
from ingest.storage.sqlite_store import SqliteStore
from simulators.testing.sample_recording import write_story

Type = Callable[..., Result]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the lines of the short story as a file, its header first."""
    path = tmp_path_factory.mktemp("story") / "story.csv"
    write_story(path)
    return path.read_text().splitlines(keepends=True)


@pytest.fixture
def minute(home: Path, story: list[str]) -> Path:
    """Return a file of 80 s in which the dog jumps."""
    path = home / "minute.csv"
    path.write_text("".join([story[0], *story[10_001:14_001]]))
    return path


def document(result: Result) -> list[dict[str, Any]]:
    """Return the recordings in what was printed."""
    found: list[dict[str, Any]] = json.loads(result.stdout)["recordings"]
    return found


def test_the_document_has_the_keys_that_others_rely_on(spryhound: Type, minute: Path) -> None:
    result = spryhound("replay", str(minute), "--json", "-")

    assert result.exit_code == 0
    assert json.loads(result.stdout).keys() == {"spryhound", "recordings"}
    (entry,) = document(result)
    assert set(entry) >= {
        *("path", "dog", "start_s", "rate_hz", "duration_s", "quality"),
        *("minutes", "gait", "events", "days", "alerts"),
    }
    assert set(entry["quality"]) == {"worn_s", "gap_s", "clipped", "notes"}
    assert entry["dog"] == "rex"
    assert entry["rate_hz"] == 50.0
    assert entry["duration_s"] == pytest.approx(80.0, abs=0.05)
    assert "jump" in {event["kind"] for event in entry["events"]}


def test_without_json_a_summary_is_shown(spryhound: Type, minute: Path) -> None:
    result = spryhound("replay", str(minute))

    assert result.exit_code == 0
    assert "50.0 Hz" in result.stdout
    assert re.search(r"^events .*\bjump 1\b", result.stdout, re.MULTILINE)


def test_what_is_saved_is_a_run_of_its_own(spryhound: Type, minute: Path, home: Path) -> None:
    """So no replay overwrites what was lived; a second time changes nothing."""
    spryhound("replay", str(minute), "--save")
    spryhound("replay", str(minute), "--save")

    with SqliteStore(home / "store" / "spryhound.sqlite") as store:
        saved = store.read(Query(measurement="event", kind="jump", run=None))
    assert len(saved) == 1
    assert saved[0].run.startswith("replay-")


def test_the_document_can_go_to_a_file(spryhound: Type, minute: Path, home: Path) -> None:
    result = spryhound("replay", str(minute), "--json", str(home / "out.json"))

    assert result.exit_code == 0
    assert len(json.loads((home / "out.json").read_text())["recordings"]) == 1


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--unit", "stone"), "--unit: got 'stone', expected one of g, mg, m/s2"),
        (("--format", "xyz"), "--format: got 'xyz', expected one of actigraph_csv"),
        (("--rate-hz", "-5"), "--rate-hz: got -5, expected 10 to 400"),
        (("--rate-hz", "nan"), "--rate-hz: got nan, expected 10 to 400"),
        (("--speed", "no"), "speed is 'no', expected 'max' or a positive number"),
        (("--start", "gestern"), "--start: got 'gestern', expected such as"),
        (("--dog", "bella"), "--dog: got 'bella', expected one of rex"),
        (("--config", "none.toml"), "none.toml: file not found"),
    ],
)
def test_a_wrong_option_is_wrong_usage_told_in_one_line(
    spryhound: Type, minute: Path, options: tuple[str, str], complaint: str
) -> None:
    result = spryhound("replay", str(minute), *options)

    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert complaint in line


@pytest.mark.parametrize("dog", ["../x", "a/b", "Rex", "#", "", "x" * 33])
def test_without_settings_a_dog_must_still_have_a_possible_id(
    spryhound: Type, minute: Path, home: Path, dog: str
) -> None:
    """It becomes part of a topic."""
    (home / "spryhound.toml").unlink()

    assert spryhound("replay", str(minute), "--dog", dog).exit_code == 2
    assert spryhound("replay", str(minute), "--dog", "r-3_x").exit_code == 0


def test_a_document_that_cannot_be_written_is_a_failure(spryhound: Type, minute: Path) -> None:
    result = spryhound("replay", str(minute), "--json", "/nowhere/out.json")

    assert result.exit_code == 1
    assert "--json: /nowhere/out.json cannot be written" in result.stderr


def spoilt(name: str, story: list[str]) -> str:
    """Return a minute that something is wrong with."""
    head, rows = story[0], story[10_001:13_001]
    if name == "text":
        return "".join([head, *rows[:900], "hello, what is this\n", *rows[900:]])
    if name == "not finite":
        return "".join([head, *rows[:900], "1780315450.00,nan,inf,-inf\n", *rows[901:]])
    if name == "backwards":
        return "".join([head, *rows[:1500], *rows[500:]])
    return "".join([head, *rows])[:-9]


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("text", "1 row was dropped from line 902 on"),
        ("not finite", "1 row was dropped from line 902 on: a value is not finite"),
        ("backwards", "1000 samples dropped: time went backwards"),
        ("cut off", None),
    ],
)
def test_a_fault_in_mid_file_is_counted_and_the_rest_is_kept(
    spryhound: Type, home: Path, story: list[str], name: str, note: str | None
) -> None:
    (home / "spoilt.csv").write_text(spoilt(name, story))

    result = spryhound("replay", "spoilt.csv", "--json", "-")

    (entry,) = document(result)
    assert result.exit_code == 0
    assert entry["duration_s"] == pytest.approx(60.0, abs=0.05)
    assert "jump" in {event["kind"] for event in entry["events"]}
    assert note is None or any(note in each for each in entry["quality"]["notes"])


@pytest.mark.parametrize(
    ("factor", "unit", "complaint"),
    [(9.80665, "m/s2", "it looks like m/s2; say --unit"), (300.0, None, "not raw acceleration")],
)
def test_a_wrong_unit_is_refused_and_the_right_one_taken(
    spryhound: Type, home: Path, story: list[str], factor: float, unit: str | None, complaint: str
) -> None:
    rows = [line.split(",") for line in story[10_001:13_001]]
    scaled = [
        ",".join([row[0], *(f"{factor * float(value):.4f}" for value in row[1:])]) for row in rows
    ]
    (home / "unit.csv").write_text("\n".join([story[0].strip(), *scaled]))

    refused = spryhound("replay", "unit.csv")

    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert line.startswith("error: unit.csv: line 2: ")
    assert complaint in line
    if unit is not None:
        assert spryhound("replay", "unit.csv", "--unit", unit).exit_code == 0


@pytest.mark.slow
def test_a_broker_that_is_not_there_is_a_failure_in_one_line(
    spryhound: Type, minute: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Port 1 of this machine answers nobody."""
    monkeypatch.setattr("ingest.cli.replay._ANSWER_S", 0.1)
    with (home / "spryhound.toml").open("a") as settings:
        settings.write('[mqtt]\nhost = "127.0.0.1"\nport = 1\n')

    result = spryhound("replay", str(minute), "--publish")

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert "unanswered by 127.0.0.1:1" in line
