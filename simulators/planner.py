"""What a dog does in one day: bouts in a row, drawn by chance from its habits and condition."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from simulators.condition import HEALTHY, Condition
from simulators.schedule import JUMP_S, Bout, Breach, Habits, unix_s

NIGHT_UNTIL_H, NIGHT_FROM_H = 6.5, 22.5
Step = tuple[str, float]
"""A kind of behaviour and its seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """What one day of a dog depends on, chance apart.

    Attributes
    ----------
    date, time_zone
        Which day, from local midnight to local midnight.
    condition, habits
        How well the dog is and how it lives.
    activity
        This day's activity over the usual, see `simulators.schedule.day_factors`.
    breaches
        What happens at given times besides.
    """

    date: date
    time_zone: str = "UTC"
    condition: Condition = HEALTHY
    habits: Habits = field(default_factory=Habits)
    activity: float = 1.0
    breaches: tuple[Breach, ...] = ()


def _outing(
    rng: np.random.Generator, *, length_s: float, fast_share: float, walks: tuple[str, ...]
) -> Iterator[tuple[str, float]]:
    """Yield the bouts of a walk: steady stretches, some faster, with stops between."""
    spent_s = 0.0
    while spent_s < length_s:
        fast_s = 0.0
        if fast_share > 0.0:
            # Mean walking stretch is 45 s and one fast stretch lies between two of them.
            slow_s = 45.0 / max(1.0 - fast_share, 0.1)
            fast_s = min(rng.gamma(4.0, slow_s * fast_share / 4.0), 120.0)
        walk_s = float(np.clip(rng.gamma(3.0, 15.0), 8.0, 150.0))
        kinds = [(str(rng.choice(walks)), walk_s)]
        if fast_s >= 3.0:
            gallop = fast_s < 12.0 and rng.random() < 0.3
            kinds.append(("gallop" if gallop else "trot", float(fast_s)))
        if rng.random() < 0.5:
            kinds.append((str(rng.choice(("sniffing", "standing"))), float(rng.uniform(3, 15))))
        for kind, duration_s in kinds:
            yield kind, duration_s
            spent_s += duration_s


def _pottering(
    rng: np.random.Generator, *, length_s: float, fast_share: float
) -> Iterator[tuple[str, float]]:
    """Yield the bouts of moving about the house: short stretches with more stops."""
    # A trot takes 6.5 s on average and the walk before it 12.5 s.
    trots = min(fast_share / (1.0 - fast_share) * 12.5 / 6.5, 1.0) if fast_share < 1.0 else 1.0
    spent_s = 0.0
    while spent_s < length_s:
        walk_s = float(rng.uniform(5.0, 20.0))
        trot_s = float(rng.uniform(3.0, 10.0)) if rng.random() < trots else 0.0
        yield str(rng.choice(("slow_walk", "walk"))), walk_s
        if trot_s > 0.0:
            yield "trot", trot_s
        spent_s += walk_s + trot_s
        stops = ("standing", "sniffing", "sitting", "fidgeting")
        yield str(rng.choice(stops)), float(rng.uniform(3.0, 20.0))


def _spread_h(rng: np.random.Generator, n: int) -> list[float]:
    """Return hours of the day at which dogs are busy: most in the morning and the evening."""
    middle = rng.choice((8.5, 13.0, 18.5), n, p=(0.35, 0.25, 0.4))
    return [float(each) for each in np.clip(middle + 1.8 * rng.standard_normal(n), 6.6, 22.3)]


def _single(rng: np.random.Generator, plan: DayPlan) -> Iterator[tuple[float, list[Step]]]:
    """Yield shakes, scratches, meals, and hours without the collar."""
    habits, busy = plan.habits, plan.condition.walking
    for at_h in _spread_h(rng, int(rng.poisson(habits.shakes * busy))):
        yield at_h, [("standing", 3.0), ("shake", float(rng.uniform(0.9, 1.8))), ("standing", 3.0)]
    for at_h in _spread_h(rng, int(rng.poisson(habits.scratches * busy))):
        yield at_h, [("sitting", 3.0), ("scratch", float(rng.uniform(2.0, 8.0))), ("sitting", 3.0)]
    for at_h in (7.0, 17.2):
        yield at_h, [("eating", float(rng.uniform(90.0, 240.0))), ("drinking", 15.0)]
    for at_h in habits.off_at_h:
        yield at_h, [("off_collar", habits.off_min * 60.0)]
    for at_h in _spread_h(rng, 6):
        yield at_h, [("drinking", float(rng.uniform(8.0, 25.0)))]


_SMALL = (("knock", 3.0), ("flop", 5.0), ("step_down", 2.0), ("play_bow", 1.0), ("rearing", 1.0))
"""What looks like a jump to a careless eye, and how often a day it happens."""


def _look_alikes(rng: np.random.Generator, plan: DayPlan) -> Iterator[tuple[float, list[Step]]]:
    """Yield small events; a dog in pain neither bows nor rears."""
    condition = plan.condition
    for kind, often in _SMALL:
        wanted = condition.fast_share > 0.5 or kind not in {"play_bow", "rearing"}
        for at_h in _spread_h(rng, int(rng.poisson(often * condition.walking * wanted))):
            yield at_h, [("standing", 2.0), (kind, float(rng.uniform(1.8, 3.0)))]


def _jumps(rng: np.random.Generator, plan: DayPlan) -> Iterator[tuple[float, list[Step]]]:
    """Yield jumps, each with a few steps before and after it."""
    expected = plan.habits.jumps * plan.condition.jumps * plan.condition.walking * plan.activity
    for at_h in _spread_h(rng, int(rng.poisson(expected))):
        kind = str(rng.choice(("jump_over", "jump_onto", "jump_off"), p=(0.2, 0.4, 0.4)))
        before_s, after_s = rng.uniform(3.0, 7.0, 2)
        yield at_h, [("walk", float(before_s)), (kind, JUMP_S), ("walk", float(after_s))]


def _moving(rng: np.random.Generator, plan: DayPlan) -> Iterator[tuple[float, list[Step]]]:
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
            yield at_h, list(_outing(rng, length_s=each_s, fast_share=0.0, walks=("slow_walk",)))
        return
    fast = habits.fast_share * condition.fast_share
    for at_h in habits.walk_at_h:
        length_s = habits.walk_min * 60.0 * factor
        late_h = 0.15 * float(np.clip(rng.standard_normal(), -2.0, 2.0))
        paces = ("slow_walk", "walk", "walk", "walk", "fast_walk")
        yield at_h + late_h, list(_outing(rng, length_s=length_s, fast_share=fast, walks=paces))
    while home_s > 0.0:
        length_s = min(float(rng.uniform(40.0, 240.0)), home_s)
        yield _spread_h(rng, 1)[0], list(_pottering(rng, length_s=length_s, fast_share=fast))
        home_s -= length_s


def _night(rng: np.random.Generator, plan: DayPlan) -> Iterator[tuple[float, list[Step]]]:
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


def _rest(rng: np.random.Generator, start_s: float, end_s: float, *, awake: bool) -> Iterator[Bout]:
    """Yield quiet bouts from one time to another: lying, by day some sitting and standing."""
    while start_s < end_s:
        if awake and rng.random() < 0.45:
            kind = str(rng.choice(("sitting", "standing", "panting"), p=(0.5, 0.4, 0.1)))
            length_s = rng.uniform(20.0, 300.0)
        else:
            kind = "twitching" if rng.random() < 0.05 else "lying"
            length_s = (
                rng.uniform(60.0, 120.0) if kind == "twitching" else rng.uniform(120.0, 2400.0)
            )
        stop_s = min(start_s + float(length_s), end_s)
        yield Bout(kind=kind, start_s=start_s, end_s=stop_s)
        start_s = stop_s


def day_bouts(rng: np.random.Generator, plan: DayPlan) -> list[Bout]:
    """Return the bouts of one day, without a hole from local midnight to local midnight.

    Where two things fall on one time, the later one waits; a breach keeps its time to seconds.
    """
    kinds = (_moving, _single, _look_alikes, _jumps, _night)
    wishes = [wish for kind in kinds for wish in kind(rng, plan)]
    breaches = [
        (
            each.at.hour + each.at.minute / 60.0 + each.at.second / 3600.0,
            [("walk", 5.0), (each.kind, each.duration_s), ("walk", 5.0)],
        )
        for each in plan.breaches
    ]
    now_s = unix_s(plan.date, 0.0, plan.time_zone)
    end_s = unix_s(plan.date, 24.0, plan.time_zone)
    dawn_s = unix_s(plan.date, NIGHT_UNTIL_H, plan.time_zone)
    dusk_s = unix_s(plan.date, NIGHT_FROM_H, plan.time_zone)
    bouts: list[Bout] = []
    for at_h, steps in sorted([*wishes, *breaches], key=lambda wish: wish[0]):
        start_s = unix_s(plan.date, at_h, plan.time_zone)
        if start_s > now_s:
            bouts += _rest(rng, now_s, start_s, awake=dawn_s <= now_s < dusk_s)
            now_s = start_s
        for kind, length_s in steps:
            stop_s = min(now_s + length_s, end_s)
            if stop_s > now_s:
                bouts.append(Bout(kind=kind, start_s=now_s, end_s=stop_s))
                now_s = stop_s
    return [*bouts, *_rest(rng, now_s, end_s, awake=False)]
