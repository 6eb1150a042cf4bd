"""Turns of a plan: the first and the last day of each phase, and the end."""

from datetime import date

from analysis.model.plan import Place, Plan


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
