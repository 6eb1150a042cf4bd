"""The locks: they hold what pyproject.toml asks for, and nothing about where they were made."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PYTHONS = ("3.11.2", "3.12.1", "3.13.0")
LOCKS = ("requirements.lock", "requirements-dev.lock")


def normal(name: str) -> str:
    """Return a distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str, python: str) -> dict[str, str]:
    """Return name and version of all that a lock installs on Linux under one Python."""
    environment = {"python_version": python.rpartition(".")[0], "python_full_version": python}
    environment |= {"sys_platform": "linux", "platform_python_implementation": "CPython"}
    found = {}
    for line in (ROOT / lock).read_text().splitlines():
        if line.startswith((" ", "#")) or not line:
            continue
        requirement = Requirement(line.rstrip("\\ "))
        if requirement.marker is None or requirement.marker.evaluate(environment):
            found[normal(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return found


def group(name: str) -> Iterator[str]:
    """Give the requirements of a dependency group and of those it includes."""
    for entry in PYPROJECT["dependency-groups"][name]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from group(entry["include-group"])


def asked(lock: str) -> list[Requirement]:
    """Return what pyproject.toml asks a lock to hold."""
    project = PYPROJECT["project"]
    texts = list(project["dependencies"])
    texts += [
        text for extra in ("demo", "devices") for text in project["optional-dependencies"][extra]
    ]
    if lock == "requirements-dev.lock":
        texts += group("dev")
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS)
def test_each_requirement_is_pinned_to_a_version_that_it_allows(lock: str, python: str) -> None:
    pinned = pins(lock, python)

    wrong = [
        str(requirement)
        for requirement in asked(lock)
        if pinned.get(normal(requirement.name), "") not in requirement.specifier
    ]

    assert wrong == []


@pytest.mark.parametrize("python", PYTHONS)
def test_tests_run_with_the_versions_that_users_get(python: str) -> None:
    assert (
        pins("requirements.lock", python).items() <= pins("requirements-dev.lock", python).items()
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_or_a_hash(lock: str) -> None:
    """So no index, link, path or option of the machine that made it can be in there."""
    pin = r"[a-z0-9._-]+==[0-9][A-Za-z0-9.+!]*( ; [^\\]+)? \\"
    a_hash = r"    --hash=sha256:[0-9a-f]{64}( \\)?"

    other = [
        line
        for line in (ROOT / lock).read_text().splitlines()
        if not re.fullmatch(f"{pin}|{a_hash}", line)
    ]

    assert other == []


def test_the_markers_of_a_pin_are_understood() -> None:
    """The check above would pass an empty lock if no marker ever matched."""
    assert Marker("python_full_version < '3.12'").evaluate({"python_full_version": "3.11.2"})
    assert (
        pins("requirements.lock", "3.11.2")["numpy"] != pins("requirements.lock", "3.13.0")["numpy"]
    )
