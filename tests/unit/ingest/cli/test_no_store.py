"""A command that finds no store says so: an empty list would be a false all-clear."""

from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import pytest
from typer.testing import Result

Type = Callable[..., Result]

_ALERT = "3f2a"


@pytest.mark.parametrize(
    "typed",
    [
        ("alerts", "list"),
        ("alerts", "show", _ALERT),
        ("alerts", "ack", _ALERT),
        ("alerts", "false-alarm", _ALERT),
        ("alerts", "export"),
        ("backup", "rex.backup"),
        ("export", "rex.cborseq"),
        ("log", "dose", "carprofen", "50 mg"),
        ("log", "circumstance", "heat"),
        ("log", "list"),
        ("plan",),
    ],
)
def test_a_command_without_a_store_is_wrong_usage_and_makes_none(
    home: Path, spryhound: Type, typed: tuple[str, ...]
) -> None:
    rmtree(home / "store")

    result = spryhound(*typed)

    assert result.exit_code == 2
    assert f"there is no store at {home / 'store' / 'spryhound.sqlite'}" in result.stderr
    assert not (home / "store").exists()


def test_the_store_lies_beside_the_settings_wherever_one_is(
    home: Path, spryhound: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same settings file means the same store from any folder, with or without `data_dir`."""
    (home / "spryhound.toml").write_text('[dogs.rex]\nname = "Rex"\n')
    (home / "store").rename(home / "data")
    assert spryhound("log", "note", "calm").exit_code == 0
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)

    listed = spryhound("log", "list", "--config", "../spryhound.toml")

    assert "calm" in listed.stdout
    assert not (elsewhere / "data").exists()
