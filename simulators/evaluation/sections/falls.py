"""Falls that look like a collapse: how many are told, by rate and size of the dog."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulators.collar.sensor import readings
from simulators.day.context import DayPlan
from simulators.day.day import SimulatedDay
from simulators.day.schedule import Bout
from simulators.dog.sizes import SIZES
from simulators.evaluation.report import Section, Size
from simulators.evaluation.sections.run_detectors import Listener
from simulators.evaluation.workers import Workers
from simulators.scenarios.cohort import cohort

RATES_HZ = (25.0, 50.0, 100.0)
GAITS = ("walk", "fast_walk", "trot")
_FIRST_DAY = date(2026, 3, 2)
_DOWN_S = 70.0
_NEAR_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Falls:
    """Some falls of one dog; everything that they depend on."""

    size: str
    rate_hz: float
    seed: int
    n: int


def told(task: Falls) -> tuple[int, int]:
    """Return how many of the falls were told, and how many collapses were told in all."""
    rng = np.random.default_rng([task.seed, list(SIZES).index(task.size), int(task.rate_hz)])
    members = cohort(int(rng.integers(2**31)), len(SIZES), rate_hz=task.rate_hz)
    mine = next(each for each in members if each.size == task.size)
    plan = DayPlan(date=_FIRST_DAY)
    bouts = _bouts(rng, task.n, plan.at_s(8.0))
    day = SimulatedDay(dog=mine.dog, plan=plan, bouts=bouts, rate_hz=task.rate_hz, seed=task.seed)
    listener = Listener(names=("collapse",), range_g=mine.collar.sensor.range_g)
    at_s = [event.start_s for event in listener.events(readings(rng, mine.collar, [day]))]
    fell_s = [bout.start_s for bout in bouts if bout.kind == "collapse"]
    found = sum(any(abs(one - fall) <= _NEAR_S for one in at_s) for fall in fell_s)
    return found, len(at_s)


def _bouts(rng: np.random.Generator, n: int, start_s: float) -> tuple[Bout, ...]:
    """Return falls out of different gaits, each after some standing."""
    bouts: list[Bout] = []
    for _ in range(n):
        gait, length_s = str(rng.choice(GAITS)), float(rng.uniform(12.0, 30.0))
        for kind, seconds in (("standing", 3.0), (gait, length_s), ("collapse", _DOWN_S)):
            bouts.append(Bout(kind=kind, start_s=start_s, end_s=start_s + seconds))
            start_s += seconds
    return tuple(bouts)


def section(size: Size, workers: Workers) -> Section:
    """Return the share of falls that were told."""
    tasks = [
        Falls(size=name, rate_hz=rate_hz, seed=size.seed, n=size.falls)
        for rate_hz in RATES_HZ
        for name in SIZES
    ]
    found = list(zip(tasks, workers.map("falling", told, tasks), strict=True))
    n_told = sum(each for _, (each, _) in found)
    return Section(
        name="falls",
        title="Falls that look like a collapse",
        note=_NOTE,
        columns=("size", "rate, Hz", "falls", "told", "collapses told in all"),
        rows=tuple((task.size, task.rate_hz, task.n, each, n_all) for task, (each, n_all) in found),
        figures={"found": n_told / sum(task.n for task in tasks)},
    )


_NOTE = (
    "Simulated dogs that fall out of a walk or trot and stay down, through the sample path. The"
    " falls were made after the rule, since no recording of one is known: this says that the rule"
    " does what it should, and nothing of real dogs. How often a healthy dog is said to have"
    " collapsed stands in the tables from samples below."
)
