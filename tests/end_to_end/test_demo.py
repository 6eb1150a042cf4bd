"""The demo, as a stranger runs it first."""

import re
import subprocess
import sys
from pathlib import Path

import pytest


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    found = subprocess.run(
        ["pgrep", "-s", str(process)],  # noqa: S607  # Debian's procps, where it is
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line) for line in found.stdout.split()]


@pytest.mark.slow
@pytest.mark.timeout(90)
def test_the_demo_ends_by_itself_with_a_summary_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """It has a session of its own, so that everything it starts can be found afterwards."""
    program = Path(sys.executable).with_name("spryhound")
    words = [str(program), "demo", "--seconds", "20"]
    with subprocess.Popen(
        words,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as demo:
        shown, complaints = demo.communicate(timeout=80.0)

    assert demo.returncode == 0, complaints
    assert "Traceback" not in complaints
    assert "summary" in shown
    assert re.search(r"\b[1-9]\d* packets, ", shown)
    assert "worn" in shown
    assert children(demo.pid) == []
    assert list(tmp_path.iterdir()) == []
