"""What the pictures are made from: simulated collars, and figures of recorded ones."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import scipy

from analysis.model import FloatArray
from simulators.collar.jitter import RECORDED
from simulators.collar.sensor import readings
from simulators.day.context import DayPlan
from simulators.day.day import SimulatedDay, simulate_day
from simulators.day.schedule import Bout, Step
from simulators.dog.collar import Collar, ideal
from simulators.dog.dog import Dog
from simulators.pictures import reference_features as reference

REFERENCE = Dog(withers_m=0.52, mass_kg=24.0)
RATE_HZ = 50.0
SPECTRUM_TO_HZ = 15.0
PERIODS = 4.0


def collar(rate_hz: float = RATE_HZ) -> Collar:
    """Return a collar that sits well and jitters as recorded ones do."""
    tight = ideal(rate_hz=rate_hz)
    return replace(
        tight,
        mounting=replace(tight.mounting, chatter=RECORDED),
        sensor=replace(tight.sensor, noise_g=0.004),
    )


def stretches(*steps: Step, n: int) -> list[FloatArray]:
    """Return so many stretches of some behaviours in a row as the collar reads them."""
    ends_s = np.cumsum([length_s for _, length_s in steps])
    bouts = tuple(
        Bout(kind=kind, start_s=float(end_s) - length_s, end_s=float(end_s))
        for (kind, length_s), end_s in zip(steps, ends_s, strict=True)
    )
    found = []
    for seed in range(n):
        lived = SimulatedDay(
            dog=REFERENCE,
            plan=DayPlan(date=date(1970, 1, 1)),
            bouts=bouts,
            rate_hz=RATE_HZ,
            seed=seed,
        )
        chunks = readings(np.random.default_rng(seed), collar(), [lived])
        found.append(np.concatenate([each.acceleration_g for each in chunks]).astype(np.float64))
    return found


def day(plan: DayPlan, *, seed: int, rate_hz: float = 25.0) -> tuple[FloatArray, list[float]]:
    """Return the mean VeDBA of each whole minute of a day, and the local hours of its jumps."""
    lived = simulate_day(np.random.default_rng(seed), REFERENCE, plan, rate_hz=rate_hz)
    per_minute = round(60.0 * rate_hz)
    found = []
    for chunk in readings(np.random.default_rng(seed), collar(rate_hz), [lived]):
        whole = len(chunk.acceleration_g) // per_minute * per_minute
        worn_g = chunk.acceleration_g[:whole].astype(np.float64)
        moved_g = reference.moved_g(worn_g, rate_hz)
        found.append(moved_g.reshape(-1, per_minute).mean(axis=1))
    jumps_h = [(each.start_s - plan.at_s(0.0)) / 3600.0 for each in lived.of("jump")]
    return np.concatenate(found), jumps_h


def recorded(folder: Path, name: str) -> tuple[FloatArray, float]:
    """Return a recording and its rate in Hz."""
    if name == "ax3":
        path = folder / "dog-ax3-running.csv"
        return np.loadtxt(path, delimiter=",", usecols=(1, 2, 3)), 48.4
    path = folder / "dog-collar-50hz" / f"{name}.csv"
    return np.loadtxt(path, delimiter=",", skiprows=1)[:, 1:4], 50.0


def steady(acceleration_g: FloatArray, rate_hz: float) -> list[FloatArray]:
    """Return the windows that are a steady gait: alike from one period to the next."""
    alike = reference.repeats(acceleration_g, rate_hz)[:, 1] >= 0.5
    n_window = round(reference.WINDOW_S * rate_hz)
    whole = acceleration_g[: len(alike) * n_window].reshape(-1, n_window, 3)
    return list(whole[alike])


def spectrum(windows: list[FloatArray], rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Return frequencies, and the mean power of the magnitude there over its total up to 15 Hz."""
    hz = np.arange(2, round(4 * SPECTRUM_TO_HZ) + 1) / 4.0
    densities = []
    for each in windows:
        at_hz, power = scipy.signal.welch(
            reference.magnitude_g(each), rate_hz, nperseg=round(4 * rate_hz)
        )
        kept = np.interp(hz, at_hz, power)
        densities.append(kept / kept.sum() * 4.0)
    return hz, np.mean(densities, axis=0)


def likeness(windows: list[FloatArray], rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Return lags in periods of the strongest rhythm, and how alike the magnitude is after them.

    In periods and not in seconds, since windows of different cadence would blur each other.
    """
    periods = np.arange(0.0, PERIODS, 0.05)
    rows = []
    for each in windows:
        around_g = reference.magnitude_g(each)
        around_g = around_g - around_g.mean()
        lags = np.arange(round(PERIODS * rate_hz))[: len(around_g) // 2 + round(rate_hz)]
        alike = [np.mean(around_g[lag:] * around_g[: len(around_g) - lag]) for lag in lags]
        period = rate_hz / reference.strongest_hz(each, rate_hz)
        rows.append(np.interp(periods * period, lags, np.array(alike) / alike[0]))
    return periods, np.mean(rows, axis=0)
