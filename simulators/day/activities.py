"""What a dog wants to do on a day and when, before anything has to wait for anything else."""

from collections.abc import Iterator

import numpy as np

from simulators.day.chance import borders_of
from simulators.day.context import DayPlan
from simulators.day.schedule import JUMP_S, NIGHT_FROM_H, NIGHT_UNTIL_H, Step
from simulators.day.walks import outing, pottering

Activity = tuple[float, list[Step]]
"""A local hour, and what is done from then on."""
_SMALL = (
    ("knock", 3.0),
    ("knock_train", 1.0),
    ("flop", 5.0),
    ("step_down", 2.0),
    ("play_bow", 1.0),
    ("rearing", 1.0),
    ("head_shake", 4.0),
    ("owner_lift", 0.3),
)
"""What looks like a jump or a step to a careless eye, and how often a day it happens."""
_HANDLING = ("collar_handled", 8.0)
_BUSY_H = np.array((8.5, 13.0, 18.5))
_BUSY_BORDERS = borders_of((0.35, 0.25, 0.4))


def planned_activities(rng: np.random.Generator, plan: DayPlan) -> list[Activity]:
    """Return everything that a day holds besides rest, in no order."""
    kinds = (_moving, _single, _look_alikes, _jumps, _stairs, _rides, _night)
    return [activity for kind in kinds for activity in kind(rng, plan)]


def _spread_h(rng: np.random.Generator, n: int) -> list[float]:
    """Return hours of the day at which dogs are busy: most in the morning and the evening."""
    middle = _BUSY_H[_BUSY_BORDERS.searchsorted(rng.random(n), side="right")]
    return [float(each) for each in np.clip(middle + 1.8 * rng.standard_normal(n), 6.6, 22.3)]


def _single(rng: np.random.Generator, plan: DayPlan) -> Iterator[Activity]:
    """Yield shakes, scratches, meals, and hours without the collar."""
    habits, busy = plan.habits, plan.condition.walking
    for at_h in _spread_h(rng, int(rng.poisson(habits.shakes * busy))):
        yield at_h, [("standing", 3.0), ("shake", float(rng.uniform(0.9, 1.8))), ("standing", 3.0)]
    for at_h in _spread_h(rng, int(rng.poisson(habits.scratches * busy))):
        yield at_h, [("sitting", 3.0), ("scratch", float(rng.uniform(2.0, 8.0))), ("sitting", 3.0)]
    for at_h in (7.0, 17.2):
        yield at_h, [("eating", float(rng.uniform(90.0, 240.0))), ("drinking", 15.0)]
    for at_h in habits.off_at_h:
        yield at_h, [_HANDLING, ("off_collar", habits.off_min * 60.0), _HANDLING]
    for at_h in _spread_h(rng, 6):
        yield at_h, [("drinking", float(rng.uniform(8.0, 25.0)))]


def _look_alikes(rng: np.random.Generator, plan: DayPlan) -> Iterator[Activity]:
    """Yield small events; a dog in pain neither bows nor rears."""
    condition = plan.condition
    for kind, often in _SMALL:
        wanted = condition.fast_share > 0.5 or kind not in {"play_bow", "rearing"}
        for at_h in _spread_h(rng, int(rng.poisson(often * condition.walking * wanted))):
            yield at_h, [("standing", 2.0), (kind, float(rng.uniform(1.8, 3.0)))]


def _jumps(rng: np.random.Generator, plan: DayPlan) -> Iterator[Activity]:
    """Yield jumps, each with a few steps before and after it."""
    expected = plan.habits.jumps * plan.condition.jumps * plan.condition.walking * plan.activity
    for at_h in _spread_h(rng, int(rng.poisson(expected))):
        kind = str(rng.choice(("jump_over", "jump_onto", "jump_off"), p=(0.2, 0.4, 0.4)))
        before_s, after_s = rng.uniform(3.0, 7.0, 2)
        yield at_h, [("walk", float(before_s)), (kind, JUMP_S), ("walk", float(after_s))]


def _stairs(rng: np.random.Generator, plan: DayPlan) -> Iterator[Activity]:
    """Yield flights of stairs; a crate has none, and a sore dog takes fewer, none at a trot."""
    condition = plan.condition
    free = condition.walking >= 0.5 > condition.crated
    expected = plan.habits.stairs * condition.activity * free
    kinds = ("stairs_up", "stairs_down", "stairs_trot")[: 3 if condition.fast_share > 0.5 else 2]
    for at_h in _spread_h(rng, int(rng.poisson(expected))):
        flight_s = float(rng.uniform(3.0, 8.0))
        yield at_h, [("walk", 3.0), (str(rng.choice(kinds)), flight_s), ("walk", 3.0)]


def _rides(_rng: np.random.Generator, plan: DayPlan) -> Iterator[Activity]:
    """Yield rides in a car."""
    for at_h in plan.habits.car_at_h:
        yield at_h, [("car_ride", plan.habits.car_min * 60.0)]


def _moving(rng: np.random.Generator, plan: DayPlan) -> Iterator[Activity]:
    """Yield walks and moving about the house."""
    habits, condition = plan.habits, plan.condition
    factor = plan.activity * condition.activity
    home_s = habits.home_min * 60.0 * factor
    if condition.walking < 0.5:
        # It cannot walk: what is left is shifting about on the front legs.
        for at_h in _spread_h(rng, max(round(home_s / 60.0), 1)):
            yield at_h, [("fidgeting", float(rng.uniform(20.0, 60.0)))]
        return
    if condition.crated >= 0.5:
        each_s = (habits.home_min + habits.walk_min * len(habits.walk_at_h)) * 60.0 * factor / 4.0
        for at_h in (6.8, 12.0, 17.0, 21.8):
            yield at_h, list(outing(rng, length_s=each_s, fast_share=0.0, walks=("slow_walk",)))
        return
    fast, stretch = habits.fast_share * condition.fast_share, condition.stretch
    paces = ("slow_walk", "walk", "walk", "walk", "fast_walk")
    for at_h in habits.walk_at_h:
        length_s = habits.walk_min * 60.0 * factor
        late_h = 0.15 * float(np.clip(rng.standard_normal(), -2.0, 2.0))
        steps = outing(rng, length_s=length_s, fast_share=fast, walks=paces, stretch=stretch)
        yield at_h + late_h, list(steps)
    while home_s > 0.0:
        length_s = min(float(rng.uniform(40.0, 240.0)), home_s)
        steps = pottering(rng, length_s=length_s, fast_share=fast, stretch=stretch)
        yield _spread_h(rng, 1)[0], list(steps)
        home_s -= length_s


def _night(rng: np.random.Generator, plan: DayPlan) -> Iterator[Activity]:
    """Yield turns in sleep and restless minutes."""
    condition, habits = plan.condition, plan.habits
    night_h = NIGHT_UNTIL_H + 24.0 - NIGHT_FROM_H
    turns = int(rng.poisson(habits.turns_per_h * condition.night * night_h))
    restless = int(rng.poisson(habits.night_share * condition.night * night_h * 60.0 / 1.5))
    for number, at_h in enumerate(
        rng.uniform(NIGHT_FROM_H - 24.0, NIGHT_UNTIL_H, turns + restless)
    ):
        turn = ("turning", float(rng.uniform(1.5, 4.0)))
        fidget = ("fidgeting", float(rng.uniform(30.0, 120.0)))
        yield float(at_h % 24.0), [turn] if number < turns else [turn, fidget, turn]
