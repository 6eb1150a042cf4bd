"""The quick form of the evaluation as a command: its budgets are assertions here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simulators.evaluation.budgets import BUDGETS
from simulators.evaluation.run import NAMES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

NEEDS_MORE = {
    "cohorts.confounded_ratio",
    "cohorts.confounded_unexplained",
    *(
        f"{section}.{found}"
        for section in ("samples", "jittering")
        for found in ("moderate_found", "ataxia_urgent", "non_walking_urgent")
    ),
    *(
        f"recorded_days.{found}"
        for found in ("jumps_told", "moderate_found", "uneven_found", "non_walking_urgent")
    ),
}
"""Ratios to the false alerts of healthy dogs, of which four dogs have none; illnesses from samples
and from recorded motion, which begin after weeks of health; and a share of four recorded jumps."""
RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data"
RECORDED = {
    each.figure for each in BUDGETS if each.figure.startswith("record") and not RECORDINGS.is_dir()
}
"""What needs the recordings, which are not part of the project."""


def spryhound(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("spryhound")
    return subprocess.run(
        [str(program), "evaluate", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the quick form's JSON."""
    folder = tmp_path_factory.mktemp("home")
    options = ("--quick", "--jobs", "2", "--recordings", str(RECORDINGS))
    done = spryhound(folder, *options, "--json", "-")
    assert done.returncode in {0, 1}, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_budget_of_the_quick_form_is_held(document: dict[str, Any]) -> None:
    budgets = {each["figure"]: each for each in document["budgets"]}
    broken = {name: each["value"] for name, each in budgets.items() if each["held"] is False}
    unmeasured = {name for name, each in budgets.items() if each["held"] is None}

    assert not broken
    assert unmeasured <= NEEDS_MORE | RECORDED
    assert set(budgets) == {each.figure for each in BUDGETS}


def test_every_section_says_something_or_why_not(document: dict[str, Any]) -> None:
    assert [each["name"] for each in document["sections"]] == list(NAMES)
    for section in document["sections"]:
        assert section["rows"] or section["skipped"]


def test_a_broken_budget_ends_with_1_and_a_held_one_with_0(tmp_path: Path) -> None:
    """Without recordings nothing is broken; no such section is wrong usage."""
    held = spryhound(tmp_path, "--quick", "--only", "recordings", "--recordings", "nowhere")
    wrong = spryhound(tmp_path, "--quick", "--only", "everything")

    assert held.returncode == 0
    assert "skipped" in held.stderr
    assert wrong.returncode == 2
    assert "--only" in wrong.stderr


def test_the_page_is_written(tmp_path: Path) -> None:
    done = spryhound(tmp_path, "--quick", "--only", "cadence", "--write", "page.md")

    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert page.startswith("# How well the detectors do")
    assert "| held |" in page
