"""How far the simulator is from recorded dogs, as a small classifier tells them apart."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np

from analysis.features.gait.periodicity import periodicity
from analysis.model import FloatArray, Samples
from analysis.signal.conditioning import Conditioner
from analysis.units import RATE_HZ, ticks
from simulators.collar.sensor import readings
from simulators.day.context import DayPlan
from simulators.day.day import SimulatedDay
from simulators.day.schedule import Bout
from simulators.evaluation.report import Cell, Section, Size
from simulators.evaluation.sections.recordings import read_recording
from simulators.evaluation.separation import separation
from simulators.scenarios.cohort import Member, cohort

RECORDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "walk": ("dog-collar-50hz/walking.csv",),
        "run": ("dog-collar-50hz/running.csv", "dog-ax3-running.csv"),
        "sit": ("dog-collar-50hz/sitting.csv",),
        "rest": ("dog-collar-50hz/lying.csv",),
    }
)
SIMULATED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "walk": ("slow_walk", "walk", "fast_walk"),
        "run": ("trot", "gallop"),
        "sit": ("sitting", "looking_around"),
        "rest": ("lying",),
    }
)
"""What the simulator does where a recording says so."""

WINDOW_S = 4.0
_BOUT_S = 60.0
_BLOCK_S = 30.0
_WITHERS_M = (0.40, 0.65)
"""Sizes of the recorded dogs, as far as they are told: a toy dog differs from them rightly."""
_EDGES_HZ = (0.5, 1.5, 3.0, 5.0, 8.0, 12.5)
FEATURES = (
    *("strength", "peak", "skewness", "regularity", "stride_hz"),
    *("along_gravity", "turning", *(f"share_{low:g}_hz" for low in _EDGES_HZ[:-1])),
)
_COLUMNS = (
    *("behaviour", "recorded windows", "simulated windows", "AUC"),
    *("one simulated dog", "up to", "what gives it away"),
)
_NOTE = (
    "A logistic regression on the analysis's own features of windows of four seconds, tried on"
    " stretches and dogs that it has not seen; 0.5 means that it cannot tell, 1 that it always can."
    " Each behaviour was recorded of one or two dogs, so that what is their own counts as a"
    " difference too: beside it stands how well one simulated dog is told from the other simulated"
    " ones, in the median and at most. A number measured on simulated dogs is worth the less the"
    " higher the AUC is beyond that."
)


def section(folder: Path | None, size: Size) -> Section:
    """Return how well recorded and simulated windows can be told apart, or why nothing is said."""
    title = "How far the simulator is from recorded dogs"
    if folder is None or not folder.is_dir():
        why = f"no recordings at {folder}" if folder else "no folder of recordings was given"
        return Section(name="realism", title=title, skipped=f"{why}; --recordings DIR names one")
    members = [each for each in cohort(size.seed, 60, rate_hz=50.0, jittering=True) if _fits(each)]
    rows: list[tuple[Cell, ...]] = []
    figures: dict[str, float] = {}
    for behaviour, names in RECORDED.items():
        paths = [folder / name for name in names if (folder / name).is_file()]
        if not paths:
            continue
        recorded = [group for path in paths for group in _blocks(*read_recording(path))]
        made = [_simulated(behaviour, each) for each in members]
        found = separation(recorded, made)
        one_of_them = [_one_among(made, number) for number in range(len(made))]
        floor, most = float(np.median(one_of_them)), max(one_of_them)
        order = np.argsort(found.single)[::-1][:3]
        told = ", ".join(f"{FEATURES[each]} {found.single[each]:.2f}" for each in order)
        counts = _count(recorded), _count(made)
        rows.append((behaviour, *counts, found.auc, floor, most, told))
        figures |= {behaviour: found.auc, f"{behaviour}_one_dog": floor}
    if not rows:
        return Section(
            name="realism", title=title, skipped=f"none of the known files is in {folder}"
        )
    return Section(
        name="realism",
        title=title,
        note=_NOTE,
        columns=_COLUMNS,
        rows=tuple(rows),
        figures=figures,
    )


def _one_among(made: Sequence[FloatArray], number: int) -> float:
    """Return how well one simulated dog is told from all others."""
    of_dog = made[number]
    length = max(len(of_dog) // 5, 1)
    blocks = [of_dog[first : first + length] for first in range(0, len(of_dog), length)]
    return separation(blocks, [*made[:number], *made[number + 1 :]]).auc


def features(rate_hz: float, acceleration_g: FloatArray) -> FloatArray:
    """Return the features of each window of a stretch, shape (n_windows, len(FEATURES)).

    Parameters
    ----------
    acceleration_g
        Shape (n, 3), gravity included.
    """
    conditioner = Conditioner()
    samples = Samples(origin_s=0.0, first_index=0, rate_hz=rate_hz, acceleration_g=acceleration_g)
    signals = [conditioner.push(samples), *conditioner.finish()]
    axes_g = _cut(np.hstack([each.acceleration_g for each in signals]))
    magnitude_g = _cut(np.hstack([each.magnitude_g for each in signals])[None])
    vedba_g = _cut(np.hstack([each.vedba_g for each in signals])[None])[0]
    moving_g = magnitude_g[0] - magnitude_g[0].mean(axis=1, keepdims=True)
    spread_g = moving_g.std(axis=1) + 1e-4
    rhythm = periodicity(magnitude_g, 0.5, 5.0, 0.8)
    columns = [
        np.log(vedba_g.mean(axis=1) + 1e-3),
        np.log((magnitude_g[0].max(axis=1) - 1.0).clip(1e-3)),
        (moving_g**3).mean(axis=1) / spread_g**3,
        rhythm.regularity,
        np.log(RATE_HZ / np.maximum(rhythm.lag_ticks, 1.0)),
        _along_gravity(axes_g),
        np.log(_turning(axes_g) + 1e-3),
        *_shares(moving_g),
    ]
    return np.column_stack(columns)


def _cut(values: FloatArray) -> FloatArray:
    """Return values, shape (k, n), as windows, shape (k, n_windows, n_ticks)."""
    n_ticks = ticks(WINDOW_S)
    n_windows = values.shape[1] // n_ticks
    return values[:, : n_windows * n_ticks].reshape(len(values), n_windows, n_ticks)


def _along_gravity(axes_g: FloatArray) -> FloatArray:
    """Return the share of the moving power of each window that lies along its mean, 0-1."""
    mean_g = axes_g.mean(axis=2)
    down = mean_g / np.maximum(np.linalg.norm(mean_g, axis=0), 1e-6)
    moving_g = axes_g - mean_g[:, :, None]
    along_g = (moving_g * down[:, :, None]).sum(axis=0)
    total = (moving_g**2).sum(axis=(0, 2)) + 1e-9
    return np.asarray((along_g**2).sum(axis=1) / total)


def _turning(axes_g: FloatArray) -> FloatArray:
    """Return by how much gravity turns from the first to the second half of each window, rad."""
    half = axes_g.shape[2] // 2
    one, other = axes_g[:, :, :half].mean(axis=2), axes_g[:, :, half:].mean(axis=2)
    lengths = np.linalg.norm(one, axis=0) * np.linalg.norm(other, axis=0)
    cosine = (one * other).sum(axis=0) / np.maximum(lengths, 1e-6)
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)))


def _shares(moving_g: FloatArray) -> list[FloatArray]:
    """Return what part of the power of each window lies between each two edges."""
    power = np.abs(np.fft.rfft(moving_g * np.hanning(moving_g.shape[1]), axis=1)) ** 2
    at_hz = np.fft.rfftfreq(moving_g.shape[1], 1.0 / RATE_HZ)
    inside = power[:, (at_hz >= _EDGES_HZ[0]) & (at_hz < _EDGES_HZ[-1])].sum(axis=1) + 1e-12
    return [
        power[:, (at_hz >= low) & (at_hz < high)].sum(axis=1) / inside
        for low, high in pairwise(_EDGES_HZ)
    ]


def _blocks(rate_hz: float, acceleration_g: FloatArray) -> list[FloatArray]:
    """Return the features of a recording in stretches of half a minute, which stay together."""
    found = features(rate_hz, acceleration_g)
    per_block = max(round(_BLOCK_S / WINDOW_S), 1)
    return [found[first : first + per_block] for first in range(0, len(found), per_block)]


def _simulated(behaviour: str, member: Member) -> FloatArray:
    """Return the features of what one simulated dog does."""
    rows = []
    for number, kind in enumerate(SIMULATED[behaviour]):
        bout = Bout(kind=kind, start_s=0.0, end_s=_BOUT_S)
        day = SimulatedDay(
            dog=member.dog,
            plan=DayPlan(date=date(1970, 1, 1)),
            bouts=(bout,),
            rate_hz=member.collar.true_rate_hz,
            seed=member.seed + number,
        )
        rng = np.random.default_rng(member.seed + number)
        chunks = list(readings(rng, member.collar, [day]))
        felt_g = np.concatenate([each.acceleration_g for each in chunks]).astype(np.float64)
        rows.append(features(member.collar.true_rate_hz, felt_g))
    return np.vstack(rows)


def _fits(member: Member) -> bool:
    low, high = _WITHERS_M
    return low <= member.dog.withers_m <= high


def _count(groups: Sequence[FloatArray]) -> int:
    return sum(len(group) for group in groups)
