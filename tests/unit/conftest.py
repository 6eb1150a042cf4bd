"""A home for the commands: a settings file, a store, and a way to type."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.cli.app import app
from ingest.storage.sqlite_store import SqliteStore

_SETTINGS = """
[home]
time_zone = "Europe/Vienna"
data_dir = "store"
[dogs.rex]
name = "Rex"
"""

Type = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a settings file for one dog and an empty store, being in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "spryhound.toml").write_text(_SETTINGS)
    with SqliteStore(tmp_path / "store" / "spryhound.sqlite"):
        pass  # as the daemon's first start leaves it
    return tmp_path


@pytest.fixture
def spryhound(home: Path) -> Type:
    """Return what runs a command line in this process, as if it had been typed at home."""
    assert Path.cwd() == home

    def run(*arguments: str, keys: str | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=keys)

    return run
