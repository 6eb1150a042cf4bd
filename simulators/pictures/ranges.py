"""How the gaits are distributed, beside what was measured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from analysis.model import FloatArray
from simulators.pictures import reference_features, sources
from simulators.pictures.panel import KNOWN, MADE, REAL, Axis, Bar, Dot, Mark, Panel, sheet

_KINDS = ("slow_walk", "walk", "fast_walk", "trot", "gallop")
_RECORDED = (("walking", 1), ("running", 3), ("ax3", 4))
"""A recording, and the row of the gait that is nearest to it."""
_N_STRETCHES = 30

Known = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quantity:
    """What is measured over windows, what is known of it, and where it is drawn."""

    title: str
    axis: Axis
    known: Known
    of: Callable[[FloatArray, float], FloatArray]


def _rates_hz(acceleration_g: FloatArray, rate_hz: float) -> FloatArray:
    found: FloatArray = reference_features.repeats(acceleration_g, rate_hz)[:, 0]
    return found


def _step_regularity(acceleration_g: FloatArray, rate_hz: float) -> FloatArray:
    found: FloatArray = reference_features.repeats(acceleration_g, rate_hz)[:, 1]
    return found


_QUANTITIES = (
    _Quantity(
        title="VeDBA",
        axis=Axis(span=(0.0, 1.6), label="g", ticks=(0, 0.4, 0.8, 1.2, 1.6)),
        # A fifth to both sides of the mean that was measured.
        known=MappingProxyType(
            {
                kind: (0.8 * mean_g, 1.2 * mean_g)
                for kind, mean_g in zip(_KINDS, (0.29, 0.37, 0.54, 0.74, 0.97), strict=True)
            }
        ),
        of=reference_features.vedbas_g,
    ),
    _Quantity(
        title="spread of the magnitude",
        axis=Axis(span=(0.0, 1.6), label="g", ticks=(0, 0.4, 0.8, 1.2, 1.6)),
        known=MappingProxyType(
            {
                "slow_walk": (0.13, 0.31),
                "walk": (0.15, 0.38),
                "fast_walk": (0.34, 0.44),
                "trot": (0.48, 0.59),
                "gallop": (0.63, 0.91),
            }
        ),
        of=reference_features.spreads_g,
    ),
    _Quantity(
        title="strongest rhythm",
        axis=Axis(span=(0.0, 6.0), label="Hz", ticks=range(7)),
        known=MappingProxyType({"walk": (2.4, 3.4), "trot": (3.8, 4.4), "gallop": (2.2, 2.55)}),
        of=_rates_hz,
    ),
    _Quantity(
        title="step regularity",
        axis=Axis(span=(0.0, 1.0), ticks=(0, 0.25, 0.5, 0.75, 1)),
        known=MappingProxyType({"walk": (0.54, 0.86)}),
        of=_step_regularity,
    ),
)


def ranges(recordings: Path | None) -> str:
    """Return four quantities by gait: simulated windows, recorded ones, measured ranges."""
    made = {
        kind: np.concatenate(sources.stretches((kind, 20.0), n=_N_STRETCHES)) for kind in _KINDS
    }
    real = {}
    if recordings is not None:
        for name, row in _RECORDED:
            recorded_g, rate_hz = sources.recorded(recordings, name)
            windows = sources.steady(recorded_g, rate_hz)
            real[row] = (np.concatenate(windows), rate_hz)
    panels = []
    for quantity in _QUANTITIES:
        marks: list[Mark] = []
        for row, kind in enumerate(_KINDS):
            at = float(len(_KINDS) - 1 - row)
            if kind in quantity.known:
                marks.append(Bar(x=quantity.known[kind], y=(at - 0.35, at + 0.35), colour=KNOWN))
            marks += _spread(quantity.of(made[kind], sources.RATE_HZ), at + 0.13, MADE)
            if row in real:
                marks += _spread(quantity.of(*real[row]), at - 0.13, REAL)
        panels.append(
            Panel(
                title=quantity.title,
                x=quantity.axis,
                y=Axis(
                    span=(-0.6, len(_KINDS) - 0.4),
                    ticks=range(len(_KINDS)),
                    names=[kind.replace("_", " ") for kind in reversed(_KINDS)],
                ),
                marks=marks,
            )
        )
    return sheet(
        "Windows of four seconds: median, and eight tenths of them",
        panels,
        columns=2,
        legend=((MADE, "simulated"), (REAL, "recorded, steady"), (KNOWN, "measured elsewhere")),
        size=(400.0, 200.0),
    )


def _spread(values: FloatArray, at: float, colour: str) -> list[Mark]:
    """Return a line from the tenth to the ninetieth percentile, and a dot at the median."""
    low, middle, high = (float(each) for each in np.percentile(values, (10, 50, 90)))
    return [
        Bar(x=(low, high), y=(at - 0.04, at + 0.04), colour=colour),
        Dot(x=middle, y=at, colour=colour),
    ]
