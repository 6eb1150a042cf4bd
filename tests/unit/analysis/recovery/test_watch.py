"""What a plan forbids, what it caps, and when a happening is over."""

from datetime import date

import pytest

from analysis.dog import DogProfile
from analysis.model import Event, Level, Minute
from analysis.recovery.plan import Phase, Plan
from analysis.recovery.progress import progress
from analysis.recovery.watch import PlanWatch

NOON_S = 1_795_521_600.0  # 24 November 2026, 12:00 UTC
REST = Phase(name="rest", days=2, active_min_cap=10.0, forbids=("jump", "vigorous_burst"))
PROFILE = DogProfile(id="rex", plan=Plan(name="disc", start=date(2026, 11, 23), phases=(REST,)))


def event(kind: str, time_s: float, confidence: str = "high") -> Event:
    evidence = {"landing_g": 4.0}
    return Event(kind=kind, start_s=time_s, end_s=time_s, confidence=confidence, evidence=evidence)


def minute(start_s: float, *, walk_s: float = 0.0, worn_s: float = 60.0) -> Minute:
    rest_s = worn_s - walk_s
    return Minute(
        start_s=start_s,
        worn_s=worn_s,
        vedba_g=0.0,
        rest_s=rest_s,
        light_s=0.0,
        walk_s=walk_s,
        vigorous_s=0.0,
    )


@pytest.mark.parametrize(("confidence", "n"), [("high", 1), ("medium", 1), ("low", 0)])
def test_a_forbidden_jump_is_a_warning_unless_it_is_doubtful(confidence: str, n: int) -> None:
    found = PlanWatch(PROFILE).add_event(event("jump", NOON_S, confidence))

    assert [(v.kind, v.level, v.momentary) for v in found] == [("jumping", Level.WARNING, True)] * n
    assert all(v.evidence == {"landing_g": 4.0} for v in found)


@pytest.mark.parametrize(("time_s", "n"), [(NOON_S + 43199.0, 1), (NOON_S + 43200.0, 0)])
def test_a_jump_after_the_last_day_of_the_plan_is_allowed(time_s: float, n: int) -> None:
    assert len(PlanWatch(PROFILE).add_event(event("jump", time_s))) == n


@pytest.mark.parametrize(("last_s", "n"), [(599.0, 1), (600.0, 0)])
def test_three_bursts_within_ten_minutes_are_a_warning(last_s: float, n: int) -> None:
    watch = PlanWatch(PROFILE)

    assert watch.add_event(event("vigorous_burst", NOON_S)) == []
    assert watch.add_event(event("vigorous_burst", NOON_S + 100.0)) == []
    assert len(watch.add_event(event("vigorous_burst", NOON_S + last_s))) == n


def test_the_cap_is_noted_at_four_fifths_and_told_when_used_up_once_each() -> None:
    watch = PlanWatch(PROFILE)

    found = [watch.add_minute(minute(NOON_S + 60.0 * k, walk_s=60.0)) for k in range(12)]

    levels = [[each.level for each in verdicts] for verdicts in found]
    assert levels == [[]] * 7 + [[Level.WATCH], [], [Level.WARNING], [], []]
    assert found[9][0].evidence == {"used_min": 10.0, "cap_min": 10.0}


def test_a_new_day_clears_the_cap() -> None:
    watch = PlanWatch(PROFILE)
    for k in range(10):
        watch.add_minute(minute(NOON_S + 60.0 * k, walk_s=60.0))

    (clear,) = watch.add_minute(minute(NOON_S + 43200.0))

    assert (clear.kind, clear.level, clear.time_s) == ("activity_cap", Level.CLEAR, NOON_S + 43200)


def test_a_jump_is_over_after_a_day_of_worn_minutes_and_not_of_a_drawer() -> None:
    """The minute that fills the 24 h is settled ten minutes later: after 1,440 + 10 minutes."""
    watch, drawer = PlanWatch(PROFILE), PlanWatch(PROFILE)
    watch.add_event(event("jump", NOON_S))
    drawer.add_event(event("jump", NOON_S))

    found = [watch.add_minute(minute(NOON_S + 60.0 * k)) for k in range(1450)]
    silent = [drawer.add_minute(minute(NOON_S + 60.0 * k, worn_s=0.0)) for k in range(5000)]

    assert [k for k, verdicts in enumerate(found) if verdicts] == [1449]
    assert found[1449][0].level is Level.CLEAR
    assert found[1449][0].time_s == NOON_S + 86400.0
    assert not any(silent)


def test_an_event_that_comes_after_its_minutes_gives_the_same() -> None:
    early, late = PlanWatch(PROFILE), PlanWatch(PROFILE)
    early.add_event(event("jump", NOON_S))
    for k in range(1460):
        if k == 5:
            late.add_event(event("jump", NOON_S))
        assert early.add_minute(minute(NOON_S + 60.0 * k)) == late.add_minute(
            minute(NOON_S + 60.0 * k)
        )


def test_progress_names_the_phase_the_day_and_what_is_left() -> None:
    minutes = [minute(NOON_S, walk_s=60.0), minute(NOON_S - 86400.0, walk_s=60.0)]

    today = progress(PROFILE, date(2026, 11, 24), minutes)

    assert today is not None
    assert (today.phase, today.day, today.days) == ("rest", 2, 2)
    assert (today.used_min, today.left_min) == (1.0, 9.0)
    assert progress(PROFILE, date(2026, 11, 25), minutes) is None
