"""The records that pass between the parts of the program: frozen, checked once, then trusted."""

from analysis.model.circumstances import CIRCUMSTANCES, Circumstance
from analysis.model.days import Day, Hour
from analysis.model.measured import Event, GaitWindow, Minute
from analysis.model.results import Results
from analysis.model.stream import (
    FASTEST_HZ,
    SLOWEST_FINE_HZ,
    SLOWEST_HZ,
    BoolArray,
    FloatArray,
    Gap,
    Heard,
    IntArray,
    Motion,
    Samples,
    Signal,
)
from analysis.model.verdicts import AlertChange, Level, Status, Verdict

__all__ = [
    "CIRCUMSTANCES",
    "FASTEST_HZ",
    "SLOWEST_FINE_HZ",
    "SLOWEST_HZ",
    "AlertChange",
    "BoolArray",
    "Circumstance",
    "Day",
    "Event",
    "FloatArray",
    "GaitWindow",
    "Gap",
    "Heard",
    "Hour",
    "IntArray",
    "Level",
    "Minute",
    "Motion",
    "Results",
    "Samples",
    "Signal",
    "Status",
    "Verdict",
]
