"""Where a dog stands in its recovery plan on one day, and at the turn of a phase."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import fsum

from analysis.features.day.calendar import Calendar
from analysis.model import AlertChange, Day, Minute
from analysis.model.dog import DogProfile
from analysis.model.plan import Place, Plan
from analysis.recovery.ramp import Cap, DayTotal, cap_on
from analysis.recovery.setbacks import setbacks_in
from analysis.recovery.settings import PlanSettings
from analysis.recovery.walks import walks_in


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPast:
    """What the days of a plan before today say.

    Attributes
    ----------
    totals
        What was done on each day.
    setbacks
        Days on which the dog got worse.
    """

    totals: Mapping[date, DayTotal] = field(default_factory=dict)
    setbacks: Collection[date] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProgress:
    """One day of a plan.

    Attributes
    ----------
    plan, phase
        Their names.
    number, phases
        This is phase `number` (from 1) of `phases`.
    day, days
        This is day `day` (from 1) of the `days` days of the phase.
    active_min_cap
        Most active minutes today; ``None`` for no cap.
    cap
        The same, with what the plan alone allows and why it is what it is today.
    used_min
        Active minutes so far.
    walks, longest_walk_min
        Walks so far, and minutes of the longest; 0 without one.
    walks_per_day, walk_min, least_active_min, forbids
        As the phase has them.
    """

    plan: str
    phase: str
    number: int
    phases: int
    day: int
    days: int
    active_min_cap: float | None
    cap: Cap | None
    used_min: float
    walks: int
    longest_walk_min: float
    walks_per_day: int
    walk_min: float
    least_active_min: float
    forbids: tuple[str, ...]

    @property
    def left_min(self) -> float | None:
        """Active minutes left under the cap, at least 0; None without a cap."""
        if self.active_min_cap is None:
            return None
        return max(self.active_min_cap - self.used_min, 0.0)


def past_of(profile: DogProfile, days: Iterable[Day], changes: Iterable[AlertChange]) -> PlanPast:
    """Return what finished days, and changes of alerts in time order, say about a plan."""
    return PlanPast(
        totals={
            date.fromisoformat(day.date): DayTotal(
                active_min=day.active_min, worn_h=day.waking_worn_h
            )
            for day in days
        },
        setbacks=setbacks_in(changes, Calendar(profile)),
    )


def progress(
    profile: DogProfile,
    today: date,
    minutes: Iterable[Minute],
    past: PlanPast | None = None,
    settings: PlanSettings | None = None,
) -> PlanProgress | None:
    """Return where the plan stands on a day, or None if no phase covers it.

    Minutes of other days (in the dog's zone) are passed over, so a whole store may be given; they
    come in time order.
    """
    plan = profile.plan
    place = None if plan is None else plan.place_on(today)
    if plan is None or place is None:
        return None
    past, settings = past or PlanPast(), settings or PlanSettings()
    start_s, end_s = Calendar(profile).bounds_s(today)
    of_today = [each for each in minutes if start_s <= each.start_s < end_s]
    cap = cap_on(plan, today, past.totals, past.setbacks, settings)
    walks = walks_in(of_today, settings)
    return _progress(
        plan,
        place,
        cap,
        used_min=fsum(each.walk_s + each.vigorous_s for each in of_today) / 60.0,
        lengths_min=[each.length_min for each in walks],
    )


def _progress(
    plan: Plan, place: Place, cap: Cap | None, *, used_min: float, lengths_min: list[float]
) -> PlanProgress:
    phase = place.phase
    return PlanProgress(
        plan=plan.name,
        phase=phase.name,
        number=place.number,
        phases=len(plan.phases),
        day=place.day,
        days=phase.days,
        active_min_cap=None if cap is None else cap.minutes,
        cap=cap,
        used_min=used_min,
        walks=len(lengths_min),
        longest_walk_min=max(lengths_min, default=0.0),
        walks_per_day=phase.walks_per_day,
        walk_min=phase.walk_min,
        least_active_min=phase.least_active_min,
        forbids=phase.forbids,
    )


def turn_on(plan: Plan, day: date, heard: int) -> dict[str, float] | None:
    """Return what turns on a day as evidence, or None.

    Parameters
    ----------
    heard
        Number of the phase on the last day that was heard; 0 for none. A phase that began while
        nothing was heard is told on the first day that is.
    """
    place = plan.place_on(day)
    if place is None:
        ended = heard > 0 and day >= plan.end
        return {"ended_phases": float(len(plan.phases))} if ended else None
    if place.number != heard and (heard or place.day == 1):
        return _begins(plan, place)
    if place.day == place.phase.days:
        return {"last_day_of": float(place.number), "phases": float(len(plan.phases))}
    return None


def _begins(plan: Plan, place: Place) -> dict[str, float]:
    phase = place.phase
    evidence = {
        "phase": float(place.number),
        "phases": float(len(plan.phases)),
        "phase_days": float(phase.days),
    }
    if phase.walks_per_day:
        evidence |= {"walks": float(phase.walks_per_day), "planned_min": phase.walk_min}
    return evidence
