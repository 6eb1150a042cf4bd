"""Donated packages are read by the evaluation: labelled jumps told, the rest measured beside."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from analysis.model import FloatArray
from ingest.processing.labels import Label
from ingest.recordings.donation.cutting import Heard
from ingest.recordings.donation.private import Participant
from ingest.recordings.donation.shift import shift_of
from ingest.recordings.donation.writing import write_package
from simulators.evaluation.sections.donated import section
from simulators.testing.sample_recording import story_g

START_S = datetime.fromisoformat("2026-11-23T07:30:00+01:00").timestamp()
JUMP_S = 150.0 + 60.0 + 20.0
"""When the dog of the story jumps."""


def package(folder: Path, parts: list[tuple[float, FloatArray]], labels: list[Label]) -> Path:
    """Write a package of stretches at 50 Hz that begin some seconds after the start."""
    heard = [
        Heard(
            number=number,
            start_s=START_S + after_s,
            nominal_hz=50.0,
            rate_hz=50.0,
            acceleration_g=acceleration_g,
            range_g=None,
        )
        for number, (after_s, acceleration_g) in enumerate(parts, start=1)
    ]
    path = folder / "dog.zip"
    dog = Participant(id="1f", height_cm="50")
    write_package(path, heard, labels, participant=dog, shift=shift_of("UTC", START_S, 0))
    return path


def at(what: str, from_s: float, until_s: float) -> Label:
    """Return a label by seconds from the start."""
    return Label(what=what, start_s=START_S + from_s, end_s=START_S + until_s)


def test_without_packages_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "other.zip").write_bytes(b"PK nothing of ours")

    assert "no package" in section(tmp_path).skipped
    assert section(None).skipped


def test_labelled_jumps_are_told_and_the_rest_is_measured(tmp_path: Path) -> None:
    """A jump that was, and one that was not; a walk that was labelled as a limp."""
    labels = [at("jump", JUMP_S, JUMP_S), at("jump", 20.0, 20.0), at("limped", 60.0, 120.0)]
    package(tmp_path, [(0.0, story_g())], labels)

    rows = {row[1]: row for row in section(tmp_path).rows}

    assert rows["jump"][2:4] == (2, 1)
    assert rows["limped"][2:4] == (1, None)
    assert rows["nothing"][0] == "dog.zip"
    assert rows["jump"][-1] == 1
    assert rows["nothing"][-1] == 0


def test_a_second_collar_at_the_same_time_is_not_counted_twice(tmp_path: Path) -> None:
    package(tmp_path, [(0.0, story_g()), (30.0, story_g())], [])

    (row,) = section(tmp_path).rows

    assert row[4] == pytest.approx(len(story_g()) / 3000.0, abs=1.0)


def test_a_broken_package_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    whole = package(tmp_path, [(0.0, np.tile([0.0, 0.1, 0.99], (3000, 1)))], [])
    (tmp_path / "broken.zip").write_bytes(whole.read_bytes()[:-200])

    found = section(tmp_path)

    assert [row[0] for row in found.rows] == ["dog.zip"]
    assert "broken.zip" in found.note
