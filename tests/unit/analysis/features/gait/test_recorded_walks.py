"""Gait windows of recorded walks, lame ones included, against strides found another way."""

from pathlib import Path

import numpy as np
import pytest
import scipy

from analysis.features.gait.windows import Gait, GaitSettings
from analysis.model import FloatArray, GaitWindow, Samples, Signal
from analysis.signal.conditioning import Conditioner

START_S = 1_700_000_000.0
STRONG_G = 0.1
PEOPLE = [f"human-walks-after-stroke/pp0{number}.csv" for number in range(1, 7)]
WALK, RUN = "dog-collar-50hz/walking.csv", "dog-collar-50hz/running.csv"
WALKED_PERIOD_S = dict.fromkeys(PEOPLE, (0.8, 1.4)) | {
    PEOPLE[0]: (1.4, 2.2),
    WALK: (0.22, 0.55),
    RUN: (0.40, 0.52),
}
"""Where the period lies that repeats itself: a stride, but of the dog that walks a step."""


def heard(recordings: Path, name: str) -> list[Signal]:
    """Return a recording as the pipeline hears it, its rate by its times."""
    table = np.loadtxt(recordings / name, delimiter=",", skiprows=1, dtype=float)
    rate_hz = (len(table) - 1) / float(table[-1, 0] - table[0, 0])
    conditioner = Conditioner()
    samples = Samples(
        origin_s=START_S, first_index=0, rate_hz=rate_hz, acceleration_g=table[:, 1:4]
    )
    return [conditioner.push(samples), *conditioner.finish()]


def windows(signals: list[Signal], withers_m: float) -> list[GaitWindow]:
    gait = Gait(GaitSettings(), withers_m)
    return [window for signal in signals for window in gait.update(signal)]


def n_strong(signals: list[Signal]) -> int:
    """Return how many windows move by 0.1 g or more, as all that could be gait does."""
    vedba_g = np.concatenate([signal.vedba_g for signal in signals])
    first = -signals[0].first_tick % 100
    starts = range(first, len(vedba_g) - 199, 100)
    return sum(vedba_g[start : start + 200].mean() >= STRONG_G for start in starts)


def strides_hz(signals: list[Signal], name: str, found: list[GaitWindow]) -> FloatArray:
    """Return the stride rate around each window: the period of 8 s of zero-phase signal."""
    magnitude_g = np.concatenate([signal.magnitude_g for signal in signals])
    acceleration_g = np.concatenate([signal.acceleration_g for signal in signals], axis=1)
    of_steps = name == WALK
    traces_g = np.vstack([magnitude_g] if of_steps else [magnitude_g, acceleration_g])
    band = scipy.signal.butter(2, (0.5, 8.0), "bandpass", fs=50.0, output="sos")
    moving_g = scipy.signal.sosfiltfilt(band, traces_g)
    shortest, longest = (round(50 * each) for each in WALKED_PERIOD_S[name])
    rates_hz = []
    for window in found:
        middle = round(window.start_s * 50) + 100 - signals[0].first_tick
        first = min(max(middle - 200, 0), moving_g.shape[1] - 400)
        piece_g = moving_g[:, first : first + 400]
        curve = [
            float((piece_g[:, : 400 - lag] * piece_g[:, lag:]).sum()) / (400 - lag)
            for lag in range(longest + 2)
        ]
        best = shortest + int(np.argmax(curve[shortest : longest + 1]))
        before, at, after = curve[best - 1], curve[best], curve[best + 1]
        period = best + 0.5 * (before - after) / (before - 2.0 * at + after)
        rates_hz.append(50.0 / period / (2.0 if of_steps else 1.0))
    return np.array(rates_hz)


@pytest.mark.parametrize(
    ("name", "withers_m"),
    [(WALK, 0.5), (RUN, 0.5), *((name, tall_m) for name in PEOPLE for tall_m in (0.5, 0.9))],
)
def test_most_of_a_recorded_walk_is_seen_at_its_stride_rate(
    recordings: Path, name: str, withers_m: float
) -> None:
    """The lamest two have 0.16 and 0.06 of autocorrelation after a step: strides are enough."""
    signals = heard(recordings, name)

    found = windows(signals, withers_m)

    assert len(found) >= 0.5 * n_strong(signals)
    expected_hz = np.median(strides_hz(signals, name, found))
    assert np.median([each.stride_hz for each in found]) == pytest.approx(expected_hz, rel=0.03)


@pytest.mark.parametrize("name", [RUN, *PEOPLE])
def test_hardly_a_window_of_a_recorded_walk_has_the_wrong_octave(
    recordings: Path, name: str
) -> None:
    """Windows of a dog that changes its pace every few seconds cannot be compared one by one."""
    signals = heard(recordings, name)

    found = windows(signals, 0.5)

    off = np.array([each.stride_hz for each in found]) / strides_hz(signals, name, found) - 1.0
    assert np.median(np.abs(off)) <= 0.03
    assert np.mean(np.abs(off) > 0.3) <= 0.02


def test_uneven_steps_are_measured_and_not_asked_for(recordings: Path) -> None:
    """After a step the lame walk is not like itself at all, after a stride it is."""
    lame = windows(heard(recordings, PEOPLE[2]), 0.9)
    even = windows(heard(recordings, PEOPLE[1]), 0.9)

    assert np.median([each.step_regularity for each in lame]) < 0.2
    assert np.median([each.stride_regularity for each in lame]) > 0.6
    assert np.median([each.step_regularity for each in even]) > 0.9


@pytest.mark.parametrize("name", ["lying", "sitting"])
def test_recorded_rest_has_no_window(recordings: Path, name: str) -> None:
    assert windows(heard(recordings, f"dog-collar-50hz/{name}.csv"), 0.5) == []
