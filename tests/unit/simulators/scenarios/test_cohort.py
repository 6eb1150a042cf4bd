"""A cohort is many different dogs, the same ones for one seed, all within published ranges."""

from dataclasses import astuple, replace

import numpy as np
import pytest

from analysis.errors import SettingsError
from simulators.behaviours.gait import GAITS
from simulators.collar.jitter import RECORDED
from simulators.dog.sizes import SIZES, dog_of
from simulators.scenarios.cohort import RATES_HZ, cohort

MANY = cohort(5, 600)


def test_the_same_seed_gives_the_same_dogs_however_many_are_asked_for() -> None:
    assert cohort(5, 12) == MANY[:12]
    assert cohort(6, 12) != MANY[:12]


def test_all_sizes_come_equally_often() -> None:
    counts = [sum(member.size == size for member in MANY) for size in SIZES]

    assert counts == [100] * len(SIZES)


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [
        ("walk_min", 10, 60),
        ("home_min", 20, 150),
        ("fast_share", 0.05, 0.5),
        ("jumps", 0, 40),
        ("shakes", 5, 40),
        ("scratches", 0, 60),
        ("night_share", 0.03, 0.12),
        ("turns_per_h", 1, 3),
        ("day_cv", 0.15, 0.35),
        ("day_memory", 0, 0.4),
        ("weekend", -0.1, 0.3),
    ],
)
def test_habits_fill_their_published_range_and_no_more(key: str, least: float, most: float) -> None:
    """Section 8.4: drawn over the whole width, so that no dog is left out."""
    values = np.array([getattr(member.habits, key) for member in MANY])

    assert least <= values.min()
    assert values.max() <= most
    assert values.max() - values.min() > 0.7 * (most - least)


def test_dogs_are_walked_one_to_four_times_and_rest_for_most_of_the_day() -> None:
    """Of 1440 minutes, 70 to 90 % are rest, so at most 30 % are walks and home minutes."""
    walks = {len(member.habits.walk_at_h) for member in MANY}
    moving_min = [
        member.habits.home_min + member.habits.walk_min * len(member.habits.walk_at_h)
        for member in MANY
    ]

    assert walks == {1, 2, 3, 4}
    assert max(moving_min) / 1440.0 < 0.3


def test_collars_differ_in_rate_seat_and_sensor() -> None:
    collars = [member.collar for member in MANY]

    assert {each.rate_hz for each in collars} == set(RATES_HZ)
    assert {each.sensor.range_g for each in collars} == {4.0, 8.0, 16.0}
    assert len({astuple(each.mounting) for each in collars}) == len(collars)
    assert {each.collar.rate_hz for each in cohort(5, 12, rate_hz=25.0)} == {25.0}


@pytest.mark.parametrize("size", list(SIZES))
def test_dogs_of_a_size_are_as_high_and_heavy_as_their_class_and_differ_in_cadence(
    size: str,
) -> None:
    """Cadence spreads by 8 %; 300 dogs, so its estimate by 4 % of that and the means by 1 %."""
    dogs = [dog_of(np.random.default_rng(seed), size) for seed in range(300)]

    assert np.mean([dog.withers_m for dog in dogs]) == pytest.approx(
        SIZES[size].withers_m, rel=0.02
    )
    assert np.median([dog.mass_kg for dog in dogs]) == pytest.approx(SIZES[size].mass_kg, rel=0.08)
    cadences = np.array([dog.cadence for dog in dogs])

    assert cadences.std() / cadences.mean() == pytest.approx(0.08, rel=0.15)


@pytest.mark.parametrize(
    ("size", "walk_hz", "trot_hz"),
    [
        ("toy", 2.1, 2.9),
        ("dachshund", 2.2, 2.8),
        ("beagle", 1.7, 2.4),
        ("medium", 1.5, 2.2),
        ("large", 1.4, 2.05),
        ("giant", 1.2, 1.85),
    ],
)
def test_each_size_strides_at_its_published_rate(size: str, walk_hz: float, trot_hz: float) -> None:
    """Table of section 1.1, 15 % between dogs."""
    dogs = [dog_of(np.random.default_rng(seed), size) for seed in range(100)]

    for gait, published_hz in (("walk", walk_hz), ("trot", trot_hz)):
        rates_hz = [dog.stride_hz(GAITS[gait].stride_hz) for dog in dogs]
        assert np.mean(rates_hz) == pytest.approx(published_hz, rel=0.15)


def test_a_size_that_is_none_is_named() -> None:
    with pytest.raises(SettingsError, match="size is 'huge', expected one of toy"):
        dog_of(np.random.default_rng(1), "huge")


def test_jittering_collars_are_the_same_dogs_and_collars_but_for_the_jitter() -> None:
    """Between 0.3 and 0.8 of the movement, most near that of the recorded ones."""
    jittering = cohort(5, 200, jittering=True)
    jitters = np.array([each.collar.mounting.chatter for each in jittering])
    stilled = [
        replace(
            each,
            collar=replace(each.collar, mounting=replace(each.collar.mounting, chatter=0.0)),
        )
        for each in jittering
    ]

    assert stilled == MANY[:200]
    assert jitters.min() >= 0.3
    assert jitters.max() <= 0.8
    assert np.median(jitters) == pytest.approx(RECORDED, abs=0.05)
