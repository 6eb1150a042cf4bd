"""How often an owner is told at most, whatever the detectors say, and what is told all the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.alert import AlertSettings
from analysis.alerts.book import AlertBook
from analysis.model import AlertChange, Level, Status, Verdict

DAY_S = 86400.0
SETTINGS = AlertSettings()
GAPS_S = st.sampled_from([60.0, 901.0, 3600.0, 6 * 3600.0, DAY_S])
LEVELS = st.sampled_from([*Level, Level.WARNING, Level.URGENT])


def verdicts(*, momentary: bool) -> st.SearchStrategy[list[Verdict]]:
    """Return any sequence of one kind in time order, as nervous as it likes.

    It is made of stretches of one level in which the evidence gets worse all the time.
    """

    def in_order(stretches: list[tuple[float, list[Level], int]]) -> list[Verdict]:
        made: list[Verdict] = []
        time_s = 0.0
        for gap_s, levels, times in stretches:
            for level in levels * times:
                time_s += gap_s
                made.append(
                    Verdict(
                        kind="any",
                        level=level,
                        time_s=time_s,
                        onset_s=time_s,
                        evidence={"drop": 0.15 * len(made)},
                        momentary=momentary,
                    )
                )
        return made

    stretch = st.tuples(GAPS_S, st.lists(LEVELS, min_size=1, max_size=3), st.integers(1, 12))
    return st.lists(stretch, max_size=6).map(in_order)


def said(heard: list[Verdict]) -> list[AlertChange]:
    """Return what the book says of verdicts."""
    book = AlertBook("rex", SETTINGS)
    return [change for each in heard for change in book.process(each)]


def most_within(times_s: list[float], span_s: float) -> int:
    """Return how many times lie in the fullest span."""
    return max((sum(t - span_s < each <= t for each in times_s) for t in times_s), default=0)


def aloud(changes: list[AlertChange]) -> list[AlertChange]:
    """Return what is told of alerts that are on."""
    return [each for each in changes if each.notify and each.status is not Status.RESOLVED]


@given(verdicts(momentary=False) | verdicts(momentary=True))
def test_a_kind_is_told_at_most_nine_times_in_24_hours(heard: list[Verdict]) -> None:
    """Eight, and one urgent message a day that is always free."""
    times_s = [each.time_s for each in aloud(said(heard))]

    assert most_within(times_s, DAY_S) <= SETTINGS.most_a_day + 1


@given(verdicts(momentary=False))
def test_a_state_that_is_not_urgent_is_told_at_most_three_times_a_week(
    heard: list[Verdict],
) -> None:
    """An alert whose severity was urgent says so; the others are counted."""
    calm = [each for each in heard if each.level is not Level.URGENT]
    times_s = [each.time_s for each in aloud(said(calm))]

    assert most_within(times_s, 7 * DAY_S) <= SETTINGS.most_a_week


@given(verdicts(momentary=False) | verdicts(momentary=True))
def test_what_becomes_urgent_is_told_if_nothing_urgent_was_for_a_day(heard: list[Verdict]) -> None:
    """However much was said before: the limits never cost the first urgent message."""
    book, urgent_s, level = AlertBook("rex", SETTINGS), -DAY_S, Level.CLEAR
    for each in heard:
        live = book.state.live.get("any")
        level = live.severity if live else Level.CLEAR
        changes = book.process(each)
        told = [change for change in aloud(changes) if each.level is Level.URGENT]
        if each.level is Level.URGENT and level is not Level.URGENT:
            assert told or each.time_s - urgent_s < DAY_S
        if told:
            urgent_s = each.time_s


def test_jumps_every_twenty_minutes_are_told_eight_times_a_day() -> None:
    """72 jumps a day; a new one is told when the oldest of the eight is a day ago."""
    jumps = [
        Verdict(
            kind="jumping",
            level=Level.WARNING,
            time_s=1200.0 * n,
            onset_s=1200.0 * n,
            momentary=True,
        )
        for n in range(73)
    ]

    told_s = [each.time_s for each in said(jumps) if each.notify]

    assert told_s == [1200.0 * n for n in range(8)] + [DAY_S]


def test_after_eight_warnings_an_urgent_happening_is_told_all_the_same() -> None:
    jumps = [
        Verdict(kind="any", level=level, time_s=1000.0 * n, onset_s=1000.0 * n, momentary=True)
        for n, level in enumerate([Level.WARNING] * 9 + [Level.URGENT])
    ]

    assert [each.notify for each in said(jumps)] == [True] * 8 + [False, True]


def state(
    hours: float, level: Level = Level.WARNING, evidence: dict[str, float] | None = None
) -> Verdict:
    """Return a verdict about a lasting state."""
    return Verdict(
        kind="stiff_gait",
        level=level,
        time_s=hours * 3600.0,
        onset_s=hours * 3600.0,
        evidence=evidence or {},
    )


@pytest.mark.parametrize(
    ("name", "before", "not_yet", "worse"),
    [
        ("index", -1.6, -2.05, -2.1),
        ("cv_ratio", 1.6, 1.95, 2.0),
        ("drop", 0.30, 0.44, 0.45),
    ],
)
def test_each_kind_is_told_as_worse_by_its_own_measure(
    name: str, before: float, not_yet: float, worse: float
) -> None:
    changes = said(
        [
            state(0, evidence={name: before}),
            state(24, evidence={name: not_yet}),
            state(48, evidence={name: worse}),
        ]
    )

    assert [each.notify for each in changes] == [True, False, True]
    assert changes[-1].status is Status.WORSE


@pytest.mark.parametrize(("hours", "told"), [(1.9, False), (2.0, True)])
def test_an_urgent_state_that_is_back_after_two_hours_is_told_again(
    hours: float, *, told: bool
) -> None:
    """A dog that walked a little in between has not become well."""
    changes = said([state(0, Level.URGENT), state(1, Level.CLEAR), state(hours, Level.URGENT)])

    assert [each.notify for each in changes] == [True, False, told]


def test_an_urgent_state_that_goes_on_is_told_once() -> None:
    """The reminders until it is acknowledged are the dispatcher's."""
    changes = said([state(hour, Level.URGENT) for hour in range(24)])

    assert [each.notify for each in changes] == [True] + [False] * 23


@given(
    answers=st.lists(
        st.tuples(
            st.sampled_from([Level.WATCH, Level.WARNING, Level.CLEAR]),
            st.sampled_from(["", "ack", "false_alarm"]),
        ),
        max_size=30,
    ),
    momentary=st.booleans(),
)
def test_no_answer_of_the_owner_ever_silences_what_becomes_urgent(
    answers: list[tuple[Level, str]], *, momentary: bool
) -> None:
    """However often a kind was called a false alarm: steps never hold an urgent one."""
    book = AlertBook("rex", AlertSettings())
    for i, (level, answer) in enumerate(answers):
        time_s = 3600.0 * i
        book.process(
            Verdict(kind="k", level=level, time_s=time_s, onset_s=time_s, momentary=momentary)
        )
        live = book.state.live.get("k")
        if answer and live is not None:
            book.command(answer, live.id, time_s)
    time_s = 3600.0 * len(answers)

    (change,) = book.process(
        Verdict(kind="k", level=Level.URGENT, time_s=time_s, onset_s=time_s, momentary=momentary)
    )

    assert (change.notify, change.severity) == (True, Level.URGENT)
    assert change.status in {Status.OPEN, Status.WORSE}


@pytest.mark.parametrize(("day", "steps"), [(89.9, 1), (90.1, 0)])
def test_a_false_alarm_is_forgotten_after_ninety_days(day: float, steps: int) -> None:
    """Then the first sighting is told again."""
    book = AlertBook("rex", SETTINGS)
    (opened,) = book.process(state(0))
    book.command("false_alarm", opened.id, 0.0)

    (change,) = book.process(state(24 * day))

    assert (change.false_alarm_steps, change.status is Status.PENDING) == (steps, steps == 1)
    book.advance(day * DAY_S)
    assert book.step_of("stiff_gait") == steps
