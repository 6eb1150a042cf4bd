"""What was found and what was told without cause, counted by behaviour."""

import math

import pytest

from analysis.model import Event
from simulators.day.schedule import Bout
from simulators.evaluation.sections.events import (
    Count,
    count,
    false_per_hour,
    merged,
    n_false,
    recall,
)

WANTED = ("jump_off", "jump_over")
TRUTH = [
    Bout(kind="walk", start_s=0.0, end_s=10.0),
    Bout(kind="jump_off", start_s=10.0, end_s=13.0),
    Bout(kind="walk", start_s=13.0, end_s=1800.0),
    Bout(kind="jump_over", start_s=1800.0, end_s=1803.0),
    Bout(kind="gallop", start_s=1803.0, end_s=3600.0),
]


def event(start_s: float, end_s: float) -> Event:
    return Event(kind="jump", start_s=start_s, end_s=end_s, confidence="high", evidence={})


def test_found_and_false_events_are_counted_where_they_lie() -> None:
    """One of two jumps found, twice; one false alarm in the gallop: one an hour."""
    found = [event(11.0, 11.4), event(12.0, 12.3), event(2000.0, 2001.0)]

    counts = count(TRUTH, found, WANTED)

    assert counts["jump_off"] == Count(n_bouts=1, hours=3 / 3600, n_found=1, n_events=2)
    assert counts["jump_over"].recall == 0.0
    assert counts["walk"].n_bouts == 2
    assert counts["gallop"].n_events == 1
    assert recall(counts, WANTED) == 0.5
    assert n_false(counts, WANTED) == 1
    assert false_per_hour(counts, WANTED) == pytest.approx(1.0)


@pytest.mark.parametrize(("start_s", "found"), [(9.4, 1), (9.0, 0), (13.4, 1), (13.6, 0)])
def test_an_event_at_the_edge_of_a_jump_belongs_to_it(start_s: float, found: int) -> None:
    """Within half a second of it, before (the event lasts 0.2 s) or behind."""
    counts = count(TRUTH, [event(start_s, start_s + 0.2)], WANTED)

    assert counts["jump_off"].n_found == found
    assert n_false(counts, WANTED) == 1 - found


def test_an_event_before_everything_is_nobodys() -> None:
    assert n_false(count(TRUTH, [event(-100.0, -99.0)], WANTED), WANTED) == 0


def test_recordings_add_up() -> None:
    counts = count(TRUTH, [event(11.0, 11.4)], WANTED)

    both = merged(counts, count(TRUTH, [], WANTED))

    assert both["jump_off"] == Count(n_bouts=2, hours=6 / 3600, n_found=1, n_events=1)
    assert recall(both, WANTED) == 0.25


def test_what_never_happened_has_no_recall() -> None:
    assert math.isnan(recall(count(TRUTH, [], WANTED), ("shake",)))
