"""Jumps found and told without cause, by behaviour, rate and size of the dog."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.recovery.monitor import is_told_jump
from analysis.recovery.settings import PlanSettings
from simulators.collar.sensor import readings
from simulators.day.day import SimulatedDay
from simulators.day.planner import DayPlan
from simulators.day.schedule import Bout, Habits
from simulators.dog.dog import Dog
from simulators.dog.sizes import SIZES
from simulators.evaluation.report import Cell, Section, Size
from simulators.evaluation.sections.events import (
    FLYING,
    JUMPS,
    Counts,
    count,
    false_per_hour,
    merged,
    n_false,
    recall,
)
from simulators.evaluation.sections.run_detectors import Listener
from simulators.evaluation.sections.stress_blocks import mixed
from simulators.evaluation.workers import Workers
from simulators.scenarios.cohort import Member, cohort
from simulators.scenarios.story import Phase, Scenario

RATES_HZ = (25.0, 50.0, 100.0)
NONE_AT_ALL = ("shake", "scratch", "knock")
_FIRST_DAY = date(2026, 3, 2)
_RIDING = Habits(car_at_h=(14.0,), jumps=20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Many jumps and many things that are none, of one dog at one rate.

    Attributes
    ----------
    size, rate_hz, seed
        Which dog, and how it is measured.
    n
        Jumps of each kind, and as many of each other thing; for a whole day 0.
    """

    size: str
    rate_hz: float
    seed: int
    n: int


def counted(block: Block) -> Counts:
    """Return how each behaviour fared in a block, or in a mixed day."""
    rng = np.random.default_rng([block.seed, list(SIZES).index(block.size), int(block.rate_hz)])
    member = cohort(int(rng.integers(2**31)), len(SIZES), rate_hz=block.rate_hz)
    mine = next(each for each in member if each.size == block.size)
    day = _block(rng, mine.dog, block) if block.n else _mixed_day(mine)
    chunks = readings(rng, mine.collar, [day])
    listener = Listener(withers_m=mine.dog.withers_m, range_g=mine.collar.sensor.range_g)
    told = [event for event in listener.events(chunks) if is_told_jump(event, PlanSettings())]
    return count(day.bouts, told, JUMPS)


def _block(rng: np.random.Generator, dog: Dog, block: Block) -> SimulatedDay:
    plan = DayPlan(date=_FIRST_DAY)
    bouts = mixed(rng, dict.fromkeys(JUMPS, block.n), block.n, plan.at_s(8.0))
    rate_hz = block.rate_hz
    return SimulatedDay(dog=dog, plan=plan, bouts=tuple(bouts), rate_hz=rate_hz, seed=block.seed)


def _mixed_day(member: Member) -> SimulatedDay:
    """Return a whole day of a lively dog, a ride in a car included."""
    story = Scenario(
        name="mixed",
        start=_FIRST_DAY,
        phases=(Phase(days=1),),
        seed=member.seed,
        dog=member.dog,
        collar=member.collar,
        habits=_RIDING,
    )
    (day,) = story.days()
    bouts: Sequence[Bout] = day.bouts
    return SimulatedDay(
        dog=day.dog,
        plan=day.plan,
        bouts=tuple(bouts),
        rate_hz=member.collar.rate_hz,
        seed=day.seed,
    )


def section(size: Size, workers: Workers) -> Section:
    """Return recall and false jumps."""
    blocks = [
        Block(size=name, rate_hz=rate_hz, seed=size.seed, n=size.jumps)
        for rate_hz in RATES_HZ
        for name in SIZES
    ]
    names = list(SIZES)
    days = [
        Block(size=names[number % len(names)], rate_hz=rate_hz, seed=size.seed + number, n=0)
        for rate_hz in RATES_HZ
        for number in range(size.mixed_days)
    ]
    found = workers.map("counting jumps", counted, [*blocks, *days])
    of_blocks = list(zip(blocks, found, strict=False))
    of_days = list(zip(days, found[len(blocks) :], strict=True))
    figures: dict[str, float] = {}
    for rate_hz in RATES_HZ:
        at_rate = [counts for block, counts in of_blocks if block.rate_hz == rate_hz]
        figures[f"recall_{rate_hz:g}"] = recall(merged(*at_rate), FLYING)
        whole = [counts for block, counts in of_days if block.rate_hz == rate_hz]
        if whole:
            figures[f"false_per_hour_{rate_hz:g}"] = false_per_hour(merged(*whole), JUMPS)
    everything = merged(*(counts for _, counts in of_blocks))
    figures["false_in_negatives"] = float(
        sum(everything[kind].n_events for kind in NONE_AT_ALL if kind in everything)
    )
    figures["false_per_hour_of_gallop"] = false_per_hour({"gallop": everything["gallop"]}, JUMPS)
    return Section(
        name="events",
        title="Jumps by behaviour, rate and size of the dog",
        note=_NOTE,
        columns=("what", "of", "times", "hours", "found", "told without cause", "false an hour"),
        rows=(*_by_size(of_blocks), *_by_behaviour(everything), *_by_day(of_days)),
        figures=figures,
    )


def _by_size(found: Sequence[tuple[Block, Counts]]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for block, counts in found:
        what = f"{block.size}, {block.rate_hz:g} Hz"
        for kind in JUMPS:
            n = counts[kind].n_bouts if kind in counts else 0
            rows.append((what, kind, n, None, recall(counts, (kind,)), None, None))
    return rows


def _by_behaviour(counts: Counts) -> list[tuple[Cell, ...]]:
    return [
        (
            *("behaviour, all rates and sizes", kind, one.n_bouts, one.hours),
            one.recall if kind in JUMPS else None,
            None if kind in JUMPS else one.n_events,
            None if kind in JUMPS or not one.hours else one.n_events / one.hours,
        )
        for kind, one in sorted(counts.items())
    ]


def _by_day(found: Sequence[tuple[Block, Counts]]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for rate_hz in RATES_HZ:
        days = [counts for block, counts in found if block.rate_hz == rate_hz]
        if not days:
            continue
        counts = merged(*days)
        hours = sum(one.hours for one in counts.values())
        n = sum(counts[kind].n_bouts for kind in JUMPS if kind in counts)
        told, rate = n_false(counts, JUMPS), false_per_hour(counts, JUMPS)
        rows.append(
            (
                f"mixed days, {rate_hz:g} Hz",
                "everything",
                n,
                hours,
                recall(counts, FLYING),
                told,
                rate,
            )
        )
    return rows


_NOTE = (
    "Simulated, through the sample path. `found` counts jumps that an owner on a plan that forbids"
    " them would be told of. Blocks are much denser than days, so their false jumps an hour compare"
    " behaviours only; the rate of a real day is that of the mixed days."
)
