"""The numbers behind an alert, against the usual, in plain words."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.alerts.owner_notes import NOTED
from analysis.model import AlertChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the evidence."""

    what: str
    value: str


def _less(value: float) -> str:
    return f"{value * 100:.0f} % less" if value >= 0 else f"{-value * 100:.0f} % more"


def _slower(value: float) -> str:
    return f"{value * 100:.0f} % slower" if value >= 0 else f"{-value * 100:.0f} % quicker"


def _flatter(value: float) -> str:
    return f"{value * 100:.0f} % flatter" if value >= 0 else f"{-value * 100:.0f} % stronger"


def _rate(value: float) -> str:
    return f"{value:.1f} min in each waking hour"


def _minutes(value: float) -> str:
    return f"{value:.0f} min"


def _count(value: float) -> str:
    return f"{value:.0f}"


def _times_gravity(value: float) -> str:
    return f"{value:.1f} times gravity"


def _days(value: float) -> str:
    return "1 day" if round(value) == 1 else f"{value:.0f} days"


def _hours(value: float) -> str:
    return f"{value:.1f} h"


def _seconds(value: float) -> str:
    return f"{value:.2f} s"


_KNOWN: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "drop": ("Change against the usual", _less),
    "now": ("Active then", _rate),
    "usual": ("Active usually", _rate),
    "cadence_drop": ("Steps", _slower),
    "amplitude_drop": ("Steps", _flatter),
    "fast_share_drop": ("Time faster than a walk", _less),
    "days": ("Seen on", _days),
    "baseline_days": ("The usual is known from", _days),
    "worn_h": ("Collar worn", _hours),
    "used_min": ("Active today", _minutes),
    "cap_min": ("Allowed today", _minutes),
    "plan_min": ("Most that the plan allows", _minutes),
    "last_week_min": ("Active a day last week", _minutes),
    "walked_min": ("This walk", _minutes),
    "planned_min": ("A walk by the plan", _minutes),
    "active_min": ("Active on that day", _minutes),
    "least_min": ("Least that the plan asks for", _minutes),
    "walks": ("Walks", _count),
    "planned": ("Walks by the plan", _count),
    "landing_g": ("Strength of the landing", _times_gravity),
    "push_g": ("Strength of the push", _times_gravity),
    "peak_g": ("Strongest moment", _times_gravity),
}
_UNITS: Mapping[str, Callable[[float], str]] = {
    "_min": _minutes,
    "_h": _hours,
    "_s": _seconds,
    "_g": _times_gravity,
    "_days": _days,
    "_share": lambda value: f"{value * 100:.0f} %",
    "_drop": _less,
    "_hz": lambda value: f"{value:.2f} a second",
}


def facts_of(change: AlertChange) -> list[Fact]:
    """Return the evidence of an alert as lines to read; numbers that are not finite are left out.

    Indices that mean nothing to an owner (`z`, `index`) are left to the exports; what the owner
    noted is no measurement.
    """
    given = {name: value for name, value in change.evidence.items() if math.isfinite(value)}
    facts = [
        Fact(what=what, value=said(given[name]))
        for name, (what, said) in _KNOWN.items()
        if name in given
    ]
    facts += [
        _by_unit(name, value)
        for name, value in given.items()
        if name not in _KNOWN and name not in {"z", "index"} and not name.startswith(NOTED)
    ]
    if change.count > 1:
        facts.append(Fact(what="Seen so far", value=f"{change.count} times"))
    return facts


def _by_unit(name: str, value: float) -> Fact:
    for unit, said in _UNITS.items():
        if name.endswith(unit) and name != unit:
            return Fact(what=_plain(name.removesuffix(unit)), value=said(value))
    return Fact(what=_plain(name), value=f"{value:.3g}")


def _plain(name: str) -> str:
    return name.replace("_", " ").strip().capitalize() or "Value"
