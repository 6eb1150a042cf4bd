"""No movement: waking worn hours without a walk, against the dog's own longest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from analysis.detectors.no_movement import NoMovementDetector, NoMovementSettings
from analysis.features.day.day import DayBuilder
from analysis.model import Day, Hour, Level, Samples, Verdict
from analysis.model.dog import DogProfile
from analysis.pipeline.measurement import Measurement, MeasurementSettings
from simulators.collar.sensor import readings
from simulators.day.context import DayPlan
from simulators.day.day import simulate_day
from simulators.day.planner import day_bouts
from simulators.day.schedule import Bout, day_factors
from simulators.dog.condition import PRESETS
from simulators.scenarios.cohort import Member, cohort

DAY_S, HOUR_S = 86_400.0, 3600.0
START_S = 1_790_640_000.0
FIRST = date(2026, 3, 2)
WALKS = (8, 12, 16, 20)
"""Hours of the clock at whose end a walk is over; the longest stretch is four hours."""
STEADY = {"slow_walk", "walk", "fast_walk", "trot", "gallop"}


def day(index: int) -> Day:
    start_s = START_S + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        worn_h=24.0,
        waking_worn_h=16.0,
    )


def hour(
    index: int, clock_h: int, *, windows: int = 0, worn_s: float = HOUR_S, active_s: float = 20.0
) -> Hour:
    """Return an hour of a dog that sleeps from 23 to 7."""
    start_s = START_S + index * DAY_S + (clock_h - 1) * HOUR_S
    return Hour(
        start_s=start_s,
        end_s=start_s + HOUR_S,
        clock_h=clock_h,
        worn_s=worn_s,
        waking_worn_s=worn_s if 7 < clock_h <= 23 else 0.0,
        active_s=active_s,
        n_gait_windows=windows,
        day=day(index),
    )


def hours(index: int, *, walks: tuple[int, ...] = WALKS) -> list[Hour]:
    return [hour(index, h, windows=100 if h in walks else 0) for h in range(1, 25)]


EXAMPLE = [
    *(each for index in range(8) for each in (*hours(index), day(index))),
    *hours(8, walks=(8,)),
    day(8),
]


def learned(n_days: int = 14) -> NoMovementDetector:
    detector = NoMovementDetector(NoMovementSettings())
    for index in range(n_days):
        for each in hours(index):
            detector.update(each)
        detector.learn(day(index))
    return detector


def said(detector: NoMovementDetector, heard: list[Hour]) -> list[Verdict]:
    return [verdict for each in heard for verdict in detector.update(each)]


def first_of(found: list[Verdict], level: Level) -> float:
    """Return the hour of the day at which a level is first reached."""
    at_s = next(each.time_s for each in found if each.level is level)
    return (at_s - START_S) % DAY_S / HOUR_S


def test_a_dog_that_stops_walking_is_urgent_within_the_waking_hours_set() -> None:
    """Its last walk ended between 7 and 8: eight hours later it is 15 to 16 o'clock."""
    found = said(learned(), hours(14, walks=(8,)))

    assert first_of(found, Level.WARNING) == 14.0
    assert first_of(found, Level.URGENT) == 15.0
    assert found[-1].evidence["still_h"] == pytest.approx(16.0)
    assert found[-1].onset_s == START_S + 14 * DAY_S + 7 * HOUR_S


@pytest.mark.parametrize(("lasting_s", "is_told"), [(299.0, True), (300.0, False)])
def test_what_could_be_walking_is_no_time_without_a_walk(
    lasting_s: float, *, is_told: bool
) -> None:
    """Five minutes in an hour without a rhythm, too weak for a walk: a lame dog out at noon."""
    heard = [
        replace(each, lasting_s=lasting_s) if each.clock_h in {12, 18} else each
        for each in hours(14, walks=(8,))
    ]

    levels = {each.level for each in said(learned(), heard)}

    assert (Level.URGENT in levels) is is_told


def test_before_its_normal_is_known_a_dog_is_a_warning_at_most() -> None:
    """Six days are too few, seven are enough."""
    still = hours(14, walks=(8,))

    assert Level.URGENT not in {each.level for each in said(learned(6), still)}
    assert first_of(said(learned(6), still), Level.WARNING) == 15.0
    assert first_of(said(learned(7), still), Level.URGENT) == 15.0


def test_a_dog_that_often_rests_long_is_given_more_time() -> None:
    """One walk a day: 16 waking hours are usual, so more than 25.6 must pass: 10 h into day two."""
    detector = NoMovementDetector(NoMovementSettings())
    for index in range(14):
        said(detector, hours(index, walks=(8,)))
        detector.learn(day(index))

    assert {each.level for each in said(detector, hours(14, walks=(8,)))} == {Level.CLEAR}
    found = said(detector, hours(15, walks=()))
    assert first_of(found, Level.URGENT) == 17.0


def test_the_night_is_no_time_awake() -> None:
    """Between 18 and 19 and then at 8: five hours in the evening, the walk's own included."""
    detector = learned()
    said(detector, hours(14, walks=(8, 13, 19)))

    found = said(detector, [hour(15, h, windows=100 if h == 9 else 0) for h in range(1, 10)])

    assert {each.level for each in found} == {Level.CLEAR}


@pytest.mark.parametrize("worn_s", [0.0, None], ids=["unworn", "missing"])
def test_unheard_hours_are_neither_rest_nor_a_walk(worn_s: float | None) -> None:
    """Off from 10 to 20: no eight hours on either side of it."""
    off = range(11, 21)
    heard = [
        hour(14, h, windows=100 if h == 8 else 0, worn_s=worn_s or 0.0 if h in off else HOUR_S)
        for h in range(1, 25)
        if worn_s is not None or h not in off
    ]

    assert {each.level for each in said(learned(), heard)} == {Level.CLEAR}


def test_a_short_hole_does_not_hide_a_dog_that_does_not_walk() -> None:
    """Two hours lost, from 10 to 12: urgent two hours later."""
    heard = [each for each in hours(14, walks=(8,)) if each.clock_h not in {11, 12}]

    assert first_of(said(learned(), heard), Level.URGENT) == 17.0


def test_missing_data_never_end_an_alert() -> None:
    """After a day without the collar it is still on; a walk ends it."""
    detector = learned()
    assert said(detector, hours(14, walks=(8,)))[-1].level is Level.URGENT
    detector.learn(day(14))

    assert said(detector, [hour(15, h, worn_s=0.0) for h in range(1, 25)]) == []
    assert detector.update(hour(16, 8))[0].level is Level.URGENT
    assert detector.update(hour(16, 9, windows=100))[0].level is Level.CLEAR


@pytest.mark.parametrize(
    ("windows", "active_s", "walked"),
    [(9, 119.0, False), (10, 0.0, True), (0, 120.0, True)],
)
def test_what_a_walk_is(windows: int, active_s: float, *, walked: bool) -> None:
    """Shifting about makes neither; a collar too slow for gait has active seconds alone."""
    found = learned().update(hour(14, 9, windows=windows, active_s=active_s))

    assert [each.level for each in found] == ([Level.CLEAR] if walked else [])


def test_a_few_steps_now_and_then_are_a_walk() -> None:
    """Four windows an hour are twelve in three: a dog that walks to its bowl can walk."""
    found = said(learned(), [hour(14, h, windows=4 if h > 8 else 100) for h in range(8, 25)])

    assert {each.level for each in found} == {Level.CLEAR}


def test_days_without_walking_do_not_become_usual() -> None:
    detector = learned()
    for index in range(14, 20):
        said(detector, hours(index, walks=()))
        detector.learn(day(index))

    assert max(detector.state.longest_h) == 4.0
    said(detector, hours(20))
    assert first_of(said(detector, hours(21, walks=(8,))), Level.URGENT) == 15.0


def test_a_new_habit_becomes_usual_step_by_step() -> None:
    """Ten hours alone each day: 4 and 6.4 h times 1.6 are 6.4 and 10.2 h."""
    detector = learned()
    worst = []
    for index in range(14, 17):
        found = said(detector, hours(index, walks=(8, 18, 21)))
        worst.append(Level.URGENT in {each.level for each in found})
        detector.learn(day(index))

    assert worst == [True, False, False]


def from_samples(member: Member, condition: str) -> list[Hour]:
    """Return the hours of one simulated day at 25 Hz."""
    plan = DayPlan(date=FIRST, condition=PRESETS[condition].condition, habits=member.habits)
    rng = np.random.default_rng([member.seed, 1])
    simulated = simulate_day(rng, member.dog, plan, rate_hz=member.collar.true_rate_hz)
    profile = DogProfile(id="dog", time_zone="UTC", withers_m=member.dog.withers_m)
    measuring, builder = Measurement(MeasurementSettings(dog=profile)), DayBuilder(profile)
    first_index = 0
    for chunk in readings(rng, member.collar, [simulated]):
        samples = Samples(
            origin_s=simulated.bouts[0].start_s,
            first_index=first_index,
            rate_hz=chunk.rate_hz,
            acceleration_g=chunk.acceleration_g.astype(np.float64),
        )
        first_index += samples.n_samples
        measured = measuring.process(samples)
        for window in measured.gait:
            builder.add_gait(window)
        for minute in (each for released in measured.released for each in released.minutes):
            builder.add_minute(minute)
    return [each for each in builder.finish() if isinstance(each, Hour)]


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 3, 5], ids=["toy", "middle", "giant"])
def test_from_samples_a_dog_that_cannot_walk_is_urgent_and_one_in_a_crate_is_not(
    number: int,
) -> None:
    """It shifts about all day; the crated one leaves its crate four times."""
    member = cohort(2031, number + 1, rate_hz=25.0)[number]

    helpless = said(learned(), from_samples(member, "non_walking"))
    crated = said(learned(), from_samples(member, "crate_rest"))

    assert Level.URGENT in {each.level for each in helpless}
    assert {each.level for each in crated} == {Level.CLEAR}


def from_bouts(bouts: list[Bout], index: int) -> Iterator[Hour]:
    """Yield a day's hours without samples: one window each two seconds of steady gait.

    Simulated from samples, 437 s of gait give 221 windows; stretches below 8 s give none.
    """
    start_s = bouts[0].start_s
    windows = [0] * 24
    for bout in bouts:
        length_s = bout.end_s - bout.start_s
        if bout.kind in STEADY and length_s >= 8.0:
            windows[int((bout.start_s - start_s) // HOUR_S)] += int((length_s - 4.0) // 2.0) + 1
    for clock_h, n_windows in enumerate(windows, start=1):
        waking_s = {7: 1800.0, 23: 1800.0}.get(clock_h, HOUR_S if 7 < clock_h < 23 else 0.0)
        at_s = start_s + (clock_h - 1) * HOUR_S
        yield Hour(
            start_s=at_s,
            end_s=at_s + HOUR_S,
            clock_h=clock_h,
            worn_s=HOUR_S,
            waking_worn_s=waking_s,
            active_s=0.0,
            n_gait_windows=n_windows,
            day=day(index),
        )


def lived(member: Member, conditions: list[str]) -> list[list[Verdict]]:
    """Return what is said on each of a dog's days, from bouts."""
    rng, detector = (
        np.random.default_rng([member.seed, 5]),
        NoMovementDetector(NoMovementSettings()),
    )
    factors = day_factors(rng, FIRST, len(conditions), member.habits)
    found = []
    for index, condition in enumerate(conditions):
        plan = DayPlan(
            date=FIRST + timedelta(days=index),
            condition=PRESETS[condition].condition,
            habits=member.habits,
            activity=factors[index],
        )
        found.append(said(detector, list(from_bouts(day_bouts(rng, plan), index))))
        detector.learn(day(index))
    return found


def spoken(days: list[list[Verdict]]) -> list[Level]:
    return [verdict.level for each in days for verdict in each if verdict.level is not Level.CLEAR]


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_healthy_and_crated_dogs_are_never_urgent() -> None:
    """Twelve dogs, 300 free days and 168 in a crate; ten thousand days are in docs/alerts.md."""
    for member in cohort(4242, 12):
        assert Level.URGENT not in spoken(lived(member, ["healthy"] * 25 + ["crate_rest"] * 14))


@pytest.mark.slow
def test_a_dog_that_wakes_up_unable_to_walk_is_urgent_that_day() -> None:
    """Ten dogs of all sizes and habits, after eight healthy days."""
    for member in cohort(4243, 10):
        found = lived(member, ["healthy"] * 8 + ["non_walking"])
        assert Level.URGENT not in spoken(found[:8])
        assert Level.URGENT in spoken(found[8:])
