"""Days are spliced without a hole, from a seed, and the truth beside them is the truth."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.model import FloatArray
from simulators.recorded.day_plan import Breach, day_dues
from simulators.recorded.habits import (
    CRATED,
    FREE,
    NOT_WALKING,
    any_habits,
    fewer_and_shorter,
    restless,
    sore,
)
from simulators.recorded.illness import MODERATE
from simulators.recorded.library import Library
from simulators.recorded.material import Material, dogs_with_days, material_of
from simulators.recorded.splice import DAY_S, SplicedDay, samples, spliced_days
from simulators.recorded.stretch import Stretch

RATE_HZ = 25.0
START_S = 20_000 * DAY_S
HEIGHT_G = {"rest": 1.0, "sit": 1.01, "walk": 1.2, "run": 2.0, "shake": 1.5, "jump": 3.0}
"""Each label has a magnitude of its own, so that the signal says what was played."""


def stretch(label: str, seconds: float, **more: object) -> Stretch:
    level_g = np.full((round(seconds * RATE_HZ), 3), [0.0, 0.0, HEIGHT_G[label]])
    usual = {"dog": "rex", "session": label, "species": "dog", "placement": "collar"}
    given = {**usual, "licence": "own", "rate_hz": RATE_HZ, **more}
    return Stretch(id=label, label=label, acceleration_g=level_g, **given)  # type: ignore[arg-type]


LIBRARY = Library(
    (
        *(stretch("rest", 60.0), stretch("sit", 30.0), stretch("walk", 20.0)),
        *(stretch("run", 15.0), stretch("shake", 1.2)),
        stretch("jump", 1.2, dog="lea", jumps_s=(0.4,)),
    )
)


@pytest.fixture(scope="module")
def material() -> Material:
    return material_of(LIBRARY, "rex", rate_hz=RATE_HZ)


@pytest.fixture(scope="module")
def day(material: Material) -> SplicedDay:
    return next(iter(spliced_days(3, material, START_S, 1)))


def signal_g(days: list[SplicedDay], origin_s: float | None = None) -> FloatArray:
    return np.concatenate([each.acceleration_g for each in samples(days, origin_s=origin_s)])


def test_a_day_is_whole(day: SplicedDay) -> None:
    """86,400 seconds of 25 samples, from midnight, bout after bout."""
    bouts = day.bouts

    assert len(signal_g([day])) == 86_400 * 25
    assert bouts[0].start_s == START_S
    assert bouts[-1].end_s == START_S + DAY_S
    assert all(before.end_s == after.start_s for before, after in pairwise(bouts))
    assert {bout.kind for bout in bouts} == {"rest", "sit", "walk", "run", "shake", "jump"}


def test_the_signal_is_what_the_bouts_say(day: SplicedDay) -> None:
    """Past the fade of a quarter of a second each bout has the height of its label."""
    heard_g = signal_g([day])[:, 2]

    for bout in day.bouts:
        first, end = (round((at_s - START_S) * RATE_HZ) for at_s in (bout.start_s, bout.end_s))
        assert np.allclose(heard_g[first + 7 : end], HEIGHT_G[bout.kind], atol=1e-5)


def test_a_jump_lies_where_it_is_said_to(material: Material) -> None:
    """It begins 0.4 s into its recording, which begins when the fade of 0.15 s is over."""
    habits = replace(FREE, jumps=0.0)
    breach = Breach(at_h=10.0)
    found = next(iter(spliced_days(1, material, START_S, 1, habits=habits, breaches=[(breach,)])))

    (jump,) = [bout for bout in found.bouts if bout.kind == "jump"]
    assert jump.start_s - START_S == pytest.approx(36_000.0, abs=1800.0)
    assert jump.jumps_s == pytest.approx((jump.start_s + 4 / 25 + 0.4,), abs=1e-3)
    assert jump.end_s - jump.start_s == pytest.approx(1.2 + 4 / 25, abs=1e-3)
    assert jump.borrowed
    at = round((jump.start_s - START_S) * RATE_HZ) + 4
    np.testing.assert_allclose(signal_g([found])[at : at + 30, 2], 3.0, atol=1e-5)


def test_a_seed_and_a_date_are_the_same_day_in_any_row(material: Material) -> None:
    row = list(spliced_days(3, material, START_S, 2))
    (alone,) = spliced_days(3, material, START_S + DAY_S, 1)

    assert alone.bouts == row[1].bouts
    assert alone.bouts != next(iter(spliced_days(4, material, START_S + DAY_S, 1))).bouts


def test_days_in_a_row_are_one_stream(material: Material) -> None:
    days = list(spliced_days(3, material, START_S, 2))
    pieces = list(samples(days))
    (later, *_) = samples(days[1:], origin_s=START_S)

    assert all(one.end_s == pytest.approx(other.start_s) for one, other in pairwise(pieces))
    assert sum(each.n_samples for each in pieces) == 2 * 86_400 * 25
    assert later.first_index == 86_400 * 25
    assert later.start_s == START_S + DAY_S


def test_nothing_is_done_that_there_is_no_recording_of() -> None:
    few = Library(tuple(each for each in LIBRARY.stretches if each.label in {"rest", "walk"}))
    (found,) = spliced_days(3, material_of(few, "rex", rate_hz=RATE_HZ), START_S, 1)

    assert {bout.kind for bout in found.bouts} == {"rest", "walk"}


def test_a_dog_without_a_walk_or_a_rest_has_no_days() -> None:
    assert dogs_with_days(LIBRARY) == ["rex"]
    with pytest.raises(InputError, match="dog 'lea': there is no stretch of rest"):
        material_of(LIBRARY, "lea", rate_hz=RATE_HZ)


def test_only_movement_is_altered_by_an_illness(material: Material) -> None:
    """At 0.9 of the pace a walk lasts 1.11 times as long; rest and jumps stay."""
    ill = material_of(LIBRARY, "rex", rate_hz=RATE_HZ, illness=MODERATE)

    def lengths(of: Material, kind: str) -> list[int]:
        return [len(piece.trace_g) for piece in of.pieces[kind]]

    assert sum(lengths(ill, "walk")) == pytest.approx(
        sum(lengths(material, "walk")) / 0.9, rel=0.01
    )
    for kind in ("rest", "jump", "shake"):
        assert lengths(ill, kind) == lengths(material, kind)


@pytest.mark.parametrize(
    ("habits", "kinds"),
    [
        (CRATED, {"walk", "potter", "stop", "shake", "sit"}),
        (NOT_WALKING, set()),
    ],
    ids=["crated", "not walking"],
)
def test_rest_is_without_runs_and_jumps(habits: object, kinds: set[str]) -> None:
    dues = [
        due
        for seed in range(20)
        for due in day_dues(np.random.default_rng(seed), habits)  # type: ignore[arg-type]
    ]

    assert {kind for due in dues for kind, _ in due.steps} == kinds


def test_sore_dogs_do_less_and_restless_ones_wake_more() -> None:
    """Two thirds of the walking (0.65), a tenth of the jumps, 1.6 times the wakings."""
    ill = sore(FREE)

    assert ill.walk_min == pytest.approx(0.65 * FREE.walk_min)
    assert ill.jumps == pytest.approx(0.1 * FREE.jumps)
    assert ill.wakings == pytest.approx(1.6 * FREE.wakings)
    assert restless(FREE).wakings == 6.0 * FREE.wakings
    assert fewer_and_shorter(FREE, 1.0) == FREE


def test_habits_are_drawn_within_what_is_said() -> None:
    drawn = [any_habits(np.random.default_rng(seed)) for seed in range(100)]

    assert all(10.0 <= each.walk_min <= 60.0 for each in drawn)
    assert all(1 <= len(each.walks_h) <= 4 for each in drawn)
    assert len({each.home_min for each in drawn}) == 100
