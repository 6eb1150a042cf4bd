"""Every kind of alert that can be told, whoever finds it: detectors, the plan, the home's watch."""

from analysis.detectors import specs
from analysis.detectors.base import SignalSpec

PLAN_KINDS = (
    "jumping",
    "vigorous_burst",
    "activity_cap",
    "walk_too_long",
    "too_many_walks",
    "missed_walks",
    "too_much_rest",
    "plan_phase",
)
HOME_KINDS = ("no_data", "battery_low", "outbox_stuck", "disk_full", "store_rebuilt")


def alert_kinds() -> list[str]:
    """Return the kinds in alphabetical order, each once."""
    found = {*PLAN_KINDS, *HOME_KINDS}
    for spec in specs().values():
        found |= set(spec.alerts) if isinstance(spec, SignalSpec) else {spec.name}
    return sorted(found)
