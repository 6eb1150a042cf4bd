"""Gait in illness against the dog's own usual: what the simulator changed is found again."""

from dataclasses import replace

import pytest

from simulators.evaluation.report import QUICK, Size
from simulators.evaluation.sections.altered_gait import (
    CHANGES,
    changes_of,
    rows_of,
    section,
    stretch_of,
)
from simulators.evaluation.surrogate import validation
from simulators.evaluation.surrogate.stretches import Stretch, sampled_days
from simulators.evaluation.workers import Workers


@pytest.mark.slow
@pytest.mark.parametrize("jittering", [False, True])
def test_an_ataxic_day_differs_and_a_healthy_one_does_not(*, jittering: bool) -> None:
    """Ataxia doubles the CV of steps and takes 0.3 of regularity; jitter hides some of it."""
    days = {"healthy": 4, "ataxia": 1, "leash_on_collar": 1}
    found = changes_of(
        {
            state: sampled_days(
                Stretch(seed=5, number=3, state=state, days=n_days, jittering=jittering)
            )
            for state, n_days in days.items()
        }
    )

    cv_ratio, regularity, cadence, _ = found["healthy"]
    assert cv_ratio == pytest.approx(1.0, abs=0.1)
    assert regularity == pytest.approx(0.0, abs=0.03)
    assert cadence == pytest.approx(1.0, abs=0.03)
    cv_ratio, regularity, cadence, _ = found["ataxia"]
    assert cv_ratio > 1.4
    assert regularity < -0.12
    assert cadence < 0.95
    *_, strength = found["leash_on_collar"]
    assert strength == pytest.approx(0.73, abs=0.05)


def test_rows_are_ranges_over_the_dogs_that_walked_enough() -> None:
    """Of the first dog nothing is known, of no dog in most states."""
    dogs = [
        {},
        {"healthy": (1.0, 0.0, 1.0, 1.0), "ataxia": (1.8, -0.3, 0.8, 0.7)},
        {"healthy": (1.2, -0.02, 0.9, 1.1)},
    ]

    rows = rows_of("still", dogs)

    assert len(rows) == 2 * len(CHANGES)
    assert rows[0] == ("still", "healthy", "step CV, over usual", 2, 1.0, 1.1, 1.2)
    assert rows[5] == ("still", "ataxia", "stride regularity, less usual", 1, -0.3, -0.3, -0.3)


def test_days_that_the_agreement_has_already_are_not_lived_again() -> None:
    """A still collar in an illness is that of the agreement; another collar or state is not."""
    shared = validation.stretch_of(Size(), "moderate", 2)

    assert stretch_of(Size(), "moderate", 2, jittering=False) == shared
    assert stretch_of(Size(), "healthy", 2, jittering=False) == replace(shared, state="healthy")
    jittering = stretch_of(Size(), "moderate", 2, jittering=True)
    assert jittering == replace(shared, days=1, jittering=True)
    assert stretch_of(Size(), "new_collar", 2, jittering=False).days == 1


def test_what_two_sections_ask_for_is_done_once() -> None:
    done: list[int] = []

    def square(task: int) -> int:
        done.append(task)
        return task * task

    workers = Workers()

    assert workers.map_once("squaring", square, [1, 2, 1]) == [1, 4, 1]
    assert workers.map_once("squaring again", square, [3, 2]) == [9, 4]
    assert done == [1, 2, 3]


def test_the_quick_form_says_that_it_has_no_such_days() -> None:
    assert "quick" in section(QUICK, Workers()).skipped
