"""Rates and breaks, from times whose truth is known."""

import numpy as np
import pytest

from analysis.model import FloatArray
from ingest.recordings.formats.base import Block
from ingest.recordings.segments import Run, Segments, measured_rate_hz

RATE_HZ = 50.0


def even_s(n_samples: int, start_s: float = 1000.0) -> FloatArray:
    return start_s + np.arange(n_samples) / RATE_HZ


def cut(times_s: FloatArray, *, block: int = 10_000) -> tuple[list[Run], int]:
    values = np.column_stack([np.arange(len(times_s), dtype=float)] * 3)
    blocks = [
        Block(times_s=times_s[i : i + block], acceleration_g=values[i : i + block])
        for i in range(0, len(times_s), block)
    ]
    stretches = Segments(rate_hz=RATE_HZ)
    return list(stretches.runs(blocks)), stretches.n_backward


def test_the_rate_is_the_mean_over_ordinary_steps() -> None:
    """Stamps rounded to 10 ms step by 20 or 30 ms; their mean is still 48.4 Hz."""
    times_s = np.round(np.arange(4000) / 48.4, 2)

    assert measured_rate_hz(times_s) == pytest.approx(48.4, abs=0.01)


def test_a_gap_does_not_slow_the_rate() -> None:
    times_s = np.concatenate([even_s(500), even_s(500, 2000.0)])

    assert measured_rate_hz(times_s) == pytest.approx(RATE_HZ)


def test_stamps_in_bursts_have_the_rate_of_the_whole_span() -> None:
    """Ten samples at each time, 0.2 s apart."""
    times_s = np.repeat(np.arange(100) * 0.2, 10)

    assert measured_rate_hz(times_s) == pytest.approx(RATE_HZ, rel=0.02)


@pytest.mark.parametrize("times_s", [[], [1.0], [1.0, 1.0, 1.0]], ids=["none", "one", "still"])
def test_times_that_do_not_advance_have_no_rate(times_s: list[float]) -> None:
    assert measured_rate_hz(np.array(times_s)) is None


def test_a_gap_begins_a_new_stretch() -> None:
    """Two samples missing is a step of three periods."""
    times_s = np.delete(even_s(200), [100, 101])

    runs, n_backward = cut(times_s)

    assert [float(run.times_s[0]) for run in runs if run.is_new] == [1000.0, 1002.04]
    assert sum(len(run.times_s) for run in runs) == 198
    assert n_backward == 0


def test_one_bad_stamp_is_no_break() -> None:
    times_s = even_s(200)
    times_s[100] += 3600.0

    runs, n_backward = cut(times_s)

    assert [run.is_new for run in runs] == [True] + [False] * (len(runs) - 1)
    assert sum(len(run.times_s) for run in runs) == 200
    assert n_backward == 0


def test_samples_whose_time_was_heard_already_are_dropped_and_counted() -> None:
    """The clock goes back by 1 s, which is 50 samples at 50 Hz, and then runs on."""
    times_s = np.concatenate([even_s(200), even_s(200, 1003.0)])

    runs, n_backward = cut(times_s)

    heard_s = np.concatenate([run.times_s for run in runs])
    assert n_backward == pytest.approx(50, abs=1)
    assert (np.diff(heard_s) > 0).all()


@pytest.mark.parametrize("block", [1, 7, 100])
def test_breaks_do_not_depend_on_the_blocks(block: int) -> None:
    times_s = np.concatenate([even_s(120), even_s(80, 1003.0), even_s(90, 1003.9)])

    whole, n_whole = cut(times_s)
    pieces, n_pieces = cut(times_s, block=block)

    def starts(runs: list[Run]) -> list[float]:
        return [float(run.times_s[0]) for run in runs if run.is_new]

    assert starts(pieces) == starts(whole)
    assert starts(whole) == pytest.approx([1000.0, 1003.0, 1004.6])
    assert n_pieces == n_whole > 0
