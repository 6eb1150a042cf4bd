"""A stream is heard second by second around a breach, and how soon it was told is measured."""

from itertools import pairwise
from math import inf

import numpy as np
import pytest

from analysis.model import Samples
from simulators.evaluation.breaches import close_pieces, told_after_s

HOUR = Samples(origin_s=0.0, first_index=0, rate_hz=25.0, acceleration_g=np.ones((3600 * 25, 3)))


def test_a_stream_is_cut_into_seconds_around_a_breach() -> None:
    """From 5 s before its end to 40 s after it; nothing is lost, nothing comes twice."""
    pieces = list(close_pieces([HOUR], [1800.0]))
    close = [each for each in pieces if 1796.0 <= each.start_s <= 1838.0]

    assert {each.n_samples for each in close} == {25}
    assert all(before.end_s == after.start_s for before, after in pairwise(pieces))
    assert sum(each.n_samples for each in pieces) == HOUR.n_samples


def test_a_stream_without_a_breach_is_left_whole() -> None:
    assert [each.n_samples for each in close_pieces([HOUR], [])] == [HOUR.n_samples]


@pytest.mark.parametrize(
    ("told", "after_s"),
    [
        ([(99.0, 103.0)], 3.0),
        ([(99.0, 105.0), (99.5, 104.0)], 4.0),
        ([(99.0, 99.5)], 0.0),
        ([(95.9, 103.0), (102.1, 104.0)], inf),
        ([], inf),
    ],
    ids=["once", "twice", "before its end", "others", "never"],
)
def test_delays_count_from_the_end_of_a_breach(
    told: list[tuple[float, float]], after_s: float
) -> None:
    """It ended at 100 s; an alert of 96 to 102 s is of it, and known once so much was heard."""
    assert told_after_s(100.0, told) == after_s
