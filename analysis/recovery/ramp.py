"""The ramp: how far a cap may rise from one week to the next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import fsum

from analysis.model.plan import Place, Plan
from analysis.recovery.settings import PlanSettings

_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    """What a day of a plan says about how much the dog did.

    Attributes
    ----------
    active_min
        Minutes of walking or more.
    worn_h
        Hours that the collar was worn outside the night.
    """

    active_min: float
    worn_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most active minutes of one day, and why so many.

    Attributes
    ----------
    minutes
        The cap that holds.
    plan_min
        What the plan alone allows.
    reason
        What set it: ``"plan"``; ``"ramp"``, what was done in the week before; ``"floor"``, that
        would give less than the least cap of the phase, which holds; ``"setback"``, it stays where
        it was since the dog got worse; ``"unknown"``, it stays where it was since too little is
        known of the week before.
    last_week_min
        Active minutes a day of the week before, under ``"ramp"`` and ``"floor"``.
    setback
        The last day in the week before on which the dog got worse, under ``"setback"``.
    """

    minutes: float
    plan_min: float
    reason: str = "plan"
    last_week_min: float | None = None
    setback: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """What the week before says: active minutes a day (None if unknown), and the last setback."""

    active_min: float | None
    setback: date | None


def cap_on(
    plan: Plan,
    day: date,
    totals: Mapping[date, DayTotal],
    setbacks: Collection[date],
    settings: PlanSettings,
) -> Cap | None:
    """Return the cap of a day, or None if that day has none.

    Parameters
    ----------
    totals, setbacks
        Of all days of the plan before `day`; later ones make no difference.

    Notes
    -----
    Next week's cap is at most 1.15 times what the dog did this week, and stays where it is after a
    setback (docs/evidence.md, 5.1). Weeks count from the first day of the plan. Judgement: a cap
    never falls below that of the phase before, the phase's floor, or the walks that the phase asks
    for, so that a week of deep rest does not choke the plan; a week that says too little leaves
    the cap where it is; before the first week that says enough the plan alone holds.
    """
    cap: Cap | None = None
    known = False
    for number in range((day - plan.start).days // _WEEK_DAYS + 1):
        first = plan.start + number * timedelta(days=_WEEK_DAYS)
        at = min(day, first + timedelta(days=_WEEK_DAYS - 1))
        week = _week_before(first, totals, setbacks, settings)
        known = known or week.active_min is not None
        place = plan.place_on(at)
        if place is None:
            return None
        unsure = known and week.active_min is None
        held = _is_ramped(place) and (unsure or week.setback is not None)
        risen = _risen(plan, place, week, settings)
        cap = _held(risen, cap, week, _floor_min(plan, place)) if held else risen
    return cap


def _risen(plan: Plan, place: Place, week: _Week, settings: PlanSettings) -> Cap | None:
    """Return the cap that the plan and the week before allow."""
    phase = place.phase
    if phase.active_min_cap is None:
        return None
    by_plan = Cap(minutes=phase.active_min_cap, plan_min=phase.active_min_cap)
    if not _is_ramped(place) or week.active_min is None:
        return by_plan
    allowed_min = week.active_min * (1.0 + settings.most_rise)
    risen_min = max(allowed_min, _floor_min(plan, place))
    if risen_min >= by_plan.minutes:
        return by_plan
    reason = "ramp" if allowed_min >= risen_min else "floor"
    return replace(by_plan, minutes=risen_min, reason=reason, last_week_min=week.active_min)


def _held(risen: Cap | None, last: Cap | None, week: _Week, floor_min: float) -> Cap | None:
    """Return the cap that stays where it was, unless that is more than is allowed now."""
    if risen is None or last is None or risen.minutes <= max(last.minutes, floor_min):
        return risen
    return Cap(
        minutes=max(last.minutes, floor_min),
        plan_min=risen.plan_min,
        reason="unknown" if week.setback is None else "setback",
        setback=week.setback,
    )


def _is_ramped(place: Place) -> bool:
    return place.number > 1 and place.phase.ramp


def _floor_min(plan: Plan, place: Place) -> float:
    phase, before = place.phase, plan.phases[max(place.number - 2, 0)]
    walks_min = phase.walks_per_day * phase.walk_min
    return max(before.active_min_cap or 0.0, phase.least_active_min, walks_min)


def _week_before(
    first: date,
    totals: Mapping[date, DayTotal],
    setbacks: Collection[date],
    settings: PlanSettings,
) -> _Week:
    """Return what the seven days before a day say."""
    days = [first - timedelta(days=back) for back in range(_WEEK_DAYS, 0, -1)]
    sure = [totals[day] for day in days if day in totals and totals[day].worn_h >= settings.worn_h]
    active_min = None
    if len(sure) >= settings.least_days:
        active_min = fsum(each.active_min for each in sure) / len(sure)
    worse = [day for day in days if day in setbacks]
    return _Week(active_min=active_min, setback=worse[-1] if worse else None)
