"""Alerts of a cohort: who was told what and when, and how that is summed up."""

from dataclasses import replace

import pytest

from analysis.model import AlertChange, Level, Status
from analysis.model.dog import DogProfile
from analysis.pipeline.decision import Decision, DecisionSettings
from simulators.evaluation.cohorts.cases import CASES, healthy, onset_s, plan_of, story
from simulators.evaluation.cohorts.run import Run, Seen, Task, copy_of, drawn, judged, seen
from simulators.evaluation.cohorts.summary import cohort_section, free_line, line
from simulators.evaluation.report import Size
from simulators.evaluation.surrogate.days import shortcut
from simulators.scenarios.cohort import cohort

DAY_S = 86400.0
BY_NAME = {each.name: each for each in CASES}


def change(
    day: float, severity: Level, *, alert: str = "a", notify: bool = True, kind: str = "stiff_gait"
) -> AlertChange:
    return AlertChange(
        id=alert,
        dog="dog",
        kind=kind,
        severity=severity,
        status=Status.OPEN,
        onset_s=0.0,
        time_s=day * DAY_S,
        notify=notify,
    )


def test_only_what_the_owner_was_told_since_the_onset_counts() -> None:
    """A watch, a silent change and what came before are nothing; one alert is one, told twice."""
    changes = [
        change(1.0, Level.WARNING, alert="before"),
        change(3.0, Level.WATCH, alert="watch"),
        change(3.0, Level.WARNING, alert="silent", notify=False),
        change(4.0, Level.WARNING),
        change(5.0, Level.URGENT),
    ]

    assert seen(changes, 2.0 * DAY_S) == (Seen(kind="stiff_gait", days=2.0, urgent_days=3.0),)


def run(dog: int, case: str, days: int, *alerts: tuple[str, float]) -> Run:
    told = tuple(Seen(kind=kind, days=day, urgent_days=None) for kind, day in alerts)
    return Run(dog=dog, size="medium", case=case, days=days, seen=told)


def test_a_line_counts_dogs_that_were_found_in_time_and_every_alert() -> None:
    """Two of four within 3 days, after 1 and 2 days; three alerts in 56 dog-days."""
    runs = [
        run(1, "moderate", 14, ("stiff_gait", 1.0), ("reduced_activity", 2.0)),
        run(3, "moderate", 14, ("stiff_gait", 2.0)),
        run(5, "moderate", 14, ("stiff_gait", 5.0)),
        run(7, "moderate", 14),
    ]

    found = line(BY_NAME["moderate"], "any", runs)

    assert (found.dogs, found.found, found.median_days) == (4, 0.5, 1.5)
    assert found.per_month == pytest.approx(4 / 56 * 30)
    assert line(BY_NAME["moderate"], "reduced_activity", runs).found == 0.25


def test_false_alerts_are_counted_over_the_days_on_which_they_can_come() -> None:
    """Two in two times 46 days: the two weeks of learning do not count."""
    runs = [run(1, "free", 60, ("stiff_gait", 20.0), ("stiff_gait", 40.0)), run(3, "free", 60)]

    assert free_line("stiff_gait", runs).per_month == pytest.approx(2 / 92 * 30)


def test_the_half_that_was_tuned_on_is_not_reported() -> None:
    """Even dogs were found, odd ones were not."""
    runs = [run(dog, "moderate", 14, *[("stiff_gait", 1.0)][: dog % 2 == 0]) for dog in range(4)]
    runs += [run(dog, "free", 60) for dog in range(4)]

    assert cohort_section(runs, Size()).figures["moderate_found"] == 0.0
    assert cohort_section(runs, Size(tuning=True)).figures["moderate_found"] == 1.0


def test_urgent_alerts_of_healthy_dogs_are_counted_in_both_halves() -> None:
    urgent = Seen(kind="irregular_gait", days=3.0, urgent_days=3.0)
    runs = [replace(run(0, "free", 60), seen=(urgent,)), run(1, "free", 60)]

    assert cohort_section(runs, Size()).figures["free_urgent"] == 1.0


@pytest.mark.slow
def test_a_story_branches_without_a_trace() -> None:
    """Ten days in one go are four days, a copy, and six more."""
    member = cohort(9, 1)[0]
    profile = DogProfile(id="dog", withers_m=member.dog.withers_m)
    days = list(shortcut(healthy(member, 10)))
    whole = Decision(DecisionSettings(dog=profile))
    judged(whole, days)
    first = Decision(DecisionSettings(dog=profile))
    judged(first, days[:4])

    branch = copy_of(first, profile)
    judged(first, [])
    judged(branch, days[4:])

    states = {name: part.state for name, part in whole.parts().items()}
    assert {name: part.state for name, part in branch.parts().items()} == states
    assert {name: part.state for name, part in first.parts().items()} != states


def test_acute_cases_begin_at_ten_and_others_at_midnight() -> None:
    member = cohort(9, 1)[0]
    ataxia, moderate = BY_NAME["ataxia"], BY_NAME["moderate"]

    apart_s = onset_s(story(member, ataxia, 3), ataxia, 3) - onset_s(
        story(member, moderate, 3), moderate, 3
    )

    assert apart_s == 10 * 3600.0


def test_resting_dogs_have_a_plan_for_just_these_days() -> None:
    plan = plan_of(BY_NAME["crate_rest"], 28)
    assert plan is not None
    assert plan.start.isoformat() == "2026-03-30"
    assert plan_of(BY_NAME["moderate"], 28) is None


@pytest.mark.slow
def test_a_dog_that_gets_ataxic_is_found_and_a_healthy_one_is_not_told_of() -> None:
    """One dog, four weeks and then three days; the healthy branch of the same life is silent."""
    ataxia = BY_NAME["ataxia"]

    free, ill = drawn(Task(seed=9, number=3, free_days=31, cases=(ataxia,)))

    assert any(each.urgent_days is not None and each.urgent_days <= 1.0 for each in ill.seen)
    assert all(each.urgent_days is None for each in free.seen)


@pytest.mark.slow
def test_what_was_noted_changes_nothing_but_what_is_made_of_it() -> None:
    """The same days judged twice at once are the same as each judged alone."""
    both = BY_NAME["heat"], BY_NAME["heat, noted"]

    _, *together = drawn(Task(seed=9, number=1, free_days=28, cases=both))
    alone = [drawn(Task(seed=9, number=1, free_days=28, cases=(each,)))[1] for each in both]

    assert together == alone
    assert together[0].seen != together[1].seen


@pytest.mark.parametrize(
    ("name", "days"), [("moderate", 3), ("ataxia", 2), ("non_walking", 2), ("heat", 7)]
)
def test_days_on_which_an_alert_would_come_too_late_can_be_left_out(name: str, days: int) -> None:
    """Within 3 days from midnight, within one from ten o'clock; the days there are the same."""
    case = BY_NAME[name].until_found()
    member = cohort(9, 1)[0]

    assert case.days == days
    whole = story(member, BY_NAME[name], 21).plans()
    assert story(member, case, 21).plans() == whole[: 21 + days]
