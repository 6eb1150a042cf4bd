"""The demo, as a stranger runs it first."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from ingest.cli.app import app
from simulators.testing.daemon_harness import wait_until


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    found = subprocess.run(
        ["pgrep", "-s", str(process)],  # noqa: S607  # Debian's procps, where it is
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line) for line in found.stdout.split()]


def looks(url: str, demo: subprocess.Popen[str]) -> list[str]:
    """Return what the page says each second until the demo is over."""
    found = []
    while demo.poll() is None:
        with suppress(OSError), urlopen(url, timeout=5.0) as answer:  # noqa: S310  # our own
            found.append(answer.read().decode())
        with suppress(subprocess.TimeoutExpired):
            demo.wait(1.0)
    return found


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_demo_tells_its_whole_story_and_keeps_the_store(tmp_path: Path) -> None:
    """It has a session of its own, so that everything it starts can be found afterwards.

    A machine that runs other tests beside may need longer than the minute that is promised.
    """
    program = Path(sys.executable).with_name("spryhound")
    words = [str(program), "demo", "--seconds", "180", "--keep", "kept"]
    printed = tmp_path / "printed.txt"
    with (
        printed.open("w") as output,
        subprocess.Popen(
            words,
            cwd=tmp_path,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=os.environ | {"COLUMNS": "200"},
        ) as demo,
    ):
        wait_until(lambda: "page:" in printed.read_text() or demo.poll() is not None, 30.0)
        (url,) = re.findall(r"page: +(http\S+)", printed.read_text())
        pages = looks(url, demo)
        assert demo.stderr is not None
        complaints = demo.stderr.read()

    shown = printed.read_text()
    assert demo.returncode == 0, complaints
    assert complaints == ""
    assert pages
    assert not any("No data from Rex" in page for page in pages)
    assert "Rex jumped" in pages[-1]
    for title in (
        "to the owner: Rex jumped",
        "on the page: Rex walks more stiffly than usual",
        "to the owner: Rex moves ",
        "to the owner: Rex: phase 3 of 3 begins",
    ):
        assert title in shown
    (first_s,) = re.findall(r"the first (\d+) s after the start", shown)
    assert int(first_s) < 60  # ten seconds where nothing else runs
    assert "spryhound alerts list --all --config kept/spryhound.toml" in shown
    listed = subprocess.run(
        [str(program), "alerts", "list", "--all", "--config", "kept/spryhound.toml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Rex jumped" in listed.stdout
    assert wait_until(lambda: children(demo.pid) == [], 10.0)


def test_a_folder_with_something_in_it_is_not_kept_in(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    result = CliRunner().invoke(app, ["demo", "--seconds", "1", "--keep", str(tmp_path)])

    assert result.exit_code == 2
    assert "is not empty, expected a new folder" in result.stderr
