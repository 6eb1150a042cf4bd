"""Gait in illness against the dog's own usual: what the simulator changed is found again."""

import pytest

from simulators.evaluation.altered_gait import CHANGES, Walker, rows_of, section, walked
from simulators.evaluation.report import QUICK
from simulators.evaluation.workers import Workers


@pytest.mark.slow
@pytest.mark.parametrize("jittering", [False, True])
def test_an_ataxic_day_differs_and_a_healthy_one_does_not(*, jittering: bool) -> None:
    """Ataxia doubles the CV of steps and takes 0.3 of regularity; jitter hides some of it."""
    found = walked(Walker(seed=5, number=3, jittering=jittering, states=("healthy", "ataxia")))

    cv_ratio, regularity, cadence, _ = found["healthy"]
    assert cv_ratio == pytest.approx(1.0, abs=0.1)
    assert regularity == pytest.approx(0.0, abs=0.03)
    assert cadence == pytest.approx(1.0, abs=0.03)
    cv_ratio, regularity, cadence, _ = found["ataxia"]
    assert cv_ratio > 1.4
    assert regularity < -0.12
    assert cadence < 0.95


def test_rows_are_ranges_over_the_dogs_that_walked_enough() -> None:
    one = {"healthy": (1.0, 0.0, 1.0, 1.0), "ataxia": (1.8, -0.3, 0.8, 0.7)}
    other = {"healthy": (1.2, -0.02, 0.9, 1.1)}

    rows = rows_of("still", [one, other])

    assert rows[0] == ("still", "healthy", "step CV, over usual", 2, 1.0, 1.1, 1.2)
    assert rows[4] == ("still", "ataxia", "step CV, over usual", 1, 1.8, 1.8, 1.8)
    assert len(rows) == 2 * len(CHANGES)


def test_the_quick_form_says_that_it_has_no_such_days() -> None:
    assert "quick" in section(QUICK, Workers()).skipped
