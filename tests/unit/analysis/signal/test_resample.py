"""The grid is the same however the samples were cut, and whatever their rate does."""

import itertools
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import Samples
from analysis.signal.resample import Grid, Resampler

START_S = 1.75e9
SOME_YEARS_S = st.sampled_from([1.1e9, 1.3e9, START_S, 2.2e9])
STRETCHES = st.lists(
    st.tuples(st.floats(0.875, 1.125), st.integers(1, 120)), min_size=1, max_size=8
)


def stretches(
    nominal_hz: float, parts: Iterable[tuple[float, int]], start_s: float = START_S
) -> list[Samples]:
    """Return samples on stretches of so many times the nominal rate, each where the last ended."""
    dice = np.random.default_rng(5)
    found: list[Samples] = []
    for share, n_samples in parts:
        found.append(
            Samples(
                origin_s=found[-1].end_s if found else start_s,
                first_index=0,
                rate_hz=nominal_hz * share,
                acceleration_g=dice.normal(0.0, 1.0, (n_samples, 3)),
                range_g=4.0,
            )
        )
    return found


def in_pieces(whole: Samples, length: int) -> list[Samples]:
    return [
        Samples(
            origin_s=whole.origin_s,
            first_index=whole.first_index + at,
            rate_hz=whole.rate_hz,
            acceleration_g=whole.acceleration_g[at : at + length],
            range_g=whole.range_g,
        )
        for at in range(0, whole.n_samples, length)
    ]


def gridded(heard: Iterable[Samples]) -> list[Grid]:
    resampler = Resampler()
    grids = [resampler.push(each) for each in heard]
    return [*grids, resampler.finish()]


def joined(grids: Iterable[Grid]) -> tuple[int, bytes, bytes]:
    """Return the first tick and all values, after a look that no tick is missing or double."""
    filled = [each for each in grids if len(each.clipped)]
    for earlier, later in itertools.pairwise(filled):
        assert later.first_tick == earlier.first_tick + len(earlier.clipped)
    values_g = np.hstack([each.acceleration_g for each in filled] or [np.empty((3, 0))])
    clipped = np.hstack([each.clipped for each in filled] or [np.empty(0, bool)])
    return filled[0].first_tick if filled else 0, values_g.tobytes(), clipped.tobytes()


@pytest.mark.slow
@given(
    nominal_hz=st.sampled_from([25.0, 50.0, 100.0, 200.0, 400.0]),
    parts=STRETCHES,
    length=st.sampled_from([1, 2, 3, 7, 50]),
    start_s=SOME_YEARS_S,
)
@settings(derandomize=True, deadline=None, max_examples=150)
def test_any_cut_of_stretches_of_any_rate_gives_the_same_bits(
    nominal_hz: float, parts: list[tuple[float, int]], length: int, start_s: float
) -> None:
    whole = stretches(nominal_hz, parts, start_s)

    cut = gridded(piece for each in whole for piece in in_pieces(each, length))

    assert joined(cut) == joined(gridded(whole))


@pytest.mark.parametrize("nominal_hz", [100.0, 200.0, 400.0])
@pytest.mark.parametrize("share", [0.875, 1.125])
def test_a_stretch_of_another_rate_does_not_bend_time(nominal_hz: float, share: float) -> None:
    """A sine of 1 Hz by the samples' own times comes out as that sine on the grid."""
    n_samples = int(2 * nominal_hz)
    pieces = [
        Samples(
            origin_s=each.origin_s,
            first_index=0,
            rate_hz=each.rate_hz,
            acceleration_g=np.repeat(
                np.sin(
                    2.0 * np.pi * (each.origin_s - START_S + np.arange(n_samples) / each.rate_hz)
                )[:, None],
                3,
                axis=1,
            ),
        )
        for each in stretches(nominal_hz, [(1.0, n_samples), (share, n_samples), (1.0, n_samples)])
    ]

    grids = gridded(piece for each in pieces for piece in in_pieces(each, 25))

    values_g = np.hstack([each.acceleration_g for each in grids])[0]
    expected_g = np.sin(2.0 * np.pi * np.arange(len(values_g)) / 50.0)
    assert np.abs(values_g - expected_g)[10:-10].max() < 0.01


@pytest.mark.parametrize("start_s", [1.1e9, 1.3e9, 2.2e9])
def test_a_source_in_step_with_the_grid_goes_through_in_any_year(start_s: float) -> None:
    """In these years the time of a tick times 50 may round to above the tick."""
    whole = stretches(50.0, [(1.0, 3000)], start_s)

    first_tick, values_g, _ = joined(gridded(in_pieces(whole[0], 1)))

    assert first_tick == start_s * 50
    n_ticks = len(values_g) // 24
    assert n_ticks in {2999, 3000}


@pytest.mark.parametrize("nominal_hz", [50.0, 100.0])
@pytest.mark.parametrize("later_s", [1.5, 1e9, -1.0, -1e9])
def test_samples_from_another_time_are_not_joined_over_the_hole(
    nominal_hz: float, later_s: float
) -> None:
    """No gap was told; still no tick is made up between, however long the hole."""
    first, second = (
        Samples(
            origin_s=origin_s,
            first_index=0,
            rate_hz=nominal_hz,
            acceleration_g=np.full((int(nominal_hz), 3), value_g),
        )
        for origin_s, value_g in ((START_S, 1.0), (START_S + 1.0 + later_s, -1.0))
    )
    resampler = Resampler()
    resampler.push(first)

    grid = resampler.push(second)

    assert grid.first_tick == (START_S + 1.0 + later_s) * 50
    assert 30 <= len(grid.clipped) <= 50
    assert np.all(grid.acceleration_g == -1.0)


def test_a_step_below_a_second_is_bridged() -> None:
    """Two samples lost are no hole: the paired case to the one above."""
    first, second = stretches(50.0, [(1.0, 50), (1.0, 50)])
    later = Samples(
        origin_s=second.origin_s + 0.04,
        first_index=0,
        rate_hz=50.0,
        acceleration_g=second.acceleration_g,
    )

    _, values_g, _ = joined(gridded([first, later]))

    assert len(values_g) // 24 in {101, 102}


@pytest.mark.parametrize("nominal_hz", [50.0, 100.0])
def test_a_piece_without_samples_changes_nothing(nominal_hz: float) -> None:
    """Neither as the first piece nor between two others."""
    (whole,) = stretches(nominal_hz, [(1.0, 200)])
    empty = Samples(
        origin_s=START_S, first_index=0, rate_hz=nominal_hz, acceleration_g=np.empty((0, 3))
    )
    first, second = in_pieces(whole, 100)

    assert joined(gridded([empty, first, empty, second])) == joined(gridded([whole]))
    assert joined(gridded([empty])) == (0, b"", b"")
