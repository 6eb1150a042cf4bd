"""`spryhound init`: a file that loads, that nobody else reads, and that is not overwritten."""

import stat
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import pytest
from typer.testing import Result

from config.load import load

Type = Callable[..., Result]


@pytest.fixture
def empty(home: Path) -> Path:
    """Return a folder with nothing in it."""
    (home / "spryhound.toml").unlink()
    rmtree(home / "store")
    return home


def test_defaults_ask_nothing_and_load(empty: Path, spryhound: Type) -> None:
    result = spryhound("init", "--defaults")

    assert result.exit_code == 0
    assert load(empty / "spryhound.toml", {}).dogs.keys() == {"dog"}
    assert "spryhound run" in result.stdout


def test_the_file_is_the_owners_alone(empty: Path, spryhound: Type) -> None:
    """It will hold passwords and notification URLs."""
    spryhound("init", "--defaults")

    assert stat.S_IMODE((empty / "spryhound.toml").stat().st_mode) == 0o600
    assert [each.name for each in empty.iterdir()] == ["spryhound.toml"]


def test_nobody_guesses_what_the_daemon_is_called_at_the_broker(
    empty: Path, spryhound: Type
) -> None:
    """Else any collar could throw it out by connecting under its name."""
    names = set()
    for _ in range(2):
        spryhound("init", "--defaults", "--force")
        names.add(load(empty / "spryhound.toml", {}).mqtt.client_id)

    assert len(names) == 2
    assert all(len(name) == len("spryhound-") + 16 for name in names)


def test_an_existing_file_is_replaced_only_by_force(home: Path, spryhound: Type) -> None:
    before = (home / "spryhound.toml").read_text()

    refused = spryhound("init", "--defaults")

    assert refused.exit_code == 1
    assert "spryhound.toml exists; --force replaces it" in refused.stderr
    assert (home / "spryhound.toml").read_text() == before
    assert spryhound("init", "--defaults", "--force").exit_code == 0
    assert (home / "spryhound.toml").read_text() != before
    assert stat.S_IMODE((home / "spryhound.toml").stat().st_mode) == 0o600


def test_the_machines_time_zone_is_taken(
    empty: Path, spryhound: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Vienna")

    spryhound("init", "--defaults")

    assert load(empty / "spryhound.toml", {}).home.time_zone == "Europe/Vienna"


def test_answers_become_settings(empty: Path, spryhound: Type) -> None:
    answers = [
        "Old Rex",
        "45 cm",
        "Europe/Vienna",
        "hub.local:8883",
        "collar7",
        "ntfys://ntfy.sh/topic",
        "after_surgery",
        "2026-11-01",
    ]

    result = spryhound("init", keys="\n".join(answers) + "\n")

    assert result.exit_code == 0
    settings = load(empty / "spryhound.toml", {})
    rex = settings.dogs["old-rex"]
    assert (rex.name, rex.withers_m, settings.home.time_zone) == ("Old Rex", 0.45, "Europe/Vienna")
    assert (settings.mqtt.host, settings.mqtt.port) == ("hub.local", 8883)
    assert [(each.id, each.dog) for each in settings.collars] == [("collar7", "old-rex")]
    assert settings.notify.urls[0].get_secret_value() == "ntfys://ntfy.sh/topic"
    assert rex.plan is not None
    assert (rex.plan.template, str(rex.plan.start)) == ("after_surgery", "2026-11-01")


def test_a_wrong_answer_is_asked_again(empty: Path, spryhound: Type) -> None:
    """Every second answer is wrong, and the file is right in the end."""
    answers = [
        "Rex",
        "heavy",
        "16,5 kg",
        "Europe/Wien",
        "Europe/Vienna",
        "hub:http",
        "hub",
        "Collar No 7",
        "collar7",
        "smoke://signal",
        "",
        "bed",
        "none",
    ]

    result = spryhound("init", keys="\n".join(answers) + "\n")

    assert result.exit_code == 0
    settings = load(empty / "spryhound.toml", {})
    assert settings.dogs["rex"].mass_kg == 16.5
    assert (settings.mqtt.host, settings.collars[0].id) == ("hub", "collar7")
    assert settings.notify.urls == ()
    assert settings.dogs["rex"].plan is None


def test_an_end_of_input_writes_nothing(empty: Path, spryhound: Type) -> None:
    result = spryhound("init", keys="Rex\n")

    assert result.exit_code == 1
    assert list(empty.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_line(empty: Path, spryhound: Type) -> None:
    result = spryhound("init", "--defaults", "--to", "no/such/file.toml")

    assert result.exit_code == 1
    assert "no/such/file.toml cannot be written: No such file or directory" in result.stderr
    assert list(empty.iterdir()) == []
