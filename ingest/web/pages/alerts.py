"""Alerts as the owner reviews them, with the evidence of each."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from analysis.alerts.owner_notes import NOTED_PREFIX
from analysis.model import AlertChange, Level, Status
from ingest.kinds import alert_kind
from ingest.ports import Query, Store
from ingest.storage.points import record_of
from ingest.text.alerts import advice, alert_text, original_text
from ingest.text.templates import fill
from ingest.text.times import when
from ingest.web.context import DogView

ON = frozenset({Status.OPEN, Status.WORSE, Status.ACKNOWLEDGED, Status.RECOVERING, Status.UNKNOWN})

MOST_LISTED = 100

STATUS_CHOICES = {
    "on": ("On now", ON),
    "over": ("Over", frozenset({Status.RESOLVED})),
    "false": ("False alarm", frozenset({Status.FALSE_ALARM})),
    "waiting": ("Waiting to be sure", frozenset({Status.PENDING})),
}

STATUS_WORDS = {
    Status.PENDING: "Waiting to be sure",
    Status.OPEN: "New",
    Status.WORSE: "Got worse",
    Status.ACKNOWLEDGED: "Seen by you",
    Status.RECOVERING: "Easing",
    Status.RESOLVED: "Over",
    Status.UNKNOWN: "Not known, data missing",
    Status.FALSE_ALARM: "False alarm",
}

SEVERITY_WORDS = {
    Level.WATCH: "Keep an eye on it",
    Level.WARNING: "Warning",
    Level.URGENT: "Urgent",
}

_RANK = {Level.URGENT: 0, Level.WARNING: 1, Level.WATCH: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One alert in words.

    Attributes
    ----------
    change
        How it stands.
    dog_name
        What the owner calls the dog.
    title, lead
        What was seen.
    do, noted
        What to do now, and what the owner noted of that time; each may be empty.
    lines
        The rest of the text, without the red flags.
    turn
        How it stands, where that is more than what was seen; else empty.
    severity, status, since
        In words.
    """

    change: AlertChange
    dog_name: str
    title: str
    lead: str
    do: str
    noted: str
    lines: tuple[str, ...]
    turn: str
    severity: str
    status: str
    since: str

    @property
    def can_ack(self) -> bool:
        """Whether there is something to mark as seen."""
        return self.change.status in ON - {Status.ACKNOWLEDGED}

    @property
    def can_refute(self) -> bool:
        """Whether it can be called a false alarm."""
        return self.change.status is not Status.FALSE_ALARM


def view_of(change: AlertChange, dog: DogView, now_s: float) -> AlertView:
    """Return an alert in words."""
    text = original_text(change, dog.name, dog.zone)
    turn = (
        "" if change.status in {Status.OPEN, Status.PENDING, Status.WORSE} else _turn(change, dog)
    )
    return AlertView(
        change=change,
        dog_name=dog.name,
        title=text.title,
        lead=text.lead,
        do=advice(change, dog.name),
        noted=text.owner_note,
        lines=tuple(
            line
            for line in (text.when, text.usual, text.certainty, text.sensitivity, text.limit)
            if line
        ),
        turn=turn,
        severity=SEVERITY_WORDS.get(change.severity, change.severity.value),
        status=STATUS_WORDS[change.status],
        since=when(change.onset_s, dog.zone, now_s),
    )


def by_urgency(changes: Iterable[AlertChange]) -> list[AlertChange]:
    """Return alerts with the most urgent first, and the newest first among equals."""
    return sorted(changes, key=lambda each: (_RANK.get(each.severity, 3), -each.onset_s))


def kind_words(kind: str) -> str:
    """Return what a kind of alert is about, in words."""
    return fill([alert_kind(kind).about], {"thing": kind.replace("_", " ")}).capitalize()


def history(store: Store, alert: AlertChange) -> list[AlertChange]:
    """Return every change of an alert, oldest first."""
    points = store.read(Query(measurement="alert", dog=alert.dog, kind=alert.kind))
    changes = [record_of(each, AlertChange) for each in points if each.fields["id"] == alert.id]
    return sorted(changes, key=lambda each: each.time_s)


def _turn(change: AlertChange, dog: DogView) -> str:
    return alert_text(change, dog.name, dog.zone).lead


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
        if name not in _KNOWN and name not in {"z", "index"} and not name.startswith(NOTED_PREFIX)
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
