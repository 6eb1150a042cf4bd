"""What the hub publishes about a dog: its state, its events, its alerts as they stand."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from analysis.model import AlertChange, Day, Event, Minute
from analysis.recovery.ramp import Cap
from ingest.health import HubHealth
from ingest.mqtt.topics import (
    alert_topic,
    change_type,
    dog_state_topic,
    events_topic,
    hub_health_topic,
)
from ingest.ports import Publication
from ingest.text.alerts import advice, describe, headline, owner_note_text
from ingest.text.plan import cap_text


@dataclass(frozen=True, slots=True, kw_only=True)
class DogState:
    """How a dog is doing, as far as is known.

    Attributes
    ----------
    dog, name, zone
        Id, what the owner calls the dog, and its IANA time zone.
    time_s
        Sample time up to which this holds; 0 before the dog was first heard.
    available
        Whether samples came lately; false makes Home Assistant show nothing rather than zero.
    minute
        The last whole minute.
    today
        The day so far.
    phase, cap
        Of the recovery plan today; None without a plan or a cap.
    alerts
        Those that are on, oldest first.
    """

    dog: str
    name: str
    zone: str
    time_s: float
    available: bool
    minute: Minute | None = None
    today: Day | None = None
    phase: str | None = None
    cap: Cap | None = None
    alerts: Sequence[AlertChange] = ()


def state_publication(root: str, state: DogState) -> Publication:
    """Return the retained message with the last minute, the day so far, plan and coverage."""
    day = state.today
    cap = state.cap
    cap_min = None if cap is None else cap.minutes
    left_min = None if cap_min is None or day is None else max(0.0, cap_min - day.active_min)
    elapsed_h = None if day is None else (min(state.time_s, day.end_s) - day.start_s) / 3600.0
    coverage = None
    if day is not None and elapsed_h is not None and elapsed_h > 0:
        coverage = min(1.0, day.worn_h / elapsed_h)
    payload = {
        "name": state.name,
        "time_s": state.time_s or None,
        "time": _iso(state.time_s, state.zone) if state.time_s else None,
        "available": state.available,
        "minute": None if state.minute is None else asdict(state.minute),
        "today": None if day is None else asdict(day),
        "plan": {
            "phase": state.phase,
            "active_min_cap": cap_min,
            "left_min": left_min,
            "plan_min_cap": None if cap is None else cap.plan_min,
            "cap_reason": None if cap is None else cap.reason,
            "cap_text": cap_text(cap) or None,
        },
        "coverage": coverage,
        "alerts": [_standing(each, state.name) for each in state.alerts],
    }
    return _publication(dog_state_topic(root, state.dog), payload, retain=True)


def alert_publication(root: str, change: AlertChange, dog_name: str, zone: str) -> Publication:
    """Return the retained message with the alert of a kind as it stands."""
    topic = alert_topic(root, change.dog, change.kind)
    return _publication(topic, _alert(change, dog_name, zone), retain=True)


def change_publication(root: str, change: AlertChange, dog_name: str, zone: str) -> Publication:
    """Return the passing message that an alert changed; its type is ``alert_`` and the status."""
    payload = {"event_type": change_type(change.status), **_alert(change, dog_name, zone)}
    return _publication(events_topic(root, change.dog), payload, retain=False)


def event_publication(root: str, dog: str, event: Event, zone: str) -> Publication:
    """Return the passing message that something happened; its type is the event's kind."""
    payload = {
        "event_type": event.kind,
        "start": _iso(event.start_s, zone),
        "start_s": event.start_s,
        "end_s": event.end_s,
        "confidence": event.confidence,
        "evidence": _finite(event.evidence),
    }
    return _publication(events_topic(root, dog), payload, retain=False)


def _alert(change: AlertChange, dog_name: str, zone: str) -> dict[str, Any]:
    message = describe(change, dog_name, zone)
    return {
        "id": change.id,
        "kind": change.kind,
        "severity": change.severity.value,
        "status": change.status.value,
        "onset": _iso(change.onset_s, zone),
        "onset_s": change.onset_s,
        "time_s": change.time_s,
        "count": change.count,
        "false_alarm_steps": change.false_alarm_steps,
        "title": message.title,
        "text": message.body,
        "do": advice(change, dog_name),
        "noted": owner_note_text(change),
        "evidence": _finite(change.evidence),
    }


def _standing(change: AlertChange, dog_name: str) -> dict[str, Any]:
    """Return an alert that is on in short: what, how bad, and what to do."""
    return {
        "id": change.id,
        "kind": change.kind,
        "severity": change.severity.value,
        "status": change.status.value,
        "onset_s": change.onset_s,
        "title": headline(change, dog_name),
        "do": advice(change, dog_name),
        "noted": owner_note_text(change),
    }


def _publication(topic: str, payload: Mapping[str, Any], *, retain: bool) -> Publication:
    return Publication(topic=topic, payload=msgspec.json.encode(payload), retain=retain)


def _finite(evidence: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in evidence.items() if math.isfinite(value)}


def _iso(time_s: float, zone: str) -> str:
    return datetime.fromtimestamp(time_s, tz=ZoneInfo(zone)).isoformat(timespec="seconds")


def health_publication(root: str, health: HubHealth) -> Publication:
    """Return the retained message of the hub's health."""
    payload = {**msgspec.to_builtins(health), "oldest_unsent_s": health.oldest_unsent_s}
    return Publication(
        topic=hub_health_topic(root), payload=msgspec.json.encode(payload), retain=True
    )
