"""Confounders change the days or the collar and leave the dog's health alone."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analysis.errors import SettingsError
from analysis.model import FloatArray
from simulators.behaviours.gait import GAITS
from simulators.collar.sensor import readings
from simulators.day.day import SimulatedDay
from simulators.day.planner import DayPlan, day_bouts
from simulators.day.schedule import Bout, Habits
from simulators.dog.collar import Mounting, ideal
from simulators.dog.condition import HEALTHY
from simulators.dog.dog import Dog
from simulators.pictures import reference_features as reference
from simulators.scenarios.confounders import CONFOUNDERS, SEATS, disturbed
from simulators.scenarios.story import Phase, Scenario

TIGHT = ideal().mounting
TEN_NIGHTS = 10


def days(name: str) -> list[list[Bout]]:
    phase = disturbed(name, days=TEN_NIGHTS, mounting=TIGHT, habits=Habits(day_cv=0.0))
    story = Scenario(name="t", start=date(2026, 9, 7), phases=(phase,), habits=Habits(day_cv=0.0))
    return [
        day_bouts(np.random.default_rng(number), plan) for number, plan in enumerate(story.plans())
    ]


def worn(kind: str, mounting: Mounting) -> FloatArray:
    bouts = (Bout(kind=kind, start_s=0.0, end_s=300.0),)
    plan = DayPlan(date=date(1970, 1, 1))
    lived = SimulatedDay(dog=Dog(), plan=plan, bouts=bouts, rate_hz=50.0, seed=5)
    collar = replace(ideal(), mounting=mounting)
    chunks = readings(np.random.default_rng(2), collar, [lived])
    return np.concatenate([each.acceleration_g for each in chunks]).astype(np.float64)


def minutes(found: list[list[Bout]], *kinds: str) -> float:
    return sum(b.end_s - b.start_s for day in found for b in day if b.kind in kinds) / 60.0


@pytest.mark.parametrize(
    ("name", "share"), [("heat", 0.75), ("boarding", 0.6), ("boarding_busy", 1.4)]
)
def test_strange_days_change_the_time_on_the_move_by_what_they_say(name: str, share: float) -> None:
    ratio = minutes(days(name), *GAITS) / minutes(days("new_collar"), *GAITS)

    assert ratio == pytest.approx(share, abs=0.08)


@pytest.mark.parametrize(("name", "times"), [("guests", 1.8), ("fireworks", 4.0)])
def test_guests_and_fireworks_cost_sleep(name: str, times: float) -> None:
    """So many times the restless minutes between midnight and six."""

    def nightly(name: str) -> float:
        early = [[b for b in day if b.end_s < day[0].start_s + 21600.0] for day in days(name)]
        return minutes(early, "fidgeting", "turning")

    assert nightly(name) / nightly("new_collar") == pytest.approx(times, rel=0.2)


def test_a_hot_dog_pants() -> None:
    assert minutes(days("heat"), "panting") > 2.0 * minutes(days("new_collar"), "panting")


def test_half_a_day_unworn_hides_what_the_dog_does_meanwhile() -> None:
    """From eight, or from the end of the walk before it, for twelve hours."""
    found = days("half_day_unworn")

    assert minutes(found, "off_collar") == pytest.approx(TEN_NIGHTS * 720.0)
    assert minutes(found, *GAITS) < 0.6 * minutes(days("new_collar"), *GAITS)


def test_a_new_collar_moves_less_and_still_weighs_one_gravity() -> None:
    """Its spread is 0.85 of that of the collar before, on the same walk."""
    old, new = (worn("walk", mounting) for mounting in (TIGHT, SEATS["new_collar"](TIGHT)))

    assert reference.spread_g(new) / reference.spread_g(old) == pytest.approx(0.85, abs=0.02)
    assert np.linalg.norm(new.mean(axis=0)) == pytest.approx(
        np.linalg.norm(old.mean(axis=0)), abs=0.01
    )


@pytest.mark.parametrize(("name", "change"), [("leash_on_collar", 0.75), ("slipped_collar", 1.25)])
def test_a_seat_changes_the_amplitude_of_a_walk(name: str, change: float) -> None:
    ratio = reference.spread_g(worn("walk", SEATS[name](TIGHT))) / reference.spread_g(
        worn("walk", TIGHT)
    )

    assert ratio == pytest.approx(change, abs=0.08)


def test_a_loose_collar_shakes_on_where_the_neck_does_not() -> None:
    """Movement above 6 Hz, where no step is."""
    tight, loose = (worn("trot", each) for each in (TIGHT, SEATS["loose_collar"](TIGHT)))

    assert reference.shares(loose)[4] > 1.5 * reference.shares(tight)[4]


def test_a_lent_collar_feels_another_dog_until_it_is_back() -> None:
    """Steps of a dog of 0.30 m are sqrt(0.50 / 0.30) = 1.29 times those of one of 0.50 m."""
    phases = (Phase(days=1), disturbed("collar_lent", days=1), Phase(days=1))
    story = Scenario(name="t", start=date(2026, 9, 7), phases=phases)
    steps_hz = []
    for lived in story.days():
        bouts = (Bout(kind="walk", start_s=0.0, end_s=300.0),)
        (chunk,) = replace(lived, bouts=bouts, seed=5).chunks()
        steps_hz.append(reference.strongest_hz(chunk.acceleration_g))

    assert steps_hz[1] / steps_hz[0] == pytest.approx(1.29, rel=0.03)
    assert steps_hz[2] == steps_hz[0]


@pytest.mark.parametrize("name", CONFOUNDERS)
def test_no_confounder_is_an_illness(name: str) -> None:
    """Whatever it changes, the dog's own gait is a healthy one."""
    condition = disturbed(name, days=1).condition
    gait = (condition.cadence, condition.amplitude, condition.step_cv, condition.walking)

    assert gait == (HEALTHY.cadence, HEALTHY.amplitude, HEALTHY.step_cv, HEALTHY.walking)


def test_a_confounder_that_is_none_is_named() -> None:
    with pytest.raises(SettingsError, match="confounder is 'rain', expected one of heat"):
        disturbed("rain", days=1)
