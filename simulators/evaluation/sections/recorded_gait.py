"""Gait on recorded walks: how much of a walk is seen, and whether its strides are right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import scipy

from analysis.features.gait.windows import Gait, GaitSettings
from analysis.model import FloatArray, GaitWindow, Samples, Signal
from analysis.signal.conditioning import Conditioner
from analysis.units import RATE_HZ, ticks
from simulators.evaluation.report import Cell, Section
from simulators.evaluation.sections.recorded_jumps import resampled

_START_S = 1_700_000_000.0
_STRONG_G = 0.1
_WINDOW_S, _STEP_S, _AROUND_S = 4.0, 2.0, 8.0
_WRONG = 0.3
RATES_HZ = (25.0, 50.0, 100.0)
_TITLE = "Gait of recorded walks"
_NOTE = (
    "One sound dog that walks and runs, and six people after a stroke with the sensor at the lower"
    " back, brought to each rate: two of them hardly take two steps alike. Strong windows move by"
    " 0.1 g VeDBA or more. The reference is the period of eight seconds of zero-phase signal"
    " around each window: `error` is that of the median, and a window is wrong if it is off by 30 %"
    " or more. `steps` and `strides` are the median regularity. The thresholds of certainty were"
    " chosen on the dog's walk, pp01, pp03 and pp04; the others were only looked at."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A recording of one gait.

    Attributes
    ----------
    name, file
        What it is called, and where it is in the folder of recordings.
    withers_m
        Height that the analysis is told.
    period_s
        Where the period lies that repeats itself.
    n_steps
        Of how many steps that period is.
    """

    name: str
    file: str
    withers_m: float
    period_s: tuple[float, float]
    n_steps: int = 2


WALK = Walk(
    name="dog, walk",
    file="dog-collar-50hz/walking.csv",
    withers_m=0.5,
    period_s=(0.22, 0.55),
    n_steps=1,
)
RUN = Walk(
    name="dog, run", file="dog-collar-50hz/running.csv", withers_m=0.5, period_s=(0.40, 0.52)
)
PEOPLE = tuple(
    Walk(
        name=f"person {number}",
        file=f"human-walks-after-stroke/pp0{number}.csv",
        withers_m=0.9,
        period_s=(1.4, 2.2) if number == 1 else (0.8, 1.4),
    )
    for number in range(1, 7)
)
WALKS = (WALK, RUN, *PEOPLE)


def signals_of(path: Path, rate_hz: float | None = None) -> list[Signal]:
    """Return a recording as the pipeline conditions it, at its own rate or at another."""
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=float)
    own_hz = (len(table) - 1) / float(table[-1, 0] - table[0, 0])
    acceleration_g = table[:, 1:4]
    if rate_hz is not None:
        acceleration_g = resampled(acceleration_g, own_hz, rate_hz)
    conditioner = Conditioner()
    samples = Samples(
        origin_s=_START_S,
        first_index=0,
        rate_hz=own_hz if rate_hz is None else rate_hz,
        acceleration_g=acceleration_g,
    )
    return [conditioner.push(samples), *conditioner.finish()]


def windows_of(signals: Sequence[Signal], withers_m: float) -> list[GaitWindow]:
    """Return the windows of gait of a signal."""
    gait = Gait(GaitSettings(), withers_m)
    return [window for signal in signals for window in gait.update(signal)]


def n_strong(signals: Sequence[Signal]) -> int:
    """Return how many windows move by 0.1 g or more, as all that could be gait does."""
    vedba_g = np.concatenate([signal.vedba_g for signal in signals])
    step, length = ticks(_STEP_S), ticks(_WINDOW_S)
    starts = range(-signals[0].first_tick % step, len(vedba_g) - length + 1, step)
    return sum(bool(vedba_g[start : start + length].mean() >= _STRONG_G) for start in starts)


def strides_hz(signals: Sequence[Signal], walk: Walk, found: Sequence[GaitWindow]) -> FloatArray:
    """Return the stride rate around each window, by the autocorrelation of zero-phase signal."""
    magnitude_g = np.concatenate([signal.magnitude_g for signal in signals])
    acceleration_g = np.concatenate([signal.acceleration_g for signal in signals], axis=1)
    of_steps = walk.n_steps == 1
    traces_g = np.vstack([magnitude_g] if of_steps else [magnitude_g, acceleration_g])
    band = scipy.signal.butter(2, (0.5, 8.0), "bandpass", fs=RATE_HZ, output="sos")
    moving_g = scipy.signal.sosfiltfilt(band, traces_g)
    shortest, longest = (ticks(each) for each in walk.period_s)
    length = ticks(_AROUND_S)
    rates_hz = []
    for window in found:
        middle = round((window.start_s + 0.5 * _WINDOW_S) * RATE_HZ) - signals[0].first_tick
        first = min(max(middle - length // 2, 0), moving_g.shape[1] - length)
        piece_g = moving_g[:, first : first + length]
        curve = [
            float((piece_g[:, : length - lag] * piece_g[:, lag:]).sum()) / (length - lag)
            for lag in range(longest + 2)
        ]
        best = shortest + int(np.argmax(curve[shortest : longest + 1]))
        before, at, after = curve[best - 1], curve[best], curve[best + 1]
        period = best + 0.5 * (before - after) / (before - 2.0 * at + after)
        rates_hz.append(RATE_HZ * walk.n_steps / (2.0 * period))
    return np.array(rates_hz)


def section(folder: Path | None) -> Section:
    """Return how much of each walk is seen at each rate, and how right its strides are."""
    name = "recorded_gait"
    known = [walk for walk in WALKS if folder is not None and (folder / walk.file).is_file()]
    if folder is None or not known:
        why = f"none of the known walks at {folder}" if folder else "no folder of recordings"
        return Section(name=name, title=_TITLE, skipped=f"{why}; --recordings DIR names one")
    rows: list[tuple[Cell, ...]] = []
    for walk, rate_hz in product(known, RATES_HZ):
        measured = _measured(folder / walk.file, walk, rate_hz)
        rows.append((walk.name, rate_hz, *measured))
    figures = {"least_seen": min(_number(row[3]) for row in rows)}
    errors = [abs(row[5]) for row in rows if isinstance(row[5], float)]
    if errors:
        figures["worst_error"] = max(errors)
    return Section(
        name=name,
        title=_TITLE,
        note=_NOTE,
        columns=(
            *("walk", "at Hz", "strong windows", "seen", "strides, Hz", "error"),
            *("wrong", "certainty", "steps", "strides"),
        ),
        rows=tuple(rows),
        figures=figures,
    )


def _number(cell: Cell) -> float:
    return cell if isinstance(cell, float) else 0.0


def _measured(path: Path, walk: Walk, rate_hz: float) -> tuple[Cell, ...]:
    """Return what the windows of a walk come to."""
    signals = signals_of(path, rate_hz)
    found, n_all = windows_of(signals, walk.withers_m), n_strong(signals)
    if not found or not n_all:
        return (n_all, 0.0, *(None,) * 6)
    reference_hz = strides_hz(signals, walk, found)
    measured_hz = np.array([each.stride_hz for each in found])
    median_hz, median_reference_hz = float(np.median(measured_hz)), float(np.median(reference_hz))
    off = np.abs(measured_hz / reference_hz - 1.0)
    return (
        n_all,
        min(1.0, len(found) / n_all),
        median_hz,
        median_hz / median_reference_hz - 1.0,
        float((off >= _WRONG).mean()),
        *_medians(found),
    )


def _medians(found: Sequence[GaitWindow]) -> tuple[float, ...]:
    columns: Mapping[str, list[float]] = {
        name: [getattr(each, name) for each in found]
        for name in ("certainty", "step_regularity", "stride_regularity")
    }
    return tuple(float(np.median(each)) for each in columns.values())
