"""`spryhound plan`: what the dog may do today, and what it has done already."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from analysis.dog import DogProfile
from analysis.features.calendar import Calendar
from analysis.model import Minute
from analysis.recovery.plan import Phase, Plan
from analysis.recovery.progress import PlanProgress, progress
from config.schema import Settings
from ingest.bootstrap import dog_name, pipeline_settings, sqlite_store
from ingest.cli.common import (
    ConfigOption,
    DogOption,
    JsonOption,
    known_dog,
    out,
    print_json,
    read_settings,
    told_plainly,
)
from ingest.clock import SystemClock
from ingest.points import record_of, time_ns
from ingest.ports import Clock, Query, Store

_FORBIDDEN = {"jump": "jumping", "vigorous_burst": "running"}


def command(
    *, dog: DogOption = None, as_json: JsonOption = False, config: ConfigOption = None
) -> None:
    """Show where the recovery plan stands today.

    Example: spryhound plan --dog rex
    """
    with told_plainly():
        settings, clock = read_settings(config), SystemClock()
        asked = known_dog(dog, settings)
        dogs = [asked] if asked is not None else list(settings.dogs)
        with sqlite_store(settings) as store:
            standings = [_standing(each, settings, store, clock) for each in dogs]
        if as_json:
            print_json([each for each, _ in standings])
        elif standings:
            out.print(Group(*(shown for _, shown in standings)))
        else:
            out.print("No dog is set up, so there is no plan. `spryhound init` sets one up.")


def _standing(
    dog: str, settings: Settings, store: Store, clock: Clock
) -> tuple[dict[str, Any], RenderableType]:
    """Return a dog's plan as data and for the terminal."""
    profile = pipeline_settings(settings, dog).dog
    calendar = Calendar(profile)
    today = calendar.date_of(clock.now_s())
    start_s, end_s = calendar.bounds_s(today)
    query = Query(measurement="minute", dog=dog, start_ns=time_ns(start_s), end_ns=time_ns(end_s))
    minutes = [record_of(each, Minute) for each in store.read(query)]
    worn_min = sum(each.worn_s for each in minutes) / 60.0
    stand, name = progress(profile, today, minutes), dog_name(settings, dog)
    following = None if profile.plan is None else next_phase(profile.plan, today)
    data = {
        "dog": dog,
        "name": name,
        "date": today.isoformat(),
        "worn_min": round(worn_min, 1),
        "plan": None if stand is None else asdict(stand) | {"left_min": stand.left_min},
        "next": None if following is None else _next_data(*following),
    }
    if stand is None:
        return data, Text(f"{name}: {without_phase(profile, today)}")
    return data, _table(name, stand, following, worn_min)


def next_phase(plan: Plan, today: date) -> tuple[Phase, date] | None:
    """Return the first phase that begins after today, and its first day; None for none."""
    first = plan.start
    for phase in plan.phases:
        if first > today:
            return phase, first
        first += timedelta(days=phase.days)
    return None


def without_phase(profile: DogProfile, today: date) -> str:
    """Return why no phase covers today, in words."""
    plan = profile.plan
    if plan is None:
        return (
            "no recovery plan. If your vet gave one, put it under"
            f" [dogs.{profile.id}.plan] in the settings."
        )
    if today < plan.start:
        return f"the plan {plan.name!r} begins on {_day(plan.start)}."
    ended = plan.start + timedelta(days=sum(phase.days for phase in plan.phases))
    return f"the plan {plan.name!r} ended on {_day(ended - timedelta(days=1))}."


def _table(
    name: str, stand: PlanProgress, following: tuple[Phase, date] | None, worn_min: float
) -> Table:
    table = Table(
        title=f"{name}: {stand.plan}",
        title_justify="left",
        show_header=False,
        box=None,
        padding=(0, 2, 0, 0),
    )
    table.add_row("phase", Text(f"{stand.phase}, day {stand.day} of {stand.days}"))
    table.add_row("active today", _used(stand))
    table.add_row("worn today", f"{worn_min / 60.0:.1f} h")
    if stand.walks_per_day:
        table.add_row("leash walks", f"{stand.walks_per_day} a day of {stand.walk_min:g} min")
    if stand.least_active_min:
        table.add_row("at least", f"{stand.least_active_min:g} active min a day")
    forbidden = [_FORBIDDEN.get(each, each) for each in stand.forbids]
    table.add_row("forbidden", ", ".join(forbidden) or "nothing")
    if following is None:
        table.add_row("next", "this is the last phase")
    else:
        phase, first = following
        table.add_row("next", Text(f"{phase.name}, from {_day(first)}, {phase.days} days"))
    return table


def _used(stand: PlanProgress) -> Text:
    used = f"{stand.used_min:.0f} min"
    if stand.active_min_cap is None:
        return Text(f"{used}; no cap")
    over = stand.used_min >= stand.active_min_cap
    left = "nothing left" if over else f"{stand.left_min:.0f} min left"
    colour = "bold red" if over else ""
    return Text(f"{used} of {stand.active_min_cap:g} min, {left}", style=colour)


def _next_data(phase: Phase, first: date) -> dict[str, Any]:
    return {"phase": phase.name, "start": first.isoformat(), "days": phase.days}


def _day(day: date) -> str:
    return f"{datetime.combine(day, datetime.min.time(), tzinfo=UTC):%A %d %B %Y}"
