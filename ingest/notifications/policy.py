"""What to tell the owner, and when: urgency, quiet hours, repeats, cooldown, digests.

Everything that was taken from the outbox and is still to be sent lies in
`NotificationPolicyState`. So the outbox may confirm a row as soon as the state that holds it is
saved, an urgent row never waits behind one that the night holds back, and a restart forgets
nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Self
from zoneinfo import ZoneInfo

from analysis.model import Level, Status
from config.machine_settings import Notify
from ingest.kinds import alert_kind
from ingest.ports import Message
from ingest.records import LATEST_SNOOZE_S, PendingNotification
from ingest.text.alerts import digest, together

_MINUTE_S = 60

_LONGEST_MIN = 26 * 60

_DAY_S = 86_400.0

# A day within the years 1 and 9999, beyond which no zone has a wall clock to ask.
_FIRST_S = -62_135_596_800.0 + _DAY_S

_LAST_S = 253_402_300_800.0 - _DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From one local time to another, across midnight if the second is the earlier one.

    Equal times mean that no hour is quiet.
    """

    starts: time
    ends: time

    @classmethod
    def of(cls, notify: Notify) -> Self:
        """Return those that the settings say."""
        return cls(starts=notify.quiet_from, ends=notify.quiet_until)

    def hold(self, time_s: float, zone: str) -> bool:
        """Return whether the wall clock of a zone is within them; never beyond the calendar."""
        if not _FIRST_S <= time_s <= _LAST_S:
            return False
        local = datetime.fromtimestamp(time_s, tz=ZoneInfo(zone)).time()
        if self.starts <= self.ends:
            return self.starts <= local < self.ends
        return local >= self.starts or local < self.ends

    def end_s(self, time_s: float, zone: str) -> float:
        """Return the first whole minute, from a time on, that is not quiet.

        Notes
        -----
        Asks the wall clock minute by minute: at most some 1500 questions, and right in the
        nights in which 02:30 does not exist or comes twice.
        """
        if not self.hold(time_s, zone):
            return time_s
        first_s = (time_s // _MINUTE_S + 1) * _MINUTE_S
        for minute in range(_LONGEST_MIN):
            if not self.hold(first_s + minute * _MINUTE_S, zone):
                return first_s + minute * _MINUTE_S
        return first_s + _LONGEST_MIN * _MINUTE_S


_ENDED = {Status.RESOLVED, Status.FALSE_ALARM, Status.ACKNOWLEDGED}

_NEVER_TOLD = {Status.ACKNOWLEDGED, Status.FALSE_ALARM, Status.PENDING}

_REMEMBER_S = 60 * 86400.0

_EARLIER = "Recorded earlier and only now received: not happening at this moment."


@dataclass(frozen=True, slots=True, kw_only=True)
class LastNotified:
    """The last message about an alert that was delivered.

    `key` is dog and kind; `urgent` whether it was told as urgent.
    """

    key: str
    time_s: float
    urgent: bool


@dataclass(slots=True)
class NotificationPolicyState:
    """All that must survive a restart, by alert id; `position` is the last row taken."""

    position: int = 0
    waiting: dict[str, PendingNotification] = field(default_factory=dict)
    stored: dict[str, PendingNotification] = field(default_factory=dict)
    stored_heard_s: float = 0.0
    repeating: dict[str, PendingNotification] = field(default_factory=dict)
    told: dict[str, LastNotified] = field(default_factory=dict)
    snoozed_until_s: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message that is due now, and the alerts that it tells."""

    message: Message
    tells: tuple[PendingNotification, ...]


class NotificationPolicy:
    """Decides what is due; does not send and does not ask the time itself.

    Call `add` for each row, send what `due` returns, and report each delivery with `sent`.

    Parameters
    ----------
    settings
        `cooldown_min` counts for each dog and kind, from the last message that was delivered; a
        first or a now urgent alert does not wait. `gather_stored_s` counts from the last alert of
        an old recording.
    state
        What was saved before a restart.
    """

    def __init__(self, settings: Notify, state: NotificationPolicyState | None = None) -> None:
        self.settings = settings
        self._quiet = QuietHours.of(settings)
        self.state = NotificationPolicyState() if state is None else state
        late_s = self.state.snoozed_until_s
        late_s.update({key: min(until_s, LATEST_SNOOZE_S) for key, until_s in late_s.items()})

    def add(self, position: int, pending: PendingNotification, now_s: float) -> None:
        """Take one row; a row that was taken before, before a restart too, changes nothing."""
        state, change = self.state, pending.change
        if position <= state.position:
            return
        state.position = position
        if change.status in _ENDED:
            self._end(pending)
        if not self._is_news(pending):
            return
        if pending.stored:
            state.stored[change.id] = pending
            state.stored_heard_s = now_s
        else:
            state.waiting[change.id] = pending

    def snooze(self, dog: str, kind: str, until_s: float) -> None:
        """Hold back a kind of alert of one dog; a first urgent one is told all the same.

        Lasts until `LATEST_SNOOZE_S` at most.
        """
        self.state.snoozed_until_s[f"{dog}/{kind}"] = min(until_s, LATEST_SNOOZE_S)

    def due(self, now_s: float) -> list[Outgoing]:
        """Return the messages to send now, one a dog, urgent ones first."""
        ready = [each for each in self.state.waiting.values() if self._due_s(each, now_s) <= now_s]
        again = [
            each
            for alert_id, each in self.state.repeating.items()
            if alert_id not in self.state.waiting and self._repeat_s(each, now_s) <= now_s
        ]
        urgent = [each for each in ready if _is_urgent(each)] + again
        calm = [each for each in ready if not _is_urgent(each)]
        outgoing = []
        for group in _by_dog(urgent):
            beside = self._beside(group, calm)
            calm = [each for each in calm if each not in beside]
            known = all(each in again for each in group)
            outgoing.append(_message([*group, *beside], Level.URGENT, is_reminder=known))
        for group in _by_dog(calm):
            over = all(each.change.status is Status.RESOLVED for each in group)
            outgoing.append(_message(group, Level.CLEAR if over else Level.WARNING))
        for group in _by_dog(self.state.stored.values()):
            if self._stored_s(group[0], now_s) <= now_s:
                told = digest(group, opening=_EARLIER, severity=Level.WARNING.value)
                outgoing.append(Outgoing(message=told, tells=tuple(group)))
        return outgoing

    def _beside(
        self, urgent: Sequence[PendingNotification], calm: Sequence[PendingNotification]
    ) -> list[PendingNotification]:
        """Return what an urgent message tells too: what is due for the dog, or came with it.

        What the night holds back is told in it only if it is of the same verdict's time.
        """
        dog = urgent[0].change.dog
        times_s = {each.change.time_s for each in urgent}
        held = [
            each
            for each in self.state.waiting.values()
            if each.change.time_s in times_s and not _is_urgent(each) and each not in calm
        ]
        return [each for each in [*calm, *held] if each.change.dog == dog]

    def sent(self, outgoing: Outgoing, now_s: float) -> None:
        """Remember that a message was delivered; cooldown and repeats count from here."""
        state = self.state
        for each in outgoing.tells:
            change = each.change
            urgent = _is_urgent(each)
            state.told[change.id] = LastNotified(key=_key(each), time_s=now_s, urgent=urgent)
            for held in (state.waiting, state.stored):
                if held.get(change.id) == each:
                    del held[change.id]
            if urgent:
                state.repeating[change.id] = each
            else:
                state.repeating.pop(change.id, None)
        self._forget(now_s)

    def next_s(self, now_s: float) -> float | None:
        """Return when something will be due, if nothing new comes; None for never."""
        state = self.state
        times_s = [self._due_s(each, now_s) for each in state.waiting.values()]
        times_s += [self._repeat_s(each, now_s) for each in state.repeating.values()]
        times_s += [self._stored_s(each, now_s) for each in state.stored.values()]
        return min(times_s, default=None)

    def _end(self, pending: PendingNotification) -> None:
        """Stop telling what is over; what the owner never heard of is told calmly."""
        state, change = self.state, pending.change
        state.repeating.pop(change.id, None)
        unheard = change.id not in state.told
        moot = unheard and alert_kind(change.kind).is_moot_when_over
        if change.status is not Status.RESOLVED or moot:
            state.waiting.pop(change.id, None)
            state.stored.pop(change.id, None)
        elif change.id in state.waiting and unheard:
            held = state.waiting[change.id]
            calmer = replace(held.change, severity=Level.WARNING)
            state.waiting[change.id] = replace(held, change=calmer)

    def _is_news(self, pending: PendingNotification) -> bool:
        change = pending.change
        if change.status is Status.RESOLVED:
            # The end of something is news only to those who heard of its beginning.
            return change.id in self.state.told and alert_kind(change.kind).has_end
        return change.notify and change.status not in _NEVER_TOLD

    def _due_s(self, pending: PendingNotification, now_s: float) -> float:
        """Return when a waiting alert may be told."""
        told = self.state.told.get(pending.change.id)
        if _is_urgent(pending):
            if told is None or not told.urgent:
                return now_s
            return self._repeat_s(pending, now_s)
        about = (each.time_s for each in self.state.told.values() if each.key == _key(pending))
        last_s = max(about, default=None)
        wait_s = self.state.snoozed_until_s.get(_key(pending), now_s)
        if last_s is not None and pending.change.status is not Status.RESOLVED:
            wait_s = max(wait_s, _over_s(last_s, 60.0 * self.settings.cooldown_min, now_s))
        return self._quiet.end_s(max(wait_s, now_s), pending.zone)

    def _repeat_s(self, pending: PendingNotification, now_s: float) -> float:
        told_s = self.state.told[pending.change.id].time_s
        again_s = _over_s(told_s, 60.0 * self.settings.repeat_urgent_min, now_s)
        return max(again_s, self.state.snoozed_until_s.get(_key(pending), again_s))

    def _stored_s(self, pending: PendingNotification, now_s: float) -> float:
        gathered_s = _over_s(self.state.stored_heard_s, self.settings.gather_stored_s, now_s)
        return self._quiet.end_s(max(gathered_s, now_s), pending.zone)

    def _forget(self, now_s: float) -> None:
        state = self.state
        state.told = {
            alert_id: told
            for alert_id, told in state.told.items()
            if now_s - told.time_s < _REMEMBER_S or alert_id in state.repeating
        }
        late_s = state.snoozed_until_s
        state.snoozed_until_s = {key: until for key, until in late_s.items() if until > now_s}


def _over_s(since_s: float, wait_s: float, now_s: float) -> float:
    """Return when a wait is over: now, if it began in a time to come.

    Then the clock was set back, and nobody can tell how long an alert has waited already.
    """
    return now_s if since_s > now_s else since_s + wait_s


def _is_urgent(pending: PendingNotification) -> bool:
    change = pending.change
    happening = change.status in {Status.OPEN, Status.WORSE} and not pending.stored
    return change.severity is Level.URGENT and happening


def _key(pending: PendingNotification) -> str:
    return f"{pending.change.dog}/{pending.change.kind}"


def _by_dog(items: Iterable[PendingNotification]) -> list[list[PendingNotification]]:
    groups: dict[str, list[PendingNotification]] = {}
    for each in sorted(items, key=lambda item: item.change.onset_s):
        groups.setdefault(each.change.dog, []).append(each)
    return list(groups.values())


def _message(
    group: Sequence[PendingNotification], severity: Level, *, is_reminder: bool = False
) -> Outgoing:
    message = together(group, severity=severity.value, is_reminder=is_reminder)
    return Outgoing(message=message, tells=tuple(group))
