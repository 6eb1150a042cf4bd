"""Gait in illness against the dog's own usual: what the simulator changed is found again."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.evaluation.report import QUICK
from simulators.evaluation.result_cache import CachedWork
from simulators.evaluation.sections.altered_gait import CHANGES, Walker, section, walked
from simulators.evaluation.workers import Workers


@pytest.mark.slow
@pytest.mark.parametrize("jittering", [False, True])
def test_an_ataxic_day_differs_and_a_healthy_one_does_not(*, jittering: bool) -> None:
    """Ataxia doubles the CV of steps and takes 0.3 of regularity; jitter hides some of it."""
    states = ("healthy", "ataxia", "leash_on_collar")
    found = walked(Walker(seed=5, number=3, jittering=jittering, states=states))

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


def test_rows_are_ranges_over_the_dogs_that_walked_enough(tmp_path: Path) -> None:
    """Of the first dog nothing is known under the still collar, of no dog in most states."""
    kept = CachedWork.of(tmp_path, walked)
    values = {
        (0, False): {},
        (1, False): {"healthy": (1.0, 0.0, 1.0, 1.0), "ataxia": (1.8, -0.3, 0.8, 0.7)},
        (0, True): {"healthy": (1.2, -0.02, 0.9, 1.1)},
        (1, True): {"healthy": (1.0, 0.0, 1.0, 1.0)},
    }
    for (number, jittering), found in values.items():
        task = Walker(seed=QUICK.seed + 3, number=number, jittering=jittering)
        (kept.folder / kept.name_of(task)).write_bytes(pickle.dumps(found))

    rows = section(replace(QUICK, walking_dogs=2), Workers(kept=kept.folder)).rows

    assert len(rows) == 3 * len(CHANGES)
    assert rows[0] == ("still", "healthy", "step CV, over usual", 1, 1.0, 1.0, 1.0)
    assert rows[5] == ("still", "ataxia", "stride regularity, less usual", 1, -0.3, -0.3, -0.3)
    assert rows[8] == ("jittering", "healthy", "step CV, over usual", 2, 1.0, 1.1, 1.2)


def test_the_quick_form_says_that_it_has_no_such_days() -> None:
    assert "quick" in section(QUICK, Workers()).skipped
