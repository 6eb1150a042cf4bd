"""A story for a simulated dog: who, since when, and how well from day to day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

import numpy as np

from simulators.day.context import DayPlan, Morning
from simulators.day.day import SimulatedDay, simulate_day
from simulators.day.schedule import Breach, Habits, day_factors
from simulators.dog.collar import Collar, Mounting
from simulators.dog.condition import HEALTHY, Condition
from simulators.dog.dog import Dog


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Some days in one condition.

    Attributes
    ----------
    days
        How many.
    condition
        What it comes to.
    onset_days
        How long it takes to get there from the condition before.
    breaches
        What happens at given times, by number of the day within the phase, from 1.
    onset_at
        Local time of the first day at which the phase begins; None for its midnight.
    mounting, habits
        How the collar sits and how the dog lives in this phase; None for the scenario's own way.
    dog
        Who wears the collar in this phase; None for the scenario's dog, another one for a collar
        that is lent.
    """

    days: int
    condition: Condition = HEALTHY
    onset_days: float = 0.0
    breaches: Mapping[int, tuple[Breach, ...]] = field(default_factory=dict)
    onset_at: time | None = None
    mounting: Mounting | None = None
    habits: Habits | None = None
    dog: Dog | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything a simulation depends on: the same scenario, the same samples to the last bit."""

    name: str
    start: date
    phases: tuple[Phase, ...]
    seed: int = 1
    time_zone: str = "UTC"
    dog: Dog = field(default_factory=Dog)
    collar: Collar = field(default_factory=Collar)
    habits: Habits = field(default_factory=Habits)

    @property
    def n_days(self) -> int:
        """Number of days."""
        return sum(phase.days for phase in self.phases)

    def plans(self) -> list[DayPlan]:
        """Return what each day depends on, in order."""
        rng = np.random.default_rng([self.seed, 0])
        factors = iter(day_factors(rng, self.start, self.n_days, self.habits))
        plans: list[DayPlan] = []
        before = DayPlan(date=self.start, habits=self.habits)
        for phase in self.phases:
            for number in range(1, phase.days + 1):
                share = number / phase.onset_days if phase.onset_days > 0.0 else 1.0
                plan = DayPlan(
                    date=self.start + timedelta(days=len(plans)),
                    time_zone=self.time_zone,
                    condition=before.condition.towards(phase.condition, share),
                    habits=phase.habits or self.habits,
                    activity=next(factors),
                    breaches=phase.breaches.get(number, ()),
                    mounting=phase.mounting,
                    dog=phase.dog,
                    morning=_morning(phase, before) if number == 1 else None,
                )
                plans.append(plan)
            before = plans[-1] if phase.days else before
        return plans

    def days(self) -> Iterator[SimulatedDay]:
        """Yield the days; each has its own chance, so it does not depend on the days before."""
        for number, plan in enumerate(self.plans(), start=1):
            rng = np.random.default_rng([self.seed, number])
            yield simulate_day(rng, self.dog, plan, rate_hz=self.collar.true_rate_hz)


def _morning(phase: Phase, before: DayPlan) -> Morning | None:
    """Return the part of a phase's first day in which the phase before goes on."""
    if phase.onset_at is None:
        return None
    at = phase.onset_at
    return Morning(
        until_h=at.hour + at.minute / 60.0 + at.second / 3600.0,
        condition=before.condition,
        habits=before.habits,
        mounting=before.mounting,
        dog=before.dog,
    )
