"""What a walk is, in minutes."""

import pytest

from analysis.model import Minute
from analysis.recovery.settings import PlanSettings
from analysis.recovery.walks import walks_in

NOON_S = 1_795_521_600.0  # 24 November 2026, 12:00 UTC


def minutes(*active_s: float | None, start_s: float = NOON_S) -> list[Minute]:
    """Return a minute for each number of active seconds; None is a hole."""
    return [
        Minute(
            start_s=start_s + 60.0 * number,
            worn_s=60.0,
            vedba_g=0.1,
            rest_s=60.0 - active,
            light_s=0.0,
            walk_s=active,
            vigorous_s=0.0,
        )
        for number, active in enumerate(active_s)
        if active is not None
    ]


def lengths_min(*active_s: float | None) -> list[float]:
    return [each.length_min for each in walks_in(minutes(*active_s), PlanSettings())]


def test_five_minutes_of_walking_are_a_walk_of_five_minutes() -> None:
    (walk,) = walks_in(minutes(0, 60, 60, 60, 60, 60, 0, 0, 0, 0), PlanSettings())

    assert (walk.start_s, walk.end_s) == (NOON_S + 60.0, NOON_S + 360.0)
    assert (walk.length_min, walk.active_s) == (5.0, 300.0)


def test_a_walk_that_begins_and_ends_within_a_minute_is_measured_by_its_edges() -> None:
    """20 s of the first minute, four whole ones, 30 s of the last: 290 s."""
    assert lengths_min(0, 20, 60, 60, 60, 60, 30) == [pytest.approx(290.0 / 60.0)]


@pytest.mark.parametrize(("stop_min", "n"), [(3, 1), (4, 2)])
def test_sniffing_for_up_to_three_minutes_does_not_end_a_walk(stop_min: int, n: int) -> None:
    found = lengths_min(60, 60, 60, *[0] * stop_min, 60, 60, 60)

    assert found == ([6.0 + stop_min] if n == 1 else [3.0, 3.0])


@pytest.mark.parametrize(("hole_min", "n"), [(3, 1), (4, 2)])
def test_a_hole_is_a_time_without_walking_and_nothing_more(hole_min: int, n: int) -> None:
    """Nobody walked in a hole as far as is known, and nobody did anything else."""
    assert len(lengths_min(60, 60, 60, *[None] * hole_min, 60, 60, 60)) == n


@pytest.mark.parametrize(("active_s", "n"), [((30, 60), 1), ((29, 60), 0), ((60,), 0)])
def test_a_minute_and_a_half_of_walking_is_a_walk(active_s: tuple[float, ...], n: int) -> None:
    assert len(lengths_min(*active_s)) == n


@pytest.mark.parametrize(("eating_s", "n"), [(14.0, 0), (15.0, 1)])
def test_eating_is_no_walk(eating_s: float, n: int) -> None:
    """A meal gives at most 12 active seconds a minute, a slow walk 15 or more."""
    assert len(lengths_min(*[eating_s] * 10)) == n


def test_time_that_goes_back_begins_anew() -> None:
    """Minutes dated ahead by mistake: the walk before is over where it was seen."""
    ahead = minutes(60, 60, 60, start_s=NOON_S + 86_400.0)

    found = walks_in([*ahead, *minutes(60, 60)], PlanSettings())

    assert [each.length_min for each in found] == [3.0, 2.0]
