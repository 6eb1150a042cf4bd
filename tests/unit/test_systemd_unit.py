"""The systemd unit, by systemd's own judgement."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "config" / "systemd" / "spryhound.service"
MOST_EXPOSED = 2.0
ANALYZE = shutil.which("systemd-analyze")


def exposure(unit: Path) -> float:
    """Return how exposed systemd holds a unit to be, 0 to 10; skip where it cannot say."""
    if ANALYZE is None:
        if os.environ.get("SPRYHOUND_REQUIRE_SERVERS") == "1":
            pytest.fail("systemd-analyze is missing: apt-get install systemd")
        pytest.skip("no systemd-analyze here: apt-get install systemd")
    done = subprocess.run(
        [ANALYZE, "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    found = re.search(r"Overall exposure level for .*: ([0-9.]+)", done.stdout)
    if found is None:
        pytest.skip(f"systemd-analyze cannot judge a file here: {done.stderr.strip()[:100]}")
    return float(found[1])


def test_the_service_is_closed_off_as_promised() -> None:
    assert exposure(UNIT) <= MOST_EXPOSED


def test_a_service_without_the_precautions_would_not_pass(tmp_path: Path) -> None:
    """So that the number above means something."""
    bare = tmp_path / "spryhound.service"
    bare.write_text("[Service]\nExecStart=/usr/bin/true\n")

    assert exposure(bare) > MOST_EXPOSED


def test_the_unit_waits_for_readiness_and_watches_progress() -> None:
    lines = UNIT.read_text().splitlines()

    assert "Type=notify" in lines
    assert "WatchdogSec=120" in lines
    assert "TimeoutStartSec=900" in lines
    assert "RestartPreventExitStatus=2" in lines
