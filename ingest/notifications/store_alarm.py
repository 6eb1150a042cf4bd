"""The one alert that cannot go through the store: that the store takes nothing any more."""

import threading
from collections.abc import Mapping
from dataclasses import replace

import structlog

from analysis.errors import DeliveryError
from analysis.model import AlertChange, Level, Status
from config.machine_settings import Watch
from ingest.kinds import STORE_REFUSING
from ingest.notifications.policy import QuietHours
from ingest.ports import Clock, Message, Notifier
from ingest.records import DogIdentity
from ingest.text.alerts import describe

log = structlog.get_logger(__name__)

KIND = STORE_REFUSING.name
_MINUTE_S = 60.0
_RETRY_S = 60.0
_AGAIN_S = 6 * 3600.0


class StoreAlarm:
    """Tells every notification service of itself until it was accepted, every six hours at most.

    Nothing of it can be remembered, so a daemon that is started anew tells it anew.

    Parameters
    ----------
    watch
        Says from how many minutes of refusals on the owner is told.
    quiet
        Hours in which it waits.
    notifier_of
        The services, by name.
    card
        A dog of the home, for its name and zone.
    """

    def __init__(
        self,
        watch: Watch,
        quiet: QuietHours,
        notifier_of: Mapping[str, Notifier],
        card: DogIdentity,
        clock: Clock,
    ) -> None:
        self._watch = watch
        self._quiet = quiet
        self._notifier_of = notifier_of
        self._card = card
        self._clock = clock
        # All by the clock that is never set.
        self._since_s: float | None = None
        self._due_s: dict[str, float] = {}
        self._heard: set[str] = set()
        self._sender = threading.Thread()

    def refused(self) -> None:
        """Note that the store has just refused something; tell the owner if that is due."""
        now_s = self._clock.monotonic_s()
        if self._since_s is None:
            self._since_s = now_s
        refused_s = now_s - self._since_s
        is_quiet = self._quiet.hold(self._clock.now_s(), self._card.zone)
        due = [name for name in self._notifier_of if self._due_s.get(name, now_s) <= now_s]
        if refused_s < _MINUTE_S * self._watch.refused_warning_min or is_quiet or not due:
            return
        self._start(due, self._change(Status.OPEN, refused_s))

    def works(self) -> None:
        """Note that the store takes things; tell that to whoever heard of the trouble."""
        if self._since_s is None or self.is_telling():
            return
        refused_s = self._clock.monotonic_s() - self._since_s
        heard, self._heard = sorted(self._heard), set()
        self._since_s = None
        if heard:
            self._start(heard, self._change(Status.RESOLVED, refused_s))

    def is_telling(self) -> bool:
        """Return whether a service is being told now."""
        return self._sender.is_alive()

    def _start(self, names: list[str], change: AlertChange) -> None:
        """Tell in a thread of its own: a service that does not answer must not hold up the loop."""
        if self.is_telling():
            return
        self._sender = threading.Thread(
            target=self._tell, args=(names, change), name="store-alarm", daemon=True
        )
        self._sender.start()

    def _tell(self, names: list[str], change: AlertChange) -> None:
        message = describe(change, self._card.name, self._card.zone)
        if change.status is Status.RESOLVED:
            message = replace(message, severity=Level.CLEAR.value)
        for name in names:
            is_told = self._send(name, message)
            if change.status is Status.OPEN:
                wait_s = _AGAIN_S if is_told else _RETRY_S
                self._due_s[name] = self._clock.monotonic_s() + wait_s
                self._heard |= {name} if is_told else set()

    def _send(self, name: str, message: Message) -> bool:
        try:
            self._notifier_of[name].send(message)
        except DeliveryError as error:
            log.warning("not told of the store", error=str(error))
            return False
        return True

    def _change(self, status: Status, refused_s: float) -> AlertChange:
        now_s = self._clock.now_s()
        return AlertChange(
            id=KIND,
            dog=self._card.dog,
            kind=KIND,
            severity=Level.WARNING,
            status=status,
            onset_s=now_s - refused_s,
            time_s=now_s,
            evidence={"refused_min": refused_s / _MINUTE_S},
            notify=True,
        )
