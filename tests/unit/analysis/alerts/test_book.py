"""The life of an alert."""

import copy
from typing import Any

import msgspec
import pytest

from analysis.alerts.book import AlertBook, AlertSettings, BookState
from analysis.errors import InputError
from analysis.model import AlertChange, Level, Status, Verdict

DAY_S = 86400.0


def book() -> AlertBook:
    return AlertBook("rex", AlertSettings(), told_as_watch={"plan_phase"})


def state(day: float, level: Level, drop: float = 0.30, onset_day: float = 0.0) -> Verdict:
    return Verdict(
        kind="reduced_activity",
        level=level,
        time_s=day * DAY_S,
        onset_s=onset_day * DAY_S,
        evidence={"drop": drop},
    )


def jump(time_s: float, level: Level = Level.WARNING) -> Verdict:
    return Verdict(kind="jumping", level=level, time_s=time_s, onset_s=time_s, momentary=True)


def said(changes: list[AlertChange]) -> list[tuple[Status, bool]]:
    return [(each.status, each.notify) for each in changes]


def test_a_warning_opens_and_notifies_and_a_repeat_only_counts() -> None:
    alerts = book()

    first, second = (
        alerts.process(state(3, Level.WARNING)),
        alerts.process(state(4, Level.WARNING, onset_day=1)),
    )

    assert said(first) == [(Status.OPEN, True)]
    assert said(second) == [(Status.OPEN, False)]
    assert (second[0].id, second[0].count, second[0].onset_s) == (first[0].id, 2, 0.0)


def test_a_watch_is_silent_and_becomes_a_warning_aloud() -> None:
    alerts = book()

    assert said(alerts.process(state(1, Level.WATCH))) == [(Status.OPEN, False)]
    worse = alerts.process(state(2, Level.WARNING))

    assert said(worse) == [(Status.OPEN, True)]
    assert worse[0].severity is Level.WARNING


def test_a_turn_of_the_plan_is_told_and_no_other_watch() -> None:
    turn = Verdict(kind="plan_phase", level=Level.WATCH, time_s=0.0, onset_s=0.0, momentary=True)

    assert said(book().process(turn)) == [(Status.OPEN, True)]
    assert said(book().process(jump(0.0, Level.WATCH))) == [(Status.OPEN, False)]


@pytest.mark.parametrize(("drop", "told"), [(0.44, False), (0.45, True)])
def test_worse_by_fifteen_points_is_told(drop: float, *, told: bool) -> None:
    alerts = book()
    alerts.process(state(1, Level.WARNING, drop=0.30))

    assert alerts.process(state(2, Level.WARNING, drop=drop))[0].notify is told


def test_two_clear_verdicts_resolve_and_one_does_not() -> None:
    alerts = book()
    alerts.process(state(1, Level.WARNING))

    assert said(alerts.process(state(2, Level.CLEAR))) == [(Status.RECOVERING, False)]
    assert said(alerts.process(state(3, Level.CLEAR))) == [(Status.RESOLVED, False)]
    assert alerts.process(state(4, Level.CLEAR)) == []


def test_missing_data_never_resolve_an_alert() -> None:
    alerts = book()
    alerts.process(state(1, Level.WARNING))

    assert said(alerts.process(state(2, Level.UNKNOWN))) == [(Status.UNKNOWN, False)]
    assert [alerts.process(state(day, Level.UNKNOWN)) for day in range(3, 100)] == [[]] * 97
    assert said(alerts.process(state(100, Level.WARNING))) == [(Status.OPEN, False)]


def test_silence_of_two_days_makes_a_state_unknown_at_that_moment() -> None:
    """The last verdict was at day 1, so it is unknown from day 3 on, whenever that is noticed."""
    alerts = book()
    alerts.process(state(1, Level.WARNING))

    assert alerts.advance(2.99 * DAY_S) == []
    late = alerts.advance(9 * DAY_S)

    assert said(late) == [(Status.UNKNOWN, False)]
    assert late[0].time_s == 3 * DAY_S


@pytest.mark.parametrize(("day", "told"), [(7.9, False), (8.0, True)])
def test_a_state_that_comes_back_within_a_week_is_not_told_again(day: float, *, told: bool) -> None:
    alerts = book()
    alerts.process(state(1, Level.WARNING))
    alerts.process(state(2, Level.CLEAR))
    alerts.process(state(3, Level.CLEAR))

    assert said(alerts.process(state(day, Level.WARNING, onset_day=5))) == [(Status.OPEN, told)]


def test_a_state_that_came_back_silently_is_told_once_the_week_is_over() -> None:
    alerts = book()
    for each in (state(1, Level.WARNING), state(2, Level.CLEAR), state(3, Level.CLEAR)):
        alerts.process(each)

    told = [
        alerts.process(state(day, Level.WARNING, onset_day=5))[0].notify for day in range(5, 12)
    ]

    assert told == [False, False, False, True, False, False, False]


def test_the_first_jump_is_told_at_once_and_later_ones_are_grouped() -> None:
    """Told at 0 s; 900 s later is still the same quarter of an hour, 901 s is not."""
    alerts = book()

    changes = [alerts.process(jump(time_s))[0] for time_s in (0.0, 10.0, 900.0, 901.0)]

    assert said(changes) == [
        (Status.OPEN, True),
        (Status.OPEN, False),
        (Status.OPEN, False),
        (Status.WORSE, True),
    ]
    assert [each.count for each in changes] == [1, 2, 3, 4]
    assert len({each.id for each in changes}) == 1


def test_a_happening_is_over_when_it_is_said_to_be_and_not_before() -> None:
    alerts = book()
    alerts.process(jump(0.0))

    assert alerts.advance(30 * DAY_S) == []
    assert said(alerts.process(jump(31 * DAY_S, Level.CLEAR))) == [(Status.RESOLVED, False)]


def test_an_acknowledged_alert_stays_so_until_it_is_worse() -> None:
    alerts = book()
    opened = alerts.process(state(1, Level.WARNING))[0]

    assert said(alerts.command("ack", opened.id, DAY_S)) == [(Status.ACKNOWLEDGED, False)]
    assert alerts.command("ack", opened.id, DAY_S) == []
    assert said(alerts.process(state(2, Level.WARNING))) == [(Status.ACKNOWLEDGED, False)]
    assert said(alerts.process(state(3, Level.WARNING, drop=0.5))) == [(Status.WORSE, True)]


def test_after_a_false_alarm_the_next_one_has_to_be_seen_twice() -> None:
    alerts = book()
    opened = alerts.process(jump(0.0))[0]

    assert said(alerts.command("false_alarm", opened.id, 5.0)) == [(Status.FALSE_ALARM, False)]
    assert alerts.step_of("jumping") == 1
    assert said(alerts.process(jump(2000.0))) == [(Status.PENDING, False)]
    assert said(alerts.process(jump(2100.0))) == [(Status.OPEN, True)]


def test_an_urgent_alert_never_waits() -> None:
    alerts = book()
    alerts.command("false_alarm", alerts.process(jump(0.0))[0].id, 5.0)

    assert said(alerts.process(jump(50.0, Level.URGENT))) == [(Status.OPEN, True)]


def test_steps_are_bounded_by_three() -> None:
    alerts = book()
    for k in range(5):
        change = alerts.process(jump(10_000.0 * k))[0]
        alerts.command("false_alarm", change.id, change.time_s)

    assert alerts.step_of("jumping") == 3
    assert alerts.step_of("stiff_gait") == 0


@pytest.mark.parametrize(
    ("name", "target", "message"),
    [
        ("ack", "x", "alert id is 'x'"),
        ("false_alarm", "x", "alert id is 'x'"),
    ],
)
def test_a_command_that_makes_no_sense_is_bad_input(name: str, target: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        book().command(name, target, 0.0)


def test_an_unknown_command_is_bad_input() -> None:
    alerts = book()
    opened = alerts.process(jump(0.0))[0]

    with pytest.raises(InputError, match="command is 'eat'"):
        alerts.command("eat", opened.id, 0.0)


def test_ended_alerts_are_forgotten_after_ninety_days() -> None:
    alerts = book()
    alerts.process(jump(0.0))
    alerts.process(jump(DAY_S, Level.CLEAR))

    alerts.advance(90.9 * DAY_S)
    kept = len(alerts.state.ended)
    alerts.advance(91 * DAY_S)

    assert (kept, len(alerts.state.ended)) == (1, 0)


def test_a_restart_after_any_verdict_changes_nothing() -> None:
    levels = [
        "warning",
        "clear",
        "warning",
        "unknown",
        "watch",
        "clear",
        "clear",
        "warning",
        "warning",
    ]
    heard: list[Verdict] = []
    for day, level in enumerate(levels):
        heard += [state(day, Level(level), onset_day=day), jump(day * DAY_S + 7.0)]
    whole = book()
    expected: list[Any] = [whole.process(each) for each in heard]

    for cut in range(len(heard)):
        before, after = book(), book()
        changes = [before.process(each) for each in heard[:cut]]
        saved = msgspec.json.encode(copy.deepcopy(before.state))
        after.state = msgspec.json.decode(saved, type=BookState)
        assert changes + [after.process(each) for each in heard[cut:]] == expected


def test_an_answer_by_a_slow_clock_does_not_go_back_in_time() -> None:
    """The hub's clock is an hour behind the collar's; the newest change is how an alert stands."""
    alerts = book()
    (opened,) = alerts.process(state(1, Level.WARNING))

    (acknowledged,) = alerts.command("ack", opened.id, opened.time_s - 3600.0)

    assert acknowledged.status is Status.ACKNOWLEDGED
    assert acknowledged.time_s == opened.time_s
