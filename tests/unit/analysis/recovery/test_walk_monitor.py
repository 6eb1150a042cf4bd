"""Walks against the plan: too long, too many, missed."""

import copy
from datetime import date

import pytest

from analysis.model import Level, Minute, Verdict
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase, Plan
from analysis.recovery.settings import PlanSettings
from analysis.recovery.walk_monitor import WalkMonitor

MIDNIGHT_S = 1_795_478_400.0  # 24 November 2026, UTC
NOON_S = MIDNIGHT_S + 43_200.0
WALKS = Phase(name="walks", days=14, walks_per_day=2, walk_min=10.0)
PLAN = Plan(name="disc", start=date(2026, 11, 23), phases=(WALKS,))
REX = DogProfile(id="rex", plan=PLAN)
SPEAKS = {Level.WATCH, Level.WARNING}


def minute(start_s: float, walk_s: float = 0.0, worn_s: float = 60.0) -> Minute:
    return Minute(
        start_s=start_s,
        worn_s=worn_s,
        vedba_g=0.1,
        rest_s=worn_s - walk_s,
        light_s=0.0,
        walk_s=walk_s,
        vigorous_s=0.0,
    )


def day_of(*walks: tuple[float, int], worn: bool = True) -> list[Minute]:
    """Return the minutes of a day, with walks at minutes of the day, and one of the day after."""
    walking = {round(at) + k for at, n in walks for k in range(n)}
    worn_s = 60.0 if worn else 0.0
    return [
        minute(MIDNIGHT_S + 60.0 * k, walk_s=60.0 if k in walking else 0.0, worn_s=worn_s)
        for k in range(1441)
    ]


def heard(minutes: list[Minute], profile: DogProfile = REX) -> list[Verdict]:
    watch = WalkMonitor(profile, PlanSettings())
    return [verdict for each in minutes for verdict in watch.add_minute(each)]


def of_kind(kind: str, verdicts: list[Verdict]) -> list[Verdict]:
    return [each for each in verdicts if each.kind == kind]


def test_a_walk_is_noted_at_its_planned_time_and_told_a_fifth_later_while_it_goes_on() -> None:
    """10 minutes are planned: noted in the 10th minute, told in the 12th, and no more after."""
    watch = WalkMonitor(REX, PlanSettings())

    found = [watch.add_minute(minute(NOON_S + 60.0 * k, 60.0)) for k in range(40)]

    levels = {k: [each.level for each in verdicts] for k, verdicts in enumerate(found) if verdicts}
    assert levels == {9: [Level.WATCH], 11: [Level.WARNING]}
    (told,) = found[11]
    assert (told.kind, told.momentary) == ("walk_too_long", True)
    assert (told.onset_s, told.time_s) == (NOON_S, NOON_S + 720.0)
    assert told.evidence == {"walked_min": 12.0, "planned_min": 10.0}


@pytest.mark.parametrize(("length_min", "levels"), [(6, ["watch"]), (7, ["watch", "warning"])])
def test_a_short_walk_has_two_minutes_of_grace(length_min: int, levels: list[str]) -> None:
    """Its ends are known to a minute each, so 5 minutes are not cut at 6."""
    short = Phase(name="toilet", days=14, walks_per_day=4, walk_min=5.0)
    rex = DogProfile(id="rex", plan=Plan(name="disc", start=PLAN.start, phases=(short,)))

    found = heard([minute(NOON_S + 60.0 * k, 60.0) for k in range(length_min)], rex)

    assert [each.level.value for each in found] == levels


def test_a_walk_that_was_too_long_is_over_when_the_dog_is_seen_at_rest() -> None:
    """Four minutes without walking end it; a collar that was taken off does not say so."""
    walk = [minute(NOON_S + 60.0 * k, 60.0) for k in range(12)]
    rest = [minute(NOON_S + 60.0 * k) for k in range(12, 20)]
    drawer = [minute(NOON_S + 60.0 * k, worn_s=0.0) for k in range(12, 20)]

    over = heard([*walk, *rest])[-1]

    assert (over.level, over.time_s) == (Level.CLEAR, NOON_S + 16 * 60.0)
    assert heard([*walk, *drawer])[-1].level is Level.WARNING
    assert heard([*walk, *drawer, minute(NOON_S + 1200.0)])[-1].level is Level.CLEAR


def test_each_walk_is_judged_by_itself() -> None:
    """Three of eight minutes, an hour apart, are none too long, but one too many."""
    found = heard(day_of((600, 8), (660, 8), (720, 8)))

    assert of_kind("walk_too_long", found) == []
    many, over = of_kind("too_many_walks", found)
    assert (many.level, many.evidence) == (Level.WATCH, {"walks": 3.0, "planned": 2.0})
    assert (over.level, over.time_s) == (Level.CLEAR, MIDNIGHT_S + 86_400.0)


@pytest.mark.parametrize(("n", "level"), [(0, Level.WATCH), (1, Level.CLEAR), (2, Level.CLEAR)])
def test_a_day_without_its_walks_is_noted_at_its_end(n: int, level: Level) -> None:
    """Less than half of the planned two."""
    found = of_kind("missed_walks", heard(day_of(*((600 + 60 * k, 8) for k in range(n)))))

    assert [(each.level, each.time_s) for each in found] == [(level, MIDNIGHT_S + 86_400.0)]


def test_a_collar_in_a_drawer_misses_no_walks() -> None:
    (unknown,) = heard(day_of(worn=False))

    assert (unknown.kind, unknown.level) == ("missed_walks", Level.UNKNOWN)


def test_without_walks_in_the_plan_nothing_is_said() -> None:
    free = Plan(name="free", start=PLAN.start, phases=(Phase(name="free", days=14),))

    for plan in (None, free):
        assert heard(day_of((600, 60)), DogProfile(id="rex", plan=plan)) == []
    assert heard(day_of((600, 60)))


def test_a_walk_over_midnight_belongs_to_the_day_on_which_it_began() -> None:
    minutes = [minute(MIDNIGHT_S + 86_400.0 + 60.0 * k, 60.0) for k in range(-11, 1)]
    watch = WalkMonitor(REX, PlanSettings())

    found = [verdict for each in minutes for verdict in watch.add_minute(each)]

    assert [each.level for each in of_kind("walk_too_long", found)] == [Level.WATCH, Level.WARNING]
    assert watch.state.n_walks == 0


def test_a_restart_after_every_minute_says_the_same() -> None:
    minutes = day_of((600, 13), (700, 8), (800, 8))
    watch, found = WalkMonitor(REX, PlanSettings()), list[Verdict]()
    for each in minutes:
        found += watch.add_minute(each)
        fresh = WalkMonitor(REX, PlanSettings())
        fresh.state = copy.deepcopy(watch.state)
        fresh.finder.state = copy.deepcopy(watch.finder.state)
        watch = fresh

    assert found == heard(minutes)
    assert {each.kind for each in found if each.level in SPEAKS} == {
        "walk_too_long",
        "too_many_walks",
    }
