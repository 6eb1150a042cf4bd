"""What a collar's seat does to the signal: it turns, rings, is hit and is tugged."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analysis.model import FloatArray
from simulators.collar.sensor import readings
from simulators.day.day import SimulatedDay
from simulators.day.planner import DayPlan, Morning
from simulators.day.schedule import Bout
from simulators.dog.collar import Collar, Mounting, ideal
from simulators.dog.dog import Dog
from simulators.pictures import reference_features as reference

RATE_HZ = 50.0
TIGHT = ideal().mounting


def day(*kinds: str, each_s: float = 60.0) -> SimulatedDay:
    bouts = tuple(
        Bout(kind=kind, start_s=number * each_s, end_s=(number + 1) * each_s)
        for number, kind in enumerate(kinds)
    )
    plan = DayPlan(date=date(1970, 1, 1))
    return SimulatedDay(dog=Dog(), plan=plan, bouts=bouts, rate_hz=RATE_HZ, seed=5)


def felt(collar: Collar, lived: SimulatedDay) -> FloatArray:
    chunks = readings(np.random.default_rng(2), collar, [lived])
    return np.concatenate([each.acceleration_g for each in chunks]).astype(np.float64)


def seated(mounting: Mounting) -> Collar:
    return replace(ideal(), mounting=mounting)


def test_an_ideal_collar_reads_what_the_neck_feels() -> None:
    lived = day("walk", "lying")
    neck_g = np.concatenate([each.acceleration_g for each in lived.chunks()])

    assert felt(ideal(), lived) == pytest.approx(neck_g, abs=1e-6)


def test_a_turned_collar_changes_its_axes_and_not_the_magnitude() -> None:
    """By 90 degrees: what was up lies on the side."""
    lived = day("walk")
    straight_g, turned_g = felt(ideal(), lived), felt(seated(replace(TIGHT, roll_deg=90.0)), lived)

    assert turned_g[:, 1] == pytest.approx(-straight_g[:, 2], abs=1e-5)
    assert reference.magnitude_g(turned_g) == pytest.approx(
        reference.magnitude_g(straight_g), abs=1e-5
    )


def test_a_collar_wanders_and_a_shake_throws_it_about() -> None:
    lived = day("lying", "shake", "lying", each_s=300.0)

    def turn_rad(collar: Collar) -> float:
        read_g = felt(collar, lived)
        return float(
            np.arctan2(read_g[-1, 1], read_g[-1, 2]) - np.arctan2(read_g[-500, 1], read_g[-500, 2])
        )

    thrown = felt(seated(replace(TIGHT, roll_jump=1.0)), lived)
    kept = felt(ideal(), lived)

    assert abs(turn_rad(ideal())) < 0.02
    assert np.abs(thrown[:10_000] - kept[:10_000]).max() < 1e-6
    assert np.abs(thrown[-1000:] - kept[-1000:]).max() > 0.05


def test_a_loose_collar_rings_near_its_resonance_only() -> None:
    """A shake puts force at 12 Hz; a gain of a half adds half of it there, and none at 1 Hz."""
    lived = day("scratch", "gallop")
    tight = np.abs(np.fft.rfft(felt(ideal(), lived)[:, 2]))
    loose = np.abs(np.fft.rfft(felt(seated(replace(TIGHT, ring=0.5)), lived)[:, 2]))
    hz = np.fft.rfftfreq(6000, 1.0 / RATE_HZ)
    near, far = np.abs(hz - 12.0) < 0.5, (hz > 0.2) & (hz < 1.0)

    assert np.median(loose[near] / tight[near]) == pytest.approx(1.5, abs=0.1)
    assert np.median(loose[far] / tight[far]) == pytest.approx(1.0, abs=0.03)


def test_a_tag_hits_while_the_dog_moves_and_rests_when_it_rests() -> None:
    """Twenty a minute over ten minutes of walking: 200, of which three sigma are 42."""
    lived = day("walk", "lying", each_s=600.0)
    hits = (
        np.abs(felt(seated(replace(TIGHT, tags_per_min=20.0)), lived) - felt(ideal(), lived)).max(
            axis=1
        )
        > 0.05
    )

    assert hits[:30_000].sum() == pytest.approx(200, abs=42)
    assert hits[30_100:].sum() == 0


def test_a_leash_on_the_collar_flattens_the_walk() -> None:
    """To 0.7 of it, tugs apart."""
    lived = day("walk", "trot", each_s=300.0)
    free_g, leashed_g = felt(ideal(), lived), felt(seated(replace(TIGHT, leashed=True)), lived)

    ratio = leashed_g[15_000:, 2].std() / free_g[15_000:, 2].std()

    assert ratio == pytest.approx(0.7, abs=0.05)
    assert np.abs(leashed_g[:, 0]).max() > 0.3


def test_the_usual_collar_keeps_a_dog_recognisable() -> None:
    """All faults of the defaults together move the spread of a walk by less than a tenth."""
    lived = day("walk", each_s=300.0)
    usual = Collar(mounting=Mounting())

    ratio = reference.spread_g(felt(usual, lived)) / reference.spread_g(felt(ideal(), lived))

    assert ratio == pytest.approx(1.0, abs=0.1)


def test_a_frozen_sensor_repeats_its_last_reading_though_the_dog_walks() -> None:
    """Held across the hour at which a chunk ends, and alive again afterwards."""
    read_g = felt(ideal(), day("walk", "sensor_frozen", "walk", each_s=2400.0))
    frozen_g = read_g[2400 * 50 : 4800 * 50]

    assert np.ptp(frozen_g, axis=0).tolist() == [0.0, 0.0, 0.0]
    assert frozen_g[0].tolist() == read_g[2400 * 50 - 1].tolist()
    assert read_g[4801 * 50 :].std(axis=0).min() > 0.05


def test_a_stuck_axis_leaves_the_others_alive() -> None:
    read_g = felt(ideal(), day("walk", "axis_stuck", "walk"))
    stuck_g = read_g[60 * 50 : 120 * 50]

    assert np.ptp(stuck_g[:, 2]) == 0.0
    assert stuck_g[:, :2].std(axis=0).min() > 0.05


@pytest.mark.slow
def test_a_collar_that_slips_at_noon_sits_differently_from_then_on() -> None:
    """By 90 degrees within one day; the neck's own movement goes on as before."""
    lived = day("standing", each_s=7200.0)
    noon = Morning(until_h=1.0, mounting=TIGHT)
    slipped = replace(
        lived, plan=replace(lived.plan, morning=noon, mounting=replace(TIGHT, roll_deg=90.0))
    )

    straight_g, turned_g = felt(ideal(), lived), felt(ideal(), slipped)

    assert turned_g[: 3600 * 50] == pytest.approx(straight_g[: 3600 * 50], abs=1e-5)
    assert turned_g[3600 * 50 :, 1] == pytest.approx(-straight_g[3600 * 50 :, 2], abs=1e-5)
