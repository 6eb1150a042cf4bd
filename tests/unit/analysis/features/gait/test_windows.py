"""Steps, strides and their evenness, against signals of known rhythm and recorded dogs."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import SettingsError
from analysis.features.gait.windows import Gait, GaitSettings
from analysis.model import FloatArray, GaitWindow, Signal
from analysis.signal.fixed_point import quantised

FIRST_TICK = 1_700_000_000 * 50


def windows(
    magnitude_g: FloatArray, cuts: list[int] | None = None, withers_m: float = 0.52
) -> list[GaitWindow]:
    """Return the gait windows of a magnitude that is heard in pieces."""
    gait = Gait(GaitSettings(), withers_m)
    found, at = [], 0
    for length in [*(cuts or []), len(magnitude_g)]:
        piece = quantised(magnitude_g[at : at + length])
        heard = Signal(
            first_tick=FIRST_TICK + at,
            acceleration_g=np.zeros((3, len(piece))),
            magnitude_g=piece,
            vedba_g=np.abs(piece - 1.0),
            clipped=np.zeros(len(piece), bool),
        )
        found += gait.update(heard)
        at = min(len(magnitude_g), at + length)
    return found


def steps(
    step_hz: float, amplitude_g: float, cv: float, duration_s: float, seed: int
) -> FloatArray:
    """Return a magnitude with steps of a given rate, whose times vary by a share `cv`.

    Every second step is a tenth stronger, as left and right are never quite alike.
    """
    dice = np.random.default_rng(seed)
    n_steps = int(duration_s * step_hz * 1.5)
    times_s = np.cumsum(np.maximum(0.3, 1.0 + cv * dice.standard_normal(n_steps)) / step_hz)
    time_s = np.arange(int(duration_s * 50)) / 50
    phase = np.interp(time_s, times_s, np.arange(n_steps))
    return 1.0 + amplitude_g * (1 + 0.1 * np.cos(np.pi * phase)) * np.cos(2 * np.pi * phase)


@pytest.mark.parametrize(
    ("step_hz", "withers_m"),
    [(1.7, 0.75), (2.0, 0.52), (2.8, 0.52), (3.0, 0.52), (4.2, 0.52), (5.0, 0.38), (6.0, 0.25)],
)
def test_the_step_is_found_and_not_the_stride(step_hz: float, withers_m: float) -> None:
    """Median cadence within 2 % at a stride-time spread of 2 %; the wrong octave would be 50 %."""
    found = windows(steps(step_hz, 0.4, 0.02, 60.0, 7), withers_m=withers_m)

    assert len(found) >= 20
    cadence_hz = float(np.median([window.step_hz for window in found]))
    assert cadence_hz == pytest.approx(step_hz, rel=0.02)
    assert all(window.stride_hz == window.step_hz / 2 for window in found)


@pytest.mark.parametrize("cv", [0.02, 0.05, 0.08])
def test_uneven_steps_are_told_by_their_spread(cv: float) -> None:
    """The median over windows is within two points of the true spread of step times."""
    found = windows(steps(2.8, 0.4, cv, 240.0, 8))

    spread = float(np.median([window.step_time_cv for window in found]))
    assert spread == pytest.approx(cv, abs=0.02)


def test_regularity_falls_with_unevenness() -> None:
    """Even steps repeat themselves better than uneven ones."""
    even = windows(steps(2.8, 0.4, 0.01, 60.0, 9))
    uneven = windows(steps(2.8, 0.4, 0.10, 60.0, 9))

    regularity = float(np.median([window.stride_regularity for window in even]))
    assert regularity > 0.95
    assert np.median([window.stride_regularity for window in uneven]) < regularity - 0.1


@pytest.mark.parametrize(
    ("amplitude_g", "step_hz", "gait"),
    [(0.4, 2.8, "walk"), (0.8, 4.2, "trot"), (1.2, 2.3, "gallop")],
)
def test_gaits_are_told_by_amplitude_and_period(
    amplitude_g: float, step_hz: float, gait: str
) -> None:
    """A sine of 0.4 g has an RMS of 0.28 g; in a gallop the only strong period is the stride."""
    found = windows(steps(step_hz, amplitude_g, 0.02, 30.0, 10))

    assert {window.gait for window in found} == {gait}
    expected_hz = step_hz if gait == "gallop" else step_hz / 2
    assert found[3].stride_hz == pytest.approx(expected_hz, rel=0.03)


@pytest.mark.parametrize(("window_s", "hop_s"), [(4.0, 0.0), (4.0, 3.0), (4.02, 2.0)])
def test_windows_that_cannot_be_cut_are_refused(window_s: float, hop_s: float) -> None:
    """No hop, hardly any overlap, and an odd number of ticks that has no halves."""
    with pytest.raises(SettingsError, match="window_s is 4"):
        GaitSettings(window_s=window_s, hop_s=hop_s)


def test_two_windows_are_no_bout() -> None:
    """Six seconds of walking hold two windows of four; eight hold three."""
    rest = np.ones(1000)
    walk = steps(2.8, 0.4, 0.02, 20.0, 11)

    assert windows(np.concatenate([rest, walk[:275], rest])) == []
    assert len(windows(np.concatenate([rest, walk[:500], rest]))) >= 3


def test_rest_and_noise_are_no_gait() -> None:
    """Strong noise has no rhythm, weak rhythm is no step."""
    dice = np.random.default_rng(12)

    assert windows(1.0 + dice.normal(0, 0.4, 6000)) == []
    assert windows(steps(2.8, 0.1, 0.02, 60.0, 12)) == []


@settings(max_examples=25)
@given(st.lists(st.integers(0, 900), max_size=12))
def test_windows_are_the_same_however_the_stream_is_cut(cuts: list[int]) -> None:
    """Equal to the last bit."""
    magnitude_g = np.concatenate([np.ones(333), steps(2.8, 0.4, 0.05, 60.0, 13)])

    assert windows(magnitude_g, cuts) == windows(magnitude_g)


def test_a_recorded_run_has_the_known_rhythm(recordings: Path) -> None:
    """Strides at 2.1-2.2 Hz, steps at twice that, both about 0.8 regular."""
    table = np.loadtxt(
        recordings / "dog-collar-50hz" / "running.csv", delimiter=",", skiprows=1, dtype=float
    )
    found = windows(np.sqrt((table[:, 1:] ** 2).sum(axis=1)))

    assert len(found) > 60
    assert 2.1 <= np.median([window.stride_hz for window in found]) <= 2.25
    assert np.median([window.step_regularity for window in found]) == pytest.approx(0.8, abs=0.08)
    assert np.median([window.stride_regularity for window in found]) == pytest.approx(0.8, abs=0.08)


@pytest.mark.parametrize("name", ["lying", "sitting"])
def test_recorded_rest_has_no_gait(recordings: Path, name: str) -> None:
    """Nothing to measure is better than something made up."""
    table = np.loadtxt(
        recordings / "dog-collar-50hz" / f"{name}.csv", delimiter=",", skiprows=1, dtype=float
    )

    assert windows(np.sqrt((table[:, 1:] ** 2).sum(axis=1))) == []


@pytest.mark.parametrize("hole", [1, 50, 5000])
def test_gait_after_missing_ticks_is_what_it_would_be_alone(hole: int) -> None:
    """No gap was told; the filter, the frames and the bout begin anew all the same."""
    walk = quantised(steps(2.0, 0.4, 0.02, 60.0, 7))
    before, after = (
        Signal(
            first_tick=first_tick,
            acceleration_g=np.zeros((3, len(walk))),
            magnitude_g=walk,
            vedba_g=np.abs(walk - 1.0),
            clipped=np.zeros(len(walk), bool),
        )
        for first_tick in (FIRST_TICK, FIRST_TICK + len(walk) + hole)
    )
    gait, alone = Gait(GaitSettings(), 0.52), Gait(GaitSettings(), 0.52)
    gait.update(before)

    found = gait.update(after)

    assert len(found) > 20
    assert found == alone.update(after)
