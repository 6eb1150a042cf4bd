"""Cadence and its evenness against strides of which every time is known."""

from dataclasses import dataclass

import numpy as np

from analysis.model import FloatArray, GaitWindow, Samples
from analysis.model.dog import DogProfile
from analysis.pipeline.measurement import Measurement, MeasurementSettings
from simulators.evaluation.report import Section, Size
from simulators.evaluation.workers import Workers

RATE_HZ = 50.0
STEPS_HZ = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0)
STRIDE_CVS = (0.02, 0.04, 0.06, 0.08)
_LENGTH_S = 180.0
_STEP_G, _STRIDE_G, _NOISE_G = 0.55, 0.06, 0.02
_START_S = 1_772_409_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a dog steps: steps a second, the spread of its stride times, and the luck of it."""

    step_hz: float
    stride_cv: float
    seed: int


def strides(pace: Pace) -> FloatArray:
    """Return the magnitude of three minutes of steps with independent times.

    A stride is two steps, so its CV is theirs over the root of two.
    """
    rng = np.random.default_rng(pace.seed)
    n_steps = int(_LENGTH_S * pace.step_hz * 1.2)
    step_cv = pace.stride_cv * np.sqrt(2.0)
    times_s = np.cumsum((1.0 + step_cv * rng.standard_normal(n_steps)) / pace.step_hz)
    at_s = np.arange(int(_LENGTH_S * RATE_HZ)) / RATE_HZ + times_s[0]
    number = np.interp(at_s, times_s, np.arange(n_steps))
    rhythm_g = _STEP_G * np.cos(2.0 * np.pi * number) + _STRIDE_G * np.cos(np.pi * number)
    magnitude_g: FloatArray = 1.0 + rhythm_g + _NOISE_G * rng.standard_normal(len(number))
    return magnitude_g


def windows(pace: Pace) -> list[GaitWindow]:
    """Return what the analysis makes of it, for a dog of the height that so steps."""
    withers_m = float(np.clip(0.52 * (3.2 / pace.step_hz) ** 2, 0.15, 0.9))
    measuring = Measurement(MeasurementSettings(dog=DogProfile(id="dog", withers_m=withers_m)))
    magnitude_g = strides(pace)
    samples = Samples(
        origin_s=_START_S,
        first_index=0,
        rate_hz=RATE_HZ,
        acceleration_g=np.stack([0.0 * magnitude_g, 0.0 * magnitude_g, magnitude_g], axis=1),
    )
    found = measuring.process(samples).gait
    return found + [window for part in measuring.finish() for window in part.gait]


def section(size: Size, workers: Workers) -> Section:
    """Return errors by step rate, and by spread."""
    rates = [Pace(step_hz=each, stride_cv=0.02, seed=size.seed) for each in STEPS_HZ]
    spreads = [
        Pace(step_hz=hz, stride_cv=cv, seed=size.seed) for hz in (2.8, 4.2) for cv in STRIDE_CVS
    ]
    found = workers.map("measuring strides", windows, [*rates, *spreads])
    rows = []
    errors, cv_errors = [], []
    for pace, of_pace in zip([*rates, *spreads], found, strict=True):
        step_hz = float(np.median([each.step_hz for each in of_pace])) if of_pace else 0.0
        cv = float(np.median([each.stride_time_cv for each in of_pace])) if of_pace else 1.0
        rows.append((pace.step_hz, pace.stride_cv, step_hz, step_hz / pace.step_hz - 1.0, cv))
        if pace in rates:
            errors.append(abs(step_hz / pace.step_hz - 1.0))
        else:
            cv_errors.append(abs(cv - pace.stride_cv))
    return Section(
        name="cadence",
        title="Cadence and evenness of strides of which every time is known",
        note="Three minutes of made-up steps at 50 Hz each; medians over windows.",
        columns=("steps, Hz", "stride CV", "found, Hz", "error", "stride CV found"),
        rows=tuple(rows),
        figures={"worst_error": max(errors), "worst_cv_error": max(cv_errors)},
    )
