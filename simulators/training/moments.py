"""Moments that may be jumps, with what they truly were: of simulated dogs and of two real dogs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import scipy
from numpy.typing import NDArray

from analysis.detectors.jumping import JumpingSettings, rows_of
from analysis.features.jump.candidates import places, unit_of
from analysis.features.jump.features import moments
from analysis.model import FloatArray
from analysis.units import RATE_HZ
from simulators.behaviours.jump import JUMPS
from simulators.behaviours.noise import smooth
from simulators.collar.sensor import readings
from simulators.day.day import Chunk, SimulatedDay
from simulators.day.planner import DayPlan
from simulators.day.schedule import Bout
from simulators.dog.collar import Collar, Mounting, Sensor
from simulators.dog.dog import any_dog
from simulators.evaluation.sections.run_detectors import signals
from simulators.evaluation.sections.stress_blocks import mixed

START_S = 1_700_000_000.0
RATES_HZ = (25.0, 50.0, 100.0)
REAL = "real"
RECORDED = (
    "dog-collar-50hz/running.csv",
    "dog-collar-50hz/walking.csv",
    "dog-ax3-running.csv",
)
"""Recordings of real dogs without a jump, of about fifty readings a second."""

_N_UNEVEN = 3
_DASH_S, _STAND_S, _SWAY_G = (1.5, 5.0), 3.0, 0.02
_NEAR_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labelled:
    """Moments of one stream.

    Attributes
    ----------
    table
        Features, shape (n, 18).
    kinds
        What the dog did at each, or ``"real"`` for a recording without a jump.
    jumps
        Number of the jump that each belongs to, else -1.
    n_jumps
        Jumps of each kind, found or not.
    hours
        Length of the stream.
    """

    table: FloatArray
    kinds: NDArray[np.str_]
    jumps: NDArray[np.intp]
    n_jumps: dict[str, int]
    hours: float


def simulated(seed: int, sizes_m: Sequence[float], n_jumps: int, n_others: int) -> list[Labelled]:
    """Return the moments of one dog of each size at each rate, with three kinds of collar."""
    return [
        _of_dog(seed + 100 * number, withers_m, rate_hz, (n_jumps, n_others))
        for number, (rate_hz, withers_m) in enumerate(product(RATES_HZ, sizes_m))
    ]


def real(folder: Path) -> Iterator[Labelled]:
    """Yield moments of real runs and walks, faster, slower, harder, softer, uneven, in dashes.

    All of it also backwards. None of them is a jump. What is played faster is a smaller dog's. Only
    the first half of each recording is played; the second is kept to report on.
    """
    rng = np.random.default_rng(1)
    for name in RECORDED:
        table = np.genfromtxt(folder / name, delimiter=",", skip_header=1)[:, 1:4]
        table = table[: len(table) // 2]
        uneven = [_uneven(rng, table) for _ in range(_N_UNEVEN)]
        forwards = (table, *uneven, _dashes(rng, table))
        for played_g in (*forwards, *(each[::-1] for each in forwards)):
            ways = product((0.40, 0.52, 0.65), (0.8, 0.9, 1.0, 1.1, 1.25), (0.95, 1.1))
            for withers_m, speed, gain in ways:
                trace = (gain * played_g).astype(np.float32)
                chunk = Chunk(start_s=START_S, rate_hz=RATE_HZ * speed, acceleration_g=trace)
                yield _labelled([chunk], withers_m, ())


def _uneven(rng: np.random.Generator, played_g: FloatArray) -> FloatArray:
    """Return a recording in which the dog is by turns wilder and calmer, from stride to stride."""
    n = len(played_g)
    mean_g = scipy.ndimage.uniform_filter1d(played_g, 2 * RATE_HZ, axis=0)
    wild = 0.5 * smooth(rng, n, knots=2 * n // RATE_HZ)
    return np.asarray(mean_g + np.clip(np.exp(wild), 0.4, 2.5)[:, None] * (played_g - mean_g))


def _dashes(rng: np.random.Generator, played_g: FloatArray) -> FloatArray:
    """Return a recording in which the dog stands, dashes off, and stops dead, again and again."""
    pieces = []
    at = 0
    while at < len(played_g):
        dash_g = played_g[at : at + int(rng.uniform(*_DASH_S) * RATE_HZ)]
        down = dash_g.mean(axis=0) / np.linalg.norm(dash_g.mean(axis=0))
        stand_g = down + _SWAY_G * rng.standard_normal((int(_STAND_S * RATE_HZ), 3))
        pieces += [stand_g, dash_g]
        at += len(dash_g)
    return np.concatenate(pieces)


def _collar(rate_hz: float, number: int) -> Collar:
    """Return an ordinary collar, a loose one with tags, or a leashed one with a poor sensor."""
    kinds = (
        (Mounting(), Sensor()),
        (Mounting(ring=0.4, ring_hz=9.0, tags_per_min=8.0), Sensor()),
        (
            Mounting(leashed=True),
            Sensor(range_g=16.0, noise_g=0.01, offset_g=0.05, gain_error=0.03),
        ),
    )
    mounting, sensor = kinds[number % 3]
    return Collar(rate_hz=rate_hz, mounting=mounting, sensor=sensor)


def _of_dog(seed: int, withers_m: float, rate_hz: float, counts: tuple[int, int]) -> Labelled:
    rng = np.random.default_rng(seed)
    dog = any_dog(rng, withers_m=withers_m)
    bouts = tuple(mixed(rng, dict.fromkeys(JUMPS, counts[0]), counts[1], START_S))
    plan = DayPlan(date=date(2026, 7, 1))
    day = SimulatedDay(dog=dog, plan=plan, bouts=bouts, rate_hz=rate_hz, seed=seed + 1)
    chunks = readings(rng, _collar(rate_hz, seed // 100), [day])
    return _labelled(chunks, withers_m, bouts)


def _labelled(chunks: Iterable[Chunk], withers_m: float, bouts: Sequence[Bout]) -> Labelled:
    settings = JumpingSettings()
    pieces = [each for each in signals(chunks) if each.n_ticks]
    rows = np.concatenate([rows_of(each) for each in pieces], axis=1)
    unit, share = unit_of(withers_m), settings.peak_share(pieces[0].source_hz)
    at = places(rows[0], unit, settings.floors())
    found = moments(rows, at, unit, peak_share=share)
    start_s = (pieces[0].first_tick + at) / RATE_HZ
    kinds, jumps = _labels(start_s, start_s + found.end / RATE_HZ, bouts)
    return Labelled(
        table=found.table,
        kinds=kinds,
        jumps=jumps,
        n_jumps={kind: sum(bout.kind == kind for bout in bouts) for kind in JUMPS},
        hours=rows.shape[1] / RATE_HZ / 3600.0,
    )


def _labels(
    start_s: FloatArray, end_s: FloatArray, bouts: Sequence[Bout]
) -> tuple[NDArray[np.str_], NDArray[np.intp]]:
    """Return what the dog did at each moment, and which jump it was."""
    jumps = np.full(len(start_s), -1, dtype=np.intp)
    if not bouts:
        return np.full(len(start_s), REAL), jumps
    firsts_s = np.array([bout.start_s for bout in bouts])
    here = np.clip(np.searchsorted(firsts_s, start_s, "right") - 1, 0, len(bouts) - 1)
    kinds = np.array([bout.kind for bout in bouts])
    is_jump = np.isin(kinds, list(JUMPS))
    for shift in (-1, 1, 0):
        near = np.clip(here + shift, 0, len(bouts) - 1)
        touches = end_s >= firsts_s[near] - _NEAR_S
        touches &= start_s <= np.array([bouts[each].end_s for each in near])
        jumps = np.where(is_jump[near] & touches, near, jumps)
    return kinds[np.where(jumps >= 0, jumps, here)], jumps
