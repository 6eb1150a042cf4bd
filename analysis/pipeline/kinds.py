"""The kinds of alert that the analysis knows: each detector's, and those of a plan."""

from functools import cache

from analysis.detectors import specs
from analysis.detectors.base import SignalSpec
from analysis.model.kinds import AlertKind, by_name
from analysis.recovery.kinds import PLAN_KINDS


@cache
def kinds_of_analysis() -> dict[str, AlertKind]:
    """Return every kind of alert that the analysis emits, by name."""
    found: list[AlertKind] = []
    for spec in specs().values():
        found += spec.kinds if isinstance(spec, SignalSpec) else [spec.kind]
    return by_name(*found) | PLAN_KINDS
