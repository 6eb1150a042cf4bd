"""Watching over what carries an alert to the owner: collars, batteries, deliveries, the disk."""

import math
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from analysis.alerts.alert import RANK
from analysis.alerts.book import AlertBook, AlertSettings, BookState
from analysis.errors import StoreError
from analysis.model import AlertChange, Level, Results, Verdict
from config.machine_settings import Watch
from ingest.ports import Clock
from ingest.processing import snapshots
from ingest.processing.commands import Acknowledge, Command, FalseAlarm, changes_of
from ingest.processing.stream_processor import DogResults

log = structlog.get_logger(__name__)

_MINUTE_S = 60.0
_HOUR_S = 3600.0
_CHARGED, _CLEARED = 0.10, 0.02
"""So much more battery, or less disk used, than at the watch is over: a judgement."""

BOOK = AlertSettings(
    refractory_s=6 * _HOUR_S,
    most_a_day=3,
    most_a_week=7,
    clear_verdicts=1,
    stale_s=math.inf,
    most_steps=0,
)
"""How alerts of the home live: they end as soon as it works again, may come back the same day,
and a false alarm ends the one alert alone. All a judgement."""


_REBUILT_S = 24 * _HOUR_S
"""So long a store that was rebuilt is an alert: a judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus:
    """How much is left for what is to come.

    Attributes
    ----------
    unsent_s
        Age of the oldest row of the outbox that somebody has still to get.
    disk_used
        Share of the store's disk that is used.
    n_rebuilt
        How often the store was found damaged and rebuilt.
    """

    unsent_s: float = 0.0
    disk_used: float = 0.0
    n_rebuilt: int = 0


VerdictAdjuster = Callable[[Verdict], Verdict]


@dataclass(slots=True)
class SystemMonitorState:
    """What must survive a restart.

    Attributes
    ----------
    books
        Alerts by dog; those about the whole home are in that of the first dog.
    hushed
        Dog and kind that the owner called a false alarm, until it works again.
    n_rebuilt, rebuilt_s
        How often the store was rebuilt, as known so far, and when that was noticed last.
    """

    books: dict[str, BookState] = field(default_factory=dict)
    hushed: list[str] = field(default_factory=list)
    n_rebuilt: int = 0
    rebuilt_s: float | None = None


class SystemMonitor:
    """Looks at the home and keeps the alerts about it, apart from those that samples lead to.

    Parameters
    ----------
    started_s
        Monotonic time from which on silence counts: packets of before are no longer awaited.
    """

    def __init__(self, settings: Watch, started_s: float) -> None:
        self._settings = settings
        self._started_s = started_s
        # By the clock that is never set, so that a step of the other one is no silence.
        self._heard_s: dict[str, float] = {}
        self._sleeping: set[str] = set()
        self._battery: dict[str, float] = {}
        self._behind_since_s: float | None = None
        self.state = SystemMonitorState()

    def record_packet(self, dog: str | None, clock: Clock) -> None:
        """Note that a packet of a dog came just now."""
        if dog is not None:
            self._heard_s[dog] = clock.monotonic_s()
            self._sleeping.discard(dog)

    def packet_age_s(self, dog: str, clock: Clock) -> float | None:
        """Return for how many seconds no packet of a dog has come; None before the first."""
        arrived_s = self._heard_s.get(dog)
        return None if arrived_s is None else clock.monotonic_s() - arrived_s

    def status(self, dog: str, state: str, battery: float | None) -> None:
        """Note what a collar said of itself: one that sleeps is silent for a reason."""
        (self._sleeping.add if state == "sleeping" else self._sleeping.discard)(dog)
        if battery is not None and 0.0 <= battery <= 1.0:
            self._battery[dog] = battery

    def check(
        self, room: SystemStatus, clock: Clock, dogs: Mapping[str, VerdictAdjuster]
    ) -> list[DogResults]:
        """Return what has changed; to be recorded and saved if there is anything.

        Parameters
        ----------
        dogs
            Those of which anything was ever heard, each with what weighs a verdict against the
            owner's notes; what is about the whole home is told with the first of them.
        """
        now_s = clock.now_s()
        verdicts = [
            (dog, _weighed(each, weigh(replace(each, onset_s=now_s))))
            for dog, weigh in dogs.items()
            for each in self._of_dog(dog, now_s, clock.monotonic_s())
        ]
        verdicts += [(dog, each) for dog in list(dogs)[:1] for each in self._of_home(room, clock)]
        return [
            DogResults(dog=dog, results=Results(alerts=changes), stored=False)
            for dog, verdict in verdicts
            if (changes := self._take(dog, verdict))
        ]

    def standing(self, dog: str) -> list[AlertChange]:
        """Return what is on of a dog's collar, or of the home, as it stands."""
        return self._book(dog).standing()

    def holds(self, command: Command) -> bool:
        """Return whether a command is about an alert of the home."""
        if not isinstance(command, Acknowledge | FalseAlarm):
            return False
        state = self.state.books.get(command.dog, BookState())
        known = [*state.live.values(), *state.ended]
        return any(each.id == command.alert_id for each in known)

    def handle(self, command: Command, time_s: float) -> list[AlertChange]:
        """Do what the owner asked; a false alarm is not told again before it works again."""
        changes = changes_of(self._book(command.dog), command, time_s)
        if isinstance(command, FalseAlarm):
            keys = {f"{each.dog}/{each.kind}" for each in changes}
            self.state.hushed = sorted({*self.state.hushed, *keys})
        return changes

    def save(self) -> bytes:
        """Return the state as bytes."""
        return snapshots.encode({"home": self.state})

    def restore(self, saved: tuple[bytes, int] | None) -> None:
        """Go on from a saved state; one that cannot be read is begun anew."""
        self.state = SystemMonitorState()
        try:
            states = snapshots.decode(saved[0], {"home": self.state}).states if saved else {}
        except StoreError as error:
            log.warning("saved alerts of the home cannot be read", error=str(error))
            return
        found = states.get("home")
        if isinstance(found, SystemMonitorState):
            self.state = found

    def _book(self, dog: str) -> AlertBook:
        book = AlertBook(dog, BOOK)
        book.state = self.state.books.setdefault(dog, BookState())
        return book

    def _take(self, dog: str, verdict: Verdict) -> list[AlertChange]:
        """Take a verdict if it says something that is not known yet."""
        key, book = f"{dog}/{verdict.kind}", self._book(dog)
        live = book.state.live.get(verdict.kind)
        if verdict.level is Level.CLEAR:
            self.state.hushed = [each for each in self.state.hushed if each != key]
            return [] if live is None else [*book.process(verdict), *book.advance(verdict.time_s)]
        if key in self.state.hushed:
            return []
        if live is not None and RANK[verdict.level] <= RANK[live.severity]:
            return []
        return book.process(verdict)

    def _of_dog(self, dog: str, now_s: float, monotonic_s: float) -> list[Verdict]:
        chosen, verdicts = self._settings, []
        silent_s = monotonic_s - self._heard_s.get(dog, self._started_s)
        silent_min = silent_s / _MINUTE_S
        level = _level(silent_min, chosen.silent_watch_min, chosen.silent_warning_min)
        if level is Level.WARNING and dog in self._sleeping:
            level = Level.WATCH
        # After a restart only a packet shows that a collar is heard again.
        if level is not Level.CLEAR or dog in self._heard_s:
            evidence = {"silent_min": silent_min}
            verdicts.append(_verdict("no_data", level, now_s, evidence, since_s=silent_s))
        left = self._battery.get(dog)
        if left is not None:
            level = _level(-left, -chosen.battery_watch, -chosen.battery_warning)
            if level is not Level.CLEAR or left >= chosen.battery_watch + _CHARGED:
                verdicts.append(_verdict("battery_low", level, now_s, {"battery_share": left}))
        return verdicts

    def _of_home(self, room: SystemStatus, clock: Clock) -> list[Verdict]:
        chosen, now_s, verdicts = self._settings, clock.now_s(), []
        behind_s = self._behind_s(room, clock.monotonic_s())
        behind_min = behind_s / _MINUTE_S
        level = _level(behind_min, chosen.unsent_watch_min, chosen.unsent_warning_min)
        if level is not Level.CLEAR or self._behind_since_s is None:
            evidence = {"unsent_min": behind_min}
            verdicts.append(_verdict("outbox_stuck", level, now_s, evidence, since_s=behind_s))
        level = _level(room.disk_used, chosen.disk_watch, chosen.disk_warning)
        if level is not Level.CLEAR or room.disk_used < chosen.disk_watch - _CLEARED:
            verdicts.append(_verdict("disk_full", level, now_s, {"disk_share": room.disk_used}))
        return [*verdicts, *self._of_store(room, now_s)]

    def _of_store(self, room: SystemStatus, now_s: float) -> list[Verdict]:
        """Tell that the store was rebuilt; over after a day, since there is nothing to wait for."""
        state = self.state
        if room.n_rebuilt > state.n_rebuilt:
            state.n_rebuilt, state.rebuilt_s = room.n_rebuilt, now_s
        if state.rebuilt_s is None:
            return []
        level = Level.WARNING if now_s - state.rebuilt_s < _REBUILT_S else Level.CLEAR
        if level is Level.CLEAR:
            state.rebuilt_s = None
        return [_verdict("store_rebuilt", level, now_s, {"rebuilt": room.n_rebuilt})]

    def _behind_s(self, room: SystemStatus, monotonic_s: float) -> float:
        """Return for how long rows have been late; 0 if they are not.

        Ages are by the wall clock, a step of which makes every row old at once; so it counts from
        the first look that found rows late, a tenth of the watch.
        """
        if room.unsent_s < self._settings.unsent_watch_min * _MINUTE_S / 10.0:
            self._behind_since_s = None
            return 0.0
        if self._behind_since_s is None:
            self._behind_since_s = monotonic_s
        return min(room.unsent_s, monotonic_s - self._behind_since_s)


def _weighed(verdict: Verdict, explained: Verdict) -> Verdict:
    """Return a verdict as notes of these days leave it: an old one explains no silence of now."""
    return replace(verdict, level=explained.level, evidence=explained.evidence)


def _level(value: float, watch: float, warning: float) -> Level:
    if value >= warning:
        return Level.WARNING
    return Level.WATCH if value >= watch else Level.CLEAR


def _verdict(
    kind: str, level: Level, now_s: float, evidence: Mapping[str, float], *, since_s: float = 0.0
) -> Verdict:
    return Verdict(
        kind=kind,
        level=level,
        time_s=now_s,
        onset_s=now_s - since_s,
        evidence=evidence,
    )


def used_share(folder: Path) -> float:
    """Return the share of a folder's disk that is used; 0 if that cannot be told."""
    try:
        room = shutil.disk_usage(folder)
    except OSError:
        return 0.0
    # As `df` has it: what only root may use is neither used nor free.
    return room.used / max(1, room.used + room.free)
