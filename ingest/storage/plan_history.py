"""The past of a recovery plan, from the store."""

from datetime import date

from analysis.features.day.calendar import Calendar
from analysis.model import AlertChange, Day
from analysis.model.dog import DogProfile
from analysis.recovery.progress import PlanPast, past_of
from ingest.ports import Query, Store
from ingest.storage.points import record_of, time_ns


def past_from(store: Store, profile: DogProfile, today: date) -> PlanPast:
    """Return what the days of a dog's plan before today say, by what was stored of them."""
    plan = profile.plan
    if plan is None or not plan.start < today < plan.end:
        return PlanPast()
    calendar = Calendar(profile)
    start_ns = time_ns(calendar.bounds_s(plan.start)[0])
    end_ns = time_ns(calendar.bounds_s(today)[0])
    days = Query(measurement="day", dog=profile.id, start_ns=start_ns, end_ns=end_ns)
    # All of them: what was seen before tells a second sighting from an answer to the first, and
    # what the owner calls a false alarm today was no setback last week.
    changes = Query(measurement="alert", dog=profile.id)
    return past_of(
        profile,
        (record_of(each, Day) for each in store.read(days)),
        (record_of(each, AlertChange) for each in store.read(changes)),
    )
