"""What happens to the dogs of a cohort: illness, rest, and what only looks like illness."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from math import ceil

import numpy as np

from analysis.model import Circumstance
from analysis.model.plan import Phase as PlanPhase
from analysis.model.plan import Plan
from simulators.day.schedule import Breach
from simulators.dog.condition import Condition, preset
from simulators.scenarios.cohort import Member
from simulators.scenarios.confounders import disturbed
from simulators.scenarios.story import Phase, Scenario

FIRST_DAY = date(2026, 3, 2)
BASELINE_DAYS = 28
"""Healthy days before anything happens: four whole weeks."""
ONSET_AT = time(10, 0)
"""When something acute begins: after the morning walk, with most of the day ahead."""

NOTED_PREFIX = ", noted"
"""Ends the name of a case that the owner noted in the diary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that happens.

    Attributes
    ----------
    name
        For the table.
    days
        How long it is watched.
    within_days
        Time after the onset in which an alert counts as finding it.
    ill
        Whether there is something to find; if not, every alert is a false one.
    condition
        What becomes of the dog, a name in `simulators.dog.condition.PRESETS`; empty if none.
    factors
        Changes to that condition.
    acute
        Whether it begins within hours at `ONSET_AT`, instead of from day to day at midnight.
    then
        A condition that follows, and for how many of the days.
    confounder
        A name in `simulators.scenarios.confounders.CONFOUNDERS`; empty if none.
    note
        What the owner notes of these days, a name in `analysis.model.CIRCUMSTANCES`; empty if
        nothing.
    rests
        Whether the dog is on a plan of strict rest meanwhile.
    breaches_a_day
        Jumps a day that the rest is broken by.
    """

    name: str
    days: int
    within_days: float = 14.0
    ill: bool = False
    condition: str = ""
    factors: Mapping[str, float] = field(default_factory=dict)
    acute: bool = False
    then: tuple[str, int] = ("", 0)
    confounder: str = ""
    note: str = ""
    rests: bool = False
    breaches_a_day: int = 0

    def unnoted(self) -> "Case":
        """Return the same days of which the owner noted nothing."""
        return replace(self, name=self.name.removesuffix(NOTED_PREFIX), note="")

    def until_found(self) -> "Case":
        """Return the same case, watched on those days only on which an alert is still in time."""
        begin_days = ONSET_AT.hour / 24.0 if self.acute else 0.0
        return replace(self, days=min(ceil(begin_days + self.within_days), self.days))


CASES: tuple[Case, ...] = (
    Case(name="drop_30", days=14, ill=True, condition="healthy", factors={"activity": 0.7}),
    Case(name="mild", days=14, ill=True, condition="mild"),
    Case(name="moderate", days=14, ill=True, condition="moderate", within_days=3.0),
    Case(name="ataxia", days=3, ill=True, condition="ataxia", acute=True, within_days=1.0),
    Case(
        name="non_walking", days=2, ill=True, condition="non_walking", acute=True, within_days=1.0
    ),
    Case(
        name="nsaid_response",
        days=21,
        ill=True,
        condition="moderate",
        then=("nsaid_response", 14),
    ),
    Case(name="crate_rest", days=7, condition="crate_rest", rests=True),
    Case(
        name="crate_rest_breach",
        days=4,
        ill=True,
        condition="crate_rest",
        rests=True,
        breaches_a_day=3,
        within_days=1.0,
    ),
    *(
        Case(name=f"{name}{said}", days=days, confounder=name, note=note if said else "")
        for name, days, note in (
            ("heat", 7, "heat"),
            ("guests", 5, "guests"),
            ("boarding", 3, "boarding"),
            ("boarding_busy", 3, "boarding"),
            ("new_collar", 14, "new_collar"),
            ("loose_collar", 7, "loose_collar"),
            ("leash_on_collar", 7, "leash_on_collar"),
            ("half_day_unworn", 7, ""),
        )
        for said in ("", NOTED_PREFIX)
        if note or not said
    ),
)
"""Section 8.4 of evidence.md; the days watched are a judgement.

What the owner noted is a case of its own, beside the same days of which nothing was noted.
"""


def healthy(member: Member, days: int) -> Scenario:
    """Return the story of a dog to which nothing happens."""
    return Scenario(
        name="healthy",
        start=FIRST_DAY,
        phases=(Phase(days=days),),
        seed=member.seed,
        dog=member.dog,
        collar=member.collar,
        habits=member.habits,
    )


def story(member: Member, case: Case, baseline_days: int = BASELINE_DAYS) -> Scenario:
    """Return healthy days, the same as in `healthy`, and then the case."""
    phases = (Phase(days=baseline_days), *_phases(member, case))
    return replace(healthy(member, baseline_days), name=case.name, phases=phases)


def onset_s(scenario: Scenario, case: Case, baseline_days: int = BASELINE_DAYS) -> float:
    """Return the Unix time at which a case begins."""
    hour = ONSET_AT.hour if case.acute else 0
    return scenario.plans()[baseline_days].at_s(float(hour))


def notes_of(
    scenario: Scenario, case: Case, baseline_days: int = BASELINE_DAYS
) -> tuple[Circumstance, ...]:
    """Return what the owner notes of a case: all of its days."""
    if not case.note:
        return ()
    plans = scenario.plans()
    start_s, end_s = plans[baseline_days].at_s(0.0), plans[-1].at_s(24.0)
    return (Circumstance(what=case.note, start_s=start_s, end_s=end_s),)


def plan_of(case: Case, baseline_days: int = BASELINE_DAYS) -> Plan | None:
    """Return the plan that a dog is on while it rests."""
    if not case.rests:
        return None
    rest = PlanPhase(name="strict rest", days=case.days, forbids=("jump", "vigorous_burst"))
    start = FIRST_DAY + timedelta(days=baseline_days)
    return Plan(name="crate rest", start=start, phases=(rest,))


def _phases(member: Member, case: Case) -> tuple[Phase, ...]:
    if case.confounder:
        usual = member.collar.mounting
        return (disturbed(case.confounder, days=case.days, mounting=usual, habits=member.habits),)
    found = preset(case.condition)
    values = {key: getattr(found.condition, key) for key in Condition.__slots__}
    then, then_days = case.then
    first = Phase(
        days=case.days - then_days,
        condition=Condition(**{**values, **case.factors}),
        onset_days=0.0 if case.acute else found.onset_days,
        onset_at=ONSET_AT if case.acute else None,
        breaches=_breaches(member, case),
    )
    if not then:
        return (first,)
    later = preset(then)
    return first, Phase(days=then_days, condition=later.condition, onset_days=later.onset_days)


def _breaches(member: Member, case: Case) -> dict[int, tuple[Breach, ...]]:
    rng = np.random.default_rng([member.seed, 7])
    breaches = {}
    for day in range(1, case.days + 1):
        hours = np.sort(rng.choice(np.arange(8, 21), case.breaches_a_day, replace=False))
        kinds = rng.choice(("jump_off", "jump_over", "jump_onto"), case.breaches_a_day)
        breaches[day] = tuple(
            Breach(at=time(int(hour), 20), kind=str(kind))
            for hour, kind in zip(hours, kinds, strict=True)
        )
    return breaches if case.breaches_a_day else {}
