"""The settings file and the environment are read, and all their faults told at once."""

import re
from pathlib import Path

import pytest

from analysis.errors import SettingsError
from config.load import load

GOOD = """
[dogs.rex]
name = "Rex"
withers_m = 0.3
plan = { template = "after_surgery", start = 2026-11-01 }
[[collars]]
id = "c1"
dog = "rex"
from = 2026-11-01
until = 2026-11-10
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "spryhound.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_collar_belongs_to_its_dog_from_the_first_day_to_just_before_the_last(
    tmp_path: Path,
) -> None:
    settings = load(_file(tmp_path, GOOD), {})
    first_s = 1_793_491_200.0
    assert settings.dog_of("c1", first_s) == "rex"
    assert settings.dog_of("c1", first_s - 1) is None
    assert settings.dog_of("c1", first_s + 9 * 86_400) is None
    assert settings.profile("rex").withers_m == 0.3
    assert settings.profile("rex").plan is not None


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    bad = '[influx]\ntokn = "s3cret"\n[dogs.rex]\nname = "R"\nwithers_m = 5\n[mqtt]\nport = 0\n'
    with pytest.raises(SettingsError, match="did you mean 'token'") as caught:
        load(_file(tmp_path, bad), {"SPRYHOUND_NONSENSE": "1"})
    said = str(caught.value)
    assert len(said.splitlines()) == 4
    assert re.search(r"dogs\.rex\.withers_m: got 5, expected .*1\.1", said)
    assert "s3cret" not in said


def test_one_dog_cannot_wear_two_collars_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="overlap"):
        load(_file(tmp_path, GOOD + '[[collars]]\nid = "c2"\ndog = "rex"\n'), {})


def test_the_environment_wins_and_its_secret_stays_hidden(tmp_path: Path) -> None:
    environ = {"SPRYHOUND_INFLUX__TOKEN": "s3cret", "SPRYHOUND_DOGS__REX__NAME": "Max"}
    settings = load(_file(tmp_path, GOOD), environ)
    assert settings.dogs["rex"].name == "Max"
    assert settings.influx.token is not None
    assert settings.influx.token.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)
