"""`spryhound plan`: what the dog may do today, and what it has done already."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from analysis.features.day.calendar import Calendar
from analysis.model import Minute
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase
from analysis.recovery.progress import PlanProgress, progress
from config.schema import Settings
from ingest.app.home import dog_name, existing_store
from ingest.cli.common import (
    ConfigOption,
    DogOption,
    JsonOption,
    cli_errors,
    known_dog,
    out,
    print_json,
    read_settings,
)
from ingest.clock import SystemClock
from ingest.ports import Clock, Query, Store
from ingest.storage.plan_history import past_from
from ingest.storage.points import record_of, time_ns
from ingest.text.plan import cap_text, day_text, forbidden_text, next_text, plan_title, walks_text


def command(
    *, dog: DogOption = None, as_json: JsonOption = False, config: ConfigOption = None
) -> None:
    """Show where the recovery plan stands today.

    Example: spryhound plan --dog rex
    """
    with cli_errors():
        settings, clock = read_settings(config), SystemClock()
        asked = known_dog(dog, settings)
        dogs = [asked] if asked is not None else list(settings.dogs)
        standings = []
        if dogs:
            with existing_store(settings) as store:
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
    analysis = settings.pipeline(dog)
    profile = analysis.dog
    calendar = Calendar(profile)
    today = calendar.date_of(clock.now_s())
    start_s, end_s = calendar.bounds_s(today)
    query = Query(measurement="minute", dog=dog, start_ns=time_ns(start_s), end_ns=time_ns(end_s))
    minutes = [record_of(each, Minute) for each in store.read(query)]
    worn_min = sum(each.worn_s for each in minutes) / 60.0
    past = past_from(store, profile, today)
    stand, name = progress(profile, today, minutes, past, analysis.plan), dog_name(settings, dog)
    following = None if profile.plan is None else profile.plan.next_after(today)
    data = {
        "dog": dog,
        "name": name,
        "date": today.isoformat(),
        "worn_min": round(worn_min, 1),
        "plan": None if stand is None else _stand_data(stand),
        "next": None if following is None else _next_data(*following),
    }
    if stand is None:
        return data, Text(f"{name}: {without_phase(profile, today)}")
    return data, _table(name, stand, next_text(following), worn_min)


def without_phase(profile: DogProfile, today: date) -> str:
    """Return why no phase covers today, in words."""
    plan = profile.plan
    if plan is None:
        return (
            "no recovery plan. If your vet gave one, put it under"
            f" [dogs.{profile.id}.plan] in the settings."
        )
    if today < plan.start:
        return f"the plan ({plan_title(plan.name)}) begins on {day_text(plan.start)}."
    return f"the plan ({plan_title(plan.name)}) ended on {day_text(plan.end - timedelta(days=1))}."


def _table(name: str, stand: PlanProgress, following: str, worn_min: float) -> Table:
    table = Table(
        title=f"{name}: {plan_title(stand.plan)}",
        title_justify="left",
        show_header=False,
        box=None,
        padding=(0, 2, 0, 0),
    )
    phase = f"{stand.phase} ({stand.number} of {stand.phases}), day {stand.day} of {stand.days}"
    rows = [
        ("phase", Text(phase)),
        ("active today", _used(stand)),
        ("limit", Text(cap_text(stand.cap))),
        ("worn today", Text(f"{worn_min / 60.0:.1f} h")),
        ("walks", Text(walks_text(stand))),
        ("at least", Text(_floor(stand))),
        ("forbidden", Text(forbidden_text(stand.forbids) or "nothing")),
        ("next", Text(following)),
    ]
    for label, said in rows:
        if said.plain:
            table.add_row(label, said)
    return table


def _floor(stand: PlanProgress) -> str:
    if not stand.least_active_min:
        return ""
    return f"{stand.least_active_min:g} min of walking a day; too much rest does harm too"


def _used(stand: PlanProgress) -> Text:
    used = f"{stand.used_min:.0f} min"
    if stand.active_min_cap is None:
        return Text(f"{used}; no cap")
    over = stand.used_min >= stand.active_min_cap
    left = "nothing left" if over else f"{stand.left_min:.0f} min left"
    colour = "bold red" if over else ""
    return Text(f"{used} of {stand.active_min_cap:.0f} min, {left}", style=colour)


def _stand_data(stand: PlanProgress) -> dict[str, Any]:
    data = asdict(stand) | {"left_min": stand.left_min}
    if stand.cap is not None:
        setback = stand.cap.setback
        data["cap"]["setback"] = None if setback is None else setback.isoformat()
    return data


def _next_data(phase: Phase, first: date) -> dict[str, Any]:
    return {"phase": phase.name, "start": first.isoformat(), "days": phase.days}
