"""The one pipeline: the same for any cut, after any restart, with gaps where there are gaps."""

from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import FloatArray, Gap, Results, Samples, Status, StreamItem
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase, Plan
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from ingest.processing import snapshots
from simulators.testing.sample_recording import START_S, story_g

REST = Phase(name="strict rest", days=14, forbids=("jump", "vigorous_burst"))
PLAN = Plan(name="disc", start=date(2026, 6, 1), phases=(REST,))


STORY_G = story_g()


def settings_with(plan: Plan | None = PLAN) -> PipelineSettings:
    """Return the settings of a dog that may have to rest."""
    return PipelineSettings(dog=DogProfile(id="rex", plan=plan))


def samples(first: int, acceleration_g: FloatArray) -> Samples:
    """Return a piece of the stream."""
    return Samples(origin_s=START_S, first_index=first, rate_hz=50.0, acceleration_g=acceleration_g)


def stream(acceleration_g: FloatArray, cuts: list[int], hole: slice | None) -> list[StreamItem]:
    """Return the stream in pieces; a hole is a gap."""
    heard: list[StreamItem] = []
    first = 0
    for length in [*cuts, len(acceleration_g), len(acceleration_g)]:
        piece = acceleration_g[first : first + length]
        if hole is not None and first <= hole.start < first + len(piece):
            heard.append(samples(first, piece[: hole.start - first]))
            gap = Gap(
                start_s=START_S + hole.start / 50, end_s=START_S + hole.stop / 50, cause="lost"
            )
            heard.append(gap)
            first = hole.stop
            continue
        if len(piece):
            heard.append(samples(first, piece))
        first += len(piece)
    return heard


def by_kind(results: Results) -> Results:
    """Return results in an order that does not depend on how they were delivered."""
    results.events.sort(key=lambda event: (event.kind, event.start_s))
    results.alerts.sort(key=lambda change: (change.kind, change.time_s))
    return results


def played(heard: list[StreamItem], plan: Plan | None = PLAN) -> Results:
    """Return all that a fresh pipeline says of a stream."""
    pipeline, results = Pipeline(settings_with(plan)), Results()
    for piece in heard:
        results.extend(pipeline.process(piece))
    results.extend(pipeline.finish())
    return by_kind(results)


@cache
def whole() -> Results:
    """Return what comes of it in one piece, computed once."""
    return played(stream(STORY_G, [], None))


def test_the_story_is_told() -> None:
    """So that the equalities below do not hold by silence."""
    kinds = {event.kind for event in whole().events}

    assert kinds >= {"jump", "vigorous_burst", "shake", "scratch"}
    assert {window.gait for window in whole().gait} >= {"walk", "trot"}
    assert len(whole().minutes) == 8
    assert [day.date for day in whole().days] == ["2026-06-01"]
    assert {change.kind for change in whole().alerts} >= {"jumping"}


@settings(max_examples=15)
@given(st.lists(st.integers(1, 5000), max_size=40))
def test_any_cut_gives_the_same_to_the_last_bit(cuts: list[int]) -> None:
    """Packets of any size, and of different sizes in one stream."""
    assert played(stream(STORY_G, cuts, None)) == whole()


@settings(max_examples=10)
@given(st.lists(st.integers(1, 5000), max_size=30), st.integers(100, 22_000))
def test_any_cut_around_a_hole_gives_the_same(cuts: list[int], start: int) -> None:
    """Seven seconds are missing somewhere."""
    hole = slice(start, start + 350)

    assert played(stream(STORY_G, cuts, hole)) == played(stream(STORY_G, [], hole))


@pytest.mark.parametrize("length", [173, 2500])
def test_a_restart_after_every_piece_gives_the_same(length: int) -> None:
    """All state goes through bytes and into a new object."""
    pipeline, results = Pipeline(settings_with()), Results()
    for piece in stream(STORY_G, [length] * (len(STORY_G) // length), None):
        results.extend(pipeline.process(piece))
        data = snapshots.encode({name: part.state for name, part in pipeline.parts().items()})
        pipeline = Pipeline(settings_with())
        fresh = {name: part.state for name, part in pipeline.parts().items()}
        states = snapshots.decode(data, fresh).states
        for name, part in pipeline.parts().items():
            part.state = states[name]
    results.extend(pipeline.finish())

    assert by_kind(results) == whole()


def test_a_forbidden_jump_is_told_within_seconds() -> None:
    """Half a second after its last sample, two after the landing, it is an alert to notify."""
    end = int((150 + 60 + 20 + 3 + 0.5) * 50)
    pipeline = Pipeline(settings_with())

    alerts = pipeline.process(samples(0, STORY_G[:end])).alerts

    assert [(change.kind, change.status, change.notify) for change in alerts] == [
        ("jumping", Status.OPEN, True)
    ]


def test_the_same_jump_without_a_plan_is_no_alert() -> None:
    """A free dog may jump; it is an event."""
    results = played(stream(STORY_G, [], None), plan=None)

    assert [event.kind for event in results.events if event.kind == "jump"] == ["jump"]
    assert results.alerts == []


def test_a_hole_is_no_rest() -> None:
    """Five minutes that were not heard are not worn."""
    heard: list[StreamItem] = [
        samples(0, STORY_G[:3000]),
        Gap(start_s=START_S + 60, end_s=START_S + 360, cause="lost"),
        samples(360 * 50, STORY_G[-3000:]),
    ]

    results = played(heard)

    assert sum(minute.worn_s for minute in results.minutes) <= 120
    assert results.days[0].worn_h <= 120 / 3600


@pytest.mark.slow
def test_the_end_of_one_alert_and_the_next_jump_keep_their_order_for_any_cut() -> None:
    """After a day without a jump an alert is over; a jump minutes later is another, or the same.

    Both are told by the same kind: minutes end it, events begin it.
    """
    n_ticks = (86_400 + 3600) * 50
    magnitude_g = np.concatenate(
        [np.ones(6), np.full(10, 3.0), np.full(16, 0.4), np.full(8, 4.5), np.ones(10)]
    )
    noise_g = np.random.default_rng(0).normal(0.0, 0.02, (n_ticks, 3))
    noise_g[:, 2] += 1.0
    for at_s in (600, 600 + 86_400 + 780):
        noise_g[at_s * 50 : at_s * 50 + 50] = 0.0
        noise_g[at_s * 50 : at_s * 50 + 50, 2] = magnitude_g

    def jumping(length: int) -> list[tuple[str, str]]:
        pipeline, alerts = Pipeline(settings_with()), []
        for piece in stream(noise_g, [length] * (n_ticks // length), None):
            alerts += pipeline.process(piece).alerts
        return [(change.id, change.status) for change in alerts if change.kind == "jumping"]

    expected = jumping(3000)
    assert len(expected) >= 3
    assert jumping(65_536) == jumping(777) == expected


def test_a_stretch_dated_years_ahead_does_not_deafen_the_dog() -> None:
    """A clock was wrong for a moment; days go on being counted when it is right again."""
    pipeline, results = Pipeline(settings_with()), Results()
    ahead = Samples(
        origin_s=START_S + 10 * 365 * 86_400.0,
        first_index=0,
        rate_hz=50.0,
        acceleration_g=STORY_G[:4000],
    )
    back = Gap(start_s=ahead.end_s, end_s=START_S, cause="clock")
    for piece in (ahead, back, samples(0, STORY_G)):
        results.extend(pipeline.process(piece))
    results.extend(pipeline.finish())

    assert results.days[-1].date == "2026-06-01"
    assert results.days[-1].worn_h == whole().days[-1].worn_h
