"""Watching over walks: too long while they go on, too many, and missed ones."""

from dataclasses import dataclass
from datetime import date

from analysis.features.day.calendar import Calendar
from analysis.model import Level, Minute, Verdict
from analysis.model.dog import DogProfile
from analysis.model.plan import Phase
from analysis.recovery.settings import PlanSettings
from analysis.recovery.walks import Walk, WalkFinder

_HOUR_S = 3600.0


@dataclass(slots=True)
class WalkMonitorState:
    """What must survive a restart.

    Attributes
    ----------
    date
        Today.
    n_walks
        Walks that began today.
    waking_s
        Seconds worn today outside the night.
    counted
        Whether the walk that goes on is among them.
    level
        How its length was last judged.
    too_long, too_many
        Whether an alert of that kind is on.
    """

    date: str = ""
    n_walks: int = 0
    waking_s: float = 0.0
    counted: bool = False
    level: Level = Level.CLEAR
    too_long: bool = False
    too_many: bool = False


class WalkMonitor:
    """Compares walks with what the plan asks for.

    Notes
    -----
    It hears minutes as soon as they are settled, since "stop now" is worth most at once.
    """

    def __init__(self, profile: DogProfile, settings: PlanSettings) -> None:
        self._plan = profile.plan
        self._calendar = Calendar(profile)
        self._settings = settings
        self.finder = WalkFinder(settings)
        self.state = WalkMonitorState()

    def add_minute(self, minute: Minute) -> list[Verdict]:
        """Take one minute and return what it means for the walk and for the day."""
        if self._plan is None:
            return []
        state, today = self.state, self._calendar.date_of(minute.start_s)
        verdicts = [] if today.isoformat() == state.date else self._begin(today)
        if not self._calendar.is_night(minute.start_s):
            state.waking_s += minute.worn_s
        if self.finder.update(minute) is not None:
            state.counted, state.level = False, Level.CLEAR
        walk = self.finder.current()
        if walk is None:
            return verdicts + self._over(minute)
        return verdicts + self._walking(walk, minute.start_s + 60.0)

    def _walking(self, walk: Walk, time_s: float) -> list[Verdict]:
        """Return what the walk that goes on means."""
        state, day = self.state, self._calendar.date_of(walk.start_s)
        phase = self._phase_on(day)
        new = not state.counted
        state.counted = True
        if phase is None or not phase.walks_per_day:
            return []
        verdicts = []
        if new and day.isoformat() == state.date:
            state.n_walks += 1
            if state.n_walks > phase.walks_per_day:
                state.too_many = True
                evidence = {"walks": float(state.n_walks), "planned": float(phase.walks_per_day)}
                verdicts.append(_happening("too_many_walks", Level.WATCH, walk, time_s, evidence))
        level = self._level_of(walk, phase)
        if level in {Level.CLEAR, state.level}:
            return verdicts
        state.level, state.too_long = level, True
        evidence = {"walked_min": walk.length_min, "planned_min": phase.walk_min}
        return [*verdicts, _happening("walk_too_long", level, walk, time_s, evidence)]

    def _level_of(self, walk: Walk, phase: Phase) -> Level:
        if not phase.walk_min or walk.length_min < phase.walk_min:
            return Level.CLEAR
        longest_min = self._settings.longest_walk_min(phase.walk_min)
        return Level.WARNING if walk.length_min >= longest_min else Level.WATCH

    def _over(self, minute: Minute) -> list[Verdict]:
        """Return that a walk which was too long is over; a missing collar cannot say so."""
        if not self.state.too_long or not minute.worn_s:
            return []
        self.state.too_long = False
        return [_state("walk_too_long", Level.CLEAR, minute.start_s + 60.0, momentary=True)]

    def _begin(self, today: date) -> list[Verdict]:
        """Begin a day; return what that of yesterday, or whenever it was, means."""
        state, verdicts = self.state, list[Verdict]()
        if state.too_many:
            start_s = self._calendar.bounds_s(today)[0]
            verdicts.append(_state("too_many_walks", Level.CLEAR, start_s, momentary=True))
        if state.date and date.fromisoformat(state.date) < today:
            verdicts += self._missed(date.fromisoformat(state.date))
        state.date, state.n_walks, state.waking_s, state.too_many = today.isoformat(), 0, 0.0, False
        return verdicts

    def _missed(self, day: date) -> list[Verdict]:
        """Return whether walks of a day that is over were missed, as far as it was seen."""
        phase, state = self._phase_on(day), self.state
        if phase is None or not phase.walks_per_day:
            return []
        start_s, end_s = self._calendar.bounds_s(day)
        if state.waking_s < self._settings.worn_h * _HOUR_S:
            return [_state("missed_walks", Level.UNKNOWN, end_s)]
        if state.n_walks >= phase.walks_per_day * self._settings.least_walks_share:
            return [_state("missed_walks", Level.CLEAR, end_s)]
        return [
            Verdict(
                kind="missed_walks",
                level=Level.WATCH,
                time_s=end_s,
                onset_s=start_s,
                evidence={"walks": float(state.n_walks), "planned": float(phase.walks_per_day)},
            )
        ]

    def _phase_on(self, day: date) -> Phase | None:
        return None if self._plan is None else self._plan.phase_on(day)


def _happening(
    kind: str, level: Level, walk: Walk, time_s: float, evidence: dict[str, float]
) -> Verdict:
    return Verdict(
        kind=kind,
        level=level,
        time_s=time_s,
        onset_s=walk.start_s,
        evidence=evidence,
        momentary=True,
    )


def _state(kind: str, level: Level, time_s: float, *, momentary: bool = False) -> Verdict:
    return Verdict(kind=kind, level=level, time_s=time_s, onset_s=time_s, momentary=momentary)
