"""A detector is one file: the one in the documentation works wherever detectors are looked for."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"
SETTINGS = '[dogs.rex]\nname = "Rex"\nwithers_m = 0.52\n[detectors.knock]\npeak_from_g = 7\n'
PROGRAM = """
import json, sys
from pathlib import Path

import numpy as np

import analysis.detectors

analysis.detectors.__path__.append(sys.argv[1])

from analysis.model import Samples
from analysis.pipeline.pipeline import Pipeline
from config.load import load
from ingest.kinds import alert_kinds
from ingest.text.alerts import describe

settings = load(Path(sys.argv[2]), {}).pipeline("rex")
pipeline = Pipeline(settings)
acceleration_g = np.zeros((60 * 50, 3))
acceleration_g[:, 2] = 1.0
acceleration_g[30 * 50, 2] = 8.0
samples = Samples(origin_s=1.7e9, first_index=0, rate_hz=50.0, acceleration_g=acceleration_g)
results = pipeline.process(samples)
results.extend(pipeline.finish())
[alert] = results.alerts
print(json.dumps({
    "set": settings.detectors["knock"].peak_from_g,
    "parts": sorted(pipeline.parts()),
    "kinds": sorted(alert_kinds()),
    "notify": alert.notify,
    "message": describe(alert, "Rex", "UTC").body,
}))
"""


def source() -> str:
    """Return the detector of the documentation."""
    [found] = re.findall(r"```python\n(.*?)```", ARCHITECTURE.read_text("utf-8"), re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 (what a program prints)
    """Return what a program sees in which the file lies in a folder of detectors."""
    folder = tmp_path_factory.mktemp("detectors")
    (folder / "knock.py").write_text(source(), "utf-8")
    settings = folder / "spryhound.toml"
    settings.write_text(SETTINGS, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder, settings],
        capture_output=True,
        check=False,
        text=True,
        cwd=ARCHITECTURE.parents[1],
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_its_settings_are_a_table_of_the_file(seen: dict[str, Any]) -> None:
    assert seen["set"] == 7.0


def test_the_pipeline_runs_it_and_saves_its_state(seen: dict[str, Any]) -> None:
    assert {"knock.frames", "knock.runs"} <= set(seen["parts"])


def test_its_alert_is_a_kind_like_all_others_and_told_in_its_own_words(
    seen: dict[str, Any],
) -> None:
    assert "knock" in seen["kinds"]
    assert seen["notify"]
    assert seen["message"].startswith("Something hit Rex's collar with 8.0 times gravity.")
    assert "Go to a vet NOW" in seen["message"]


def test_its_file_is_not_left_among_the_others() -> None:
    """So that the tests above find it where they put it."""
    assert not (ARCHITECTURE.parents[1] / "analysis" / "detectors" / "knock.py").exists()
