"""What the owner reads: every sentence of a notification, from an alert and the phrases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analysis.alerts.alert import RANK
from analysis.alerts.explained import NOTED, noted_evidence
from analysis.detectors import specs
from analysis.detectors.base import SignalSpec, Spec
from analysis.model import AlertChange, Level, Status
from ingest.notification import PendingNotification
from ingest.phrases import Value, fill, phrases
from ingest.ports import Message

LONGEST_NAME = 30
SHOWN_IN_DIGEST = 5
SHOWN_BESIDE = 3
_TURNS = {
    Status.RESOLVED,
    Status.RECOVERING,
    Status.FALSE_ALARM,
    Status.ACKNOWLEDGED,
    Status.UNKNOWN,
}


def describe(change: AlertChange, dog_name: str, zone: str) -> Message:
    """Return one change of an alert in words, its first line carrying the whole message.

    Parameters
    ----------
    dog_name
        What the owner calls the dog; braces and control characters are taken out.
    zone
        IANA name; times are told in it.
    """
    values = _values(change, dog_name)
    table = _table(change.kind)
    title, lead = _opening(change, table, values)
    lines = [*_told(change, lead, table, values, zone), *_red_flags(values)]
    return Message(title=title, body=_joined(lines), severity=change.severity.value)


def together(items: Sequence[PendingNotification], *, severity: str) -> Message:
    """Return several alerts of one dog as one message: the worst in full, the others by name.

    Parameters
    ----------
    items
        At least one, all of one dog.
    """
    worst, *others = sorted(items, key=_worst_first)
    told = describe(worst.change, worst.dog_name, worst.zone)
    if not others:
        return Message(title=told.title, body=told.body, severity=severity)
    change, values = worst.change, _values(worst.change, worst.dog_name)
    table = _table(change.kind)
    lead = _opening(change, table, values)[1]
    lines = [*_told(change, lead, table, values, worst.zone), "Also:"]
    lines += [f"- {_line(each)}" for each in others[:SHOWN_BESIDE]]
    if len(others) > SHOWN_BESIDE:
        lines.append(f"- and {len(others) - SHOWN_BESIDE} more: see the page.")
    body = _joined([*lines, *_red_flags(values)])
    return Message(title=f"{told.title}, and {len(others)} more", body=body, severity=severity)


def has_an_end(kind: str) -> bool:
    """Return whether the end of a kind of alert is something to tell: states have one."""
    return "over" in _table(kind)


def headline(change: AlertChange, dog_name: str) -> str:
    """Return the title of an alert: short, the dog and what."""
    return _opening(change, _table(change.kind), _values(change, dog_name))[0]


def digest(items: Sequence[PendingNotification], *, opening: str, severity: str) -> Message:
    """Return alerts of one dog that are not of now as one message, a line each, newest last.

    Parameters
    ----------
    items
        At least one, all of one dog.
    opening
        First sentence, such as ``"Recorded earlier, not happening now."``
    """
    shown = items[-SHOWN_IN_DIGEST:]
    lines = [opening, *(f"- {_line(each)}" for each in shown)]
    if len(items) > len(shown):
        lines.append(f"- and {len(items) - len(shown)} more: see the page.")
    values = _values(items[-1].change, items[-1].dog_name)
    lines += ["A collar cannot see pain, posture or feeling.", *_red_flags(values)]
    title = f"{values['dog']}: {len(items)} alerts"
    if len(items) == 1:
        title = headline(items[0].change, items[0].dog_name)
    return Message(title=title, body="\n".join(lines), severity=severity)


def _told(
    change: AlertChange, lead: str, table: dict[str, Any], values: dict[str, Value], zone: str
) -> list[str]:
    """Return the lines about one alert, without the signs that mean a vet."""
    limit = fill([table["limit"]], values)
    if change.status in _TURNS:
        return [lead, _since(change, zone), limit]
    urgent = table.get("do_urgent") if change.severity is Level.URGENT else None
    return [
        lead,
        fill([urgent or table.get("do", "")], values),
        _since(change, zone),
        fill(table["usual"], values),
        fill([table["sure"]], values),
        _noted(change),
        _waited(change),
        limit,
    ]


def _line(item: PendingNotification) -> str:
    """Return an alert in one line."""
    return f"{headline(item.change, item.dog_name)}. {_since(item.change, item.zone)}"


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)


def _worst_first(item: PendingNotification) -> tuple[bool, int, float]:
    """Return what sorts the worst before the others, and of equals the newest."""
    change = item.change
    return change.status in _TURNS, -RANK[change.severity], -change.onset_s


def _opening(
    change: AlertChange, table: dict[str, Any], values: dict[str, Value]
) -> tuple[str, str]:
    """Return the title and the first line."""
    title, seen = fill(table["title"], values), fill(_seen(change.kind, table), values)
    values = values | {"about": fill([table["about"]], values), "title": title}
    turn = phrases().get(change.status.value)
    if turn is None:
        return title, seen
    over = fill([table.get("over", "")], values)
    if over and "over" in turn:
        return fill([turn["title"]], values), fill([turn["over"]], values | {"over": over})
    lead = fill([turn["lead"]], values)
    if change.status not in _TURNS:
        lead += seen
    return fill([turn["title"]], values), lead


def _table(kind: str) -> dict[str, Any]:
    """Return the phrases of a kind of alert, or those for anything."""
    table = phrases().get(kind)
    known = isinstance(table, dict) and "seen" in table
    found: dict[str, Any] = table if known and table is not None else phrases()["other"]
    return found


def _seen(kind: str, table: dict[str, Any]) -> list[str]:
    """Return the sentences for what was seen; a detector's own, where we have no better."""
    sentences: list[str] = table["seen"]
    spec = _spec_of(kind) if table is phrases()["other"] else None
    return sentences if spec is None or not spec.sentence else [spec.sentence, *sentences]


def _spec_of(kind: str) -> Spec | None:
    """Return the detector whose verdicts, or events, a kind of alert is made of."""
    for spec in specs().values():
        if kind == spec.name or (isinstance(spec, SignalSpec) and kind in spec.alerts):
            return spec
    return None


def _values(change: AlertChange, dog_name: str) -> dict[str, Value]:
    kept = "".join(c for c in dog_name if c.isprintable() and c not in "{}")
    name = " ".join(kept.split())[:LONGEST_NAME] or "Your dog"
    thing = "".join(c if c.isalnum() else " " for c in change.kind).strip() or "a change"
    return {**change.evidence, "count": float(change.count), "dog": name, "thing": thing}


def _since(change: AlertChange, zone: str) -> str:
    """Return when it began, in the dog's own time."""
    try:
        local = datetime.fromtimestamp(change.onset_s, tz=ZoneInfo(zone))
    except (ValueError, OverflowError, OSError):
        return ""
    return f"Since {local:%A} {local.day} {local:%B}, {local:%H:%M}."


def _noted(change: AlertChange) -> str:
    """Return what the owner noted of that time, if it may have to do with it."""
    words: Mapping[str, str] = phrases()["noted"]
    known = [name.removeprefix(NOTED) for name in sorted(noted_evidence(change.evidence))]
    told = [words[what] for what in known if what in words]
    if not told:
        return ""
    calm = phrases()["always"]["noted"]
    return fill([calm], {"noted": " and ".join(told)})


def _waited(change: AlertChange) -> str:
    """Return what the owner's false alarms do to this kind, if they do something."""
    if not change.false_alarm_steps or change.severity is Level.URGENT:
        return ""
    steps: list[str] = phrases()["always"]["steps"]
    return fill([steps[min(change.false_alarm_steps, len(steps)) - 1]], {})


def _red_flags(values: dict[str, Value]) -> list[str]:
    always = phrases()["always"]
    return [always["not_a_diagnosis"], fill([always["now"]], values), always["soon"]]
