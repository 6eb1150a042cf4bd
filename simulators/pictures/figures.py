"""Each picture as a function that returns its SVG."""

from datetime import date
from pathlib import Path

import numpy as np

from analysis.model import FloatArray
from simulators.day.context import DayPlan
from simulators.dog.condition import PRESETS
from simulators.pictures import reference_features, sources
from simulators.pictures.panel import (
    KNOWN,
    MADE,
    REAL,
    Axis,
    Bar,
    Columns,
    Dot,
    Line,
    Mark,
    Panel,
    sheet,
)

_N_STRETCHES = 12
_PAIRS = (
    ("walk", "walking", "dog A, walking"),
    ("trot", "running", "dog A, running"),
    ("gallop", "ax3", "dog B, running"),
)
"""A simulated gait and the recording that is nearest to it; none is labelled trot or gallop."""


def gaits(recordings: Path | None) -> str:
    """Return time series, spectra and likeness of three gaits beside recorded ones."""
    panels = []
    for kind, name, words in _PAIRS:
        made = sources.stretches((kind, 20.0), n=_N_STRETCHES)
        panels.append(_trace(kind, words, made[0]))
        real: tuple[list[FloatArray], float] = ([], 50.0)
        if recordings is not None:
            recorded_g, rate_hz = sources.recorded(recordings, name)
            real = (sources.steady(recorded_g, rate_hz), rate_hz)
        panels.append(_spectrum(made, *real))
        panels.append(_likeness(made, *real))
    return sheet(
        "Gaits of a simulated dog, and steady windows of recorded ones",
        panels,
        columns=3,
        legend=((MADE, "simulated"), (REAL, "recorded")),
    )


def _trace(kind: str, words: str, worn_g: FloatArray) -> Panel:
    first, stop = 400, 600
    return Panel(
        title=f"{kind}; recorded: {words}",
        x=Axis(span=(0.0, 4.0), label="seconds", ticks=range(5)),
        y=Axis(span=(0.0, 4.0), label="g", ticks=range(5)),
        marks=[
            Line(
                x=np.arange(stop - first) / sources.RATE_HZ,
                y=reference_features.magnitude_g(worn_g[first:stop]),
            )
        ],
    )


def _spectrum(made: list[FloatArray], real: list[FloatArray], rate_hz: float) -> Panel:
    hz, density = sources.spectrum(made, sources.RATE_HZ)
    marks: list[Mark] = [Line(x=hz, y=np.log10(density))]
    if real:
        hz, density = sources.spectrum(real, rate_hz)
        marks.append(Line(x=hz, y=np.log10(density), colour=REAL))
    return Panel(
        title="spectrum",
        x=Axis(span=(0.0, sources.SPECTRUM_TO_HZ), label="Hz", ticks=(0, 3, 6, 9, 12, 15)),
        y=Axis(
            span=(-3.0, 0.5),
            label="share of the power per Hz",
            ticks=(-3, -2, -1, 0),
            names=("0.001", "0.01", "0.1", "1"),
        ),
        marks=marks,
    )


def _likeness(made: list[FloatArray], real: list[FloatArray], rate_hz: float) -> Panel:
    periods, alike = sources.likeness(made, sources.RATE_HZ)
    marks: list[Mark] = [Line(x=periods, y=alike)]
    if real:
        periods, alike = sources.likeness(real, rate_hz)
        marks.append(Line(x=periods, y=alike, colour=REAL))
    return Panel(
        title="likeness to itself",
        x=Axis(span=(0.0, sources.PERIODS), label="lag, periods of the rhythm", ticks=range(5)),
        y=Axis(span=(-1.0, 1.0), ticks=(-1, -0.5, 0, 0.5, 1)),
        marks=marks,
    )


def days() -> str:
    """Return the minutes of a day in five conditions, one strip above the other."""
    strips = ("healthy", "moderate", "crate_rest", "non_walking", "restless")
    panels = []
    for name in strips:
        plan = DayPlan(date=date(2026, 9, 7), condition=PRESETS[name].condition)
        moved_g, jumps_h = sources.day(plan, seed=11)
        heights_g = np.where(moved_g >= 0.02, moved_g, 0.0)
        jumps = [Dot(x=jump_h, y=0.74, colour=REAL) for jump_h in jumps_h]
        panels.append(
            Panel(
                title=name.replace("_", " "),
                x=Axis(span=(0.0, 24.0), label="local hour", ticks=range(0, 25, 3)),
                y=Axis(span=(0.0, 0.8), label="VeDBA of a minute, g", ticks=(0, 0.4, 0.8)),
                marks=[Columns(width=1.0 / 60.0, heights=heights_g), *jumps],
            )
        )
    return sheet(
        "One day of one dog, in health and in four conditions",
        panels,
        columns=1,
        legend=((MADE, "movement"), (REAL, "a jump")),
        size=(900.0, 128.0),
    )


def events() -> str:
    """Return jumps, and what is taken for jumps by a careless eye."""
    shown = (
        ("jump_over", "jump over something", 2.5),
        ("jump_onto", "jump onto a couch", 2.5),
        ("jump_off", "jump off a couch", 2.5),
        ("shake", "body shake", 1.3),
        ("scratch", "scratching", 2.5),
        ("rearing", "rearing", 2.0),
        ("knock", "knock on the collar", 2.0),
        ("flop", "flopping down", 2.0),
        ("collar_drop", "dropped collar", 2.5),
    )
    panels = []
    for kind, words, length_s in shown:
        marks: list[Mark] = []
        if kind == "jump_over":
            marks += [Bar(x=(0.0, 3.0), y=(3.6, 8.4)), Bar(x=(0.0, 3.0), y=(0.39, 0.73))]
        for worn_g in sources.stretches(
            ("standing", 0.5), (kind, length_s), ("standing", 1.0), n=3
        ):
            at_s = np.arange(len(worn_g)) / sources.RATE_HZ
            marks.append(Line(x=at_s, y=reference_features.magnitude_g(worn_g), width=1.0))
        panels.append(
            Panel(
                title=words,
                x=Axis(span=(0.0, 3.0), label="seconds", ticks=range(4)),
                y=Axis(span=(0.0, 12.0), label="g", ticks=(0, 1, 4, 8, 12)),
                marks=marks,
            )
        )
    return sheet(
        "Magnitude in jumps and look-alikes, three of each",
        panels,
        columns=3,
        legend=((MADE, "simulated"), (KNOWN, "measured range: flight and landing")),
    )
