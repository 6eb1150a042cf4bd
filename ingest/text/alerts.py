"""What the owner reads: every sentence of a notification, from an alert and the phrases."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.alerts.alert import RANK
from analysis.alerts.owner_notes import NOTED, noted_evidence
from analysis.detectors import specs
from analysis.detectors.base import SignalSpec, Spec
from analysis.model import AlertChange, Level, Status
from ingest.ports import Message
from ingest.records import PendingNotification
from ingest.text.templates import Value, fill, phrases
from ingest.text.times import when_text

LONGEST_NAME = 30
SHOWN_IN_DIGEST = 5
SHOWN_BESIDE = 3
SHORT_ID = 8
"""As many characters of an id as the command line lists."""
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
    lines = [*_told(change, lead, table, values, zone), *_red_flags(table, values)]
    return Message(title=title, body=_joined(lines), severity=change.severity.value)


def together(
    items: Sequence[PendingNotification], *, severity: str, is_reminder: bool = False
) -> Message:
    """Return alerts of one dog as one message: the worst in full, the others by name.

    Parameters
    ----------
    items
        At least one, all of one dog.
    is_reminder
        Whether the owner was told of the worst before, and has not answered.
    """
    worst, *others = sorted(items, key=_worst_first)
    change, values = worst.change, _values(worst.change, worst.dog_name)
    table, always = _table(change.kind), phrases()["always"]
    title, lead = _opening(change, table, values)
    lines = [*_told(change, lead, table, values, worst.zone)]
    if change.severity is Level.URGENT and severity == Level.URGENT.value:
        lines.insert(2, fill([always["answer"]], values | {"id": change.id[:SHORT_ID]}))
    if others:
        title = f"{title}, and {len(others)} more"
        lines += ["Also:", *(f"- {_line(each)}" for each in others[:SHOWN_BESIDE])]
    if len(others) > SHOWN_BESIDE:
        lines.append(f"- and {len(others) - SHOWN_BESIDE} more: see the page.")
    if is_reminder:
        title = fill([always["reminder"]], {"title": title})
    body = _joined([*lines, *_red_flags(table, values)])
    return Message(title=title, body=body, severity=severity)


def advice(change: AlertChange, dog_name: str) -> str:
    """Return what to do about an alert now; empty for one that is over or put aside."""
    if change.status in _TURNS - {Status.ACKNOWLEDGED}:
        return ""
    return _do(change, _table(change.kind), _values(change, dog_name))


def owner_note_text(change: AlertChange) -> str:
    """Return what the owner noted of that time, if it may have to do with it; else empty."""
    words: Mapping[str, str] = phrases()["noted"]
    known = [name.removeprefix(NOTED) for name in sorted(noted_evidence(change.evidence))]
    told = [words[what] for what in known if what in words]
    if not told:
        return ""
    calm = phrases()["always"]["noted"]
    return fill([calm], {"noted": " and ".join(told)})


def has_an_end(kind: str) -> bool:
    """Return whether the end of a kind of alert is something to tell: states have one."""
    return "over" in _table(kind)


def is_moot_when_over(kind: str) -> bool:
    """Return whether the owner need not hear of an alert that was over before it was told.

    So it is of collar and home, which work again; what the dog went through is told all the same.
    """
    return has_an_end(kind) and _table(kind).get("flags") == "now"


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
    lines += ["A collar cannot see pain, posture or feeling.", *_red_flags({}, values)]
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
        return [lead, _when(change, zone), limit]
    return [
        lead,
        _do(change, table, values),
        _when(change, zone),
        fill(table["usual"], values),
        fill(table["sure"], values),
        owner_note_text(change),
        _waited(change),
        limit,
    ]


def _do(change: AlertChange, table: dict[str, Any], values: dict[str, Value]) -> str:
    urgent = table.get("do_urgent", []) if change.severity is Level.URGENT else []
    return fill([*urgent, *table["do"]], values)


def _line(item: PendingNotification) -> str:
    """Return an alert in one line."""
    return f"{headline(item.change, item.dog_name)}. {_when(item.change, item.zone)}"


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
    about, who = fill([table["about"]], values), str(table.get("who", values["dog"]))
    values = values | {"about": about, "who": who, "title": title}
    turn = _turn_of(change, table)
    if turn is None:
        return title, seen
    over = fill([table.get("over", "")], values)
    if over and "over" in turn:
        promise = over if table.get("flags") == "now" else turn["over"]
        return fill([turn["title"]], values), fill([promise], values | {"over": over})
    lead = fill([turn["lead"]], values)
    if change.status not in _TURNS:
        lead += seen
    return fill([turn["title"]], values), lead


def _turn_of(change: AlertChange, table: dict[str, Any]) -> dict[str, str] | None:
    """Return how a change begins, where it is not simply what was seen.

    What happens at a moment does not get worse: it happens again.
    """
    found: dict[str, str] | None = phrases().get(change.status.value)
    if change.status is Status.WORSE and table.get("news"):
        return None
    if change.status is Status.WORSE and table.get("moment"):
        found = phrases()["again"]
    return found


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


def _when(change: AlertChange, zone: str) -> str:
    return when_text(change, zone, is_moment=bool(_table(change.kind).get("moment")))


def _waited(change: AlertChange) -> str:
    """Return what the owner's false alarms do to this kind, if they do something."""
    if not change.false_alarm_steps or change.severity is Level.URGENT:
        return ""
    steps: list[str] = phrases()["always"]["steps"]
    return fill([steps[min(change.false_alarm_steps, len(steps)) - 1]], {})


def _red_flags(table: dict[str, Any], values: dict[str, Value]) -> list[str]:
    always = phrases()["always"]
    now = fill([always["now"]], values)
    if table.get("flags") == "now":
        return [now]
    return [always["not_a_diagnosis"], now, always["soon"]]
