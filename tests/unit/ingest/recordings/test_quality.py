"""What a replay says about the quality of a recording."""

import pytest

from analysis.model import Minute
from analysis.signal.calibration import Correction
from ingest.recordings.quality import QualitySums

GOOD = {"worn_s": 60.0, "walk_s": 30.0, "rest_s": 30.0, "still_s": 30.0, "still_g": 1.01}


def notes(
    changed: dict[str, float], correction: Correction | None = None, n_minutes: int = 100
) -> list[str]:
    """Return the notes on minutes that differ from good ones."""
    usual = {"vedba_g": 0.2, "light_s": 0.0, "vigorous_s": 0.0}
    sums = QualitySums()
    for index in range(n_minutes):
        sums.add([Minute(start_s=60.0 * index, **(usual | GOOD | changed))])
    return sums.notes(correction or Correction())


def test_a_good_recording_needs_no_notes() -> None:
    assert notes({}) == []
    assert QualitySums().notes(Correction()) == []


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        (
            {"worn_s": 0.0, "walk_s": 0.0, "unworn_s": 60.0},
            "not worn for 100 min: no rest, left out",
        ),
        ({"worn_s": 0.0, "walk_s": 0.0, "stuck_s": 90.0}, "sensor stuck for 2.5 h: left out"),
        ({"coarse_s": 30.0}, "rate below 25 Hz in 50% of the time: no gait, no jumps there"),
        (
            {"clipped": 0.025},
            "at full scale in 5.0% of the time on the move: peaks are cut off",
        ),
        ({"still_g": 0.93}, "reads 0.93 g at rest instead of 1 g: not corrected"),
    ],
)
def test_each_fault_is_said_in_plain_words(changed: dict[str, float], note: str) -> None:
    """A hundred such minutes; 1.5 s of 30 s on the move are 5 %."""
    assert notes(changed) == [note]


def test_a_little_clipping_is_not_worth_a_note() -> None:
    """Half a second of thirty."""
    assert notes({"clipped": 0.5 / 60.0}) == []


def test_a_calibration_is_said_and_stands_for_what_was_read_before() -> None:
    """The first hour read 1.17 g; that it was corrected is said instead."""
    correction = Correction(gain=(0.855, 0.85, 0.86), offset_g=(0.012, -0.02, 0.0))

    assert notes({"still_g": 1.17}, correction) == [
        "calibrated at rest: gain 0.855, 0.850, 0.860, offset +12, -20, +0 mg on x, y, z"
    ]
