"""Setbacks: days on which the dog got worse, as its alerts tell."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from analysis.features.day.calendar import Calendar
from analysis.model import AlertChange, Level, Status

KINDS = frozenset(
    {"collapse", "irregular_gait", "night_restlessness", "no_movement", "slow_day", "stiff_gait"}
)
"""Night restlessness up, stiffness up, or a red flag (docs/evidence.md, 5.1).

A jump or a run that the plan forbids is a breach, not a setback.
"""
_WORSE = frozenset({Level.WARNING, Level.URGENT})
_ON = frozenset({Status.OPEN, Status.WORSE, Status.ACKNOWLEDGED})


@dataclass(slots=True)
class SetbackState:
    """What must survive a restart; by the id of an alert.

    Attributes
    ----------
    counts
        How often it had been seen.
    days
        ISO dates on which it was seen as a warning or worse.
    """

    counts: dict[str, int] = field(default_factory=dict)
    days: dict[str, list[str]] = field(default_factory=dict)


def observe(state: SetbackState, change: AlertChange, calendar: Calendar) -> None:
    """Take one change of an alert; those of an alert come in order.

    An alert that was a false alarm was no setback. An answer of the owner, or an alert that fades,
    is no new sighting: its count stays.
    """
    if change.kind not in KINDS:
        return
    if change.status is Status.FALSE_ALARM:
        state.counts.pop(change.id, None)
        state.days.pop(change.id, None)
        return
    seen_again = change.count > state.counts.get(change.id, 0)
    state.counts[change.id] = change.count
    if seen_again and change.severity in _WORSE and change.status in _ON:
        # A verdict on a day comes at its end, which is midnight: it is about the day before.
        day = calendar.date_of(change.time_s - 1.0).isoformat()
        days = state.days.setdefault(change.id, [])
        if day not in days:
            days.append(day)


def days_of(state: SetbackState) -> set[date]:
    """Return the days of all setbacks."""
    return {date.fromisoformat(day) for days in state.days.values() for day in days}


def setbacks_in(changes: Iterable[AlertChange], calendar: Calendar) -> Collection[date]:
    """Return the days of the setbacks that some changes tell of."""
    state = SetbackState()
    for change in changes:
        observe(state, change, calendar)
    return days_of(state)
