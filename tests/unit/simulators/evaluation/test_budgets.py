"""Budgets are arithmetic on figures; what was not measured is neither held nor broken."""

import pytest

from simulators.evaluation.budgets import BUDGETS, Budget, outcomes
from simulators.evaluation.report import Section

AT_MOST = Budget(figure="a.b", says="x", limit=2.0)
AT_LEAST = Budget(figure="a.b", says="x", limit=2.0, at_most=False)


@pytest.mark.parametrize(
    ("budget", "value", "held"),
    [
        (AT_MOST, 2.0, True),
        (AT_MOST, 2.1, False),
        (AT_LEAST, 2.0, True),
        (AT_LEAST, 1.9, False),
        (AT_MOST, float("nan"), None),
        (AT_LEAST, float("inf"), None),
    ],
)
def test_a_budget_is_held_up_to_its_limit(
    budget: Budget, value: float, *, held: bool | None
) -> None:
    assert budget.outcome({"a.b": value}).held is held


def test_a_figure_that_is_missing_holds_nothing() -> None:
    assert AT_MOST.outcome({}).held is None


def test_only_the_budgets_of_the_sections_that_ran_are_judged() -> None:
    """A section whose figures are gone is told as not measured, one that did not run is not."""
    found = outcomes([Section(name="cadence", title="x", figures={"worst_error": 0.03})])

    assert {each.figure for each in found} == {"cadence.worst_error", "cadence.worst_cv_error"}
    assert [each.held for each in found] == [False, None]


def test_every_budget_has_a_figure_of_its_own() -> None:
    names = [each.figure for each in BUDGETS]
    assert len(names) == len(set(names))
