"""Blocks hold what they promise, and the detectors hear them as the pipeline does."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from analysis.model import Samples
from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from simulators.behaviours.registry import BEHAVIOURS
from simulators.collar.sensor import readings
from simulators.day.day import SimulatedDay
from simulators.day.planner import DayPlan
from simulators.dog.collar import Collar
from simulators.dog.dog import Dog
from simulators.evaluation.sections.run_detectors import Listener
from simulators.evaluation.sections.stress_blocks import NEGATIVES, mixed

START_S = 1_700_000_000.0


def test_every_behaviour_comes_as_often_as_asked_for_without_a_hole() -> None:
    bouts = mixed(np.random.default_rng(1), {"jump_over": 4}, 3, START_S)

    kinds = [bout.kind for bout in bouts]
    assert kinds.count("jump_over") == 4
    assert all(kinds.count(kind) >= 3 for kind in NEGATIVES if kind in BEHAVIOURS)
    assert bouts[0].start_s == START_S
    for before, after in pairwise(bouts):
        assert after.start_s == before.end_s


@pytest.mark.parametrize("rate_hz", [25.0, 100.0])
def test_the_listener_hears_what_the_pipeline_hears(rate_hz: float) -> None:
    """Twenty jumps: the same events by both ways, and there are some."""
    bouts = mixed(np.random.default_rng(2), {"jump_over": 20}, 0, START_S)
    day = SimulatedDay(
        dog=Dog(), plan=DayPlan(date=date(2026, 7, 1)), bouts=tuple(bouts), rate_hz=rate_hz, seed=3
    )
    chunks = list(readings(np.random.default_rng(4), Collar(rate_hz=rate_hz), [day]))
    pipeline = Pipeline(PipelineSettings(dog=DogProfile(id="rex", withers_m=0.52)))
    results = pipeline.process(
        Samples(
            origin_s=START_S,
            first_index=0,
            rate_hz=rate_hz,
            acceleration_g=np.concatenate([chunk.acceleration_g for chunk in chunks]),
            range_g=8.0,
        )
    )
    results.extend(pipeline.finish())

    found = Listener(range_g=8.0).events(chunks)

    assert len(found) >= 10
    kinds = {"jump", "possible_jump"}
    assert found == [event for event in results.events if event.kind in kinds]
