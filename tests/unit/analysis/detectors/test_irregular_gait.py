"""Irregular gait: an uneven, irregular walk against the dog's own, hour by hour."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from analysis.detectors.irregular_gait import IrregularGaitDetector, IrregularGaitSettings
from analysis.features.day.day import DayBuilder
from analysis.model import Day, Hour, Level, Samples, Verdict
from analysis.model.dog import DogProfile
from analysis.pipeline.measurement import Measurement, MeasurementSettings
from simulators.collar.sensor import readings
from simulators.day.context import DayPlan
from simulators.day.day import simulate_day
from simulators.dog.condition import PRESETS
from simulators.scenarios.cohort import cohort

DAY_S, HOUR_S = 86_400.0, 3600.0
START_S = 1_790_640_000.0
USUAL_CV, USUAL_REGULARITY = 0.07, 0.80
EVEN = (1.0, 0.0)
ATAXIC = (2.0, 0.30)


def day(index: int, change: tuple[float, float] = EVEN, n_windows: int = 200) -> Day:
    """Return a day (so far) whose step CV is a multiple of the usual, and its regularity lower."""
    start_s = START_S + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        n_gait_windows=n_windows,
        n_gait_bouts=5 if n_windows else 0,
        step_time_cv=USUAL_CV * change[0],
        stride_regularity=USUAL_REGULARITY - change[1],
    )


def hour(
    index: int,
    clock_h: int,
    so_far: tuple[float, float] = EVEN,
    alone: tuple[float, float] | None = None,
    windows: tuple[int, int] = (200, 60),
) -> Hour:
    """Return an hour: the day so far, and the hour alone, with their numbers of windows."""
    alone = so_far if alone is None else alone
    start_s = START_S + index * DAY_S + (clock_h - 1) * HOUR_S
    return Hour(
        start_s=start_s,
        end_s=start_s + HOUR_S,
        clock_h=clock_h,
        worn_s=HOUR_S,
        waking_worn_s=HOUR_S,
        active_s=600.0,
        n_gait_windows=windows[1],
        day=day(index, so_far, windows[0]),
        n_walk_trot_windows=windows[1],
        step_time_cv=USUAL_CV * alone[0],
        stride_regularity=USUAL_REGULARITY - alone[1],
    )


EXAMPLE = [
    *(each for index in range(10) for each in (hour(index, 8), day(index))),
    hour(10, 8, ATAXIC),
    hour(10, 18, ATAXIC),
    day(10, ATAXIC),
]


def learned(n_days: int = 14) -> IrregularGaitDetector:
    detector = IrregularGaitDetector(IrregularGaitSettings())
    for index in range(n_days):
        detector.learn(day(index))
    return detector


def twice(detector: IrregularGaitDetector, later: Hour) -> list[Verdict]:
    """Return what is said after an hour, the one before it having been the same."""
    before = replace(later, start_s=later.start_s - HOUR_S, end_s=later.end_s - HOUR_S)
    detector.update(before)
    return detector.update(later)


def level_of(found: list[Verdict]) -> Level | None:
    return found[-1].level if found else None


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ((1.46, 0.19), Level.URGENT),
        ((1.44, 0.30), Level.CLEAR),
        ((3.00, 0.17), Level.CLEAR),
        (EVEN, Level.CLEAR),
    ],
)
def test_both_signs_together_are_urgent_once_two_hours_agree(
    change: tuple[float, float], level: Level
) -> None:
    """1.45 times the spread and 0.18 less regular; one suspect day alone is no watch."""
    found = twice(learned(), hour(14, 9, change))

    assert level_of(found) is level
    assert found[0].time_s == hour(14, 9).end_s


def test_one_hour_alone_is_no_emergency() -> None:
    """However bad: a collar may have come loose. It is worth a look at once."""
    assert level_of(learned().update(hour(14, 9, ATAXIC))) is Level.WATCH


def test_two_hours_of_a_bad_day_agree_with_a_better_one_between_them() -> None:
    """The day so far is bad as well; ten windows are enough to agree with it, nine are not."""
    for n_windows, level in ((10, Level.URGENT), (9, Level.WATCH)):
        detector = learned()
        detector.update(hour(14, 9, ATAXIC, windows=(60, 60)))
        detector.update(hour(14, 11, ATAXIC, alone=(1.4, 0.17), windows=(80, 20)))

        found = detector.update(hour(14, 15, ATAXIC, windows=(90, n_windows)))

        assert level_of(found) is level


@pytest.mark.parametrize(
    ("worst", "level"), [((1.9, 0.28), Level.URGENT), ((2.1, 0.31), Level.CLEAR)]
)
def test_what_the_dog_walked_like_in_a_healthy_hour_is_no_emergency(
    worst: tuple[float, float], level: Level
) -> None:
    """One such hour on one day of the baseline; its day was as usual."""
    detector = IrregularGaitDetector(IrregularGaitSettings())
    for index in range(14):
        detector.update(hour(index, 9, EVEN, alone=worst if index == 3 else EVEN))
        detector.learn(day(index))

    assert level_of(twice(detector, hour(14, 9, ATAXIC))) is level


def test_the_worst_hours_are_forgotten_with_their_days() -> None:
    """Fourteen days of baseline, three that wait: after eighteen the first is gone."""
    detector = IrregularGaitDetector(IrregularGaitSettings())
    for index in range(18):
        detector.update(hour(index, 9, EVEN, alone=ATAXIC if index == 0 else EVEN))
        detector.learn(day(index))

    assert level_of(twice(detector, hour(18, 9, ATAXIC))) is Level.URGENT
    assert len(detector.state.worst) <= 19


def test_a_baseline_without_spread_has_that_of_a_tick() -> None:
    """Times are read off ticks of 20 ms, which alone spread by 2 % of a step: 1 % says nothing."""
    detector = IrregularGaitDetector(IrregularGaitSettings())
    for index in range(14):
        detector.learn(replace(day(index), step_time_cv=0.005))
    bad = hour(14, 9, (0.01 / USUAL_CV, 0.30))

    assert level_of(twice(detector, bad)) is Level.CLEAR
    worse = hour(14, 11, (0.03 / USUAL_CV, 0.30))
    assert level_of(twice(detector, worse)) is Level.URGENT


def test_an_afternoon_is_judged_by_itself() -> None:
    """A good morning outweighs it in the day so far; two hours in a row say enough."""
    detector = learned()

    assert level_of(detector.update(hour(14, 9))) is Level.CLEAR
    assert level_of(detector.update(hour(14, 15, EVEN, alone=ATAXIC))) is Level.CLEAR
    found = detector.update(hour(14, 17, EVEN, alone=ATAXIC))

    assert level_of(found) is Level.URGENT
    assert found[0].evidence["cv_ratio"] == pytest.approx(2.0)


@pytest.mark.parametrize(
    "between",
    [hour(14, 16, EVEN), hour(14, 16, EVEN, alone=EVEN, windows=(300, 30))],
)
def test_a_good_hour_between_two_bad_ones_parts_them(between: Hour) -> None:
    detector = learned()
    for each in (hour(14, 15, EVEN, alone=ATAXIC), between):
        detector.update(each)

    assert level_of(detector.update(hour(14, 17, EVEN, alone=ATAXIC))) is Level.CLEAR


def test_an_hour_of_few_windows_confirms_nothing() -> None:
    """20 windows are 42 seconds of gait: below that an hour has no say."""
    detector = learned()
    detector.update(hour(14, 15, EVEN, alone=ATAXIC))

    found = detector.update(hour(14, 17, EVEN, alone=ATAXIC, windows=(300, 19)))

    assert level_of(found) is Level.CLEAR


def test_two_suspect_days_of_three_are_a_watch() -> None:
    """1.5 times and 0.15, below urgent."""
    suspect = (1.5, 0.15)
    detector = learned()
    assert level_of(detector.update(hour(14, 9, suspect))) is Level.CLEAR
    detector.learn(day(14, suspect))

    assert level_of(detector.update(hour(15, 9, suspect))) is Level.WATCH


@pytest.mark.parametrize(("n_windows", "expected"), [(39, None), (40, Level.URGENT)])
def test_little_gait_says_nothing_by_day(n_windows: int, expected: Level | None) -> None:
    detector = learned()
    detector.update(hour(14, 8, ATAXIC, windows=(n_windows - 20, n_windows - 20)))

    assert level_of(detector.update(hour(14, 9, ATAXIC, windows=(n_windows, 20)))) is expected


def test_a_day_without_gait_ends_unknown() -> None:
    """At midnight, so that an open alert is known to be unheard of."""
    found = learned().update(hour(14, 24, windows=(0, 0)))

    assert level_of(found) is Level.UNKNOWN


def test_nothing_is_said_before_there_is_a_normal() -> None:
    assert twice(learned(6), hour(14, 9, ATAXIC)) == []
    assert level_of(twice(learned(7), hour(14, 9, ATAXIC))) is Level.URGENT


POTTERING = (1.40, 0.17)
"""The most that strict rest alone made of the walks of a simulated dog."""


def resting_day(index: int, change: tuple[float, float]) -> Day:
    return replace(day(index, change), resting_plan=True)


def resting_hour(index: int, clock_h: int, change: tuple[float, float]) -> Hour:
    return replace(hour(index, clock_h, change), day=resting_day(index, change))


def both(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] * other[0], one[1] + other[1]


@pytest.mark.parametrize(
    ("change", "level"),
    [
        (POTTERING, Level.CLEAR),
        (both(POTTERING, (1.1, 0.05)), Level.CLEAR),
        ((1.3 * 1.46, 0.15 + 0.19), Level.URGENT),
        ((1.3 * 1.44, 0.40), Level.CLEAR),
        ((2.50, 0.15 + 0.17), Level.CLEAR),
    ],
)
def test_the_first_days_of_a_plan_are_allowed_what_short_slow_walks_are_like(
    change: tuple[float, float], level: Level
) -> None:
    detector = learned()
    for index in (14, 15):
        detector.learn(resting_day(index, POTTERING))

    assert level_of(twice(detector, resting_hour(16, 9, change))) is level


def test_once_they_are_known_days_of_a_plan_are_compared_with_each_other() -> None:
    """Three are waiting and three are learned: the seventh day knows its like."""
    detector = learned()
    for index in range(14, 20):
        detector.learn(resting_day(index, POTTERING))

    uneven = both(POTTERING, (1.46, 0.19))
    assert level_of(detector.update(resting_hour(20, 9, POTTERING))) is Level.CLEAR
    assert level_of(twice(detector, resting_hour(20, 18, uneven))) is Level.URGENT
    assert level_of(twice(detector, hour(21, 9, (1.46, 0.19)))) is Level.URGENT


def test_a_dog_that_was_only_known_at_rest_is_judged_by_that_when_its_plan_ends() -> None:
    detector = IrregularGaitDetector(IrregularGaitSettings())
    for index in range(14):
        detector.learn(resting_day(index, POTTERING))

    assert level_of(detector.update(hour(14, 9))) is Level.CLEAR
    assert level_of(twice(detector, hour(15, 9, both(POTTERING, ATAXIC)))) is Level.URGENT


def test_an_urgent_day_is_neither_called_clear_nor_learned() -> None:
    detector = learned()
    twice(detector, hour(14, 9, ATAXIC))

    assert detector.update(hour(14, 15)) == []
    for index in range(14, 20):
        twice(detector, hour(index, 9, ATAXIC))
        detector.learn(day(index, ATAXIC))
    assert {each.step_time_cv for each in detector.state.memory.learned} == {USUAL_CV}
    assert level_of(twice(detector, hour(20, 9, ATAXIC))) is Level.URGENT


def heard(number: int, condition: str) -> list[Hour | Day]:
    """Return the hours of one simulated day at 25 Hz, from samples, and the day."""
    member = cohort(2026, number + 1, rate_hz=25.0)[number]
    plan = DayPlan(
        date=date(2026, 3, 2), condition=PRESETS[condition].condition, habits=member.habits
    )
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
    return builder.finish()


def later(each: Day, days: int) -> Day:
    at = date.fromisoformat(each.date) + timedelta(days=days)
    return replace(
        each,
        date=at.isoformat(),
        start_s=each.start_s + days * DAY_S,
        end_s=each.end_s + days * DAY_S,
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 2, 5], ids=["toy", "beagle", "giant"])
def test_simulated_ataxia_is_seen_by_noon_and_urgent_that_day(
    number: int,
) -> None:
    """From samples, dogs that no threshold was chosen on; the first walk is in the morning.

    Urgent asks for a second hour of walking that agrees, and a sore dog may rest until evening.
    """
    (usual,) = [each for each in heard(number, "healthy") if isinstance(each, Day)]
    said = {}
    for condition in ("healthy", "moderate", "ataxia"):
        detector = IrregularGaitDetector(IrregularGaitSettings())
        for days in range(10):
            detector.learn(later(usual, days - 10))
        hours = [each for each in heard(number, condition) if isinstance(each, Hour)]
        said[condition] = [verdict for each in hours for verdict in detector.update(each)]

    noon_s = usual.start_s + 12 * HOUR_S
    seen = [each for each in said["ataxia"] if each.level in (Level.WATCH, Level.URGENT)]
    assert seen[0].time_s <= noon_s
    assert seen[-1].level is Level.URGENT
    for condition in ("healthy", "moderate"):
        assert Level.CLEAR in {each.level for each in said[condition]}
        assert not {each.level for each in said[condition]} & {Level.URGENT, Level.WATCH}


@pytest.mark.parametrize(
    ("ratio", "drop", "level"),
    [
        (1.41, 0.26, Level.WARNING),
        (1.39, 0.45, Level.CLEAR),
        (1.90, 0.24, Level.CLEAR),
    ],
)
def test_a_second_day_of_a_limp_is_a_warning(ratio: float, drop: float, level: Level) -> None:
    """1.4 times the spread of steps and 0.25 less regular steps, while strides stay regular."""
    detector = IrregularGaitDetector(IrregularGaitSettings())
    for index in range(14):
        detector.learn(replace(day(index), step_regularity=0.65))

    def limping(index: int) -> Hour:
        usual = hour(index, 20, (ratio, 0.0))
        return replace(usual, day=replace(usual.day, step_regularity=0.65 - drop))

    first = level_of(detector.update(limping(14)))
    detector.learn(limping(14).day)

    assert first is (Level.WATCH if level is Level.WARNING else Level.CLEAR)
    assert level_of(detector.update(limping(15))) is level


def test_a_limp_on_strict_rest_is_judged_against_short_slow_walks() -> None:
    """They are 1.3 times as uneven by themselves and 0.15 less regular: 1.8 and 0.40 are needed."""
    detector = IrregularGaitDetector(IrregularGaitSettings())
    for index in range(14):
        detector.learn(replace(day(index), step_regularity=0.65))

    def found(drop: float) -> Level | None:
        usual = hour(14, 20, (1.9, 0.0))
        so_far = replace(usual.day, step_regularity=0.65 - drop, resting_plan=True)
        return level_of(detector.update(replace(usual, day=so_far)))

    assert found(0.39) is Level.CLEAR
    assert found(0.41) is Level.WATCH
