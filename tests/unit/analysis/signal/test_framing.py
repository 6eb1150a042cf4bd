"""Frames and cores have a fixed place on the grid."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.signal.framing import Framer, Surroundings

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


@given(STARTS, CUTS)
def test_every_tick_is_in_one_core_with_its_surroundings(first_tick: int, cuts: list[int]) -> None:
    """Seven ticks before and eleven after, except at the ends of the segment."""
    values = np.arange(first_tick, first_tick + 150, dtype=float)
    around = Surroundings(7, 11)
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
