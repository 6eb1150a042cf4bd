"""Watching over a recovery plan: forbidden events, minutes against the cap, days, phases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from analysis.features.day.calendar import Calendar
from analysis.model import AlertChange, Event, Level, Minute, Verdict
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase
from analysis.recovery.progress import turn_on
from analysis.recovery.ramp import Cap, DayTotal, cap_on
from analysis.recovery.rest_minimum import EndedDay, RestState, judge_rest
from analysis.recovery.setbacks import SetbackState, days_of, observe
from analysis.recovery.settings import PlanSettings

BURSTS, BURSTS_WITHIN_S = 3, 600.0
QUIET_S = 86400.0
_SETTLE_S = 600.0
_HOUR_S = 3600.0
_NOTHING: Mapping[str, Level] = MappingProxyType({})
_ALERT_OF = {"jump": "jumping", "possible_jump": "jumping", "vigorous_burst": "vigorous_burst"}


@dataclass(slots=True)
class PlanMonitorState:
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
    date, used_s, walked_s, waking_s, cap_level
        Today, active seconds of today, those of them in minutes of walking, seconds worn today
        outside the night, and how the cap was last judged today.
    totals
        Active seconds, and seconds worn outside the night, of each day of the plan before today.
    rest
        Days of too much rest.
    phase, turned
        Number of the phase, 0 for none; whether a turn of the plan was told today.
    setbacks
        Days on which the dog got worse.
    """

    burst_ends_s: list[float] = field(default_factory=list)
    seen_s: dict[str, float] = field(default_factory=dict)
    quiet_s: dict[str, float] = field(default_factory=dict)
    settling: list[tuple[float, float]] = field(default_factory=list)
    date: str = ""
    used_s: float = 0.0
    walked_s: float = 0.0
    waking_s: float = 0.0
    cap_level: Level = Level.CLEAR
    totals: dict[str, list[float]] = field(default_factory=dict)
    rest: RestState = field(default_factory=RestState)
    phase: int = 0
    turned: bool = False
    setbacks: SetbackState = field(default_factory=SetbackState)


def is_told_jump(event: Event, settings: PlanSettings) -> bool:
    """Return whether an event is a jump that is told where jumps are forbidden.

    A soft jump up onto something is, if it is likely. A landing that a small sensor cut off is not,
    since it may have been anything.
    """
    if event.kind != "jump":
        return False
    is_soft = "onto" in event.evidence
    likely = event.evidence.get("probability", 0.0) >= settings.soft_jump_from
    return likely if is_soft else event.confidence != "low"


class PlanMonitor:
    """Compares what happens with what the plan allows on that day.

    Notes
    -----
    A happening counts as over after 24 *worn* hours without another: a collar in a drawer sees no
    jumps, and must not end an alert. `Level.CLEAR` verdicts say so.
    """

    def __init__(
        self,
        profile: DogProfile,
        always: Mapping[str, Level] = _NOTHING,
        settings: PlanSettings | None = None,
    ) -> None:
        """Watch over a dog's plan; events of the kinds in `always` are alerts under any."""
        self._always = always
        self._settings = settings or PlanSettings()
        self._cap_today: tuple[str, Cap | None] = ("", None)
        self._plan = profile.plan
        self._calendar = Calendar(profile)
        self.state = PlanMonitorState()

    def add_event(self, event: Event) -> list[Verdict]:
        """Take one event and return a verdict, if the plan forbids it or nothing allows it.

        What may have been a jump counts where running is forbidden as well.
        """
        if event.kind in self._always:
            return self._forbidden(event, {}, self._always[event.kind])
        phase = self._phase_on(self._calendar.date_of(event.start_s))
        if phase is None:
            return []
        if event.kind == "possible_jump":
            is_strict = {"jump", "vigorous_burst"} <= set(phase.forbids)
            return self._forbidden(event, {"possible": 1.0}) if is_strict else []
        if event.kind not in phase.forbids:
            return []
        if event.kind == "vigorous_burst":
            return self._burst(event)
        return self._forbidden(event, {}) if is_told_jump(event, self._settings) else []

    def add_minute(self, minute: Minute) -> list[Verdict]:
        """Take one minute and return what it means for the cap, and what is over by now."""
        verdicts, today = self._over(minute), self._calendar.date_of(minute.start_s)
        if today.isoformat() != self.state.date:
            verdicts += self._begin(today)
        return verdicts + self._cap(minute, today)

    def observe(self, changes: list[AlertChange]) -> None:
        """Take what became of alerts: some of them are setbacks."""
        for change in changes:
            if self._plan is not None and self._calendar.date_of(change.time_s) <= self._plan.end:
                observe(self.state.setbacks, change, self._calendar)
                self._cap_today = ("", None)

    def cap_on(self, day: date) -> Cap | None:
        """Return the most active minutes of a day, and why; None if it has no cap."""
        if self._plan is None:
            return None
        if self._cap_today[0] != day.isoformat():
            totals = {
                date.fromisoformat(key): _total(*each) for key, each in self.state.totals.items()
            }
            setbacks = days_of(self.state.setbacks)
            cap = cap_on(self._plan, day, totals, setbacks, self._settings)
            self._cap_today = (day.isoformat(), cap)
        return self._cap_today[1]

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

    def _begin(self, today: date) -> list[Verdict]:
        """Begin a day; return what the last one that was heard, and the new one, mean."""
        state, start_s = self.state, self._calendar.bounds_s(today)[0]
        verdicts = []
        if state.cap_level is not Level.CLEAR:
            verdicts.append(_clear("activity_cap", start_s))
        if state.turned:
            verdicts.append(_clear("plan_phase", start_s))
        if state.date and date.fromisoformat(state.date) < today:
            verdicts += self._ended(date.fromisoformat(state.date))
        state.totals = {day: each for day, each in state.totals.items() if day < today.isoformat()}
        self._cap_today = ("", None)
        verdicts += self._turn(today)
        state.date, state.used_s, state.walked_s, state.waking_s = today.isoformat(), 0.0, 0.0, 0.0
        state.cap_level = Level.CLEAR
        return verdicts

    def _ended(self, day: date) -> list[Verdict]:
        """Keep what was done on a day that is over, and return whether it was too little."""
        state, phase = self.state, self._phase_on(day)
        if phase is None:
            return []
        state.totals[day.isoformat()] = [state.used_s, state.waking_s]
        start_s, end_s = self._calendar.bounds_s(day)
        walked = _total(state.walked_s, state.waking_s)
        ended = EndedDay(date=day, start_s=start_s, end_s=end_s, walked=walked)
        return judge_rest(state.rest, ended, phase, self._settings)

    def _turn(self, today: date) -> list[Verdict]:
        """Return what turns in the plan today; who begins to listen today knows the plan."""
        state, plan = self.state, self._plan
        state.turned = False
        if plan is None:
            return []
        turn, place = turn_on(plan, today, state.phase), plan.place_on(today)
        state.phase = 0 if place is None else place.number
        if turn is None or not state.date:
            return []
        state.turned = True
        cap, start_s = self.cap_on(today), self._calendar.bounds_s(today)[0]
        if cap is not None and "phase" in turn:
            turn["cap_min"] = cap.minutes
        return [
            Verdict(
                kind="plan_phase",
                level=Level.WATCH,
                time_s=start_s,
                onset_s=start_s,
                evidence=turn,
                momentary=True,
            )
        ]

    def _cap(self, minute: Minute, today: date) -> list[Verdict]:
        """Return a verdict when 80 and 100 % of the day's minutes are used, each once."""
        state = self.state
        active_s = minute.walk_s + minute.vigorous_s
        state.used_s += active_s
        if active_s >= self._settings.walking_from_s:
            state.walked_s += active_s
        if not self._calendar.is_night(minute.start_s):
            state.waking_s += minute.worn_s
        cap = self.cap_on(today)
        if cap is None or state.used_s <= 0.0:
            return []
        level = self._cap_level(state.used_s / 60.0, cap.minutes)
        if level in {Level.CLEAR, state.cap_level}:
            return []
        state.cap_level = level
        return [
            Verdict(
                kind="activity_cap",
                level=level,
                time_s=minute.start_s + 60.0,
                onset_s=minute.start_s,
                evidence={"used_min": state.used_s / 60.0} | _evidence(cap),
                momentary=True,
            )
        ]

    def _cap_level(self, used_min: float, cap_min: float) -> Level:
        if used_min >= cap_min:
            return Level.WARNING
        return Level.WATCH if used_min >= self._settings.note_share * cap_min else Level.CLEAR

    def _phase_on(self, day: date) -> Phase | None:
        return None if self._plan is None else self._plan.phase_on(day)


def _total(active_s: float, waking_s: float) -> DayTotal:
    return DayTotal(active_min=active_s / 60.0, worn_h=waking_s / _HOUR_S)


def _evidence(cap: Cap) -> dict[str, float]:
    """Return a cap as evidence, with what set it if that was not the plan alone."""
    evidence = {"cap_min": cap.minutes}
    if cap.last_week_min is not None:
        return evidence | {"plan_min": cap.plan_min, "last_week_min": cap.last_week_min}
    if cap.reason == "setback":
        return evidence | {"held_plan_min": cap.plan_min}
    return evidence | ({"unsure_plan_min": cap.plan_min} if cap.reason == "unknown" else {})


def _clear(kind: str, time_s: float) -> Verdict:
    return Verdict(kind=kind, level=Level.CLEAR, time_s=time_s, onset_s=time_s, momentary=True)
