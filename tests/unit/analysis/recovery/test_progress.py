"""First and last days of phases."""

from datetime import date, timedelta

import pytest

from analysis.model.plan import Phase, Plan
from analysis.recovery.progress import turn_on

START = date(2026, 11, 2)
PLAN = Plan(
    name="disc",
    start=START,
    phases=(
        Phase(name="rest", days=3),
        Phase(name="walks", days=2, walks_per_day=3, walk_min=10.0),
        Phase(name="one day", days=1),
    ),
)


def turn(day: int, heard: int) -> dict[str, float] | None:
    return turn_on(PLAN, START + timedelta(days=day), heard)


def test_each_turn_is_told_on_its_day() -> None:
    """Phase 1 on days 0 to 2, phase 2 on days 3 and 4, phase 3 on day 5; day 6 is free."""
    found = [turn(-1, 0), *(turn(day, heard) for day, heard in enumerate([0, 1, 1, 1, 2, 2, 3, 0]))]

    assert found == [
        None,
        {"phase": 1.0, "phases": 3.0, "phase_days": 3.0},
        None,
        {"last_day_of": 1.0, "phases": 3.0},
        {"phase": 2.0, "phases": 3.0, "phase_days": 2.0, "walks": 3.0, "planned_min": 10.0},
        {"last_day_of": 2.0, "phases": 3.0},
        {"phase": 3.0, "phases": 3.0, "phase_days": 1.0},
        {"ended_phases": 3.0},
        None,
    ]


def test_a_turn_that_nobody_heard_is_told_on_the_next_day_that_is_heard() -> None:
    late = turn(4, 1)

    assert late is not None
    assert late["phase"] == 2.0


@pytest.mark.parametrize("day", [1, 7])
def test_a_collar_that_begins_in_the_middle_or_after_the_plan_tells_no_turn(day: int) -> None:
    assert turn(day, 0) is None
