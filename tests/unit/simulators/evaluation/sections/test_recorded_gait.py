"""The section on recorded walks says why it is empty, and what it measured if it is not."""

from pathlib import Path

from simulators.evaluation.sections.recorded_gait import WALK, section


def test_without_recordings_it_says_how_to_name_a_folder(tmp_path: Path) -> None:
    assert "--recordings" in section(None).skipped
    assert "--recordings" in section(tmp_path).skipped


def test_the_walk_of_the_dog_is_measured_at_every_rate(recordings: Path, tmp_path: Path) -> None:
    """Only what is there is measured."""
    (tmp_path / WALK.file).parent.mkdir(parents=True)
    (tmp_path / WALK.file).symlink_to(recordings / WALK.file)

    found = section(tmp_path)

    assert [row[:2] for row in found.rows] == [(WALK.name, rate) for rate in (25.0, 50.0, 100.0)]
    assert found.figures["least_seen"] >= 0.5
    assert found.figures["worst_error"] <= 0.03
