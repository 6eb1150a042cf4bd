"""What a command imports: a light one must not load what it does not use."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "apprise",
    "influxdb_client",
    "numpy",
    "scipy",
    "scipy.signal",
    "simulators",
    "starlette",
    "uvicorn",
)
LIGHT_SCIPY = {"numpy", "scipy"}
"""They come with the settings of the detectors; scipy loads its parts when they are used."""
_PROGRAM = f"""
import atexit, sys
atexit.register(lambda: print("LOADED", *[name for name in {HEAVY} if name in sys.modules]))
sys.argv = ["spryhound", *sys.argv[1:]]
from ingest.cli import main
main()
"""


def loaded(home: Path, *typed: str) -> tuple[int, set[str]]:
    """Return the exit code of a command, and which heavy packages it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *typed],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[4]), "PATH": "/usr/bin:/bin"},
    )
    _, _, names = done.stdout.rpartition("LOADED")
    return done.returncode, set(names.split())


@pytest.mark.parametrize(
    ("typed", "code"),
    [(("--help",), 0), (("--version",), 0), (("plam",), 2), (("log",), 2), (("label",), 2)],
)
def test_what_needs_no_settings_loads_nothing_heavy(
    home: Path, typed: tuple[str, ...], code: int
) -> None:
    found_code, found = loaded(home, *typed)

    assert found_code == code
    assert found <= (LIGHT_SCIPY if typed in {("log",), ("label",)} else set())


@pytest.mark.parametrize(
    "typed",
    [("alerts", "list"), ("plan",), ("log", "dose", "carprofen", "50 mg"), ("label", "limped")],
)
def test_what_reads_or_writes_the_store_computes_no_signal(
    home: Path, typed: tuple[str, ...]
) -> None:
    """Numpy comes with the settings of the detectors; scipy alone would take a second."""
    assert loaded(home, *typed) == (0, LIGHT_SCIPY)


def test_a_replay_computes_a_signal_and_loads_nothing_of_the_home(home: Path) -> None:
    """The counterpart: a signal is computed, so the check above can see it."""
    rows = "".join(f"{index / 50:.2f},0.0,0.0,1.0\n" for index in range(3000))
    (home / "rest.csv").write_text(f"time,x,y,z\n{rows}")

    code, found = loaded(home, "replay", "rest.csv", "--start", "2026-11-23T07:00:00Z")

    assert (code, found) == (0, LIGHT_SCIPY | {"scipy.signal"})
