"""What is told, and when; times in minutes of one evening that begins at 20:00 UTC."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model import AlertChange, Level, Status
from config.machine_settings import Notify
from ingest.notifications.policy import (
    NotificationPolicy,
    NotificationPolicyState,
    Outgoing,
)
from ingest.records import PendingNotification

EVENING_S = datetime(2026, 11, 24, 20, tzinfo=UTC).timestamp()
QUIET_MIN = 2 * 60
MORNING_MIN = 11 * 60


def minute(minutes: float) -> float:
    return EVENING_S + 60.0 * minutes


def row(alert: str = "a1", level: Level = Level.WARNING, **changes: object) -> PendingNotification:
    change = AlertChange(
        id=alert,
        dog="rex",
        kind="jumping",
        severity=level,
        status=Status.OPEN,
        onset_s=EVENING_S,
        time_s=EVENING_S,
        notify=True,
    )
    change = replace(change, **changes)  # type: ignore[arg-type]  # each test names real fields
    return PendingNotification(change=change, dog_name="Rex", zone="UTC")


def tell(dispatcher: NotificationPolicy, minutes: float) -> list[Outgoing]:
    """Send all that is due, as a notifier that always succeeds would."""
    outgoing = dispatcher.due(minute(minutes))
    for each in outgoing:
        dispatcher.sent(each, minute(minutes))
    return outgoing


@pytest.fixture
def dispatcher() -> NotificationPolicy:
    return NotificationPolicy(Notify())


def test_a_warning_in_the_day_is_told_at_once_and_once(dispatcher: NotificationPolicy) -> None:
    dispatcher.add(1, row(), minute(0))

    assert [each.message.title for each in tell(dispatcher, 0)] == ["Rex jumped"]
    assert tell(dispatcher, 1) == []
    assert dispatcher.next_s(minute(1)) is None


def test_a_turn_of_the_plan_is_told_in_the_morning(dispatcher: NotificationPolicy) -> None:
    """It comes at midnight, with the new day."""
    turn = row(level=Level.WATCH, kind="plan_phase", evidence={"phase": 2.0, "phases": 4.0})
    dispatcher.add(1, turn, minute(QUIET_MIN + 120))

    assert tell(dispatcher, MORNING_MIN - 1) == []
    assert [each.message.title for each in tell(dispatcher, MORNING_MIN)] == [
        "Rex: phase 2 of 4 begins"
    ]


def test_a_change_that_is_not_for_the_owner_is_not_told(dispatcher: NotificationPolicy) -> None:
    dispatcher.add(1, row(notify=False), minute(0))

    assert tell(dispatcher, 0) == []


def test_the_night_holds_warnings_and_ends_in_one_digest(dispatcher: NotificationPolicy) -> None:
    """Three alerts of the night, one message at seven."""
    for i, kind in enumerate(("jumping", "stiff_gait", "vigorous_burst"), start=1):
        dispatcher.add(i, row(f"a{i}", kind=kind), minute(QUIET_MIN + i))

    assert tell(dispatcher, QUIET_MIN + 10) == []
    assert dispatcher.next_s(minute(QUIET_MIN + 10)) == minute(MORNING_MIN)
    assert tell(dispatcher, MORNING_MIN - 1) == []
    told = tell(dispatcher, MORNING_MIN)
    assert [each.message.title for each in told] == ["Rex jumped, and 2 more"]
    assert "jumped" in told[0].message.body
    assert "stiffly" in told[0].message.body


@pytest.mark.slow
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 20 * 60),
            st.sampled_from([Level.WATCH, Level.WARNING, Level.URGENT]),
            st.sampled_from(["a1", "a2", "a3"]),
            st.sampled_from([Status.OPEN, Status.WORSE, Status.RESOLVED]),
        ),
        max_size=12,
    ).map(lambda each: sorted(each, key=lambda row: row[0]))
)
def test_nothing_but_what_is_urgent_ever_wakes_anybody_and_that_always_does(
    rows: list[tuple[int, Level, str, Status]],
) -> None:
    """Any alerts of a night, looked at every minute until the next day: 22:00 to 07:00."""
    dispatcher = NotificationPolicy(Notify())
    waiting = list(enumerate(rows, start=1))
    for now_min in range(24 * 60):
        taken: set[str] = set()
        while waiting and waiting[0][1][0] <= now_min:
            position, (_, level, alert, status) = waiting.pop(0)
            known = dispatcher.state.told.get(alert)
            news = row(
                alert, level, kind=alert, status=status, notify=status is not Status.RESOLVED
            )
            dispatcher.add(position, news, minute(now_min))
            taken.discard(alert)
            if level is Level.URGENT and status is not Status.RESOLVED:
                taken |= set() if known and known.urgent else {alert}
        told = tell(dispatcher, now_min)
        if QUIET_MIN <= now_min < MORNING_MIN:
            assert {each.message.severity for each in told} <= {"urgent"}
        first = {each.change.id for message in told for each in message.tells}
        assert taken <= first


def test_the_night_does_not_hold_what_is_urgent(dispatcher: NotificationPolicy) -> None:
    """And the warning that came before it goes on waiting."""
    dispatcher.add(1, row("calm"), minute(QUIET_MIN + 1))
    bad = row("bad", Level.URGENT, kind="irregular_gait", time_s=minute(QUIET_MIN + 2))
    dispatcher.add(2, bad, minute(QUIET_MIN + 2))

    told = tell(dispatcher, QUIET_MIN + 2)

    assert [(each.message.severity, each.tells[0].change.id) for each in told] == [
        ("urgent", "bad")
    ]
    assert "calm" in dispatcher.state.waiting


@pytest.mark.parametrize("ending", [Status.ACKNOWLEDGED, Status.FALSE_ALARM, Status.RESOLVED])
def test_what_is_urgent_is_repeated_until_it_ends(
    dispatcher: NotificationPolicy, ending: Status
) -> None:
    """Every 30 minutes, counted from the last delivery."""
    dispatcher.add(1, row(level=Level.URGENT), minute(0))

    assert len(tell(dispatcher, 0)) == 1
    assert tell(dispatcher, 29) == []
    assert len(tell(dispatcher, 31)) == 1
    assert tell(dispatcher, 60) == []
    assert len(tell(dispatcher, 61)) == 1
    dispatcher.add(2, row(level=Level.URGENT, status=ending, notify=False), minute(62))
    assert tell(dispatcher, 120) == []
    assert dispatcher.next_s(minute(120)) is None


def test_updates_of_an_urgent_alert_wait_for_the_next_repeat(
    dispatcher: NotificationPolicy,
) -> None:
    """Ten jumps in a minute are one message, and the next one tells the last count."""
    dispatcher.add(1, row(level=Level.URGENT), minute(0))
    tell(dispatcher, 0)
    for i in range(2, 12):
        dispatcher.add(i, row(level=Level.URGENT, count=i, status=Status.WORSE), minute(1))

    assert tell(dispatcher, 2) == []
    assert [each.tells[0].change.count for each in tell(dispatcher, 30)] == [11]


def test_a_warning_that_becomes_urgent_is_told_at_once(dispatcher: NotificationPolicy) -> None:
    dispatcher.add(1, row(), minute(0))
    tell(dispatcher, 0)
    dispatcher.add(2, row(level=Level.URGENT, status=Status.WORSE), minute(1))

    assert [each.message.severity for each in tell(dispatcher, 1)] == ["urgent"]


def test_the_cooldown_counts_from_the_last_delivered(dispatcher: NotificationPolicy) -> None:
    """Another jump alert waits for an hour after the first was told at minute 5, not at 0."""
    dispatcher.add(1, row("a1"), minute(0))
    tell(dispatcher, 5)
    dispatcher.add(2, row("a2"), minute(10))

    assert tell(dispatcher, 64) == []
    assert len(tell(dispatcher, 65)) == 1


def test_a_failed_delivery_starts_no_cooldown(dispatcher: NotificationPolicy) -> None:
    """`sent` was not called, so the same message is still due."""
    dispatcher.add(1, row("a1"), minute(0))

    assert dispatcher.due(minute(0)) == dispatcher.due(minute(0))
    assert len(tell(dispatcher, 3)) == 1


def test_another_kind_does_not_wait_for_the_cooldown_of_the_first(
    dispatcher: NotificationPolicy,
) -> None:
    dispatcher.add(1, row("a1"), minute(0))
    tell(dispatcher, 0)
    dispatcher.add(2, row("a2", kind="activity_cap"), minute(1))

    assert len(tell(dispatcher, 1)) == 1


def test_old_recordings_are_told_in_one_digest_and_never_as_urgent(
    dispatcher: NotificationPolicy,
) -> None:
    """After two minutes without another one; once, not repeated."""
    for i in range(1, 5):
        stored = replace(row(f"a{i}", Level.URGENT), stored=True)
        dispatcher.add(i, stored, minute(i))

    assert tell(dispatcher, 5) == []
    told = tell(dispatcher, 6)
    assert [each.message.severity for each in told] == ["warning"]
    assert told[0].message.body.startswith("Recorded earlier")
    assert tell(dispatcher, 100) == []


def test_the_end_of_a_state_is_told_once_and_quietly_to_those_who_heard_of_it(
    dispatcher: NotificationPolicy,
) -> None:
    """Whatever its severity was: the worst news that is over is good news."""
    dispatcher.add(1, row(level=Level.URGENT, kind="stiff_gait"), minute(0))
    tell(dispatcher, 0)
    over = row(level=Level.URGENT, kind="stiff_gait", status=Status.RESOLVED, notify=False)
    dispatcher.add(2, over, minute(1))
    dispatcher.add(3, replace(over, change=replace(over.change, id="never told")), minute(1))

    told = tell(dispatcher, 1)

    assert [each.change.id for out in told for each in out.tells] == ["a1"]
    assert "over now" in told[0].message.title
    assert told[0].message.severity == "clear"
    assert tell(dispatcher, 1000) == []


def test_the_end_of_a_state_waits_for_the_morning(dispatcher: NotificationPolicy) -> None:
    dispatcher.add(1, row(kind="stiff_gait"), minute(0))
    tell(dispatcher, 0)
    over = row(kind="stiff_gait", status=Status.RESOLVED, notify=False)
    dispatcher.add(2, over, minute(QUIET_MIN + 1))

    assert tell(dispatcher, QUIET_MIN + 1) == []
    assert len(tell(dispatcher, MORNING_MIN)) == 1


def test_the_end_of_a_happening_is_not_told(dispatcher: NotificationPolicy) -> None:
    """That a dog has not jumped for a day is no news."""
    dispatcher.add(1, row(kind="jumping"), minute(0))
    tell(dispatcher, 0)
    dispatcher.add(2, row(kind="jumping", status=Status.RESOLVED, notify=False), minute(1))

    assert tell(dispatcher, 1000) == []


def test_alerts_of_one_time_are_one_message_with_the_worst_as_headline(
    dispatcher: NotificationPolicy,
) -> None:
    """At night too: the warning comes with the urgent alert of the same verdicts."""
    night_s = minute(QUIET_MIN + 1)
    for i, (kind, level) in enumerate(
        (("reduced_activity", Level.WARNING), ("irregular_gait", Level.URGENT)), start=1
    ):
        dispatcher.add(i, row(f"a{i}", level, kind=kind, time_s=night_s), night_s)

    (told,) = tell(dispatcher, QUIET_MIN + 1)

    assert told.message.title == "Check Rex: uneven steps, and 1 more"
    assert told.message.severity == "urgent"
    assert {each.change.kind for each in told.tells} == {"reduced_activity", "irregular_gait"}
    again = tell(dispatcher, MORNING_MIN + 60)[0].message
    assert again.title == "Reminder: Check Rex: uneven steps"


def test_an_urgent_message_of_the_day_takes_what_is_due_for_its_dog_alone(
    dispatcher: NotificationPolicy,
) -> None:
    other = replace(row("other"), dog_name="Bella")
    dispatcher.add(1, row("calm"), minute(0))
    dispatcher.add(2, replace(other, change=replace(other.change, dog="bella")), minute(0))
    dispatcher.add(3, row("bad", Level.URGENT, kind="irregular_gait"), minute(0))

    told = tell(dispatcher, 0)

    assert [each.message.title for each in told] == [
        "Check Rex: uneven steps, and 1 more",
        "Bella jumped",
    ]
    assert [each.message.severity for each in told] == ["urgent", "warning"]


def test_what_ended_before_it_was_told_is_told_calmly(dispatcher: NotificationPolicy) -> None:
    """An urgent alert that no service took, and that is over, does not wake anybody."""
    dispatcher.add(1, row(level=Level.URGENT), minute(QUIET_MIN + 1))
    dispatcher.add(2, row(level=Level.URGENT, status=Status.RESOLVED), minute(QUIET_MIN + 2))

    assert tell(dispatcher, QUIET_MIN + 3) == []
    assert [each.message.severity for each in tell(dispatcher, MORNING_MIN)] == ["warning"]
    assert tell(dispatcher, MORNING_MIN + 100) == []


@pytest.mark.parametrize(("kind", "n_told"), [("no_data", 0), ("stiff_gait", 1)])
def test_a_collar_that_is_heard_again_before_the_morning_is_no_news(
    dispatcher: NotificationPolicy, kind: str, n_told: int
) -> None:
    """It was on its charger for the evening; what the dog went through at night is told."""
    dispatcher.add(1, row(kind=kind), minute(QUIET_MIN + 1))
    over = row(kind=kind, status=Status.RESOLVED, notify=False)
    dispatcher.add(2, over, minute(QUIET_MIN + 60))

    assert len(tell(dispatcher, MORNING_MIN)) == n_told


def test_a_false_alarm_before_it_was_told_is_not_told(dispatcher: NotificationPolicy) -> None:
    dispatcher.add(1, row(), minute(QUIET_MIN + 1))
    dispatcher.add(2, row(status=Status.FALSE_ALARM), minute(QUIET_MIN + 2))

    assert tell(dispatcher, MORNING_MIN) == []


def test_a_snooze_holds_a_warning_and_ends_in_one_message(dispatcher: NotificationPolicy) -> None:
    dispatcher.snooze("rex", "jumping", minute(90))
    dispatcher.add(1, row("a1"), minute(0))
    dispatcher.add(2, row("a2"), minute(1))

    assert tell(dispatcher, 89) == []
    assert len(tell(dispatcher, 90)) == 1


def test_a_snooze_holds_repeats_but_no_first_urgent_alert(dispatcher: NotificationPolicy) -> None:
    dispatcher.snooze("rex", "jumping", minute(90))
    dispatcher.add(1, row(level=Level.URGENT), minute(0))

    assert len(tell(dispatcher, 0)) == 1
    assert tell(dispatcher, 60) == []
    assert len(tell(dispatcher, 90)) == 1


def test_two_dogs_have_two_messages(dispatcher: NotificationPolicy) -> None:
    dispatcher.add(1, row("a1"), minute(0))
    dispatcher.add(2, row("b1", dog="ada"), minute(0))

    assert len(tell(dispatcher, 0)) == 2


def test_a_row_that_comes_again_changes_nothing(dispatcher: NotificationPolicy) -> None:
    """The outbox offers rows again after a crash."""
    dispatcher.add(1, row(), minute(0))
    tell(dispatcher, 0)
    dispatcher.add(1, row(), minute(1))

    assert tell(dispatcher, 200) == []


def test_what_waits_repeats_and_cools_down_survives_a_restart(
    dispatcher: NotificationPolicy,
) -> None:
    """The state is plain enough to be written as JSON and read again at any moment."""
    dispatcher.add(1, row("bad", Level.URGENT, kind="irregular_gait"), minute(0))
    tell(dispatcher, 0)
    dispatcher.add(2, row("calm"), minute(QUIET_MIN + 1))
    dispatcher.add(3, replace(row("old"), stored=True), minute(QUIET_MIN + 1))

    saved = msgspec.json.encode(dispatcher.state)
    again = NotificationPolicy(Notify(), msgspec.json.decode(saved, type=NotificationPolicyState))

    assert again.state == dispatcher.state
    assert again.due(minute(MORNING_MIN)) == dispatcher.due(minute(MORNING_MIN))
    assert [len(each.tells) for each in again.due(minute(MORNING_MIN))] == [2, 1]


def test_a_clock_that_was_set_back_holds_no_old_alert(dispatcher: NotificationPolicy) -> None:
    """It was gathered while the clock was ten hours ahead; nobody waits for that hour."""
    dispatcher.add(1, replace(row(), stored=True), minute(600))

    assert len(tell(dispatcher, 0)) == 1


def test_a_clock_that_was_set_back_holds_no_reminder_and_no_second_alert(
    dispatcher: NotificationPolicy,
) -> None:
    """One urgent alert and one warning were told while the clock was ten hours ahead."""
    urgent = row("a1", Level.URGENT, kind="no_movement")
    dispatcher.add(1, urgent, minute(720))
    dispatcher.add(2, row("a2"), minute(720))
    tell(dispatcher, 720)

    assert [each.tells for each in tell(dispatcher, 0)] == [(urgent,)]
    assert tell(dispatcher, 1) == []
    dispatcher.add(3, row("a3"), minute(1))
    assert len(tell(dispatcher, 1)) == 1
