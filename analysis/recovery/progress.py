"""Where a dog stands in its recovery plan on one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum

from analysis.dog import DogProfile
from analysis.features.calendar import Calendar
from analysis.model import Minute
from analysis.recovery.plan import Phase, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProgress:
    """One day of a plan.

    Attributes
    ----------
    plan, phase
        Their names.
    day, days
        This is day `day` (from 1) of the `days` days of the phase.
    active_min_cap
        Most active minutes today; ``None`` for no cap.
    used_min
        Active minutes so far.
    walks_per_day, walk_min, least_active_min, forbids
        As the phase has them.
    """

    plan: str
    phase: str
    day: int
    days: int
    active_min_cap: float | None
    used_min: float
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


def progress(profile: DogProfile, today: date, minutes: Iterable[Minute]) -> PlanProgress | None:
    """Return where the plan stands on a day, or None if no phase covers it.

    Minutes of other days (in the dog's zone) are passed over, so a whole store may be given.
    """
    plan = profile.plan
    phase = None if plan is None else plan.phase_on(today)
    if plan is None or phase is None:
        return None
    start_s, end_s = Calendar(profile).bounds_s(today)
    of_today = (each for each in minutes if start_s <= each.start_s < end_s)
    used_s = fsum(each.walk_s + each.vigorous_s for each in of_today)
    return PlanProgress(
        plan=plan.name,
        phase=phase.name,
        day=_day_of_phase(plan, today),
        days=phase.days,
        active_min_cap=phase.active_min_cap,
        used_min=used_s / 60.0,
        walks_per_day=phase.walks_per_day,
        walk_min=phase.walk_min,
        least_active_min=phase.least_active_min,
        forbids=phase.forbids,
    )


def is_restricted(plan: Plan | None, day: date) -> bool:
    """Return whether a plan keeps the dog from moving as it would on that day.

    A phase that only forbids jumps (which many dogs are told for life) leaves activity normal; a
    cap, leash walks only, or no running does not.
    """
    phase: Phase | None = None if plan is None else plan.phase_on(day)
    if phase is None:
        return False
    on_leash = phase.walks_per_day > 0 or "vigorous_burst" in phase.forbids
    return on_leash or phase.active_min_cap is not None


def _day_of_phase(plan: Plan, today: date) -> int:
    first = plan.start
    for phase in plan.phases:
        if today < first + timedelta(days=phase.days):
            break
        first += timedelta(days=phase.days)
    return (today - first).days + 1
