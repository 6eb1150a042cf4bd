"""The book of a dog's alerts: one onset, one alert, from pending to resolved."""

from dataclasses import dataclass, field
from math import inf

from analysis.alerts.alert import (
    ENDED,
    Alert,
    AlertSettings,
    Told,
    alert_id,
    change_of,
)
from analysis.alerts.life import is_worse, see_again, settle, should_tell
from analysis.errors import InputError
from analysis.model import AlertChange, Level, Status, Verdict

__all__ = ["AlertBook", "AlertSettings", "BookState"]


@dataclass(slots=True)
class BookState:
    """What must survive a restart; one entry a kind, and what ended within 90 days.

    Attributes
    ----------
    live
        The alert that is on, by kind.
    ended
        Alerts that are over, oldest first.
    told
        What the owner last heard, by kind.
    steps
        Threshold steps from false alarms, by kind.
    snoozed_until_s
        Until when a kind is not told, by kind.
    """

    live: dict[str, Alert] = field(default_factory=dict)
    ended: list[Alert] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    snoozed_until_s: dict[str, float] = field(default_factory=dict)


class AlertBook:
    """Turns verdicts and the owner's answers into changes of alerts.

    Notes
    -----
    Kinds do not know of each other, and time is the verdicts' own, so the changes of a kind are a
    function of its verdicts and commands alone. After `n` false alarms an alert stays pending
    until it was seen ``n + 1`` times (days or happenings); urgent ones never wait.
    """

    def __init__(self, dog: str, settings: AlertSettings) -> None:
        self._dog = dog
        self._settings = settings
        self.state = BookState()

    def step_of(self, kind: str) -> int:
        """Return how many steps the threshold of a kind was raised by false alarms, 0 to 3."""
        return self.state.steps.get(kind, 0)

    def take(self, verdict: Verdict) -> list[AlertChange]:
        """Take one verdict; those of a kind must come in time order."""
        changes = self._unheard(verdict.kind, verdict.time_s)
        alert = self.state.live.get(verdict.kind)
        if verdict.level in {Level.UNKNOWN, Level.CLEAR}:
            if alert is None:
                return changes
            alert.seen_s = verdict.time_s
            if verdict.level is Level.UNKNOWN:
                return changes + self._lose(alert, verdict.time_s)
            return changes + self._clear(alert, verdict)
        change = self._open(verdict) if alert is None else self._again(alert, verdict)
        return [*changes, change]

    def advance(self, time_s: float) -> list[AlertChange]:
        """Note that sample time has come so far, and return what that alone changes."""
        changes = [each for kind in sorted(self.state.live) for each in self._unheard(kind, time_s)]
        keep_s = time_s - self._settings.forget_s
        self.state.ended = [each for each in self.state.ended if each.seen_s > keep_s]
        return sorted(changes, key=lambda each: each.time_s)

    def command(
        self, name: str, target: str, time_s: float, *, until_s: float | None = None
    ) -> list[AlertChange]:
        """Obey the owner: ``ack`` or ``false_alarm`` an alert's id, or ``snooze`` a kind.

        Raises
        ------
        InputError
            If the command or the alert is not known, or a snooze has no end.
        """
        if name == "snooze":
            if until_s is None or not -inf < until_s < inf:
                msg = f"snooze of {target!r} until {until_s}, expected a time"
                raise InputError(msg)
            self.state.snoozed_until_s[target] = until_s
            return []
        alert = self._find(target)
        if name == "ack":
            return self._acknowledge(alert, time_s)
        if name == "false_alarm":
            return self._refute(alert, time_s)
        msg = f"command is {name!r}, expected 'ack', 'false_alarm' or 'snooze'"
        raise InputError(msg)

    def _open(self, verdict: Verdict) -> AlertChange:
        alert = Alert(
            id=alert_id(self._dog, verdict.kind, verdict.onset_s),
            dog=self._dog,
            kind=verdict.kind,
            severity=verdict.level,
            status=Status.OPEN,
            onset_s=verdict.onset_s,
            seen_s=verdict.time_s,
            evidence=dict(verdict.evidence),
            momentary=verdict.momentary,
        )
        # The same onset after its alert was over is that alert again, not a second one.
        self.state.ended = [each for each in self.state.ended if each.id != alert.id]
        self.state.live[verdict.kind] = alert
        if self._must_wait(alert, verdict):
            alert.status = Status.PENDING
            return change_of(alert, verdict.time_s)
        return change_of(alert, verdict.time_s, notify=self._tell(alert, verdict))

    def _again(self, alert: Alert, verdict: Verdict) -> AlertChange:
        alert.seen_s = verdict.time_s
        escalates = see_again(alert, verdict)
        if alert.status is Status.PENDING:
            if self._must_wait(alert, verdict):
                return change_of(alert, verdict.time_s)
            alert.status = Status.OPEN
            return change_of(alert, verdict.time_s, notify=self._tell(alert, verdict))
        settle(alert)
        told = self.state.told.get(alert.kind)
        worse = escalates or is_worse(alert, verdict, told, self._settings)
        again = verdict.momentary and should_tell(verdict, told, self._settings)
        if worse or again:
            # What the owner never heard of cannot get worse for the owner.
            alert.status = Status.WORSE if alert.told else Status.OPEN
            alert.acknowledged = False
        elif alert.told or alert.acknowledged:
            return change_of(alert, verdict.time_s)
        return change_of(alert, verdict.time_s, notify=self._tell(alert, verdict))

    def _must_wait(self, alert: Alert, verdict: Verdict) -> bool:
        return verdict.level is not Level.URGENT and alert.count <= self.step_of(alert.kind)

    def _tell(self, alert: Alert, verdict: Verdict) -> bool:
        """Return whether to notify, and remember it if so."""
        kind, state = verdict.kind, self.state
        if not should_tell(verdict, state.told.get(kind), self._settings):
            return False
        snoozed = verdict.time_s < state.snoozed_until_s.get(kind, -inf)
        if snoozed and verdict.level is not Level.URGENT:
            return False
        alert.told = True
        state.told[kind] = Told(
            time_s=verdict.time_s, level=verdict.level, drop=verdict.evidence.get("drop", 0.0)
        )
        return True

    def _clear(self, alert: Alert, verdict: Verdict) -> list[AlertChange]:
        alert.clears += 1
        enough = alert.clears >= self._settings.clear_verdicts
        if enough or alert.momentary or alert.status is Status.PENDING:
            return [self._end(alert, Status.RESOLVED, verdict.time_s)]
        alert.status = Status.RECOVERING
        return [change_of(alert, verdict.time_s)]

    def _lose(self, alert: Alert, time_s: float) -> list[AlertChange]:
        """Return the change to unknown, which a happening never is."""
        if alert.momentary or alert.status in {Status.UNKNOWN, Status.PENDING}:
            return []
        alert.status = Status.UNKNOWN
        return [change_of(alert, time_s)]

    def _unheard(self, kind: str, time_s: float) -> list[AlertChange]:
        """Return the change to unknown, if a lasting alert had no verdict for too long."""
        alert = self.state.live.get(kind)
        if alert is None or time_s < alert.seen_s + self._settings.stale_s:
            return []
        return self._lose(alert, alert.seen_s + self._settings.stale_s)

    def _acknowledge(self, alert: Alert, time_s: float) -> list[AlertChange]:
        if alert.status in ENDED or alert.acknowledged:
            return []
        alert.acknowledged = True
        if alert.status in {Status.OPEN, Status.WORSE}:
            alert.status = Status.ACKNOWLEDGED
        return [change_of(alert, time_s)]

    def _refute(self, alert: Alert, time_s: float) -> list[AlertChange]:
        if alert.status is Status.FALSE_ALARM:
            return []
        steps = min(self.step_of(alert.kind) + 1, self._settings.most_steps)
        self.state.steps[alert.kind] = steps
        if alert.status is not Status.RESOLVED:
            return [self._end(alert, Status.FALSE_ALARM, time_s)]
        alert.status = Status.FALSE_ALARM
        return [change_of(alert, time_s)]

    def _end(self, alert: Alert, status: Status, time_s: float) -> AlertChange:
        alert.status, alert.seen_s = status, time_s
        del self.state.live[alert.kind]
        self.state.ended.append(alert)
        return change_of(alert, time_s)

    def _find(self, target: str) -> Alert:
        for alert in [*self.state.live.values(), *self.state.ended]:
            if alert.id == target:
                return alert
        msg = f"alert id is {target!r}, expected one that is on or ended within 90 days"
        raise InputError(msg)
