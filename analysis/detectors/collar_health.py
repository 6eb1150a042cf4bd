"""Collar health: what keeps the collar from seeing the dog, told before it is missed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from analysis.detectors.base import HourSpec
from analysis.model import Day, Hour, Level, Verdict
from analysis.model.kinds import AlertKind
from analysis.model.owner_notes import COLLAR_CIRCUMSTANCES

_HOURS_KEPT = 24
_DAY_S = 86_400.0
_ORDER = tuple(Level)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollarHealthSettings:
    """When a collar needs a look. All of these are judgements.

    Attributes
    ----------
    unworn_watch_h, unworn_warning_h
        Waking hours that a collar was heard but not worn, since it was last worn for a while.
    worn_again_min
        Minutes worn within an hour that end such a time, and that a clear verdict takes.
    stuck_min
        Minutes within a day in which the sensor was stuck.
    coarse_share
        Share of a day heard at a rate too low for gait and jumps, and at least an hour of it.
    clipped_share
        Share of the time on the move at full scale (a +-2 g part: 5.9 % of hard running,
        evidence.md 1), over `least_moving_min` at least.
    least_moving_min
        Minutes on the move that it takes to judge clipping.
    off_by_g, far_off_by_g
        Distance from one gravity at rest, after calibration, that is a watch and a warning. Good
        sensors are off by up to 0.06 g.
    least_still_min, off_hours
        Minutes at rest that an hour needs, and such hours in a row.
    """

    unworn_watch_h: float = 4.0
    unworn_warning_h: float = 12.0
    worn_again_min: float = 10.0
    stuck_min: float = 10.0
    coarse_share: float = 0.5
    clipped_share: float = 0.02
    least_moving_min: float = 10.0
    off_by_g: float = 0.10
    far_off_by_g: float = 0.25
    least_still_min: float = 10.0
    off_hours: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOfCollar:
    """What is kept of an hour.

    Attributes
    ----------
    heard_s
        Seconds heard, worn or not.
    """

    heard_s: float
    stuck_s: float
    coarse_s: float
    moving_s: float
    clipped_s: float


@dataclass(slots=True)
class CollarHealthState:
    """What must survive a restart.

    Attributes
    ----------
    hours
        The last day's hours, newest last.
    rest_g
        Magnitude at rest of the last hours with enough rest.
    unworn_s, unworn_since_s
        Waking seconds not worn since the collar was worn for a while, and since when.
    onset_s
        Since when there has been trouble.
    troubles, level, said_s
        What was said last, how severe, and when.
    """

    hours: list[HourOfCollar] = field(default_factory=list)
    rest_g: list[float] = field(default_factory=list)
    unworn_s: float = 0.0
    unworn_since_s: float | None = None
    onset_s: float | None = None
    troubles: list[str] = field(default_factory=list)
    level: Level = Level.CLEAR
    said_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is wrong: how bad, and the number that shows it."""

    level: Level
    name: str
    value: float
    since_s: float


class CollarHealthDetector:
    """Says what is wrong with the collar when that begins or changes, and once a day.

    Never more than a warning: it is about the collar, not about the dog. A silent collar and an
    empty battery are no matter of samples; the daemon watches over those.
    """

    def __init__(self, settings: CollarHealthSettings) -> None:
        self._settings = settings
        self.state = CollarHealthState()

    def learn(self, day: Day, /) -> None:
        """Take nothing from whole days: what is wrong is wrong by itself."""

    def update(self, hour: Hour, /) -> list[Verdict]:
        """Take the hour that has just ended and say what is wrong, if that is news."""
        self._remember(hour)
        checks: tuple[Callable[[Hour], Trouble | None], ...] = (
            *(self._unworn, self._stuck, self._coarse, self._off, self._clipped),
        )
        found = [trouble for check in checks if (trouble := check(hour)) is not None]
        return self._said(hour, found) if found else self._clear(hour)

    def _remember(self, hour: Hour) -> None:
        state, settings = self.state, self._settings
        state.hours.append(
            HourOfCollar(
                heard_s=hour.worn_s + hour.unworn_s + hour.stuck_s,
                stuck_s=hour.stuck_s,
                coarse_s=hour.coarse_s,
                moving_s=hour.moving_s,
                clipped_s=hour.clipped_s,
            )
        )
        del state.hours[:-_HOURS_KEPT]
        if hour.still_s >= 60.0 * settings.least_still_min:
            state.rest_g.append(hour.still_g)
            del state.rest_g[: -settings.off_hours]
        if hour.worn_s >= 60.0 * settings.worn_again_min:
            state.unworn_s, state.unworn_since_s = 0.0, None
        elif hour.waking_unworn_s:
            state.unworn_s += hour.waking_unworn_s
            state.unworn_since_s = state.unworn_since_s or hour.start_s

    def _unworn(self, hour: Hour) -> Trouble | None:
        unworn_h, settings = self.state.unworn_s / 3600.0, self._settings
        if unworn_h < settings.unworn_watch_h:
            return None
        level = Level.WARNING if unworn_h >= settings.unworn_warning_h else Level.WATCH
        since_s = self.state.unworn_since_s or hour.start_s
        return Trouble(level=level, name="unworn_h", value=unworn_h, since_s=since_s)

    def _stuck(self, hour: Hour) -> Trouble | None:
        stuck_min = sum(each.stuck_s for each in self.state.hours) / 60.0
        if stuck_min < self._settings.stuck_min:
            return None
        return _trouble(hour, Level.WARNING, "stuck_min", stuck_min)

    def _coarse(self, hour: Hour) -> Trouble | None:
        coarse_s = sum(each.coarse_s for each in self.state.hours)
        heard_s = sum(each.heard_s for each in self.state.hours)
        if coarse_s < max(3600.0, self._settings.coarse_share * heard_s):
            return None
        return _trouble(hour, Level.WARNING, "coarse_share", coarse_s / heard_s)

    def _off(self, hour: Hour) -> Trouble | None:
        rest_g, settings = self.state.rest_g, self._settings
        off_g = min((abs(each - 1.0) for each in rest_g), default=0.0)
        if len(rest_g) < settings.off_hours or off_g < settings.off_by_g:
            return None
        level = Level.WARNING if off_g >= settings.far_off_by_g else Level.WATCH
        return _trouble(hour, level, "rest_g", rest_g[-1])

    def _clipped(self, hour: Hour) -> Trouble | None:
        moving_s = sum(each.moving_s for each in self.state.hours)
        clipped_s = sum(each.clipped_s for each in self.state.hours)
        if moving_s < 60.0 * self._settings.least_moving_min:
            return None
        if clipped_s < self._settings.clipped_share * moving_s:
            return None
        return _trouble(hour, Level.WATCH, "clipped_share", clipped_s / moving_s)

    def _said(self, hour: Hour, found: list[Trouble]) -> list[Verdict]:
        """Return what is wrong, the worst first, unless it was said within a day."""
        state = self.state
        level = max((each.level for each in found), key=_ORDER.index)
        names = [each.name for each in found]
        if state.onset_s is None:
            state.onset_s = min(each.since_s for each in found)
        known = names == state.troubles and level is state.level
        if known and hour.end_s < state.said_s + _DAY_S:
            return []
        state.troubles, state.level, state.said_s = names, level, hour.end_s
        evidence = {each.name: each.value for each in found}
        return [_verdict(hour, level, state.onset_s, evidence)]

    def _clear(self, hour: Hour) -> list[Verdict]:
        """Return that all is well, if the collar was worn for a while."""
        if hour.worn_s < 60.0 * self._settings.worn_again_min:
            return []
        self.state.onset_s, self.state.troubles, self.state.level = None, [], Level.CLEAR
        return [_verdict(hour, Level.CLEAR, hour.start_s, {})]


def _trouble(hour: Hour, level: Level, name: str, value: float) -> Trouble:
    return Trouble(level=level, name=name, value=value, since_s=hour.start_s)


def _verdict(hour: Hour, level: Level, onset_s: float, evidence: dict[str, float]) -> Verdict:
    return Verdict(
        kind=SPEC.name, level=level, time_s=hour.end_s, onset_s=onset_s, evidence=evidence
    )


KIND = AlertKind(
    name="collar_health",
    is_news_each_time=True,
    is_about_health=False,
    explained_by=COLLAR_CIRCUMSTANCES | {"swimming", "travel", "boarding"},
    title=(
        "{dog}'s collar: not worn for {unworn_h:whole} hours",
        "{dog}'s collar: its sensor was stuck for {stuck_min:whole} minutes",
        "{dog}'s collar: too few readings in {coarse_share:percent} of the day",
        "{dog}'s collar: it reads {rest_g:two} times gravity at rest",
        "{dog}'s collar: its range is too small in {clipped_share:percent} of movement",
        "{dog}'s collar needs a look",
    ),
    about="trouble with the collar",
    seen=(
        (
            "The collar was not worn for {unworn_h:whole} hours by day. Nothing is known of "
            "{dog} from that time."
        ),
        (
            "The collar's sensor gave the same readings for {stuck_min:whole} minutes. That "
            "time is left out."
        ),
        (
            "In {coarse_share:percent} of the day the collar sent less than 25 readings a "
            "second. Steps and jumps of {dog} cannot be seen."
        ),
        "The collar reads {rest_g:two} times gravity at rest, where a good one reads 1.",
        (
            "The collar's sensor was at the end of its range for {clipped_share:percent} of "
            "the time on the move. Landings and hard runs of {dog} read too small."
        ),
        "{dog}'s collar cannot see all that it should.",
    ),
    advice=(
        "{unworn_h:known}Put the collar on, so that two fingers fit under it.",
        "{stuck_min:known}Restart the collar. If it happens again, its sensor may be broken.",
        "{coarse_share:known}Set the collar to 25 readings a second or more; 50 are better.",
        "{rest_g:known}Check the unit and the range in the collar's settings.",
        "{clipped_share:known}Set the range of the collar to 8 times gravity or more.",
        "Look at the collar: charged, on, and two fingers loose?",
    ),
    over="The collar sees all that it should again.",
    usual=("This is about the collar, not about {dog}.",),
    certainty=("How sure: quite, of the readings; not of the reason.",),
    limit="A collar that does not see {dog} has no news; that is not good news.",
)

SPEC = HourSpec(
    name="collar_health",
    settings=CollarHealthSettings,
    build=CollarHealthDetector,
    kind=KIND,
)
