"""Days without samples: minutes, windows of gait and events drawn from what was measured.

The bouts are those of the sample path, to the second and from the same chance; only what the
analysis makes of each bout is drawn from tables instead of being measured.
`simulators.evaluation.surrogate.validation` holds the two against each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from analysis.features.day.movement import MovementSettings, Released
from analysis.model import BoolArray, FloatArray, Minute
from analysis.pipeline.measurement import Measured
from simulators.behaviours.gait import GAITS
from simulators.day.context import DayPlan
from simulators.day.planner import day_bouts
from simulators.day.schedule import Bout
from simulators.dog.collar import Mounting
from simulators.dog.dog import Dog
from simulators.dog.sizes import SIZES
from simulators.evaluation.surrogate.event_rates import happened
from simulators.evaluation.surrogate.gait_windows import Walked, draw, each_once, windows_of
from simulators.evaluation.surrogate.level_weights import Way, way_of
from simulators.evaluation.surrogate.tables import Table, Tables, tables
from simulators.scenarios.story import Scenario

_BORDERS = MovementSettings()
_EDGES_G = (_BORDERS.rest_below_g, _BORDERS.light_below_g, _BORDERS.walk_below_g)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One bout and how it is measured.

    Attributes
    ----------
    bout, table
        When, and the table that stands for it.
    name
        Size and level of that table.
    way
        How the dog moves in it.
    """

    bout: Bout
    table: Table
    name: str
    way: Way


def shortcut(
    scenario: Scenario, *, first: int = 1, known: Tables | None = None
) -> Iterator[Measured]:
    """Yield what is measured of each day of a scenario, from day number `first` on.

    A day has its own chance, the same that the sample path draws its bouts from.
    """
    known = tables() if known is None else known
    for number, plan in enumerate(scenario.plans(), start=1):
        if number >= first:
            rng = np.random.default_rng([scenario.seed, number])
            bouts = day_bouts(rng, plan)
            parts = _parts(rng, scenario.dog, scenario.collar.mounting, plan, bouts, known)
            yield _measured(rng, parts, scenario.dog, known)


def size_of(dog: Dog) -> str:
    """Return the class whose dogs stand about as high as this one."""
    return min(SIZES, key=lambda name: abs(log(SIZES[name].withers_m / dog.withers_m)))


def _parts(
    rng: np.random.Generator,
    dog: Dog,
    usual: Mounting,
    plan: DayPlan,
    bouts: Sequence[Bout],
    known: Tables,
) -> list[_Part]:
    """Return the bouts with the tables of the day's way, and before its turn of the morning's."""
    now = way_of(plan.condition, plan.mounting or usual)
    before, turn_s = now, 0.0
    if plan.morning is not None:
        before = way_of(plan.morning.condition, plan.morning.mounting or usual)
        turn_s = plan.at_s(plan.morning.until_h)
    size = size_of(dog)
    levels = (before.levels(rng, len(bouts)), now.levels(rng, len(bouts)))
    parts = []
    for number, bout in enumerate(bouts):
        late = bout.start_s >= turn_s
        name = f"{size}/{levels[late][number]}"
        table = known.moving.get(f"{name}/{bout.kind}") or known.resting[bout.kind]
        parts.append(_Part(bout=bout, table=table, name=name, way=now if late else before))
    return parts


def _measured(
    rng: np.random.Generator, parts: Sequence[_Part], dog: Dog, known: Tables
) -> Measured:
    end_s = parts[-1].bout.end_s
    walked = [
        Walked(
            bout=part.bout,
            table=part.table,
            stride_hz=dog.stride_hz(GAITS.get(part.bout.kind, GAITS["walk"]).stride_hz)
            * part.way.cadence,
            felt=part.way.felt,
        )
        for part in parts
        if part.table.windows
    ]
    return Measured(
        until_s=end_s + 3600.0,
        settled_until_s=end_s,
        released=_minutes(rng, parts),
        gait=windows_of(rng, walked),
        events=happened(
            rng, [(part.bout, (part.way.seat, part.name)) for part in parts], known.events
        ),
    )


def _minutes(rng: np.random.Generator, parts: Sequence[_Part]) -> list[Released]:
    """Return the minutes of a day; one counts as not worn if all of it lies off the collar."""
    start_s = parts[0].bout.start_s
    n_minutes = round((parts[-1].bout.end_s - start_s) / 60.0)
    starts_s = np.array([part.bout.start_s for part in parts])
    middles_s = start_s + np.arange(60 * n_minutes) + 0.5
    which = np.searchsorted(starts_s, middles_s, side="right") - 1
    tables, table_of = each_once([part.table for part in parts])
    drawn = draw(rng, [table.vedba for table in tables], table_of, which)
    felt = np.array([part.way.felt * (part.bout.kind in GAITS) for part in parts])
    vedba_g = np.exp(drawn.values + felt[which])
    off = np.array([part.bout.kind == "off_collar" for part in parts])[which]
    worn: BoolArray = np.logical_not(off.reshape(-1, 60).all(axis=1))
    return [
        Released(time_s=minute.start_s + 60.0, minutes=[minute])
        for minute in _summed(start_s, vedba_g.reshape(-1, 60), worn)
    ]


def _summed(start_s: float, vedba_g: FloatArray, worn: BoolArray) -> Iterator[Minute]:
    intensity = np.searchsorted(_EDGES_G, vedba_g, side="right")
    counts = np.stack([(intensity == level).sum(axis=1) for level in range(4)], axis=1)
    means_g = vedba_g.mean(axis=1)
    rows = np.column_stack(
        [
            start_s + 60.0 * np.arange(len(worn)),
            60.0 * worn,
            means_g * worn,
            counts * worn[:, np.newaxis],
            60.0 * ~worn,
            (counts[:, 0] * worn) > 0,
        ]
    )
    for (
        begin_s,
        worn_s,
        mean_g,
        rest_s,
        light_s,
        walk_s,
        vigorous_s,
        unworn_s,
        still_g,
    ) in rows.tolist():
        yield Minute(
            start_s=begin_s,
            worn_s=worn_s,
            vedba_g=mean_g,
            rest_s=rest_s,
            light_s=light_s,
            walk_s=walk_s,
            vigorous_s=vigorous_s,
            unworn_s=unworn_s,
            still_s=rest_s,
            still_g=still_g,
        )
