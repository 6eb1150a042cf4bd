"""Days: minutes, gait and events summed up between two midnights of the dog's own zone."""

from dataclasses import dataclass, field
from datetime import date
from math import fsum, log
from statistics import median

from analysis.dog import DogProfile
from analysis.features.calendar import Calendar
from analysis.model import Day, Event, GaitWindow, Minute
from analysis.recovery.progress import is_restricted

RESTLESS_FROM_G = 0.05


@dataclass(slots=True)
class OpenDay:
    """What is known so far of a day; sums are in seconds, gait windows one number each.

    Attributes
    ----------
    vedba_gs
        Mean VeDBA of each minute times its worn seconds.
    stride_hz, rms_g, stride_regularity, step_regularity, step_time_cv
        Of walk and trot windows; at most 43,200 of a day's two-second steps.
    n_fast, n_gait
        Windows faster than walk, and all, gallop included.
    gait_end_s
        End of the last walk or trot window, if any: one that starts later begins a new bout.
    """

    date: str
    start_s: float
    end_s: float
    worn_s: float = 0.0
    night_worn_s: float = 0.0
    vedba_gs: float = 0.0
    rest_s: float = 0.0
    light_s: float = 0.0
    walk_s: float = 0.0
    vigorous_s: float = 0.0
    night_active_s: float = 0.0
    stride_hz: list[float] = field(default_factory=list)
    rms_g: list[float] = field(default_factory=list)
    stride_regularity: list[float] = field(default_factory=list)
    step_regularity: list[float] = field(default_factory=list)
    step_time_cv: list[float] = field(default_factory=list)
    n_fast: int = 0
    n_gait: int = 0
    n_bouts: int = 0
    gait_end_s: float | None = None
    events: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class DayState:
    """What must survive a restart.

    Attributes
    ----------
    open
        Days that may still grow, oldest first: hardly ever more than two.
    closed_until_s
        Midnight before which nothing is taken any more; ``None`` before the first.
    """

    open: list[OpenDay] = field(default_factory=list)
    closed_until_s: float | None = None


class DayBuilder:
    """Sums up a dog's days.

    Notes
    -----
    Each kind of record comes in time order, so sums are always taken in the same order and do not
    depend on how the stream was cut; kinds may lag each other, since a day stays open until
    `advance` passes its end. A collar in a drawer gives minutes that are not worn, and so a day of
    0 worn hours. A day without any record gives no `Day`: nothing was heard, nothing is claimed.
    """

    def __init__(self, profile: DogProfile) -> None:
        self._calendar = Calendar(profile)
        self._plan = profile.plan
        self.state = DayState()

    def add_minute(self, minute: Minute) -> None:
        """Take one minute; it belongs to the day in which it starts."""
        day = self._day_of(minute.start_s)
        if day is None:
            return
        day.worn_s += minute.worn_s
        day.vedba_gs += minute.vedba_g * minute.worn_s
        day.rest_s += minute.rest_s
        day.light_s += minute.light_s
        day.walk_s += minute.walk_s
        day.vigorous_s += minute.vigorous_s
        if self._calendar.is_night(minute.start_s):
            day.night_worn_s += minute.worn_s
            if minute.vedba_g > RESTLESS_FROM_G:
                day.night_active_s += minute.worn_s

    def add_gait(self, window: GaitWindow) -> None:
        """Take one window of steady gait; gallop counts for the share of fast windows only."""
        day = self._day_of(window.start_s)
        if day is None:
            return
        day.n_gait += 1
        day.n_fast += window.gait != "walk"
        if window.gait == "gallop":
            return
        day.n_bouts += day.gait_end_s is None or window.start_s > day.gait_end_s
        day.gait_end_s = window.end_s
        day.stride_hz.append(window.stride_hz)
        day.rms_g.append(window.rms_g)
        day.stride_regularity.append(window.stride_regularity)
        day.step_regularity.append(window.step_regularity)
        day.step_time_cv.append(window.step_time_cv)

    def add_event(self, event: Event) -> None:
        """Count one event."""
        day = self._day_of(event.start_s)
        if day is not None:
            day.events[event.kind] = day.events.get(event.kind, 0) + 1

    def advance(self, time_s: float) -> list[Day]:
        """Close and return the days that ended by `time_s`; all up to then has been handed in."""
        ended = [each for each in self.state.open if each.end_s <= time_s]
        self.state.open = [each for each in self.state.open if each.end_s > time_s]
        if ended:
            self.state.closed_until_s = ended[-1].end_s
        return [self._close(each) for each in ended]

    def start_again(self) -> None:
        """Forget the days that are open, and which were closed: time goes back."""
        self.state = DayState()

    def so_far(self) -> list[Day]:
        """Return the days that are still open as they stand, oldest first."""
        return [self._close(each) for each in self.state.open]

    def finish(self) -> list[Day]:
        """Return what there is of days that are not over; `worn_h` tells how much."""
        days = self.so_far()
        if self.state.open:
            self.state.closed_until_s = self.state.open[-1].end_s
        self.state.open = []
        return days

    def _day_of(self, time_s: float) -> OpenDay | None:
        """Return the open day of a Unix time, opened if need be; None if it was closed before."""
        for day in reversed(self.state.open):
            if day.start_s <= time_s < day.end_s:
                return day
        closed_s = self.state.closed_until_s
        if closed_s is not None and time_s < closed_s:
            return None
        local = self._calendar.date_of(time_s)
        start_s, end_s = self._calendar.bounds_s(local)
        day = OpenDay(date=local.isoformat(), start_s=start_s, end_s=end_s)
        self.state.open.append(day)
        self.state.open.sort(key=lambda each: each.start_s)
        return day

    def _close(self, day: OpenDay) -> Day:
        return Day(
            date=day.date,
            start_s=day.start_s,
            end_s=day.end_s,
            worn_h=day.worn_s / 3600.0,
            night_worn_h=day.night_worn_s / 3600.0,
            vedba_g=day.vedba_gs / day.worn_s if day.worn_s > 0.0 else 0.0,
            rest_h=day.rest_s / 3600.0,
            light_h=day.light_s / 3600.0,
            walk_h=day.walk_s / 3600.0,
            vigorous_h=day.vigorous_s / 3600.0,
            active_min=(day.walk_s + day.vigorous_s) / 60.0,
            night_active_min=day.night_active_s / 60.0,
            n_gait_windows=len(day.stride_hz),
            n_gait_bouts=day.n_bouts,
            stride_hz=_median(day.stride_hz),
            gait_sums=gait_sums(day.stride_hz, day.rms_g),
            stride_regularity=_median(day.stride_regularity),
            step_regularity=_median(day.step_regularity),
            step_time_cv=_median(day.step_time_cv),
            fast_share=day.n_fast / day.n_gait if day.n_gait else 0.0,
            jumps=day.events.get("jump", 0),
            bursts=day.events.get("vigorous_burst", 0),
            shakes=day.events.get("shake", 0),
            scratches=day.events.get("scratch", 0),
            resting_plan=is_restricted(self._plan, date.fromisoformat(day.date)),
        )


def gait_sums(
    stride_hz: list[float], rms_g: list[float]
) -> tuple[float, float, float, float, float, float]:
    """Return n and the sums of x, y, xx, xy, yy with x = ln(stride_hz) and y = ln(rms_g)."""
    x = [log(each) for each in stride_hz]
    y = [log(each) for each in rms_g]
    both = list(zip(x, y, strict=True))
    return (
        float(len(x)),
        fsum(x),
        fsum(y),
        fsum(a * a for a in x),
        fsum(a * b for a, b in both),
        fsum(b * b for b in y),
    )


def _median(values: list[float]) -> float:
    return float(median(values)) if values else 0.0
