"""A life of recorded motion goes on without a seam, and its cases are what they are called."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.model import Results
from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from simulators.evaluation.cohorts.recorded import (
    BROKEN,
    CANNOT_WALK,
    KEPT,
    START_S,
    RecordedLife,
    breaches_of,
    copy_of,
    stories_of,
)
from simulators.recorded.habits import FREE
from simulators.recorded.library import load_library
from simulators.recorded.material import material_of
from simulators.recorded.splice import samples, spliced_days

LIFE = RecordedLife(
    folder="",
    stamp="",
    dog="rex",
    half="reported",
    seed=1,
    number=0,
    free_days=24,
    rest_days=7,
    breach_days=2,
    falls_ill=True,
)


def test_only_rest_that_is_kept_or_broken_is_under_a_plan() -> None:
    stories = {each.case: each for each in stories_of(LIFE, FREE)}

    assert {case for case, each in stories.items() if each.rests} == {KEPT, BROKEN}
    assert {case for case, each in stories.items() if each.breaks} == {BROKEN}
    assert stories[KEPT].habits.jumps == stories[BROKEN].habits.jumps == 0.0
    assert not stories[CANNOT_WALK].habits.walks_h
    assert [each.case for each in stories_of(replace(LIFE, falls_ill=False), FREE)] == [
        *(KEPT, BROKEN)
    ]


def test_breaches_are_far_enough_apart_for_each_to_be_told() -> None:
    """Happenings within a quarter of an hour are told once; these are two hours apart."""
    for day in range(20):
        hours = [each.at_h for each in breaches_of(LIFE, day)]
        assert all(after - before > 2.0 for before, after in pairwise(hours))
    assert breaches_of(LIFE, 0) != breaches_of(LIFE, 1)


@pytest.mark.slow
def test_a_case_goes_on_where_the_healthy_days_ended(recordings: Path) -> None:
    """The second day heard by a copy is the second day heard in a row: no gap, no restart."""
    material = material_of(load_library(recordings), "collar-50hz", rate_hz=25.0, half="tuned")
    profile = DogProfile(id="rex")
    in_a_row = Pipeline(PipelineSettings(dog=profile))
    first, second = spliced_days(1, material, START_S, 2)
    for piece in samples([first]):
        in_a_row.process(piece)
    alone = copy_of(in_a_row, profile)

    def heard(pipeline: Pipeline) -> Results:
        found = Results()
        for piece in list(samples([second], origin_s=START_S))[:9]:
            found.extend(pipeline.process(piece))
        return found

    expected = heard(in_a_row)
    assert len(expected.gait) > 100
    assert heard(alone) == expected
    # The last minute of the first day is settled by the second.
    assert expected.minutes[0].start_s < START_S + 86_400.0
