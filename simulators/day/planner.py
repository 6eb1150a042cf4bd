"""What a dog does in one day: bouts in a row, drawn by chance from its habits and condition."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from simulators.day.activities import Activity, planned_activities
from simulators.day.chance import between, borders_of, one_of_weighted
from simulators.day.context import DayPlan, Morning
from simulators.day.schedule import NIGHT_FROM_H, NIGHT_UNTIL_H, Bout, Step

__all__ = ["DayPlan", "Morning", "day_bouts"]

_AWAKE = ("sitting", "looking_around", "standing", "panting")
"""How a dog rests by day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """Something to be done from a time on, and the time at which it is broken off."""

    start_s: float
    until_s: float
    steps: list[Step]


def day_bouts(rng: np.random.Generator, plan: DayPlan) -> list[Bout]:
    """Return the bouts of one day, without a hole from local midnight to local midnight.

    Where two things fall on one time, the later one waits; a breach keeps its time to seconds.
    What would happen while the collar is off is not felt, so it is no bout.
    """
    end_s = plan.at_s(24.0)
    dawn_s, dusk_s = plan.at_s(NIGHT_UNTIL_H), plan.at_s(NIGHT_FROM_H)
    now_s = plan.at_s(0.0)
    off_until_s = now_s
    bouts: list[Bout] = []
    for due in _dues(rng, plan, end_s):
        if due.start_s < off_until_s:
            continue
        if due.start_s > now_s:
            awake = dawn_s <= now_s < dusk_s
            bouts += _rest(rng, now_s, due.start_s, panting=_panting(plan, awake=awake))
            now_s = due.start_s
        for kind, length_s in due.steps:
            stop_s = min(now_s + length_s, due.until_s)
            if stop_s > now_s:
                bouts.append(Bout(kind=kind, start_s=now_s, end_s=stop_s))
                now_s = stop_s
                off_until_s = stop_s if kind == "off_collar" else off_until_s
    return [*bouts, *_rest(rng, now_s, end_s, panting=None)]


def _dues(rng: np.random.Generator, plan: DayPlan, end_s: float) -> list[_Due]:
    """Return what the day holds in order: the morning's until the turn, then the plan's."""
    breaches: list[Activity] = [
        (
            each.at.hour + each.at.minute / 60.0 + each.at.second / 3600.0,
            [("walk", 5.0), (each.kind, each.duration_s), ("walk", 5.0)],
        )
        for each in plan.breaches
    ]
    morning = plan.morning
    turn_h = 0.0 if morning is None else morning.until_h
    early: list[Activity] = []
    if morning is not None:
        before = replace(plan, condition=morning.condition, habits=morning.habits)
        early = [activity for activity in planned_activities(rng, before) if activity[0] < turn_h]
    late = [activity for activity in planned_activities(rng, plan) if activity[0] >= turn_h]
    turn_s = plan.at_s(turn_h)
    dues = [
        *(_Due(start_s=plan.at_s(at_h), until_s=turn_s, steps=steps) for at_h, steps in early),
        *(
            _Due(start_s=plan.at_s(at_h), until_s=end_s, steps=steps)
            for at_h, steps in (*late, *breaches)
        ),
    ]
    return sorted(dues, key=lambda due: due.start_s)


def _panting(plan: DayPlan, *, awake: bool) -> float | None:
    """Return how much the dog pants while it rests, None where it sleeps."""
    return plan.condition.panting if awake else None


def _rest(
    rng: np.random.Generator, start_s: float, end_s: float, *, panting: float | None
) -> Iterator[Bout]:
    """Yield quiet bouts from one time to another: lying, by day some sitting and standing."""
    awake = panting is not None
    borders = borders_of((0.35, 0.15, 0.4, 0.1 * (panting or 0.0))).tolist()
    while start_s < end_s:
        if awake and rng.random() < 0.45:
            kind = one_of_weighted(rng, _AWAKE, borders)
            length_s = between(rng, 20.0, 300.0)
        else:
            kind = "twitching" if rng.random() < 0.05 else "lying"
            least_s, most_s = (60.0, 180.0) if kind == "twitching" else (120.0, 2400.0)
            length_s = between(rng, least_s, most_s)
        stop_s = min(start_s + length_s, end_s)
        yield Bout(kind=kind, start_s=start_s, end_s=stop_s)
        start_s = stop_s
