"""What a plan forbids, what it caps, and when a happening is over."""

from dataclasses import replace
from datetime import date
from typing import cast

import pytest

from analysis.model import AlertChange, Event, Level, Minute, Status, Verdict
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase, Plan
from analysis.recovery.monitor import PlanMonitor, PlanMonitorState
from analysis.recovery.progress import progress
from ingest.processing import snapshots

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


def of_kind(kind: str, verdicts: list[Verdict]) -> list[Verdict]:
    """Return the verdicts of one kind."""
    return [each for each in verdicts if each.kind == kind]


@pytest.mark.parametrize(("confidence", "n"), [("high", 1), ("medium", 1), ("low", 0)])
def test_a_forbidden_jump_is_a_warning_unless_it_is_doubtful(confidence: str, n: int) -> None:
    found = PlanMonitor(PROFILE).add_event(event("jump", NOON_S, confidence))

    assert [(v.kind, v.level, v.momentary) for v in found] == [("jumping", Level.WARNING, True)] * n
    assert all(v.evidence == {"landing_g": 4.0} for v in found)


@pytest.mark.parametrize(
    ("forbids", "n"), [(("jump", "vigorous_burst"), 1), (("jump",), 0), ((), 0)]
)
def test_what_may_have_been_a_jump_counts_on_strict_rest_only(
    forbids: tuple[str, ...], n: int
) -> None:
    """A dog that may run and must not jump takes strides that look much like small jumps."""
    plan = Plan(name="disc", start=date(2026, 11, 23), phases=(replace(REST, forbids=forbids),))

    found = PlanMonitor(replace(PROFILE, plan=plan)).add_event(
        event("possible_jump", NOON_S, "low")
    )

    assert [(v.kind, v.level) for v in found] == [("jumping", Level.WARNING)] * n
    assert all(v.evidence["possible"] == 1.0 for v in found)


@pytest.mark.parametrize(("probability", "levels"), [(0.8, [Level.WARNING]), (0.79, [])])
def test_a_likely_soft_jump_up_onto_something_is_a_warning(
    probability: float, levels: list[Level]
) -> None:
    """It has low confidence, and is the only way in which many dogs break their rest."""
    evidence = {"landing_g": 1.5, "onto": 1.0, "probability": probability}

    found = PlanMonitor(PROFILE).add_event(replace(event("jump", NOON_S, "low"), evidence=evidence))

    assert [each.level for each in found] == levels


@pytest.mark.parametrize(("time_s", "n"), [(NOON_S + 43199.0, 1), (NOON_S + 43200.0, 0)])
def test_a_jump_after_the_last_day_of_the_plan_is_allowed(time_s: float, n: int) -> None:
    assert len(PlanMonitor(PROFILE).add_event(event("jump", time_s))) == n


@pytest.mark.parametrize(("last_s", "n"), [(599.0, 1), (600.0, 0)])
def test_three_bursts_within_ten_minutes_are_a_warning(last_s: float, n: int) -> None:
    watch = PlanMonitor(PROFILE)

    assert watch.add_event(event("vigorous_burst", NOON_S)) == []
    assert watch.add_event(event("vigorous_burst", NOON_S + 100.0)) == []
    assert len(watch.add_event(event("vigorous_burst", NOON_S + last_s))) == n


def test_the_cap_is_noted_at_four_fifths_and_told_when_used_up_once_each() -> None:
    watch = PlanMonitor(PROFILE)

    found = [
        of_kind("activity_cap", watch.add_minute(minute(NOON_S + 60.0 * k, walk_s=60.0)))
        for k in range(12)
    ]

    levels = [[each.level for each in verdicts] for verdicts in found]
    assert levels == [[]] * 7 + [[Level.WATCH], [], [Level.WARNING], [], []]
    assert found[9][0].evidence == {"used_min": 10.0, "cap_min": 10.0}


def test_a_new_day_clears_the_cap() -> None:
    watch = PlanMonitor(PROFILE)
    for k in range(10):
        watch.add_minute(minute(NOON_S + 60.0 * k, walk_s=60.0))

    (clear,) = of_kind("activity_cap", watch.add_minute(minute(NOON_S + 43200.0)))

    assert (clear.kind, clear.level, clear.time_s) == ("activity_cap", Level.CLEAR, NOON_S + 43200)


def test_a_jump_is_over_after_a_day_of_worn_minutes_and_not_of_a_drawer() -> None:
    """The minute that fills the 24 h is settled ten minutes later: after 1,440 + 10 minutes."""
    watch, drawer = PlanMonitor(PROFILE), PlanMonitor(PROFILE)
    watch.add_event(event("jump", NOON_S))
    drawer.add_event(event("jump", NOON_S))

    found = [of_kind("jumping", watch.add_minute(minute(NOON_S + 60.0 * k))) for k in range(1450)]
    silent = [
        of_kind("jumping", drawer.add_minute(minute(NOON_S + 60.0 * k, worn_s=0.0)))
        for k in range(5000)
    ]

    assert [k for k, verdicts in enumerate(found) if verdicts] == [1449]
    assert found[1449][0].level is Level.CLEAR
    assert found[1449][0].time_s == NOON_S + 86400.0
    assert not any(silent)


def test_an_event_that_comes_after_its_minutes_gives_the_same() -> None:
    early, late = PlanMonitor(PROFILE), PlanMonitor(PROFILE)
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


WEEKS = Plan(
    name="disc",
    start=date(2026, 11, 2),
    phases=(
        Phase(name="rest", days=7, active_min_cap=30.0),
        Phase(name="walks", days=21, active_min_cap=75.0, least_active_min=10.0),
    ),
)
START_S = 1_793_577_600.0  # 2 November 2026, 00:00 UTC


def weeks_of(active_min: list[int]) -> list[Minute]:
    """Return a worn minute for each minute of each day, so many of them active, from 08:00 on."""
    return [
        minute(START_S + 86_400.0 * day + 60.0 * k, walk_s=60.0 if 480 <= k < 480 + n else 0.0)
        for day, n in enumerate(active_min)
        for k in range(1440)
    ]


def watched(
    minutes: list[Minute], changes: dict[int, AlertChange] | None = None
) -> tuple[PlanMonitor, list[Verdict]]:
    """Return a watch and its verdicts; changes of alerts come on days after the first."""
    watch, found = PlanMonitor(DogProfile(id="rex", plan=WEEKS)), list[Verdict]()
    for each in minutes:
        change = (changes or {}).get(round((each.start_s - START_S) / 60.0))
        if change is not None:
            watch.observe([change])
        found += watch.add_minute(each)
    return watch, found


def stiff(day: int, *, status: Status = Status.OPEN, count: int = 1) -> AlertChange:
    """Return a warning that was given at the end of a day."""
    return AlertChange(
        id="s1",
        dog="rex",
        kind="stiff_gait",
        severity=Level.WARNING,
        status=status,
        onset_s=START_S,
        time_s=START_S + 86_400.0 * (day + 1),
        count=count,
    )


def cap_min(watch: PlanMonitor, day: int) -> float:
    cap = watch.cap_on(date(2026, 11, 2 + day))
    assert cap is not None
    return cap.minutes


def test_the_cap_follows_what_the_dog_did_in_the_week_before() -> None:
    """40 a day allow 46: noted in the 37th minute (0.8 x 46 = 36.8), told in the 46th."""
    minutes = weeks_of([40] * 7 + [50])

    watch, found = watched(minutes)

    second_week = [
        each for each in of_kind("activity_cap", found) if each.time_s > START_S + 7 * 86_400.0
    ]
    assert [each.level for each in second_week] == [Level.WATCH, Level.WARNING]
    assert [each.evidence["used_min"] for each in second_week] == [37.0, 46.0]
    assert second_week[0].evidence["plan_min"] == 75.0
    assert cap_min(watch, 7) == pytest.approx(46.0)


def test_a_setback_holds_the_cap_of_the_next_week() -> None:
    """Told at the end of the fifth day, a Friday: the cap stays at 30."""
    minutes = weeks_of([40] * 7 + [1])

    held, _ = watched(minutes, {5 * 1440: stiff(4)})

    cap = held.cap_on(date(2026, 11, 9))
    assert cap is not None
    assert (cap.minutes, cap.reason, cap.setback) == (30.0, "setback", date(2026, 11, 6))
    assert cap_min(watched(minutes)[0], 7) == pytest.approx(46.0)


def test_a_false_alarm_was_no_setback_and_an_answer_is_no_second_one() -> None:
    minutes = weeks_of([40] * 14 + [1])
    refuted = {1440: stiff(0), 2880: stiff(1, status=Status.FALSE_ALARM)}
    # Seen on the first day, acknowledged in the second week.
    answered = {1440: stiff(0), 8 * 1440: stiff(7, status=Status.ACKNOWLEDGED)}

    assert cap_min(watched(minutes, refuted)[0], 7) == pytest.approx(46.0)
    assert cap_min(watched(minutes, answered)[0], 7) == 30.0
    assert cap_min(watched(minutes, answered)[0], 14) == pytest.approx(46.0)


def test_days_of_rest_and_turns_of_the_plan_are_told_as_they_come() -> None:
    """Rest below the floor on days 7 to 9; a plan that begins on the first day is known."""
    _, found = watched(weeks_of([20] * 7 + [5, 5, 5, 0]))

    rest = of_kind("too_much_rest", found)
    turns = [each for each in of_kind("plan_phase", found) if each.level is Level.WATCH]
    assert [each.level for each in rest] == [Level.WATCH, Level.WATCH, Level.WARNING]
    assert rest[0].onset_s == START_S + 7 * 86_400.0
    assert [(each.time_s - START_S) / 86_400.0 for each in turns] == [6.0, 7.0]
    assert turns[1].evidence["cap_min"] == 30.0


def test_scattered_seconds_count_against_the_cap_but_are_no_walk() -> None:
    """A hundred minutes with 14 active seconds each are 23.3 of 30, but no minute of walking."""
    minutes = [
        minute(START_S + 86_400.0 * day + 60.0 * k, walk_s=walk_s if 480 <= k < 580 else 0.0)
        for day, walk_s in enumerate([14.0, 15.0, 0.0])
        for k in range(1440)
    ]
    plan = Plan(
        name="disc",
        start=date(2026, 11, 2),
        phases=(Phase(name="rest", days=7, active_min_cap=25.0, least_active_min=10.0),),
    )
    watch, found = PlanMonitor(DogProfile(id="rex", plan=plan)), list[Verdict]()
    for each in minutes:
        found += watch.add_minute(each)

    rest = of_kind("too_much_rest", found)
    assert [each.level for each in rest] == [Level.WATCH, Level.CLEAR]
    noted, cleared = of_kind("activity_cap", found)[:2]
    assert (noted.level, cleared.level) == (Level.WATCH, Level.CLEAR)
    assert noted.time_s < START_S + 86_400.0


def test_the_watch_survives_a_restart_at_every_hour() -> None:
    minutes = weeks_of([40] * 7 + [50, 5, 5, 5, 1])
    watch, found = PlanMonitor(DogProfile(id="rex", plan=WEEKS)), list[Verdict]()
    for number, each in enumerate(minutes):
        found += watch.add_minute(each)
        if number % 60 == 0:
            data = snapshots.encode({"plan": watch.state})
            watch = PlanMonitor(DogProfile(id="rex", plan=WEEKS))
            watch.state = cast(
                "PlanMonitorState", snapshots.decode(data, {"plan": watch.state}).states["plan"]
            )

    assert found == watched(minutes)[1]
    assert {each.kind for each in found} == {"activity_cap", "too_much_rest", "plan_phase"}
