"""What docs/configuration.md shows is true."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from config.environment import NOT_SETTINGS, variables
from config.plans import load_template, template_names
from config.schema import Settings

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "configuration.md").read_text("utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
FILES = [text for kind, text in BLOCKS if kind == "toml"]
DOGS = "[dogs.rex]\nname = 'Rex'\n[dogs.bella]\nname = 'Bella'\n"


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_each_file_on_the_page_loads(
    read: Callable[..., Settings], tmp_path: Path, text: str
) -> None:
    (tmp_path / "mqtt.password").write_text("s3cret")
    settings = read(text if "[dogs.rex]" in text else DOGS + text)

    assert settings.profile("rex").id == "rex"


def test_the_collars_on_the_page_change_dogs_at_the_hours_that_it_says(
    read: Callable[..., Settings],
) -> None:
    """1 December 2026, UTC, is 1796083200."""
    settings = read(DOGS + FILES[-1])
    midnight_s = 1_796_083_200.0

    assert settings.dog_of("collar1", midnight_s - 1.0) == "rex"
    assert settings.dog_of("collar1", midnight_s) == "bella"
    assert settings.dog_of("collar2", midnight_s + 18.5 * 3600 - 1.0) is None
    assert settings.dog_of("collar2", midnight_s + 18.5 * 3600) == "rex"


def test_the_error_on_the_page_is_what_is_said(faults: Callable[..., list[str]]) -> None:
    said = faults(
        "[home]\ntime_zone = 'Europe/Berln'\n[dogs.rex]\nname = 'R'\nwithers_m = 45\n"
        "[[collars]]\nid = 'collar1'\ndog = 'rxe'\n",
        SPRYHOUND_INFLUX__TOKN="x",
    )
    (shown,) = [text for kind, text in BLOCKS if kind == "text"]

    assert sorted(said) == sorted(shown.splitlines())


def test_the_variables_on_the_page_exist() -> None:
    named = set(re.findall(r"SPRYHOUND_\w+", PAGE)) - NOT_SETTINGS - {"SPRYHOUND_INFLUX__TOKN"}

    assert named - {"SPRYHOUND_DOGS__REX__PLAN__START"} <= set(variables(Settings))


@pytest.mark.parametrize("name", template_names())
def test_the_weeks_of_each_template_are_on_the_page(name: str) -> None:
    weeks = " + ".join(str(phase.days // 7) for phase in load_template(name))

    assert re.search(rf"plans/{name}\.toml\) \| [^|]+ \| {re.escape(weeks)} weeks \|", PAGE)
