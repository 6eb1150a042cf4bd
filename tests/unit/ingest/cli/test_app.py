"""Every command explains itself, in the terminal and in the docs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from ingest.cli.app import COMMANDS, LazyGroup, app

_DOCS = Path(__file__).resolve().parents[4] / "docs" / "commands.md"


def commands(group: Any, name: str = "spryhound") -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # typer's own classes are private
    """Yield every command with what is typed for it."""
    for word, listed in getattr(group, "commands", {}).items():
        command = group.load(word) if isinstance(group, LazyGroup) else listed
        if hasattr(command, "commands"):
            yield from commands(command, f"{name} {word}")
        else:
            yield f"{name} {word}", command


ALL = dict(commands(get_command(app)))


def test_the_contract_of_the_design_is_kept() -> None:
    """Later commands may be added; none of these may go."""
    promised = {
        "spryhound init",
        "spryhound run",
        "spryhound demo",
        "spryhound replay",
        "spryhound simulate",
        "spryhound plan",
        "spryhound doctor",
        *(f"spryhound alerts {each}" for each in ("list", "show", "ack", "false-alarm", "export")),
        *(
            f"spryhound log {each}"
            for each in ("dose", "walk", "physio", "heat-pack", "weight", "questionnaire", "note")
        ),
    }

    assert promised <= ALL.keys()


@pytest.mark.parametrize("name", ALL)
def test_a_command_has_help_and_an_example_of_itself(name: str) -> None:
    """The example has to be a line that begins with the very command."""
    text = ALL[name].help or ""

    assert text.split("\n")[0].endswith(".")
    assert f"Example: {name}" in text


@pytest.mark.parametrize("name", ALL)
def test_every_option_says_what_it_does(name: str) -> None:
    silent = [
        each.name
        for each in ALL[name].params
        if each.name != "help" and not getattr(each, "help", None)
    ]

    assert silent == []


@pytest.mark.parametrize("name", ALL)
def test_a_command_stands_in_the_docs(name: str) -> None:
    assert f"`{name}" in _DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    """The list is written by hand, since to read it from the commands would import them all."""
    group = get_command(app)
    assert isinstance(group, LazyGroup)

    assert (group.load(name).help or "").split("\n")[0] == COMMANDS[name].help
