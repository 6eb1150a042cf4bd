"""Gait windows of recorded walks, lame ones included, against strides found another way."""

from pathlib import Path

import numpy as np
import pytest

from simulators.evaluation.sections.recorded_gait import (
    PEOPLE,
    RUN,
    WALK,
    Walk,
    n_strong,
    signals_of,
    strides_hz,
    windows_of,
)


def called(walk: Walk | float) -> str:
    """Return what a test of a walk is called."""
    return walk.name if isinstance(walk, Walk) else f"{walk:g} m"


@pytest.mark.parametrize(
    ("walk", "withers_m"),
    [(WALK, 0.5), (RUN, 0.5), *((walk, tall_m) for walk in PEOPLE for tall_m in (0.5, 0.9))],
    ids=called,
)
def test_most_of_a_recorded_walk_is_seen_at_its_stride_rate(
    recordings: Path, walk: Walk, withers_m: float
) -> None:
    """The lamest two have 0.16 and 0.06 of autocorrelation after a step: strides are enough."""
    signals = signals_of(recordings / walk.file)

    found = windows_of(signals, withers_m)

    assert len(found) >= 0.5 * n_strong(signals)
    expected_hz = np.median(strides_hz(signals, walk, found))
    assert np.median([each.stride_hz for each in found]) == pytest.approx(expected_hz, rel=0.03)


@pytest.mark.parametrize("walk", [RUN, *PEOPLE], ids=called)
def test_hardly_a_window_of_a_recorded_walk_has_the_wrong_octave(
    recordings: Path, walk: Walk
) -> None:
    """Windows of a dog that changes its pace every few seconds cannot be compared one by one."""
    signals = signals_of(recordings / walk.file)

    found = windows_of(signals, 0.5)

    off = np.array([each.stride_hz for each in found]) / strides_hz(signals, walk, found) - 1.0
    assert np.median(np.abs(off)) <= 0.03
    assert np.mean(np.abs(off) > 0.3) <= 0.02


def test_uneven_steps_are_measured_and_not_asked_for(recordings: Path) -> None:
    """After a step the lame walk is not like itself at all, after a stride it is."""
    lame = windows_of(signals_of(recordings / PEOPLE[2].file), 0.9)
    even = windows_of(signals_of(recordings / PEOPLE[1].file), 0.9)

    assert np.median([each.step_regularity for each in lame]) < 0.2
    assert np.median([each.stride_regularity for each in lame]) > 0.6
    assert np.median([each.step_regularity for each in even]) > 0.9


@pytest.mark.parametrize("name", ["lying", "sitting"])
def test_recorded_rest_has_no_window(recordings: Path, name: str) -> None:
    assert windows_of(signals_of(recordings / f"dog-collar-50hz/{name}.csv"), 0.5) == []
