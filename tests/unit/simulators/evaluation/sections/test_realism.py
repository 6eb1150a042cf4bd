"""Recorded and simulated windows, and what tells them apart."""

from pathlib import Path

import numpy as np
import pytest

from simulators.evaluation.report import QUICK
from simulators.evaluation.run import evaluate
from simulators.evaluation.sections import realism
from simulators.evaluation.sections.realism import FEATURES, features
from simulators.evaluation.workers import Workers

TIME_S = np.arange(0.0, 20.0, 0.02)


def column(rows: np.ndarray, name: str) -> np.ndarray:
    """Return one feature of all windows."""
    return np.asarray(rows[:, FEATURES.index(name)])


def test_a_swing_of_two_hertz_has_its_rate_its_band_and_its_direction() -> None:
    """Along gravity, so all of its power is: a sine repeats itself wholly."""
    swung_g = np.zeros((len(TIME_S), 3))
    swung_g[:, 2] = 1.0 + 0.3 * np.sin(2.0 * np.pi * 2.0 * TIME_S)

    rows = features(50.0, swung_g)[1:-1]

    assert np.exp(column(rows, "stride_hz")) == pytest.approx(2.0, rel=0.01)
    assert (column(rows, "regularity") > 0.97).all()
    assert (column(rows, "along_gravity") > 0.99).all()
    assert (column(rows, "share_1.5_hz") > 0.95).all()


def test_a_stretch_at_another_rate_has_the_same_features() -> None:
    """Half a second is one period: the grid of the analysis is 50 Hz whatever came."""
    fast_s = np.arange(0.0, 20.0, 0.01)
    slow, fast = (
        np.column_stack([0 * at_s, 0 * at_s, 1.0 + 0.3 * np.sin(4.0 * np.pi * at_s)])
        for at_s in (TIME_S, fast_s)
    )

    for name in ("strength", "peak", "regularity", "stride_hz", "along_gravity", "share_1.5_hz"):
        assert column(features(100.0, fast)[1:-1], name)[:2] == pytest.approx(
            column(features(50.0, slow)[1:-1], name)[:2], abs=0.02
        )


def test_without_a_folder_it_says_so(tmp_path: Path) -> None:
    assert "no folder of recordings" in realism.section(None, QUICK).skipped
    assert "none of the known files" in realism.section(tmp_path, QUICK).skipped


@pytest.mark.slow
def test_every_recorded_behaviour_has_its_row(recordings: Path) -> None:
    """Each AUC is a share, and the features that give it away are named with it."""
    [section] = evaluate(QUICK, Workers(), only=("realism",), folder=recordings).sections

    assert [row[0] for row in section.rows] == ["walk", "run", "sit", "rest"]
    assert all(0.4 < value <= 1.0 for value in section.figures.values())
    assert all(any(name in str(row[-1]) for name in FEATURES) for row in section.rows)
