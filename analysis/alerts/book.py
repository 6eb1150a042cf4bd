"""The book of a dog's alerts: one onset, one alert, from pending to resolved."""

from collections.abc import Container
from dataclasses import dataclass, field
from math import inf

from analysis.alerts.alert import (
    ENDED,
    Alert,
    AlertSettings,
    LastNews,
    alert_id,
    change_of,
)
from analysis.alerts.transitions import (
    is_news,
    is_worse,
    news_now,
    see_again,
    settle,
    too_often,
)
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
    refuted_s
        When alerts of a kind were called false alarms, by kind.
    """

    live: dict[str, Alert] = field(default_factory=dict)
    ended: list[Alert] = field(default_factory=list)
    told: dict[str, LastNews] = field(default_factory=dict)
    refuted_s: dict[str, list[float]] = field(default_factory=dict)


class AlertBook:
    """Turns verdicts and the owner's answers into changes of alerts.

    Notes
    -----
    Kinds do not know of each other, and time is the verdicts' own, so the changes of a kind are a
    function of its verdicts and commands alone. After `n` false alarms an alert stays pending
    until it was seen ``n + 1`` times (days or happenings); urgent ones never wait.
    """

    def __init__(
        self, dog: str, settings: AlertSettings, *, told_as_watch: Container[str] = ()
    ) -> None:
        """Open the book of a dog; kinds in `told_as_watch` are told although only a watch."""
        self._dog = dog
        self._told_as_watch = told_as_watch
        self._settings = settings
        self.state = BookState()

    def step_of(self, kind: str, time_s: float = -inf) -> int:
        """Return how many steps false alarms raised the threshold of a kind by, 0 to 3.

        Those that were 90 days ago at a time do not count any more.
        """
        kept_s = time_s - self._settings.forget_s
        refuted = [each for each in self.state.refuted_s.get(kind, ()) if each > kept_s]
        return min(len(refuted), self._settings.most_steps)

    def standing(self) -> list[AlertChange]:
        """Return what is on, as it stands, oldest first; not what waits to be sure."""
        alerts = [each for each in self.state.live.values() if each.status is not Status.PENDING]
        ordered = sorted(alerts, key=lambda each: (each.onset_s, each.kind))
        return [change_of(each, each.changed_s) for each in ordered]

    def process(self, verdict: Verdict) -> list[AlertChange]:
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
        kept = {
            kind: [each for each in times_s if each > keep_s]
            for kind, times_s in self.state.refuted_s.items()
        }
        self.state.refuted_s = {kind: times_s for kind, times_s in kept.items() if times_s}
        return sorted(changes, key=lambda each: each.time_s)

    def command(self, name: str, target: str, time_s: float) -> list[AlertChange]:
        """Obey the owner: ``ack`` or ``false_alarm`` an alert's id.

        Raises
        ------
        InputError
            If the command or the alert is not known.
        """
        alert = self._find(target)
        if name == "ack":
            return self._acknowledge(alert, time_s)
        if name == "false_alarm":
            return self._refute(alert, time_s)
        msg = f"command is {name!r}, expected 'ack' or 'false_alarm'"
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
            steps=self.step_of(verdict.kind, verdict.time_s),
        )
        # The same onset after its alert was over is that alert again, not a second one.
        self.state.ended = [each for each in self.state.ended if each.id != alert.id]
        self.state.live[verdict.kind] = alert
        if self._must_wait(alert, verdict):
            alert.status = Status.PENDING
            return change_of(alert, verdict.time_s)
        return self._change(alert, verdict, is_back=True)

    def _again(self, alert: Alert, verdict: Verdict) -> AlertChange:
        alert.seen_s = verdict.time_s
        escalates = see_again(alert, verdict)
        if alert.status is Status.PENDING:
            if self._must_wait(alert, verdict):
                return change_of(alert, verdict.time_s)
            alert.status = Status.OPEN
            return self._change(alert, verdict, is_back=True)
        is_back = alert.status in {Status.RECOVERING, Status.UNKNOWN}
        settle(alert)
        last = self.state.told.get(alert.kind)
        worse = escalates or is_worse(alert, verdict, last, self._settings)
        # A state that simply goes on is told once; what happened, or came back, may be told again.
        again = verdict.momentary or (is_back and verdict.level is Level.URGENT)
        if worse or (again and self._is_news(verdict, last, is_back=is_back)):
            # What the owner never heard of cannot get worse for the owner.
            alert.status = Status.WORSE if alert.told else Status.OPEN
            alert.acknowledged = False
        elif alert.told or alert.acknowledged:
            return change_of(alert, verdict.time_s)
        return self._change(alert, verdict, is_back=is_back)

    def _must_wait(self, alert: Alert, verdict: Verdict) -> bool:
        waits = alert.count <= self.step_of(alert.kind, verdict.time_s)
        return waits and verdict.level is not Level.URGENT

    def _change(self, alert: Alert, verdict: Verdict, *, is_back: bool) -> AlertChange:
        notify = self._note_news(alert, verdict, is_back=is_back)
        return change_of(alert, verdict.time_s, notify=notify)

    def _note_news(self, alert: Alert, verdict: Verdict, *, is_back: bool) -> bool:
        """Return whether to notify, and remember it if so."""
        kind, state = verdict.kind, self.state
        last = state.told.get(kind)
        if not self._is_news(verdict, last, is_back=is_back):
            return False
        if too_often(verdict, last, self._settings):
            return False
        alert.told = True
        state.told[kind] = news_now(verdict, last, self._settings)
        return True

    def _is_news(self, verdict: Verdict, last: LastNews | None, *, is_back: bool) -> bool:
        as_watch = verdict.kind in self._told_as_watch
        return is_news(verdict, last, self._settings, is_back=is_back, is_told_as_watch=as_watch)

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
        before = self.state.refuted_s.get(alert.kind, [])
        # The newest are enough: more raise nothing.
        self.state.refuted_s[alert.kind] = [*before, time_s][-self._settings.most_steps :]
        alert.steps = self.step_of(alert.kind, time_s)
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
