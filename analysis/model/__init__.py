"""The records that pass between the parts of the program: frozen, checked once, then trusted."""

from analysis.model.days import Day, Hour
from analysis.model.measurements import Event, GaitWindow, Minute
from analysis.model.owner_notes import CIRCUMSTANCES, Circumstance
from analysis.model.results import Results
from analysis.model.samples import (
    FASTEST_HZ,
    SLOWEST_FINE_HZ,
    SLOWEST_HZ,
    BoolArray,
    FloatArray,
    Gap,
    IntArray,
    Motion,
    Samples,
    Signal,
    StreamItem,
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
    "Hour",
    "IntArray",
    "Level",
    "Minute",
    "Motion",
    "Results",
    "Samples",
    "Signal",
    "Status",
    "StreamItem",
    "Verdict",
]
