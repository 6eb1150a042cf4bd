"""Walks: stretches of walking minutes, with stops to sniff between."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.model import Minute
from analysis.recovery.settings import PlanSettings

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One walk, as far as it has been seen.

    Attributes
    ----------
    start_s, end_s
        Unix times, estimated: the first minute is taken to begin, and the last one to end, with
        something else than walking.
    active_s
        Seconds of walking or more in between.
    """

    start_s: float
    end_s: float
    active_s: float

    @property
    def length_min(self) -> float:
        """Minutes from its beginning to its end, stops included."""
        return (self.end_s - self.start_s) / _MINUTE_S


@dataclass(slots=True)
class WalkState:
    """What must survive a restart.

    Attributes
    ----------
    first_s, first_active_s
        Start of the first walking minute, and its active seconds.
    last_s, last_active_s
        The same of the last one.
    active_s
        Active seconds of all minutes so far; 0 when there is no walk.
    """

    first_s: float = 0.0
    first_active_s: float = 0.0
    last_s: float = 0.0
    last_active_s: float = 0.0
    active_s: float = 0.0


class WalkFinder:
    """Finds walks in minutes that come in time order.

    Notes
    -----
    A minute that is missing or not worn is a minute without walking: a short hole does not end a
    walk, a longer one ends it where walking was last seen. Nothing is made up for it.
    """

    def __init__(self, settings: PlanSettings) -> None:
        self._settings = settings
        self.state = WalkState()

    def update(self, minute: Minute) -> Walk | None:
        """Take the next minute and return the walk that it shows to be over."""
        state = self.state
        active_s = minute.walk_s + minute.vigorous_s
        walks = active_s >= self._settings.walking_from_s
        stop_s = minute.start_s - (state.last_s + _MINUTE_S)
        if not walks:
            stop_s += _MINUTE_S
        over = stop_s > self._settings.longest_stop_min * _MINUTE_S or stop_s < -_MINUTE_S
        ended = self._end() if over else None
        if walks:
            if not state.active_s:
                state.first_s, state.first_active_s = minute.start_s, active_s
            state.last_s, state.last_active_s = minute.start_s, active_s
            state.active_s += active_s
        return ended

    def current(self) -> Walk | None:
        """Return the walk that goes on, if what was seen of it makes one."""
        state = self.state
        if state.active_s < self._settings.least_walk_s:
            return None
        start_s = state.first_s + _MINUTE_S - state.first_active_s
        end_s = state.last_s + state.last_active_s
        return Walk(start_s=start_s, end_s=max(end_s, start_s), active_s=state.active_s)

    def _end(self) -> Walk | None:
        ended, state = self.current(), self.state
        state.first_s = state.first_active_s = state.last_s = state.last_active_s = 0.0
        state.active_s = 0.0
        return ended


def walks_in(minutes: Iterable[Minute], settings: PlanSettings) -> list[Walk]:
    """Return the walks in some minutes, in time order; the last one may go on."""
    finder = WalkFinder(settings)
    walks = [ended for each in minutes if (ended := finder.update(each)) is not None]
    last = finder.current()
    return walks if last is None else [*walks, last]
