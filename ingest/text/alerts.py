"""What the owner reads of an alert, as an object and as a message, from the table of phrases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.alerts.alert import RANK
from analysis.alerts.owner_notes import NOTED_PREFIX, noted_evidence
from analysis.model import AlertChange, Level, Status
from analysis.model.kinds import AlertKind
from ingest.kinds import alert_kind
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


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertText:
    """An alert in words; what does not apply is empty.

    Attributes
    ----------
    title, lead
        The dog and what, as a phone shows it; the first line.
    advice
        What to do now.
    when, usual, certainty
        Since when, against what usual or plan, and how sure.
    owner_note
        What the owner noted of that time.
    sensitivity
        What the owner's false alarms have done to this kind.
    limit
        What a collar cannot see of it.
    red_flags
        The signs that mean a vet; none where it is not about health.
    """

    title: str
    lead: str
    advice: str
    when: str
    usual: str
    certainty: str
    owner_note: str
    sensitivity: str
    limit: str
    red_flags: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What follows the advice, line by line, without the red flags."""
        rest = (
            self.when,
            self.usual,
            self.certainty,
            self.owner_note,
            self.sensitivity,
            self.limit,
        )
        return tuple(line for line in rest if line)


def alert_text(change: AlertChange, dog_name: str, zone: str) -> AlertText:
    """Return one change of an alert in words.

    Parameters
    ----------
    dog_name
        What the owner calls the dog; braces and control characters are taken out.
    zone
        IANA name; times are in it.
    """
    kind, values = alert_kind(change.kind), _values(change, dog_name)
    title, lead = _opening(change, kind, values)
    stands = change.status not in _TURNS
    return AlertText(
        title=title,
        lead=lead,
        advice=_do(change, kind, values) if stands else "",
        when=_when(change, zone),
        usual=fill(kind.usual, values) if stands else "",
        certainty=fill(kind.certainty, values) if stands else "",
        owner_note=owner_note_text(change) if stands else "",
        sensitivity=_sensitivity(change) if stands else "",
        limit=fill([kind.limit], values),
        red_flags=red_flags(dog_name) if kind.is_about_health else (),
    )


def original_text(change: AlertChange, dog_name: str, zone: str) -> AlertText:
    """Return an alert as it was when it was new, whatever has become of it since."""
    return alert_text(replace(change, status=Status.OPEN), dog_name, zone)


def describe(change: AlertChange, dog_name: str, zone: str) -> Message:
    """Return one change of an alert in words, its first line carrying the whole message.

    Parameters
    ----------
    dog_name
        What the owner calls the dog; braces and control characters are taken out.
    zone
        IANA name; times are told in it.
    """
    text = alert_text(change, dog_name, zone)
    body = _joined([text.lead, text.advice, *text.lines, *text.red_flags])
    return Message(title=text.title, body=body, severity=change.severity.value)


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
    change, always = worst.change, phrases()["always"]
    text = alert_text(change, worst.dog_name, worst.zone)
    title, lines = text.title, [text.lead, text.advice]
    if change.severity is Level.URGENT and severity == Level.URGENT.value:
        values = _values(change, worst.dog_name)
        lines.append(fill([always["answer"]], values | {"id": change.id[:SHORT_ID]}))
    lines += text.lines
    if others:
        title = f"{title}, and {len(others)} more"
        lines += ["Also:", *(f"- {_line(each)}" for each in others[:SHOWN_BESIDE])]
    if len(others) > SHOWN_BESIDE:
        lines.append(f"- and {len(others) - SHOWN_BESIDE} more: see the page.")
    if is_reminder:
        title = fill([always["reminder"]], {"title": title})
    body = _joined([*lines, *_red_flags_of(items)])
    return Message(title=title, body=body, severity=severity)


def advice(change: AlertChange, dog_name: str) -> str:
    """Return what to do about an alert now; empty for one that is over or put aside."""
    if change.status in _TURNS - {Status.ACKNOWLEDGED}:
        return ""
    return _do(change, alert_kind(change.kind), _values(change, dog_name))


def owner_note_text(change: AlertChange) -> str:
    """Return what the owner noted of that time, if it may have to do with it; else empty."""
    words: Mapping[str, str] = phrases()["noted"]
    known = [name.removeprefix(NOTED_PREFIX) for name in sorted(noted_evidence(change.evidence))]
    told = [words[what] for what in known if what in words]
    if not told:
        return ""
    calm = phrases()["always"]["noted"]
    return fill([calm], {"noted": " and ".join(told)})


def headline(change: AlertChange, dog_name: str) -> str:
    """Return the title of an alert: short, the dog and what."""
    return _opening(change, alert_kind(change.kind), _values(change, dog_name))[0]


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
    flags = _red_flags_of(items)
    if flags:
        lines += ["A collar cannot see pain, posture or feeling.", *flags]
    title = f"{shown_name(items[-1].dog_name)}: {len(items)} alerts"
    if len(items) == 1:
        title = headline(items[0].change, items[0].dog_name)
    return Message(title=title, body="\n".join(lines), severity=severity)


def _do(change: AlertChange, kind: AlertKind, values: dict[str, Value]) -> str:
    urgent = kind.advice_urgent if change.severity is Level.URGENT else ()
    return fill([*urgent, *kind.advice], values)


def _line(item: PendingNotification) -> str:
    """Return an alert in one line."""
    return f"{headline(item.change, item.dog_name)}. {_when(item.change, item.zone)}"


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)


def _worst_first(item: PendingNotification) -> tuple[bool, int, float]:
    """Return what sorts the worst before the others, and of equals the newest."""
    change = item.change
    return change.status in _TURNS, -RANK[change.severity], -change.onset_s


def _opening(change: AlertChange, kind: AlertKind, values: dict[str, Value]) -> tuple[str, str]:
    """Return the title and the first line."""
    title, seen = fill(kind.title, values), fill(kind.seen, values)
    about, who = fill([kind.about], values), kind.subject or str(values["dog"])
    values = values | {"about": about, "who": who, "title": title}
    turn = _turn_of(change, kind)
    if turn is None:
        return title, seen
    over = fill([kind.over], values)
    if over and "over" in turn:
        promise = turn["over"] if kind.is_about_health else over
        return fill([turn["title"]], values), fill([promise], values | {"over": over})
    lead = fill([turn["lead"]], values)
    if change.status not in _TURNS:
        lead += seen
    return fill([turn["title"]], values), lead


def _turn_of(change: AlertChange, kind: AlertKind) -> dict[str, str] | None:
    """Return how a change begins, where it is not simply what was seen.

    What happens at a moment does not get worse: it happens again.
    """
    found: dict[str, str] | None = phrases().get(change.status.value)
    if change.status is Status.WORSE and kind.is_news_each_time:
        return None
    if change.status is Status.WORSE and kind.is_momentary:
        found = phrases()["again"]
    return found


def _values(change: AlertChange, dog_name: str) -> dict[str, Value]:
    name = shown_name(dog_name)
    thing = "".join(c if c.isalnum() else " " for c in change.kind).strip() or "a change"
    return {**change.evidence, "count": float(change.count), "dog": name, "thing": thing}


def _when(change: AlertChange, zone: str) -> str:
    return when_text(change, zone, is_moment=alert_kind(change.kind).is_momentary)


def _sensitivity(change: AlertChange) -> str:
    """Return what the owner's false alarms do to this kind, if they do something."""
    if not change.false_alarm_steps or change.severity is Level.URGENT:
        return ""
    steps: list[str] = phrases()["always"]["steps"]
    return fill([steps[min(change.false_alarm_steps, len(steps)) - 1]], {})


def red_flags(dog_name: str) -> tuple[str, ...]:
    """Return the lines of every alert about health: no diagnosis, when to go at once, when soon."""
    always = phrases()["always"]
    now = fill([always["now"]], {"dog": shown_name(dog_name)})
    return always["not_a_diagnosis"], now, always["soon"]


def shown_name(dog_name: str) -> str:
    """Return a dog's name as sentences have it: printable, without braces, not too long."""
    kept = "".join(each for each in dog_name if each.isprintable() and each not in "{}")
    return " ".join(kept.split())[:LONGEST_NAME] or "Your dog"


def _red_flags_of(items: Sequence[PendingNotification]) -> tuple[str, ...]:
    """Return the red flags of a message on several alerts: if one is about health."""
    about_health = [each for each in items if alert_kind(each.change.kind).is_about_health]
    return red_flags(about_health[-1].dog_name) if about_health else ()
