"""The figures behind the pictures, as CSV: one row for each simulated gait and each recording."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from analysis.model import FloatArray
from simulators.pictures import reference_features, sources

_KINDS = ("lying", "sitting", "looking_around", "standing")
_GAITS = ("slow_walk", "walk", "fast_walk", "trot", "gallop")
_RECORDINGS = ("lying", "sitting", "walking", "running", "ax3")
_N_STRETCHES = 30
_HEADER = (
    "source,windows,vedba_g,spread_g,strongest_hz,step_regularity,stride_regularity,above_5_hz"
)


def table(recordings: Path | None) -> str:
    """Return medians over windows of 4 s, and what share of the power lies above 5 Hz.

    Of walking and running recordings the steady windows have a row of their own.
    """
    return "\n".join([_HEADER, *_rows(recordings), ""])


def _rows(recordings: Path | None) -> Iterator[str]:
    for kind in (*_KINDS, *_GAITS):
        made_g = np.concatenate(sources.stretches((kind, 20.0), n=_N_STRETCHES))
        yield _row(f"simulated {kind}", made_g, sources.RATE_HZ)
    if recordings is None:
        return
    for name in _RECORDINGS:
        real_g, rate_hz = sources.recorded(recordings, name)
        yield _row(f"recorded {name}", real_g, rate_hz)
        if name in {"walking", "running", "ax3"}:
            steady_g = np.concatenate(sources.steady(real_g, rate_hz))
            yield _row(f"recorded {name} steady", steady_g, rate_hz)


def _row(source: str, acceleration_g: FloatArray, rate_hz: float) -> str:
    vedbas_g = reference_features.vedbas_g(acceleration_g, rate_hz)
    alike = np.median(reference_features.repeats(acceleration_g, rate_hz), axis=0)
    figures = (
        float(np.median(vedbas_g)),
        float(np.median(reference_features.spreads_g(acceleration_g, rate_hz))),
        *(float(each) for each in alike),
        float(reference_features.shares(acceleration_g, rate_hz, (0.5, 5.0, 12.5))[1]),
    )
    return ",".join([source, str(len(vedbas_g)), *(f"{each:.3f}" for each in figures)])
