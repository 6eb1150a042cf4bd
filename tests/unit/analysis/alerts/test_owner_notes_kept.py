"""What the owner notes of a time is kept once, told of every day it touches, and forgotten."""

import pytest

from analysis.alerts.owner_notes import OwnerNotes
from analysis.model import Circumstance, Day, Gap, Samples
from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from ingest.processing import snapshots
from simulators.testing.sample_recording import START_S, story_g

DAY_S = 86400.0
HEAT = Circumstance(what="heat", start_s=10 * DAY_S, end_s=12 * DAY_S)
GUESTS = Circumstance(what="guests", start_s=11 * DAY_S, end_s=12 * DAY_S)


def noted(*circumstances: Circumstance) -> OwnerNotes:
    """Return what was kept of some notes."""
    kept = OwnerNotes()
    for each in circumstances:
        kept.add(each)
    return kept


@pytest.mark.parametrize(
    ("first_day", "expected"),
    [(9, ()), (10, ("heat",)), (11, ("guests", "heat")), (12, ())],
)
def test_a_note_is_of_the_days_it_touches(first_day: int, expected: tuple[str, ...]) -> None:
    """Intervals are half-open: heat until midnight is not of the day after."""
    kept = noted(HEAT, GUESTS)

    assert kept.within(first_day * DAY_S, (first_day + 1) * DAY_S) == expected


def test_a_note_that_is_told_twice_is_kept_once() -> None:
    assert noted(HEAT, GUESTS, HEAT).state == noted(HEAT, GUESTS).state
    assert len(noted(HEAT, GUESTS).state.noted) == 2


@pytest.mark.parametrize(("days", "expected"), [(89.9, ("heat",)), (90.0, ())])
def test_a_note_is_forgotten_90_days_after_its_end(days: float, expected: tuple[str, ...]) -> None:
    kept = noted(HEAT)

    kept.forget(HEAT.end_s + days * DAY_S)

    assert kept.within(HEAT.start_s, HEAT.end_s) == expected


def test_the_order_of_telling_does_not_matter_and_the_number_is_bounded() -> None:
    """A home automation that notes every minute fills nothing."""
    many = [Circumstance(what="other", start_s=60.0 * n, end_s=60.0 * n + 1.0) for n in range(500)]

    assert noted(*many).state == noted(*reversed(many)).state
    assert len(noted(*many).state.noted) == 200
    assert noted(*many).state.noted[-1] == many[-1]


def pipeline_with_a_note() -> Pipeline:
    """Return the pipeline of a dog whose day, that of the short story, is hot."""
    pipeline = Pipeline(PipelineSettings(dog=DogProfile(id="rex")))
    pipeline.judging.note(Circumstance(what="heat", start_s=START_S, end_s=START_S + 60.0))
    return pipeline


def piece(day: int) -> Samples:
    """Return two minutes of the story, on its own or a later day."""
    return Samples(
        origin_s=START_S,
        first_index=int(day * DAY_S * 50),
        rate_hz=50.0,
        acceleration_g=story_g()[: 50 * 120],
    )


def ended_by_the_next(pipeline: Pipeline) -> list[Day]:
    """Return the days that are over when two minutes of the next day are heard."""
    gap = Gap(start_s=START_S + 120.0, end_s=START_S + DAY_S, cause="lost")
    return pipeline.process(gap).days + pipeline.process(piece(1)).days


def test_a_day_that_closes_says_what_was_noted_of_it() -> None:
    """Paired with the same day of an owner who noted nothing."""
    told, silent = pipeline_with_a_note(), Pipeline(PipelineSettings(dog=DogProfile(id="rex")))
    told.process(piece(0))
    silent.process(piece(0))

    assert [each.noted for each in ended_by_the_next(told)] == [("heat",)]
    assert [each.noted for each in ended_by_the_next(silent)] == [()]
    assert [each.noted for each in told.finish().days] == [()]


def test_a_note_survives_a_restart() -> None:
    before = pipeline_with_a_note()
    before.process(piece(0))
    saved = snapshots.encode({name: part.state for name, part in before.parts().items()})
    after = Pipeline(PipelineSettings(dog=DogProfile(id="rex")))
    states = {name: part.state for name, part in after.parts().items()}
    for name, state in snapshots.decode(saved, states).states.items():
        after.parts()[name].state = state

    assert [each.noted for each in ended_by_the_next(after)] == [("heat",)]
