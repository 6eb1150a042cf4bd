"""The signal of a day: whole, repeatable, cheap, and without seams."""

from datetime import date

import numpy as np
import pytest

from simulators.behaviours.registry import Scene
from simulators.day.day import render, simulate_day
from simulators.day.planner import DayPlan
from simulators.day.schedule import Bout
from simulators.dog.dog import Dog
from simulators.pictures import reference_features as reference

PLAN = DayPlan(date=date(2026, 9, 7))


def test_a_day_comes_in_whole_hours_and_adds_up() -> None:
    chunks = list(simulate_day(np.random.default_rng(1), Dog(), PLAN, rate_hz=10.0).chunks())

    assert [len(each.acceleration_g) for each in chunks] == [36_000] * 24
    assert np.diff([each.start_s for each in chunks]).tolist() == [3600.0] * 23


@pytest.mark.slow
def test_the_same_seed_gives_the_same_day_to_the_last_bit_and_may_be_read_twice() -> None:
    def day(seed: int) -> list[bytes]:
        made = simulate_day(np.random.default_rng(seed), Dog(), PLAN, rate_hz=10.0)
        first = [each.acceleration_g.tobytes() for each in made.chunks()]

        assert first == [each.acceleration_g.tobytes() for each in made.chunks()]
        return first

    assert day(1) == day(1)
    assert day(1) != day(2)


def test_the_truth_does_not_depend_on_the_rate() -> None:
    slow, fast = (
        simulate_day(np.random.default_rng(3), Dog(), PLAN, rate_hz=rate_hz).bouts
        for rate_hz in (10.0, 100.0)
    )

    assert slow == fast


def test_the_truth_tells_where_the_jumps_are() -> None:
    """Each labelled jump holds a peak that standing and walking never reach."""
    day = simulate_day(np.random.default_rng(1), Dog(), PLAN)
    magnitude_g = np.concatenate(
        [reference.magnitude_g(each.acceleration_g) for each in day.chunks()]
    )
    origin_s = day.bouts[0].start_s
    jumps = day.of("jump")

    peaks_g = [
        magnitude_g[int((each.start_s - origin_s) * 50) : int((each.end_s - origin_s) * 50)].max()
        for each in jumps
    ]

    assert len(jumps) >= 3
    assert min(peaks_g) > 2.2


def test_one_behaviour_passes_into_the_next_without_a_step() -> None:
    """From nose up to nose down in a quarter of a second, a dozen samples of an eighth of it."""
    bouts = [
        Bout(kind="sitting", start_s=0.0, end_s=10.0),
        Bout(kind="sniffing", start_s=10.0, end_s=20.0),
    ]
    (chunk,) = render(np.random.default_rng(1), bouts, Scene(dog=Dog()))
    seam_g = chunk.acceleration_g[480:540, 0]

    assert seam_g[0] - seam_g[-1] > 0.8
    assert np.abs(np.diff(seam_g)).max() < 0.25


@pytest.mark.slow
def test_simulated_behaviours_rank_as_measured_ones() -> None:
    """Lying, sitting, walking, trotting and galloping, by VeDBA."""
    kinds = ("lying", "sitting", "walk", "trot", "gallop")
    vedba_g = []
    for kind in kinds:
        bouts = [Bout(kind=kind, start_s=20.0 * k, end_s=20.0 * (k + 1)) for k in range(20)]
        (chunk,) = render(np.random.default_rng(1), bouts, Scene(dog=Dog()))
        vedba_g.append(reference.vedba_g(chunk.acceleration_g))

    assert vedba_g == sorted(vedba_g)
    assert len(set(vedba_g)) == len(kinds)
