"""Reduced activity, one rule after the other, and over a simulated cohort."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from analysis.detectors.reduced_activity import (
    ReducedActivityDetector,
    ReducedActivitySettings,
    ReducedActivityState,
)
from analysis.model import Day, Level, Verdict

DAY_S = 86400.0
FIRST_S = 1_790_640_000.0  # 29 September 2026


def day(index: int, active_min: float, *, worn_h: float = 24.0, resting_plan: bool = False) -> Day:
    start_s = FIRST_S + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        worn_h=worn_h,
        waking_worn_h=max(0.0, worn_h - 8.0),
        night_worn_h=8.0,
        active_min=active_min,
        resting_plan=resting_plan,
    )


def verdicts(minutes: list[float]) -> list[Verdict]:
    detector = ReducedActivityDetector(ReducedActivitySettings())
    return [v for index, each in enumerate(minutes) for v in detector.update(day(index, each))]


EXAMPLE = [day(index, 100.0 if index < 42 else 60.0) for index in range(46)]


def usual(n_days: int = 42) -> list[float]:
    """Return days of 100 minutes exactly, which as a baseline of 28 days spread by 0.12.

    That is the floor; the prior alone would give sqrt(8 x 0.25^2 / (28 + 8)) = 0.118.
    """
    return [100.0] * n_days


def test_a_normal_dog_is_clear_once_there_is_a_baseline() -> None:
    """Seven days are learned; from the third judged day on a mean of three days exists."""
    levels = [each.level for each in verdicts(usual(18))]

    assert levels == [Level.UNKNOWN] * 9 + [Level.CLEAR] * 9


@pytest.mark.parametrize(("n_days", "level"), [(3, Level.CLEAR), (4, Level.WARNING)])
def test_low_days_add_up_to_a_warning(n_days: int, level: Level) -> None:
    """With ln 0.79 / 0.12 = -1.96 a day adds 1.21: three come to 3.64, four to 4.86; it takes 3.7.

    Three days down by 21 % are no watch either, which takes 25 %.
    """
    assert verdicts([*usual(), *[79.0] * n_days])[-1].level is level


def test_low_days_that_fall_by_less_than_a_fifth_do_not_warn() -> None:
    """With ln 0.82 / 0.12 = -1.65 seven days come to 6.3, but 18 % is less than 20 %."""
    assert verdicts([*usual(), *[82.0] * 7])[-1].level is Level.WATCH


def test_a_day_counts_up_to_three_spreads_and_one_is_never_enough() -> None:
    """At 60 a day is -4.3 spreads and adds 2.25 all the same; two come to 4.5."""
    assert verdicts([*usual(), 60.0])[-1].level is Level.CLEAR
    assert verdicts([*usual(), 60.0, 60.0])[-1].level is Level.WARNING


def test_an_ordinary_day_takes_away_what_a_low_one_added() -> None:
    """At 60 a day adds 2.25, at 100 it takes 0.75: four such pairs come to 3.75 after the last 60.

    Two days at 125 (+1.86 spreads, 2.6 each) leave nothing of two at 60.
    """
    assert verdicts([*usual(), 60.0, 60.0, 125.0, 125.0, 60.0])[-1].level is not Level.WARNING


def test_a_warning_is_over_soon_after_the_drop() -> None:
    """Six days at 60 add 13.5, of which two usual ones take 1.5 only; but they are not down."""
    found = [each.level for each in verdicts([*usual(), *[60.0] * 6, 100.0, 100.0])][-3:]

    assert found[0] is Level.WARNING
    assert found[2] is not Level.WARNING


@pytest.mark.parametrize(("minutes", "level"), [(49.0, Level.WARNING), (51.0, Level.CLEAR)])
def test_one_day_at_half_is_acute(minutes: float, level: Level) -> None:
    """A single day at 51 % is -16 % over three days: not even a watch."""
    assert verdicts([*usual(), minutes])[-1].level is level


@pytest.mark.parametrize(("minutes", "level"), [(84.0, Level.WATCH), (87.0, Level.CLEAR)])
def test_a_slow_week_is_worth_a_watch(minutes: float, level: Level) -> None:
    """With ln 0.84 / 0.12 = -1.45 and -16 %; at 87 % it is -13 %."""
    assert verdicts([*usual(), *[minutes] * 7])[-1].level is level


def test_the_evidence_says_how_much_less_and_the_onset_since_when() -> None:
    """100 minutes in 16 waking hours are 6.25 an hour."""
    last = verdicts([*usual(), 60.0, 60.0, 60.0])[-1]

    assert last.onset_s == FIRST_S + 42 * DAY_S
    assert last.time_s == FIRST_S + 45 * DAY_S
    assert last.evidence["drop"] == pytest.approx(0.40)
    assert (last.evidence["usual"], last.evidence["now"]) == pytest.approx((6.25, 3.75))
    assert last.evidence["days"] == 3.0


def test_a_provisional_baseline_gives_a_watch_at_most() -> None:
    assert verdicts([*usual(15), 70.0, 70.0, 70.0])[-1].level is Level.WATCH


def test_illness_does_not_become_normal_until_four_weeks_are_over() -> None:
    """The 29th warned day starts the baseline afresh, and nothing is claimed any more."""
    levels = [each.level for each in verdicts([*usual(), *[60.0] * 40])][43:]

    assert levels[:28] == [Level.WARNING] * 28
    assert Level.UNKNOWN in levels[28:]
    assert Level.CLEAR not in levels[28:34]


@pytest.mark.parametrize(("worn_h", "level"), [(15.9, Level.UNKNOWN), (16.0, Level.CLEAR)])
def test_a_day_worn_too_little_is_not_judged(worn_h: float, level: Level) -> None:
    """Worn 16 h, 8 of them by day: 50 active minutes are the usual 6.25 an hour."""
    detector = ReducedActivityDetector(ReducedActivitySettings())
    for index, minutes in enumerate(usual()):
        detector.update(day(index, minutes))

    assert detector.update(day(42, 50.0, worn_h=worn_h))[0].level is level


def test_after_a_hole_of_weeks_nothing_is_known_until_three_days_are_there() -> None:
    detector = ReducedActivityDetector(ReducedActivitySettings())
    for index, minutes in enumerate(usual()):
        detector.update(day(index, minutes))

    levels = [detector.update(day(index, 100.0))[0].level for index in range(64, 68)]

    assert levels == [Level.UNKNOWN, Level.UNKNOWN, Level.CLEAR, Level.CLEAR]


def test_days_under_a_plan_are_neither_judged_nor_learned() -> None:
    detector = ReducedActivityDetector(ReducedActivitySettings())
    for index, minutes in enumerate(usual()):
        detector.update(day(index, minutes))
    before = msgspec.json.encode(detector.state)

    assert detector.update(day(42, 10.0, resting_plan=True)) == []
    assert msgspec.json.encode(detector.state) == before
    assert detector.update(day(43, 10.0))[0].level is Level.WARNING


def test_a_restart_on_any_day_changes_nothing() -> None:
    minutes = [*usual(), 60.0, 90.0, 60.0, 60.0, 95.0, 100.0, 99.0, 101.0, 70.0]
    expected = verdicts(minutes)
    detector = ReducedActivityDetector(ReducedActivitySettings())
    found = []
    for index, each in enumerate(minutes):
        found += detector.update(day(index, each))
        saved = msgspec.json.encode(detector.state)
        detector = ReducedActivityDetector(ReducedActivitySettings())
        detector.state = msgspec.json.decode(saved, type=ReducedActivityState)

    assert found == expected


@pytest.mark.parametrize("noted", [(), ("guests",)])
def test_days_of_another_dog_do_not_become_usual(noted: tuple[str, ...]) -> None:
    """A collar lent for a week to a dog that moves twice as much; said of it or not.

    Seven of 28 days lie far above the rest: Huber's centre moves by at most 7 x 1.5 spreads of 0.12
    over 28, or 5 %, so that 75 minutes are still 21 % down at least, and four of them warn.
    """
    detector = ReducedActivityDetector(ReducedActivitySettings())
    minutes = [*usual(35), *[200.0] * 7, *usual(7), *[75.0] * 4]
    said = []
    for index, each in enumerate(minutes):
        said += detector.update(replace(day(index, each), noted=noted if each > 150.0 else ()))

    assert said[-1].level is Level.WARNING


def test_a_dog_that_lives_for_weekends_is_judged_by_the_day() -> None:
    """100 minutes from Monday to Friday, 160 on free days, known from 8 and 20 days of 28.

    That is as good as 8 x 20 / 28 = 40 / 7 days, and counts by that over 6 more.
    """
    detector = ReducedActivityDetector(ReducedActivitySettings())
    usual_by = {}
    for index in range(60):
        free = index % 7 in {4, 5}  # the first day is a Tuesday
        heard = detector.update(day(index, 160.0 if free else 100.0))[0]
        usual_by[free] = heard.evidence.get("usual", 0.0)

    assert usual_by[True] / usual_by[False] == pytest.approx(1.6 ** ((40 / 7) / (40 / 7 + 6)))
