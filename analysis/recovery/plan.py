"""A recovery plan: phases with dates, caps and things that are forbidden."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase of a plan, as the vet gave it.

    Attributes
    ----------
    name
        What the owner calls it, such as ``"strict rest"``.
    days
        Length of the phase.
    active_min_cap
        Most minutes a day of walking or more; ``None`` for no cap.
    walks_per_day, walk_min
        Leash walks, and the length of each in minutes.
    least_active_min
        Fewer active minutes than this a day is too much rest.
    forbids
        Kinds of event that are an alert in this phase: ``jump``, ``vigorous_burst``.
    """

    name: str
    days: int
    active_min_cap: float | None = None
    walks_per_day: int = 0
    walk_min: float = 0.0
    least_active_min: float = 0.0
    forbids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Phases one after the other from a first day on.

    Examples
    --------
    >>> rest = Phase(name="strict rest", days=14, forbids=("jump",))
    >>> plan = Plan(name="disc", start=date(2026, 11, 1), phases=(rest,))
    >>> plan.phase_on(date(2026, 11, 14)).name
    'strict rest'
    >>> plan.phase_on(date(2026, 11, 15)) is None
    True
    """

    name: str
    start: date
    phases: tuple[Phase, ...]

    def phase_on(self, day: date) -> Phase | None:
        """Return the phase that a day lies in, or None before and after the plan."""
        first = self.start
        for phase in self.phases:
            if first <= day < first + timedelta(days=phase.days):
                return phase
            first += timedelta(days=phase.days)
        return None
