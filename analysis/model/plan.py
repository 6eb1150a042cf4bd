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
        Fewer minutes of walking than this a day is too much rest.
    forbids
        Kinds of event that are an alert in this phase: ``jump``, ``vigorous_burst``.
    ramp
        Whether the cap is approached from what the dog really did; never in the first phase.
    """

    name: str
    days: int
    active_min_cap: float | None = None
    walks_per_day: int = 0
    walk_min: float = 0.0
    least_active_min: float = 0.0
    forbids: tuple[str, ...] = ()
    ramp: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a day lies in a plan.

    Attributes
    ----------
    phase
        The phase of that day.
    number
        Which it is, from 1.
    day
        Which day of it, from 1.
    """

    phase: Phase
    number: int
    day: int


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

    @property
    def end(self) -> date:
        """The first day after the last phase."""
        return self.start + timedelta(days=sum(phase.days for phase in self.phases))

    def place_on(self, day: date) -> Place | None:
        """Return where a day lies, or None before and after the plan."""
        within = (day - self.start).days
        if within < 0:
            return None
        for number, phase in enumerate(self.phases, 1):
            if within < phase.days:
                return Place(phase=phase, number=number, day=within + 1)
            within -= phase.days
        return None

    def phase_on(self, day: date) -> Phase | None:
        """Return the phase that a day lies in, or None before and after the plan."""
        place = self.place_on(day)
        return None if place is None else place.phase

    def next_after(self, day: date) -> tuple[Phase, date] | None:
        """Return the first phase that begins after a day, and its first day; None for none."""
        first = self.start
        for phase in self.phases:
            if first > day:
                return phase, first
            first += timedelta(days=phase.days)
        return None


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
