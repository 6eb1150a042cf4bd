"""Measurement the tables of the shortcut: busy days of dogs of each size through the real thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import scipy

from analysis.model import Event, FloatArray, GaitWindow
from analysis.model.dog import DogProfile
from analysis.pipeline.measurement import Measurement, MeasurementSettings
from analysis.signal.conditioning import Conditioner
from analysis.units import RATE_HZ
from simulators.behaviours.gait import CADENCE_POWER, GAITS
from simulators.day.day import SimulatedDay
from simulators.day.planner import DayPlan, day_bouts
from simulators.day.schedule import Bout, Habits
from simulators.dog.collar import Collar
from simulators.dog.dog import Dog
from simulators.dog.sizes import SIZES, dog_of
from simulators.evaluation.surrogate.event_rates import Told, rates
from simulators.evaluation.surrogate.simulated_days import collar_samples
from simulators.evaluation.surrogate.tables import (
    BINS_S,
    FEATURES,
    KNOTS_Z,
    LEVELS,
    Level,
    Spread,
    Table,
    Tables,
)
from simulators.scenarios.cohort import any_collar
from simulators.scenarios.confounders import SEATS

_LONGEST_REST_S = 20.0
_EDGE_S = 1.5
"""What a rest, cut short here, owes to what went before it or follows is left out."""
_RESTS = frozenset({"lying", "sitting", "standing", "panting", "off_collar"})
_FIRST_DAY = date(2026, 3, 2)
_BUSY = Habits(
    walk_at_h=(7.0, 12.0, 18.0),
    walk_min=30.0,
    home_min=90.0,
    jumps=40.0,
    shakes=20.0,
    scratches=20.0,
    stairs=20.0,
    fast_share=0.35,
    off_at_h=(15.0,),
    car_at_h=(10.0,),
    car_min=5.0,
)
_SEED = 20_260_301
_FEWEST_WINDOWS = 12
_NOTHING_G = 1e-4


@dataclass(slots=True)
class _Pool:
    """What was measured of one behaviour: numbers, and the bout of each."""

    lengths_s: list[float] = field(default_factory=list)
    n_windows: list[int] = field(default_factory=list)
    seconds: list[tuple[int, float]] = field(default_factory=list)
    windows: list[tuple[int, str, tuple[float, ...]]] = field(default_factory=list)


def calibrated(n_dogs: int = 8, seed: int = _SEED) -> Iterator[tuple[str, Tables | None]]:
    """Yield what is being measured, and at last the tables.

    Each level of a size hears a day each of the same dogs under the same collars, so that levels
    differ by themselves and not by chance. Several dogs, since a gait near the border of what
    counts as one is found more often over dogs of all kinds than in the dog between them.
    """
    moving: dict[str, Table] = {}
    resting: dict[str, _Pool] = {}
    told: dict[str, list[Told]] = {}
    for place, size_name in enumerate(SIZES):
        for level_name, level in LEVELS.items():
            yield f"{size_name}, {level_name}", None
            pools: dict[str, _Pool] = {}
            for number in range(n_dogs):
                rng = np.random.default_rng([seed, place, number])
                dog, collar = dog_of(rng, size_name), any_collar(rng, "collar", rate_hz=50.0)
                day = _busy_day(rng, dog, level)
                one = _hear(day, _seated(collar, level), pools)
                told.setdefault(level.seat, []).append(one)
                told.setdefault(f"{size_name}/{level_name}", []).append(one)
            for kind, pool in pools.items():
                if len(pool.windows) >= _FEWEST_WINDOWS:
                    moving[f"{size_name}/{level_name}/{kind}"] = _table(pool)
                if level_name == "healthy":
                    _add(resting.setdefault(kind, _Pool()), pool)
    events = {name: rates(days, of_size="/" in name) for name, days in told.items()}
    still = {kind: Table(vedba=_table(pool).vedba) for kind, pool in resting.items()}
    yield "done", Tables(moving=moving, resting=still, events=events)


def _seated(collar: Collar, level: Level) -> Collar:
    seat = SEATS.get(level.seat)
    return collar if seat is None else replace(collar, mounting=seat(collar.mounting))


def _busy_day(rng: np.random.Generator, dog: Dog, level: Level) -> SimulatedDay:
    """Return a day full of movement with its rests cut short; how it moves is the level's."""
    condition = replace(level.condition, activity=1.0, jumps=1.0, night=1.0)
    plan = DayPlan(date=_FIRST_DAY, condition=condition, habits=_BUSY)
    bouts: list[Bout] = []
    now_s = plan.at_s(0.0)
    for bout in day_bouts(rng, plan):
        length_s = bout.end_s - bout.start_s
        if bout.kind in _RESTS:
            length_s = min(length_s, _LONGEST_REST_S)
        bouts.append(Bout(kind=bout.kind, start_s=now_s, end_s=now_s + length_s))
        now_s += length_s
    seed = int(rng.integers(2**63))
    return SimulatedDay(dog=dog, plan=plan, bouts=tuple(bouts), rate_hz=50.0, seed=seed)


def _hear(day: SimulatedDay, collar: Collar, pools: dict[str, _Pool]) -> Told:
    """Add what is measured of a day to the pools, and return its events."""
    profile = DogProfile(id="dog", withers_m=day.dog.withers_m)
    measuring = Measurement(MeasurementSettings(dog=profile))
    conditioner = Conditioner()
    windows: list[GaitWindow] = []
    events: list[Event] = []
    vedba_g: list[FloatArray] = []
    for samples in collar_samples([day], collar, seed=day.seed):
        measured = measuring.process(samples)
        windows += measured.gait
        events += measured.events
        vedba_g.append(conditioner.push(samples).vedba_g)
    vedba_g += [signal.vedba_g for signal in conditioner.finish()]
    _sort(day, windows, np.concatenate(vedba_g), pools)
    return day.bouts, events


def _sort(
    day: SimulatedDay, windows: Sequence[GaitWindow], vedba_g: FloatArray, pools: dict[str, _Pool]
) -> None:
    """Give each second and each window to the bout in whose time its middle lies."""
    starts_s = np.array([bout.start_s for bout in day.bouts])
    ends_s = np.array([bout.end_s for bout in day.bouts])
    n_seconds = len(vedba_g) // RATE_HZ
    by_second_g = vedba_g[: n_seconds * RATE_HZ].reshape(-1, RATE_HZ).mean(axis=1)
    middles_s = starts_s[0] + np.arange(n_seconds) + 0.5
    of_second = np.searchsorted(starts_s, middles_s, side="right") - 1
    numbers: list[int] = []
    for bout in day.bouts:
        pool = pools.setdefault(bout.kind, _Pool())
        numbers.append(len(pool.lengths_s))
        pool.lengths_s.append(bout.end_s - bout.start_s)
        pool.n_windows.append(0)
    edge_s = np.minimum(middles_s - starts_s[of_second], ends_s[of_second] - middles_s)
    for place, value_g, within_s in zip(
        of_second.tolist(), by_second_g.tolist(), edge_s.tolist(), strict=True
    ):
        kind = day.bouts[place].kind
        if kind in _RESTS and within_s < _EDGE_S:
            continue
        shift = _felt(day) if kind in GAITS else 0.0
        value = float(np.log(max(value_g, _NOTHING_G))) - shift
        pools[kind].seconds.append((numbers[place], value))
    for window in windows:
        middle_s = (window.start_s + window.end_s) / 2.0
        place = int(np.searchsorted(starts_s, middle_s, side="right")) - 1
        pool = pools[day.bouts[place].kind]
        pool.n_windows[numbers[place]] += 1
        row = _row(window, day.bouts[place].kind, day)
        pool.windows.append((numbers[place], window.gait, row))


def _felt(day: SimulatedDay) -> float:
    """Return the logarithm of what the condition makes of the strength of movement."""
    condition = day.plan.condition
    return float(np.log(condition.amplitude) + CADENCE_POWER * np.log(condition.cadence))


def _row(window: GaitWindow, kind: str, day: SimulatedDay) -> tuple[float, ...]:
    usual_hz = day.dog.stride_hz(usual_stride_hz(kind)) * day.plan.condition.cadence
    stride = float(np.log(window.stride_hz / usual_hz))
    pace = min(max(stride, -0.2), 0.2)
    strength = float(np.log(window.rms_g)) - _felt(day) - CADENCE_POWER * pace
    return (
        stride,
        strength,
        window.step_regularity,
        window.stride_regularity,
        window.step_time_cv,
        window.stride_time_cv,
        window.asymmetry,
        window.certainty,
    )


def usual_stride_hz(kind: str) -> float:
    """Return the stride rate of a behaviour at 0.52 m; of what is no gait, that of a walk."""
    return GAITS.get(kind, GAITS["walk"]).stride_hz


def _add(pool: _Pool, more: _Pool) -> None:
    """Add a pool to another one, its bouts being others."""
    first = len(pool.lengths_s)
    pool.lengths_s += more.lengths_s
    pool.seconds += [(first + number, value) for number, value in more.seconds]


def _table(pool: _Pool) -> Table:
    numbers = np.array([number for number, _ in pool.seconds], int)
    vedba = _spread(numbers, np.array([value for _, value in pool.seconds]))
    if len(pool.windows) < _FEWEST_WINDOWS:
        return Table(vedba=vedba)
    bin_of = np.searchsorted(BINS_S, pool.lengths_s, side="right") - 1
    lengths_s, n_windows = np.array(pool.lengths_s), np.array(pool.n_windows)
    found, filled = [], []
    for number in range(len(BINS_S)):
        here = bin_of == number
        some = here & (n_windows > 0)
        found.append(round(float(some.sum() / max(here.sum(), 1)), 3))
        fits = lengths_s[some].sum() / 2.0
        filled.append(round(float(n_windows[some].sum() / fits) if fits else 0.0, 3))
    gaits = [gait for _, gait, _ in pool.windows]
    walk, trot, gallop = (gaits.count(g) / len(gaits) for g in ("walk", "trot", "gallop"))
    bouts = np.array([number for number, _, _ in pool.windows], int)
    columns = zip(*(row for _, _, row in pool.windows), strict=True)
    spreads = {
        name: _spread(bouts, np.array(column))
        for name, column in zip(FEATURES, columns, strict=True)
    }
    return Table(
        vedba=vedba,
        found=tuple(found),
        filled=tuple(filled),
        gaits=(round(walk, 4), round(trot, 4), round(gallop, 4)),
        windows=spreads,
    )


def _spread(bouts: np.ndarray, values: FloatArray) -> Spread:
    """Return quantiles, and the share of the variance that lies between bouts."""
    shares = scipy.special.ndtr(np.array(KNOTS_Z))
    quantiles = np.quantile(values, shares) if len(values) else np.zeros(len(KNOTS_Z))
    return Spread(
        quantiles=tuple(round(float(each), 4) for each in quantiles),
        of_bout=round(_of_bout(bouts, values), 3),
    )


def _of_bout(bouts: np.ndarray, values: FloatArray) -> float:
    """Return the intraclass correlation, by the analysis of variance of ranks."""
    if len(values) < _FEWEST_WINDOWS:
        return 0.0
    ranks = np.argsort(np.argsort(values)) / len(values)
    _, place, sizes = np.unique(bouts, return_inverse=True, return_counts=True)
    if len(sizes) < 3 or sizes.max() < 2:
        return 0.0
    means = np.bincount(place, ranks) / sizes
    within = float(((ranks - means[place]) ** 2).sum() / max(len(ranks) - len(sizes), 1))
    between = float((sizes * (means - ranks.mean()) ** 2).sum() / (len(sizes) - 1))
    usual = (len(ranks) - float((sizes**2).sum()) / len(ranks)) / (len(sizes) - 1)
    common = max((between - within) / usual, 0.0)
    return min(common / max(common + within, 1e-12), 0.95)
