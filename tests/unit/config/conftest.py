"""Settings files for the tests of `config`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import SettingsError
from config.load import load
from config.schema import Settings

Read = Callable[..., Settings]
Faults = Callable[..., list[str]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads a text as the settings file, with variables as keywords."""

    def read(text: str, **environ: str) -> Settings:
        path = tmp_path / "spryhound.toml"
        path.write_text(text, encoding="utf-8")
        return load(path, environ)

    return read


@pytest.fixture
def faults(read: Read) -> Faults:
    """Return a function that reads a wrong text and returns the lines of the error."""

    def faults(text: str, **environ: str) -> list[str]:
        with pytest.raises(SettingsError, match=": ") as caught:
            read(text, **environ)
        return str(caught.value).splitlines()

    return faults
