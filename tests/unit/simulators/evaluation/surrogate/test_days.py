"""The shortcut gives the days that samples give, and only those."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analysis.model.dog import DogProfile
from simulators.evaluation.surrogate.days import shortcut
from simulators.evaluation.surrogate.gait_windows import draw
from simulators.evaluation.surrogate.stretches import Stretch, days_of, drawn_days, sampled_days
from simulators.evaluation.surrogate.tables import KNOTS_Z, Spread, Tables, read, tables
from simulators.evaluation.surrogate.validation import VALUES, Pair, compared
from simulators.scenarios.cohort import cohort
from simulators.scenarios.story import Phase, Scenario

HELD = ("active_min", "n_gait_windows", "stride_hz", "strength", "step_regularity", "step_time_cv")
SEED, NUMBER = 5, 3
MEMBER = cohort(SEED, NUMBER + 1)[NUMBER]


def story_of(*phases: Phase) -> Scenario:
    """Return a story of that dog."""
    return Scenario(
        name="test",
        start=date(2026, 3, 2),
        phases=phases,
        seed=MEMBER.seed,
        dog=MEMBER.dog,
        collar=MEMBER.collar,
        habits=MEMBER.habits,
    )


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """Return two days of a medium dog, healthy and with moderate pain, by both ways."""
    pairs = []
    for condition in ("healthy", "moderate"):
        stretch = Stretch(seed=SEED, number=NUMBER, state=condition, days=2)
        drawn = drawn_days(stretch)
        pairs.append(Pair(condition=condition, sampled=sampled_days(stretch), drawn=drawn))
    return pairs


@pytest.mark.slow
@pytest.mark.parametrize("name", HELD)
def test_the_same_days_by_both_ways_are_alike(pairs: list[Pair], name: str) -> None:
    """Within 15 %, though the difference between healthy and ill is more than that for most."""
    for each in compared(pairs):
        if each.name == name:
            assert each.ratio == pytest.approx(1.0, abs=0.15)


def test_illness_shows_in_both_ways(pairs: list[Pair]) -> None:
    """The simulator makes strides a tenth slower and a third less of them."""
    found = {(each.condition, each.name): each for each in compared(pairs)}
    for way in ("sampled", "drawn"):
        healthy, ill = (
            getattr(found[condition, "stride_hz"], way) for condition in ("healthy", "moderate")
        )
        assert ill / healthy == pytest.approx(0.9, abs=0.05)
        healthy, ill = (
            getattr(found[condition, "active_min"], way) for condition in ("healthy", "moderate")
        )
        assert ill < 0.75 * healthy


def test_tables_of_another_dog_would_be_noticed(pairs: list[Pair]) -> None:
    """With half the strength in every table the days are no longer alike."""
    known = tables()
    weak = Tables(
        moving={
            name: replace(
                table,
                vedba=_shifted(table.vedba),
                windows={**table.windows, "strength": _shifted(table.windows["strength"])},
            )
            for name, table in known.moving.items()
        },
        resting=known.resting,
        events=known.events,
    )
    story = story_of(Phase(days=2))
    profile = DogProfile(id="dog", withers_m=MEMBER.dog.withers_m)
    drawn = days_of(shortcut(story, known=weak), profile)

    other = compared([replace(pairs[0], drawn=drawn)])
    found = {each.name: each for each in other}
    assert found["strength"].ratio == pytest.approx(0.5, abs=0.1)
    assert found["active_min"].ratio < 0.85


def _shifted(spread: Spread) -> Spread:
    halved = tuple(each - float(np.log(2.0)) for each in spread.quantiles)
    return replace(spread, quantiles=halved)


def test_a_day_does_not_depend_on_the_days_before() -> None:
    """So that a story can branch: day two alone is day two of the whole."""
    story = story_of(Phase(days=3))

    whole = list(shortcut(story))
    late = list(shortcut(story, first=2))

    assert late == whole[1:]
    assert whole[0].gait != whole[1].gait


def test_numbers_follow_their_quantiles_and_their_bout() -> None:
    """A straight line of quantiles is a normal spread; half of its variance is the bout's."""
    spread = Spread(quantiles=tuple(10.0 + 2.0 * z for z in KNOTS_Z), of_bout=0.5)
    which = np.repeat(np.arange(2000), 10)
    spread_of = np.zeros(2000, np.intp)

    drawn = draw(np.random.default_rng(1), [spread], spread_of, which)
    values = drawn.values.reshape(2000, 10)

    assert values.mean() == pytest.approx(10.0, abs=0.1)
    assert values.std() == pytest.approx(2.0, abs=0.1)
    assert values.mean(axis=1).var() == pytest.approx(4.0 * (0.5 + 0.5 / 10.0), rel=0.1)


def test_tables_survive_being_written() -> None:
    assert read(tables().text()) == tables()


def test_every_value_that_is_compared_exists(pairs: list[Pair]) -> None:
    assert {each.name for each in compared(pairs)} == set(VALUES)
