"""One dog on the first page: now, today, plan, alerts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum

from markupsafe import Markup

from analysis.features.day.calendar import Calendar
from analysis.model import Minute
from analysis.model.plan import Plan
from analysis.recovery.progress import PlanProgress, progress
from ingest.ports import Query, Store
from ingest.storage.plan_history import past_from
from ingest.storage.points import current_alerts, record_of, time_ns
from ingest.text.alerts import red_flags
from ingest.text.plan import cap_text, forbidden_text, next_text, walks_text
from ingest.text.times import age
from ingest.web.context import DogView, PageContext
from ingest.web.pages.alerts import ON, AlertView, by_urgency, view_of
from ingest.web.pages.charts import hour_chart, plan_bar
from ingest.web.pages.today import Hour, LatestData, Now, UsualHours, hours_of, now_of, so_far

_LOOK_BACK_S = 12 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardCard:
    """One dog on the first page.

    Attributes
    ----------
    dog, name
        Id and the owner's name for it.
    now
        How it is.
    alerts
        Those that are on, the most urgent first.
    hours, chart
        Today by the hour, as numbers and drawn.
    compared
        Today so far against the usual, in words.
    newest
        How long ago the newest sample was measured, in words.
    worn_h, elapsed_h
        Hours worn today, and hours that today has had.
    plan, plan_chart
        Where the recovery plan stands; None without one or without a cap.
    plan_facts
        The plan in words: what, and how it stands.
    flags
        When to go to a vet.
    """

    dog: str
    name: str
    now: Now
    alerts: Sequence[AlertView]
    hours: Sequence[Hour]
    chart: Markup
    compared: str
    newest: str
    worn_h: float
    elapsed_h: float
    plan: PlanProgress | None
    plan_chart: Markup | None
    plan_facts: Sequence[tuple[str, str]]
    flags: tuple[str, ...]


def card_of(pages: PageContext, store: Store, dog: str, usual: UsualHours) -> DashboardCard:
    """Return one dog's card from what the store holds."""
    view, now_s = pages.view(dog), pages.clock.now_s()
    calendar = Calendar(view.profile)
    today = calendar.date_of(now_s)
    bounds_s = calendar.bounds_s(today)
    minutes = minutes_since(store, dog, min(bounds_s[0], now_s - _LOOK_BACK_S))
    latest = LatestData(
        minutes=minutes,
        packet_s=pages.last_heard_s(dog),
        arrived_ago_s=pages.packet_age_s(dog),
        now_s=now_s,
        zone=view.zone,
    )
    normal = usual.of(store, dog, view, now_s)
    hours = [
        replace(each, usual_min=normal.get(each.label))
        for each in hours_of(minutes, bounds_s, view.zone, now_s)
    ]
    of_today = [each for each in minutes if each.start_s >= bounds_s[0]]
    alerts = by_urgency(each for each in current_alerts(store, dog) if each.status in ON)
    past = past_from(store, view.profile, today)
    plan = progress(view.profile, today, of_today, past, view.plan)
    return DashboardCard(
        dog=dog,
        name=view.name,
        now=now_of(view.name, latest),
        alerts=[view_of(each, view, now_s) for each in alerts],
        hours=hours,
        chart=hour_chart(hours, _said(view, hours)),
        compared=_compared(hours, now_s),
        newest=_age_of(latest),
        worn_h=fsum(each.worn_s for each in of_today) / 3600.0,
        elapsed_h=(now_s - bounds_s[0]) / 3600.0,
        plan=plan,
        plan_chart=_plan_chart(plan),
        plan_facts=_plan_facts(plan, view.profile.plan, today),
        flags=red_flags(view.name),
    )


def minutes_since(
    store: Store, dog: str, start_s: float, end_s: float | None = None
) -> list[Minute]:
    """Return a dog's minutes from a time on; the newest of all if there are none."""
    end_ns = None if end_s is None else time_ns(end_s)
    query = Query(measurement="minute", dog=dog, start_ns=time_ns(start_s), end_ns=end_ns)
    points = store.read(query)
    if not points and end_s is None:
        points = store.read(Query(measurement="minute", dog=dog, newest=1))
    return [record_of(each, Minute) for each in points]


def _age_of(latest: LatestData) -> str:
    known = [each.start_s + 60.0 for each in latest.minutes[-1:]]
    if latest.packet_s is not None:
        known.append(latest.packet_s)
    return f"{age(latest.now_s - max(known))} ago" if known else "never"


def _compared(hours: Sequence[Hour], now_s: float) -> str:
    both = so_far(hours, now_s)
    if both is None:
        return "What is usual at this time of day is not known yet."
    active, usual = both
    if usual < 1.0:
        return f"{active:.0f} active minutes in the hours seen so far; usually hardly any."
    return f"{active:.0f} active minutes in the hours seen so far; usually about {usual:.0f}."


def _plan_chart(plan: PlanProgress | None) -> Markup | None:
    if plan is None or plan.active_min_cap is None:
        return None
    said = f"{plan.used_min:.0f} of {plan.active_min_cap:.0f} active minutes used"
    return plan_bar(plan.used_min, plan.active_min_cap, said)


def _plan_facts(
    stand: PlanProgress | None, plan: Plan | None, today: date
) -> Sequence[tuple[str, str]]:
    """Return what the owner has to know of the plan today, empty lines left out."""
    if stand is None or plan is None:
        return []
    floor = f"{stand.least_active_min:g} min of walking; too much rest does harm too"
    facts = [
        ("Why this limit", cap_text(stand.cap)),
        ("Leash walks", walks_text(stand)),
        ("At least", floor if stand.least_active_min else ""),
        ("Not allowed", forbidden_text(stand.forbids)),
        ("Next", next_text(plan.next_after(today))),
    ]
    return [(what, said) for what, said in facts if said]


def _said(view: DogView, hours: Sequence[Hour]) -> str:
    known = [each for each in hours if each.active_min is not None]
    total = fsum(each.active_min or 0.0 for each in known)
    lost = sum(each.active_min is None and not each.ahead for each in hours)
    return (
        f"{view.name} today by the hour: {total:.0f} active minutes in {len(known)} hours with"
        f" data, {lost} hours without."
    )
