"""Sections measure what they say: a detector that is deaf, or a broken signal, shows."""

from pathlib import Path

import numpy as np
import pytest

from analysis.model import Minute, Results
from simulators.evaluation.report import QUICK, markdown, text_of
from simulators.evaluation.run import evaluate
from simulators.evaluation.sections import cadence, invariances, recordings
from simulators.evaluation.sections.cadence import Pace, strides, windows
from simulators.evaluation.sections.events import JUMPS
from simulators.evaluation.sections.invariances import n_other
from simulators.evaluation.sections.jumps import Block, counted
from simulators.evaluation.workers import Workers


def test_cadence_error_is_at_most_2_percent_and_stride_cv_within_a_point() -> None:
    """Steps of 1.5-6 Hz at 50 Hz with a stride CV of 2 %; CV of 2-8 %."""
    figures = cadence.section(QUICK, Workers()).figures

    assert figures["worst_error"] <= 0.02
    assert figures["worst_cv_error"] <= 0.01


@pytest.mark.parametrize("cv", [0.02, 0.06])
def test_made_up_strides_have_the_spread_that_they_claim(cv: float) -> None:
    """Every second crossing upwards of the step's rhythm, 60 strides a minute and a half a step."""
    magnitude_g = strides(Pace(step_hz=2.0, stride_cv=cv, seed=3))
    smooth_g = np.convolve(magnitude_g - 1.0, np.ones(5) / 5.0, mode="same")
    up = np.flatnonzero((smooth_g[:-1] < 0.0) & (smooth_g[1:] >= 0.0))
    part = -smooth_g[up] / (smooth_g[up + 1] - smooth_g[up])
    stride_s = np.diff((up + part)[::2]) / 50.0

    assert stride_s.mean() == pytest.approx(1.0, rel=0.02)
    assert stride_s.std() / stride_s.mean() == pytest.approx(cv, abs=0.012)


def test_steps_at_random_hardly_count_as_gait() -> None:
    """A few windows look even by luck; none is sure, and all together weigh little."""
    walked = windows(Pace(step_hz=2.0, stride_cv=0.04, seed=0))
    by_luck = [windows(Pace(step_hz=2.0, stride_cv=0.9, seed=seed)) for seed in range(4)]

    weights = [sum(each.certainty for each in found) for found in by_luck]
    assert max(each.certainty for found in by_luck for each in found) < 0.7
    assert max(weights) < 0.15 * sum(each.certainty for each in walked)


@pytest.mark.slow
def test_roll_rotation_cuts_and_restarts_change_nothing() -> None:
    figures = invariances.section(QUICK, Workers()).figures

    assert figures["roll"] < 0.01
    assert figures["rotation"] < 0.001
    assert figures["cut"] == 0.0
    assert figures["restart"] == 0.0


def test_records_that_differ_are_counted() -> None:
    """Minutes 1 and 2 against minutes 2, 3 and 4: three are on one side only."""
    minutes = [
        Minute(
            start_s=60.0 * n, worn_s=60, vedba_g=0.1, rest_s=60, light_s=0, walk_s=0, vigorous_s=0
        )
        for n in range(5)
    ]

    assert n_other(Results(minutes=minutes[1:3]), Results(minutes=minutes[2:])) == 3
    assert n_other(Results(minutes=minutes), Results(minutes=minutes[::-1])) == 0


def test_jumps_are_counted_by_behaviour() -> None:
    """Two of each kind of jump, and two of each thing that is none; some jumps are found."""
    counts = counted(Block(size="medium", rate_hz=50.0, seed=4, n=6))

    assert {kind: counts[kind].n_bouts for kind in JUMPS} == dict.fromkeys(JUMPS, 6)
    assert counts["shake"].n_bouts >= 6
    assert counts["jump_over"].n_found >= 1


def test_recordings_that_are_not_there_are_skipped_with_a_reason(tmp_path: Path) -> None:
    for folder in (None, tmp_path, tmp_path / "nowhere"):
        section = recordings.section(folder)
        assert section.skipped
        assert not section.figures


def test_no_jump_is_told_of_real_running_and_walking(recordings: Path) -> None:
    section = evaluate(QUICK, Workers(), only=("recordings",), folder=recordings).sections[0]

    assert section.figures["jumps"] == 0.0
    by_label = {str(row[0]): row for row in section.rows}
    assert len(by_label) == 5
    strides_hz = by_label["running"][4]
    assert isinstance(strides_hz, float)
    assert 2.1 <= strides_hz <= 2.25


@pytest.mark.slow
def test_results_do_not_depend_on_the_number_of_processes() -> None:
    """Two fresh interpreters give what this one gives, in the same order."""
    told: list[tuple[str, int, int]] = []

    alone = cadence.section(QUICK, Workers(1, lambda *args: told.append(args)))
    shared = cadence.section(QUICK, Workers(2))

    assert alone == shared
    assert told[0] == ("measuring strides", 0, 18)
    assert told[-1] == ("measuring strides", 18, 18)


def test_the_page_names_what_is_broken_and_what_was_skipped(tmp_path: Path) -> None:
    report = evaluate(QUICK, Workers(), only=("cadence", "recordings"), folder=tmp_path)

    page = markdown(report, "spryhound evaluate --quick")

    assert "Not known:" in page
    assert "`spryhound evaluate --quick`" in page
    assert "| held |" in page
    assert "Skipped: none of the known files" in page


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (0.12345, "0.123"),
        (1234.5, "1234"),
        (None, ""),
        (12, "12"),
        (float("nan"), ""),
        (float("inf"), "never"),
    ],
)
def test_cells_are_short(cell: float | None, text: str) -> None:
    assert text_of(cell) == text
