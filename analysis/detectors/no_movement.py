"""No movement: a dog that is awake, wears its collar and has not walked for unusually long."""

from dataclasses import dataclass, field
from math import inf

from analysis.detectors.base import HourSpec
from analysis.model import Day, Hour, Level, Verdict
from analysis.model.kinds import AlertKind

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMovementSettings:
    """When a dog that does not walk is worth a look. Hours are those awake with the collar on.

    Attributes
    ----------
    walk_windows, walk_active_s
        The dog has walked once there were so many windows of gait since the last walk, or seconds
        of walking or more in one hour. A dog that cannot walk has no window and up to 66 active
        seconds in an hour, from shifting about (simulated from samples); a toilet walk has 100
        windows or 140 seconds. The seconds are for collars too slow for gait.
    walk_lasting_s
        It has walked as well after so many seconds in one hour of movement that could be walking,
        too weak or too unsteady for the others: a dog that cannot walk has up to 246 (10 dogs
        simulated from samples, by day), a lame one has that in a walk of five minutes.
    warning_h, urgent_h
        Told within so many hours without a walk; docs/evidence.md 9 gives 6 to 8 (a judgement).
        The first is a watch and the second a warning until the dog's normal is known.
    usual_factor
        Both are at least so many times the longest stretch of the dog's own days. The evidence
        says 1.3; with that two of 10,000 simulated healthy dog-days were urgent, with 1.5 one of
        10,000 others, with 1.6 none of 10,000 more.
    least_days, most_days
        Days from which its normal is known, and those that are remembered.
    longest_hole_h
        After so much unheard time a stretch begins anew: the dog may have walked.
    """

    walk_windows: int = 10
    walk_active_s: float = 120.0
    walk_lasting_s: float = 300.0
    warning_h: float = 7.0
    urgent_h: float = 8.0
    usual_factor: float = 1.6
    least_days: int = 7
    most_days: int = 28
    longest_hole_h: float = 2.0


@dataclass(slots=True)
class NoMovementState:
    """What must survive a restart.

    Attributes
    ----------
    longest_h
        The longest stretch without a walk of each day remembered, oldest first.
    since_s, awake_s, unheard_s, windows
        Start of the hour of the last walk; the worn waking seconds, the unheard ones and the
        windows of gait since. ``since_s`` is ``None`` before anything was heard.
    heard_until_s
        End of the last hour.
    level
        What was said of the present stretch.
    today_h, today_walked
        The longest stretch that reached into the day that is being heard, and if it had a walk.
    """

    longest_h: list[float] = field(default_factory=list)
    since_s: float | None = None
    awake_s: float = 0.0
    unheard_s: float = 0.0
    windows: int = 0
    heard_until_s: float = inf
    level: Level = Level.CLEAR
    today_h: float = 0.0
    today_walked: bool = False


class NoMovementDetector:
    """Counts waking worn hours since the last walk.

    Notes
    -----
    To a collar paralysis looks like rest (docs/evidence.md 5.2), so this only ever says "check your
    dog", and a walk is all that ends it, or anything that could be one. Hours are judged whole: the
    hour of the last walk counts in full, so that what is set is reached in time, up to an hour
    early.
    Sleep at night and a collar that is off are no time awake. Crate rest is judged as well, since
    that dog goes out four times a day; its days are learned too. A day without any walk is never
    learned, and one day raises the usual by the factor at most: a new habit is told a few times.
    """

    def __init__(self, settings: NoMovementSettings) -> None:
        self._settings = settings
        self.state = NoMovementState()

    def update(self, hour: Hour, /) -> list[Verdict]:
        """Return a verdict when there was a walk, or none for long enough."""
        state, settings = self.state, self._settings
        hole_s = max(0.0, hour.start_s - state.heard_until_s)
        state.heard_until_s = hour.end_s
        state.windows += hour.n_gait_windows
        walked = state.windows >= settings.walk_windows or hour.active_s >= settings.walk_active_s
        if walked or hour.lasting_s >= settings.walk_lasting_s:
            return self._walked(hour)
        state.unheard_s += hole_s + hour.end_s - hour.start_s - hour.worn_s
        quiet = state.level is Level.CLEAR
        if state.since_s is None or (quiet and state.unheard_s > settings.longest_hole_h * _HOUR_S):
            self._begin(hour.start_s)
        state.awake_s += hour.waking_worn_s
        state.today_h = max(state.today_h, state.awake_s / _HOUR_S)
        level = self._level()
        if level is Level.CLEAR or not hour.waking_worn_s:
            return []
        state.level = level
        return [self._verdict(hour, level, state.since_s or hour.start_s)]

    def learn(self, _day: Day, /) -> None:
        """Take the longest stretch of a day that has ended and had a walk."""
        state, settings = self.state, self._settings
        if state.today_walked:
            longest_h = state.today_h
            if self._is_known():
                longest_h = min(longest_h, settings.usual_factor * max(state.longest_h))
            state.longest_h = [*state.longest_h, longest_h][-settings.most_days :]
        state.today_h, state.today_walked = 0.0, False

    def _walked(self, hour: Hour) -> list[Verdict]:
        self._begin(hour.start_s)
        self.state.awake_s = hour.waking_worn_s
        self.state.level, self.state.today_walked = Level.CLEAR, True
        return [self._verdict(hour, Level.CLEAR, hour.start_s)]

    def _begin(self, start_s: float) -> None:
        """Begin a stretch without a walk."""
        state = self.state
        state.since_s, state.awake_s, state.unheard_s, state.windows = start_s, 0.0, 0.0, 0

    def _is_known(self) -> bool:
        return len(self.state.longest_h) >= self._settings.least_days

    def _level(self) -> Level:
        """Return what the stretch so far amounts to."""
        state, settings = self.state, self._settings
        known = self._is_known()
        usual_h = max(state.longest_h, default=0.0)
        # Within the hours set, and not after them: whole hours come up to one too late.
        within_h = state.awake_s / _HOUR_S + 1.0
        longer = state.awake_s / _HOUR_S > settings.usual_factor * usual_h
        if not longer or within_h <= settings.warning_h:
            return Level.CLEAR
        if within_h <= settings.urgent_h:
            return Level.WARNING if known else Level.WATCH
        return Level.URGENT if known else Level.WARNING

    def _verdict(self, hour: Hour, level: Level, onset_s: float) -> Verdict:
        state = self.state
        evidence = {
            "still_h": state.awake_s / _HOUR_S,
            "baseline_days": float(len(state.longest_h)),
        }
        if state.longest_h:
            evidence["usual_h"] = max(state.longest_h)
        return Verdict(
            kind=SPEC.name, level=level, time_s=hour.end_s, onset_s=onset_s, evidence=evidence
        )


KIND = AlertKind(
    name="no_movement",
    title=("Check {dog}: no walking seen",),
    about="no walking",
    seen=(
        "Please check {dog}: no walking was seen for {still_h:whole} waking hours.",
        "Please check {dog}: no walking was seen for unusually long.",
    ),
    advice=(
        (
            "Call {dog}, and watch {dog} get up and walk a few steps. If that fails, go to a "
            "vet now."
        ),
    ),
    over="{dog} was seen walking again.",
    usual=(
        "The longest such stretch of the last weeks was {usual_h:whole} hours.",
        "By now most dogs have walked.",
    ),
    certainty=("How sure: of the steps, quite; the collar was worn. A long nap looks the same.",),
    limit="A collar cannot tell sleep from legs that do not move.",
)

SPEC = HourSpec(
    name="no_movement",
    settings=NoMovementSettings,
    build=NoMovementDetector,
    kind=KIND,
)
