"""Frames and cores have a fixed place on the grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.signal.framing import ContextWindow, Framer

CUTS = st.lists(st.integers(0, 60), max_size=30)
STARTS = st.integers(0, 10_000)


def pieces(first_tick: int, values: np.ndarray, cuts: list[int]) -> list[tuple[int, np.ndarray]]:
    """Cut values into pieces of the given lengths; the last takes the rest."""
    found, at = [], 0
    for length in [*cuts, len(values)]:
        found.append((first_tick + at, values[at : at + length]))
        at = min(len(values), at + length)
    return found


@given(STARTS, CUTS)
def test_frames_are_the_same_however_the_stream_is_cut(first_tick: int, cuts: list[int]) -> None:
    """Frames of 20 ticks begin at multiples of 5, whatever the pieces are."""
    values = np.arange(first_tick, first_tick + 200, dtype=float)
    framer = Framer(20, 5)
    found = [
        frames.values[place].tolist()
        for at, piece in pieces(first_tick, values, cuts)
        for frames in [framer.push(at, piece)]
        for place in range(len(frames))
    ]

    first = -(-first_tick // 5) * 5
    expected = [list(range(at, at + 20)) for at in range(first, first_tick + 181, 5)]
    assert found == expected


def test_a_new_segment_does_not_use_the_old_ones_ticks() -> None:
    """Nineteen ticks before a gap and one after are no frame of twenty."""
    framer = Framer(20, 5)
    framer.push(0, np.zeros(19))
    framer.start_segment()

    assert len(framer.push(19, np.zeros(1))) == 0
    assert len(framer.push(20, np.zeros(20))) == 1


@pytest.mark.parametrize("next_tick", [13, 18, 5_000_000, -40])
def test_frames_are_not_joined_over_missing_or_double_ticks(next_tick: int) -> None:
    """Ticks 0 to 16 are held; no gap was told. Each frame holds the ticks of its own place."""
    framer = Framer(20, 5)
    framer.push(0, np.arange(17.0))

    frames = framer.push(next_tick, np.arange(next_tick, next_tick + 43.0))

    first = -(-next_tick // 5) * 5
    expected = [list(range(at, at + 20)) for at in range(first, next_tick + 24, 5)]
    assert frames.values.tolist() == expected
    assert [frames.tick(place) for place in range(len(frames))] == [each[0] for each in expected]


def test_frames_go_on_over_a_piece_without_ticks() -> None:
    """The paired case: nothing was heard, so nothing is missing, whatever tick it is said for."""
    framer = Framer(20, 5)
    framer.push(0, np.arange(17.0))
    framer.push(0, np.empty(0))

    assert framer.push(17, np.arange(17.0, 20.0)).values.tolist() == [list(range(20))]


@pytest.mark.parametrize("next_tick", [13, 41, 5_000_000, -40])
def test_surroundings_are_not_joined_over_missing_or_double_ticks(next_tick: int) -> None:
    """Ticks 0 to 39 came, 0 to 28 were in a core; those held are dropped."""
    around = ContextWindow(7, 11)
    around.push(0, np.arange(40.0))

    block = around.push(next_tick, np.arange(next_tick, next_tick + 20.0))

    assert block.first_tick == next_tick
    assert block.core == slice(0, 9)
    assert block.values.tolist() == list(range(next_tick, next_tick + 20))
    last = around.finish()
    assert last.values[last.core].tolist() == list(range(next_tick + 9, next_tick + 20))


@given(STARTS, CUTS)
def test_every_tick_is_in_one_core_with_its_surroundings(first_tick: int, cuts: list[int]) -> None:
    """Seven ticks before and eleven after, except at the ends of the segment."""
    values = np.arange(first_tick, first_tick + 150, dtype=float)
    around = ContextWindow(7, 11)
    blocks = [around.push(at, piece) for at, piece in pieces(first_tick, values, cuts)]
    blocks.append(around.finish())

    cores = [tick for block in blocks for tick in block.values[block.core].tolist()]
    assert cores == values.tolist()
    for block in blocks[:-1]:
        if block.core.stop > block.core.start:
            before = block.core.start
            assert before >= min(7, int(block.values[block.core][0]) - first_tick)
            assert len(block.values) - block.core.stop >= 11
            assert block.values[0] == block.first_tick


@pytest.mark.parametrize("made", [Framer(20, 5), ContextWindow(10, 10)])
def test_what_an_earlier_version_held_of_other_rows_is_dropped(
    made: Framer | ContextWindow,
) -> None:
    """Two rows are held from before an upgrade, and five come: as after a gap, not a crash."""
    made.push(0, np.zeros((2, 17)))

    found = made.push(17, np.ones((5, 43)))

    assert found.values.shape[0] == 5
    assert found.values.all()
