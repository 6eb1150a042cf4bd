"""The templates against the advice that they come from: docs/evidence.md, section 5.1."""

import pytest

from analysis.model.plan import Phase
from analysis.recovery.settings import PlanSettings
from config.plans import load_template, template_names

CAPPED = [
    pytest.param(phase, id=f"{name}, {phase.name}")
    for name in template_names()
    for phase in load_template(name)
    if phase.active_min_cap is not None
]


def test_after_surgery_is_the_table_of_the_evidence() -> None:
    """Weeks, walks (the upper end of each range), cap, in its rows 1 to 3."""
    rows = [
        (phase.days // 7, phase.walks_per_day, phase.walk_min, phase.active_min_cap)
        for phase in load_template("after_surgery")
    ]

    assert rows[:3] == [(2, 4, 5.0, 30.0), (2, 3, 10.0, 45.0), (2, 3, 15.0, 75.0)]
    assert rows[3][0] == 6


def test_without_surgery_a_walking_dog_rests_at_least_4_weeks_and_recovers_up_to_3_months() -> None:
    phases = load_template("conservative_disc")

    assert phases[0].days >= 4 * 7
    assert "vigorous_burst" in phases[0].forbids
    assert sum(phase.days for phase in phases) == 12 * 7


@pytest.mark.parametrize("name", template_names())
def test_no_phase_of_any_template_allows_jumps(name: str) -> None:
    """Jumping is discouraged for life."""
    assert all("jump" in phase.forbids for phase in load_template(name))


@pytest.mark.parametrize("phase", CAPPED)
def test_the_walks_of_a_phase_fit_under_its_cap_even_where_each_is_a_little_too_long(
    phase: Phase,
) -> None:
    """Else a plan that is kept would be told as broken."""
    longest_min = PlanSettings().longest_walk_min(phase.walk_min)

    assert phase.active_min_cap is not None
    assert phase.walks_per_day * longest_min <= phase.active_min_cap
    assert phase.least_active_min <= phase.walks_per_day * phase.walk_min / 2.0
