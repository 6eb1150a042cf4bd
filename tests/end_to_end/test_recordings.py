"""Real recordings and damaged files through the command line."""

import json
import random
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]


def replay(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``spryhound replay --json -`` in an empty folder, where there are no settings."""
    program = Path(sys.executable).with_name("spryhound")
    words = [str(program), "replay", *map(str, arguments), "--json", "-"]
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, timeout=80, check=False
    )


def entries(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """Return what the document says, by the name of the file."""
    return {Path(each["path"]).name: each for each in json.loads(done.stdout)["recordings"]}


def mean_vedba_g(entry: dict[str, Any]) -> float:
    """Return the mean over the worn time."""
    worn_s = sum(minute["worn_s"] for minute in entry["minutes"])
    total = sum(minute["worn_s"] * minute["vedba_g"] for minute in entry["minutes"])
    return float(total / worn_s)


@pytest.fixture(scope="module")
def collar_files(
    recordings: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Return what is found in the four recordings of a collar at 50 Hz, and in one of an AX3."""
    files = sorted((recordings / "dog-collar-50hz").glob("*.csv"))
    done = replay(tmp_path_factory.mktemp("home"), *files, recordings / "dog-ax3-running.csv")
    assert done.returncode == 0, done.stderr
    found = entries(done)
    assert len(found) == 5
    return found


@pytest.mark.parametrize(
    ("name", "least_g", "most_g"),
    [
        ("lying", 0.009, 0.014),
        ("sitting", 0.042, 0.070),
        ("walking", 0.390, 0.453),
        ("running", 1.168, 1.198),
    ],
)
def test_movement_is_as_much_as_others_measured(
    collar_files: dict[str, dict[str, Any]], name: str, least_g: float, most_g: float
) -> None:
    """Three ways to take gravity away gave these; ours may be 10 % beyond the outer ones."""
    mean_g = mean_vedba_g(collar_files[f"{name}.csv"])

    assert 0.9 * least_g <= mean_g <= 1.1 * most_g


@pytest.mark.parametrize("name", ["lying", "sitting", "walking", "running"])
def test_nothing_that_did_not_happen_is_told(
    collar_files: dict[str, dict[str, Any]], name: str
) -> None:
    """No jump is in these files; that minutes are there shows that somebody listened."""
    entry = collar_files[f"{name}.csv"]

    assert "jump" not in {event["kind"] for event in entry["events"]}
    assert entry["alerts"] == []
    assert len(entry["minutes"]) >= 3


def test_a_running_dog_makes_about_two_strides_a_second(
    collar_files: dict[str, dict[str, Any]],
) -> None:
    """2.1 to 2.2 by the README of the recordings, both to one digit."""
    windows = collar_files["running.csv"]["gait"]

    median_hz = statistics.median(window["stride_hz"] for window in windows)

    assert 2.05 <= median_hz < 2.25


def test_the_true_rate_is_read_from_the_times(collar_files: dict[str, dict[str, Any]]) -> None:
    """It was set to 50 Hz and made 48.4."""
    assert collar_files["dog-ax3-running.csv"]["rate_hz"] == pytest.approx(48.4, abs=0.05)


def test_the_files_of_devices_replay_and_a_corrupt_one_says_so(
    recordings: Path, tmp_path: Path
) -> None:
    pytest.importorskip(
        "actfast", reason="actfast is not installed: pip install spryhound[devices]"
    )
    folder = recordings / "device-files"
    files = [*sorted(folder.glob("*.cwa")), *sorted(folder.glob("*.bin")), folder / "neo.csv"]

    done = replay(tmp_path, *files)

    assert done.returncode == 0, done.stderr
    found = entries(done)
    assert len(found) == len(files) == 7
    assert all(entry["minutes"] for entry in found.values())
    (corrupt,) = (entry for name, entry in found.items() if "corrupt" in name)
    assert any("damaged" in note for note in corrupt["quality"]["notes"])
    sound = found["ax3_testfile.cwa"]
    assert not any("damaged" in note for note in sound["quality"]["notes"])
    assert 0.9 * sound["duration_s"] < corrupt["duration_s"] < sound["duration_s"]


def test_one_bad_file_after_the_other_is_named_in_one_line_and_the_good_one_is_kept(
    tmp_path: Path, story_csv: Path
) -> None:
    """Nothing in, garbage in: no traceback, whatever it is, and the document is whole."""
    lines = story_csv.read_text().splitlines(keepends=True)[:2000]
    noise = random.Random(5).randbytes(5000)  # noqa: S311  # dice, not secrets
    bad: dict[str, bytes] = {
        "empty.csv": b"",
        "header-only.csv": lines[0].encode(),
        "garbage.csv": noise,
        "garbage.cwa": noise,
        "garbage.bin": noise,
        "garbage.cborseq": b"\xd9\xd9\xf7" + noise,
        "columns.csv": "".join(["time_s,a,b,c\n", *lines[1:]]).encode(),
        "words.csv": b"This is a letter,\nnot,a,table.\n" * 50,
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.csv").mkdir()
    names = [*bad, "folder.csv", "missing.csv"]
    half = len(names) // 2

    done = replay(tmp_path, *names[:half], story_csv, *names[half:])

    assert done.returncode == 1
    complaints = done.stderr.splitlines()
    assert len(complaints) == len(names), done.stderr
    for name, complaint in zip(names, complaints, strict=True):
        assert complaint.startswith(f"error: {name}: ")
    assert [event["kind"] for event in entries(done)["story.csv"]["events"]].count("jump") == 1
