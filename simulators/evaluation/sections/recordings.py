"""Recordings of real dogs, each of one label."""

from pathlib import Path

import numpy as np

from analysis.model import FloatArray, Results, Samples
from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from simulators.evaluation import fixed_rule
from simulators.evaluation.report import Cell, Section

LABELLED: tuple[tuple[str, str], ...] = (
    ("lying", "dog-collar-50hz/lying.csv"),
    ("sitting", "dog-collar-50hz/sitting.csv"),
    ("walking", "dog-collar-50hz/walking.csv"),
    ("running", "dog-collar-50hz/running.csv"),
    ("running, another dog", "dog-ax3-running.csv"),
)
_DAY_S = 86400.0
_START_S = 1_772_409_600.0
_COLUMNS = (
    *("label", "minutes", "vedba, g", "gait windows", "strides, Hz", "step regularity"),
    *("jumps", "by the fixed rule", "bursts", "shakes", "scratches"),
)
_NOTE = (
    "Real dogs, whole files, one label each. No jump is in any of them. The thresholds for jumps"
    " were chosen on them, so that none is told; `by the fixed rule` is what a rule of five"
    " thresholds on peaks would tell."
)


def section(folder: Path | None) -> Section:
    """Return what the analysis makes of each recording, or why there is nothing."""
    title = "Recordings of real dogs, by label"
    if folder is None or not folder.is_dir():
        why = f"no recordings at {folder}" if folder else "no folder of recordings was given"
        return Section(name="recordings", title=title, skipped=f"{why}; --recordings DIR names one")
    rows = []
    n_jumps = 0
    for label, name in LABELLED:
        path = folder / name
        if not path.is_file():
            continue
        row, of_file = _row(label, *read_recording(path))
        rows.append(row)
        n_jumps += of_file * (label not in {"lying", "sitting"})
    if not rows:
        return Section(
            name="recordings", title=title, skipped=f"none of the known files is in {folder}"
        )
    return Section(
        name="recordings",
        title=title,
        note=_NOTE,
        columns=_COLUMNS,
        rows=tuple(rows),
        figures={"jumps": float(n_jumps)},
    )


def read_recording(path: Path) -> tuple[float, FloatArray]:
    """Return the rate and the acceleration of a file, the rate by its times."""
    table = np.genfromtxt(path, delimiter=",", skip_header=1, dtype=float)
    times_s = table[:, 0] * (_DAY_S if table[0, 0] > 1e5 else 1.0)
    rate_hz = (len(times_s) - 1) / float(times_s[-1] - times_s[0])
    return rate_hz, table[:, 1:4]


def _row(label: str, rate_hz: float, acceleration_g: FloatArray) -> tuple[tuple[Cell, ...], int]:
    """Return one line, and the jumps in it."""
    results = _analysed(rate_hz, acceleration_g)
    kinds = [event.kind for event in results.events]
    worn_s = sum(minute.worn_s for minute in results.minutes)
    vedba_gs = sum(minute.vedba_g * minute.worn_s for minute in results.minutes)
    strides_hz = [window.stride_hz for window in results.gait]
    regular = [window.step_regularity for window in results.gait]
    counts = tuple(kinds.count(kind) for kind in ("vigorous_burst", "shake", "scratch"))
    n_jumps = kinds.count("jump")
    row: tuple[Cell, ...] = (
        *(label, worn_s / 60.0, vedba_gs / worn_s if worn_s else None, len(results.gait)),
        float(np.median(strides_hz)) if strides_hz else None,
        float(np.median(regular)) if regular else None,
        n_jumps,
        len(fixed_rule.jumps_s(acceleration_g, rate_hz)),
        *counts,
    )
    return row, n_jumps


def _analysed(rate_hz: float, acceleration_g: FloatArray) -> Results:
    pipeline = Pipeline(PipelineSettings(dog=DogProfile(id="dog")))
    samples = Samples(
        origin_s=_START_S, first_index=0, rate_hz=rate_hz, acceleration_g=acceleration_g
    )
    results = pipeline.process(samples)
    results.extend(pipeline.finish())
    return results
