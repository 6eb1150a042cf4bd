"""Watching over a recovery plan: forbidden events, and minutes against the cap."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from analysis.dog import DogProfile
from analysis.features.calendar import Calendar
from analysis.model import Event, Level, Minute, Verdict
from analysis.recovery.plan import Phase

BURSTS, BURSTS_WITHIN_S = 3, 600.0
CAP_WATCH_SHARE = 0.8
QUIET_S = 86400.0
_SETTLE_S = 600.0
_NOTHING: Mapping[str, Level] = MappingProxyType({})
_ALERT_OF = {"jump": "jumping", "vigorous_burst": "vigorous_burst"}


@dataclass(slots=True)
class WatchState:
    """What must survive a restart.

    Attributes
    ----------
    burst_ends_s
        Ends of the last bursts, at most two and the present one.
    seen_s
        When each kind of alert was last seen, while it is on.
    quiet_s
        Worn seconds since.
    settling
        Minutes of the last ten minutes as (start, worn seconds): events may come a little later
        than the minute they lie in, so minutes count as quiet only when they are older.
    date, used_s, cap_level
        Today, active seconds of today, and how the cap was last judged today.
    """

    burst_ends_s: list[float] = field(default_factory=list)
    seen_s: dict[str, float] = field(default_factory=dict)
    quiet_s: dict[str, float] = field(default_factory=dict)
    settling: list[tuple[float, float]] = field(default_factory=list)
    date: str = ""
    used_s: float = 0.0
    cap_level: Level = Level.CLEAR


class PlanWatch:
    """Compares what happens with what the plan allows on that day.

    Notes
    -----
    A happening counts as over after 24 *worn* hours without another: a collar in a drawer sees no
    jumps, and must not end an alert. `Level.CLEAR` verdicts say so.
    """

    def __init__(self, profile: DogProfile, always: Mapping[str, Level] = _NOTHING) -> None:
        """Watch over a dog's plan; events of the kinds in `always` are alerts under any."""
        self._always = always
        self._plan = profile.plan
        self._calendar = Calendar(profile)
        self.state = WatchState()

    def add_event(self, event: Event) -> list[Verdict]:
        """Take one event and return a verdict, if the plan forbids it or nothing allows it."""
        if event.kind in self._always:
            return self._forbidden(event, {}, self._always[event.kind])
        phase = self._phase_on(self._calendar.date_of(event.start_s))
        if phase is None or event.kind not in phase.forbids:
            return []
        if event.kind == "jump" and event.confidence != "low":
            return self._forbidden(event, {})
        if event.kind == "vigorous_burst":
            return self._burst(event)
        return []

    def add_minute(self, minute: Minute) -> list[Verdict]:
        """Take one minute and return what it means for the cap, and what is over by now."""
        return self._over(minute) + self._cap(minute)

    def _burst(self, event: Event) -> list[Verdict]:
        """Return a verdict from the third burst within ten minutes on."""
        state = self.state
        recent = [each for each in state.burst_ends_s if each > event.end_s - BURSTS_WITHIN_S]
        state.burst_ends_s = [*recent, event.end_s][-BURSTS:]
        if len(state.burst_ends_s) < BURSTS:
            return []
        return self._forbidden(event, {"bursts": float(BURSTS)})

    def _forbidden(
        self, event: Event, more: dict[str, float], level: Level = Level.WARNING
    ) -> list[Verdict]:
        kind = _ALERT_OF.get(event.kind, event.kind)
        self.state.seen_s[kind] = event.end_s
        self.state.quiet_s[kind] = 0.0
        return [
            Verdict(
                kind=kind,
                level=level,
                time_s=event.end_s,
                onset_s=event.start_s,
                evidence=dict(event.evidence) | more,
                momentary=True,
            )
        ]

    def _over(self, minute: Minute) -> list[Verdict]:
        """Return which kinds have not been seen for long enough."""
        state = self.state
        state.settling.append((minute.start_s, minute.worn_s))
        verdicts = []
        while state.settling and state.settling[0][0] <= minute.start_s - _SETTLE_S:
            start_s, worn_s = state.settling.pop(0)
            for kind in sorted(state.seen_s):
                if start_s < state.seen_s[kind]:
                    continue
                state.quiet_s[kind] += worn_s
                if state.quiet_s[kind] >= QUIET_S:
                    del state.seen_s[kind], state.quiet_s[kind]
                    verdicts.append(_clear(kind, start_s + 60.0))
        return verdicts

    def _cap(self, minute: Minute) -> list[Verdict]:
        """Return a verdict when 80 and 100 % of the day's minutes are used, each once."""
        state, today = self.state, self._calendar.date_of(minute.start_s)
        verdicts = []
        if today.isoformat() != state.date:
            if state.cap_level is not Level.CLEAR:
                verdicts.append(_clear("activity_cap", self._calendar.bounds_s(today)[0]))
            state.date, state.used_s, state.cap_level = today.isoformat(), 0.0, Level.CLEAR
        state.used_s += minute.walk_s + minute.vigorous_s
        phase = self._phase_on(today)
        if phase is None or phase.active_min_cap is None or state.used_s <= 0.0:
            return verdicts
        level = _cap_level(state.used_s / 60.0, phase.active_min_cap)
        if level in {Level.CLEAR, state.cap_level}:
            return verdicts
        state.cap_level = level
        evidence = {"used_min": state.used_s / 60.0, "cap_min": phase.active_min_cap}
        verdicts.append(
            Verdict(
                kind="activity_cap",
                level=level,
                time_s=minute.start_s + 60.0,
                onset_s=minute.start_s,
                evidence=evidence,
                momentary=True,
            )
        )
        return verdicts

    def _phase_on(self, day: date) -> Phase | None:
        return None if self._plan is None else self._plan.phase_on(day)


def _cap_level(used_min: float, cap_min: float) -> Level:
    if used_min >= cap_min:
        return Level.WARNING
    return Level.WATCH if used_min >= CAP_WATCH_SHARE * cap_min else Level.CLEAR


def _clear(kind: str, time_s: float) -> Verdict:
    return Verdict(kind=kind, level=Level.CLEAR, time_s=time_s, onset_s=time_s, momentary=True)
