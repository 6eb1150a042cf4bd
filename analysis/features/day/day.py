"""Days: hours summed up between two midnights of the dog's own zone, and their medians."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from analysis.features.day.calendar import Calendar
from analysis.features.day.hours import OpenHour
from analysis.features.day.night import NightSums
from analysis.model import Day, Event, FloatArray, GaitWindow, Hour, Minute
from analysis.model.dog import DogProfile
from analysis.model.plan import is_restricted

_HOUR_S = 3600.0


def day_of(day: OpenHour, bounds_s: tuple[float, float], *, resting_plan: bool) -> Day:
    """Return a day from its hours joined into one.

    Parameters
    ----------
    bounds_s
        Unix times of its two midnights.
    resting_plan
        Whether a recovery plan restricted the dog.
    """
    return Day(
        date=day.date,
        start_s=bounds_s[0],
        end_s=bounds_s[1],
        worn_h=day.worn_s / _HOUR_S,
        waking_worn_h=day.waking_s / _HOUR_S,
        night_worn_h=day.night.worn_s / _HOUR_S,
        vedba_g=day.vedba_gs / day.worn_s if day.worn_s > 0.0 else 0.0,
        rest_h=day.rest_s / _HOUR_S,
        light_h=day.light_s / _HOUR_S,
        walk_h=day.walk_s / _HOUR_S,
        vigorous_h=day.vigorous_s / _HOUR_S,
        active_min=(day.walk_s + day.vigorous_s) / 60.0,
        night_active_min=day.night.active_s / 60.0,
        n_gait_windows=len(day.stride_hz),
        n_gait_bouts=day.n_bouts,
        stride_hz=median_of(day.stride_hz, day.certainty),
        gait_sums=day.gait_sums,
        stride_regularity=median_of(day.stride_regularity, day.certainty),
        step_regularity=median_of(day.step_regularity, day.certainty),
        step_time_cv=spread_of(day.step_time_cv, day.certainty),
        stride_time_cv=spread_of(day.stride_time_cv, day.certainty),
        n_trot_windows=len(day.asymmetry),
        asymmetry=median_of(day.asymmetry, day.asymmetry_certainty),
        fast_share=day.n_fast / day.n_gait if day.n_gait else 0.0,
        jumps=day.events.get("jump", 0),
        bursts=day.events.get("vigorous_burst", 0),
        shakes=day.events.get("shake", 0),
        scratches=day.events.get("scratch", 0),
        resting_plan=resting_plan,
    )


def median_of(values: Sequence[float], certainty: Sequence[float]) -> float:
    """Return the median of values that count as much as they are certain; 0 of nothing.

    Where there are more values than certainties, the first are those that count 1.

    Examples
    --------
    >>> median_of([1.0, 2.0, 3.0], [0.2, 0.2, 0.9])
    3.0
    >>> median_of([1.0, 2.0], [0.5, 0.5])
    1.5
    """
    return _median_of(np.array(values, float), _counts(len(values), certainty))


def spread_of(values: Sequence[float], certainty: Sequence[float]) -> float:
    """Return the median of spreads; those of 0 had too few steps to tell."""
    spreads = np.array(values, float)
    known = spreads > 0.0
    return _median_of(spreads[known], _counts(len(values), certainty)[known])


def _counts(n: int, certainty: Sequence[float]) -> FloatArray:
    """Return what each value counts: the first, of which no certainty is known, 1."""
    counts = np.ones(n)
    counts[n - len(certainty) :] = certainty
    return counts


def _median_of(values: FloatArray, counts: FloatArray) -> float:
    if not len(values):
        return 0.0
    order = np.argsort(values, kind="stable")
    ordered, below = values[order], np.cumsum(counts[order])
    half = 0.5 * below[-1]
    place = int(np.searchsorted(below, half))
    if below[place] > half or place == len(values) - 1:
        return float(ordered[place])
    return float(0.5 * (ordered[place] + ordered[place + 1]))


@dataclass(slots=True)
class DayState:
    """What must survive a restart.

    Attributes
    ----------
    hours
        Hours that may still grow, oldest first: hardly ever more than two.
    day
        The hours that are over of a day that is not: all of them as one, from midnight on.
    evening, evening_of
        What the last day that is over had of the night after it, and that day's ISO date.
    evening_ends_s
        When that day ended; 0 before there was one.
    closed_until_s
        End of the last hour that was closed: nothing before it is taken any more.
    gait_end_s
        End of the last walk or trot window: one that starts later begins a new bout.
    """

    hours: list[OpenHour] = field(default_factory=list)
    day: OpenHour | None = None
    evening: NightSums = field(default_factory=NightSums)
    evening_of: str = ""
    evening_ends_s: float = 0.0
    closed_until_s: float | None = None
    gait_end_s: float | None = None


class DayBuilder:
    """Sums up a dog's hours and days.

    Notes
    -----
    Each kind of record comes in time order, so sums are always taken in the same order and do not
    depend on how the stream was cut; kinds may lag each other, since an hour stays open until
    `advance` passes its end. A collar in a drawer gives minutes that are not worn, and so a day of
    0 worn hours. A day without any record gives no `Day`: nothing was heard, nothing is claimed.
    A night belongs to the date of its morning. Where the dog's zone is changed, the open day goes
    on under its date until midnight in the new zone: longer or shorter, neither lost nor doubled.
    """

    def __init__(self, profile: DogProfile) -> None:
        self._profile = profile
        self._calendar = Calendar(profile)
        self.state = DayState()

    def add_minute(self, minute: Minute) -> None:
        """Take one minute; it belongs to the hour in which it starts."""
        hour = self._hour_of(minute.start_s)
        if hour is not None:
            night_ends = self._calendar.night_ends(minute.start_s)
            hour.add_minute(minute, None if night_ends is None else night_ends.isoformat())

    def add_gait(self, window: GaitWindow) -> None:
        """Take one window of steady gait."""
        hour = self._hour_of(window.start_s)
        if hour is None:
            return
        end_s = self.state.gait_end_s
        hour.add_gait(window, begins_bout=end_s is None or window.start_s > end_s)
        if window.gait != "gallop":
            self.state.gait_end_s = window.end_s

    def add_event(self, event: Event) -> None:
        """Count one event."""
        hour = self._hour_of(event.start_s)
        if hour is not None:
            hour.add_event(event)

    def advance(self, time_s: float) -> list[Hour | Day]:
        """Close what ended by `time_s`; all up to then has been handed in.

        Returns hours, and each day behind the last of its hours.
        """
        ended: list[Hour | Day] = []
        for hour in [each for each in self.state.hours if each.end_s <= time_s]:
            ended += self._close_day(hour.start_s)
            ended.append(self._close_hour(hour))
        self.state.hours = [each for each in self.state.hours if each.end_s > time_s]
        return ended + self._close_day(time_s)

    def reset(self) -> None:
        """Forget the day that is open, and what was closed: time goes back."""
        self.state = DayState()

    def so_far(self) -> list[Day]:
        """Return the days that are still open as they stand, oldest first."""
        trial = DayBuilder(self._profile)
        trial.state = DayState(
            hours=list(self.state.hours),
            day=self.state.day,
            evening=self.state.evening,
            evening_of=self.state.evening_of,
            evening_ends_s=self.state.evening_ends_s,
        )
        return [each for each in trial.finish() if isinstance(each, Day)]

    def finish(self) -> list[Hour | Day]:
        """Return what there is of hours and days that are not over; `worn_h` tells how much."""
        ended: list[Hour | Day] = []
        for hour in self.state.hours:
            ended += self._close_day(hour.start_s)
            ended.append(self._close_hour(hour))
        self.state.hours = []
        if self.state.day is not None:
            ended += self._close_day(self._ends_s(self.state.day))
        return ended

    def _hour_of(self, time_s: float) -> OpenHour | None:
        """Return the open hour of a Unix time, opened if need be; None if it was closed before."""
        for hour in reversed(self.state.hours):
            if hour.start_s <= time_s < hour.end_s:
                return hour
        closed_s = self.state.closed_until_s
        if closed_s is not None and time_s < closed_s:
            return None
        start_s, end_s = self._calendar.hour_bounds_s(time_s)
        hour = OpenHour(
            date=self._calendar.date_of(time_s).isoformat(),
            start_s=start_s,
            end_s=end_s,
            clock_h=self._calendar.clock_h(start_s) + 1,
        )
        self.state.hours.append(hour)
        self.state.hours.sort(key=lambda each: each.start_s)
        return hour

    def _close_hour(self, hour: OpenHour) -> Hour:
        """Add an hour to its day and return it."""
        state = self.state
        if state.day is None:
            day, start_s = self._begins(hour.start_s)
            state.day = OpenHour(date=day, start_s=start_s, end_s=start_s, clock_h=0)
            if self._calendar.is_day_before(state.evening_of, day):
                state.day.night = state.evening
        state.day = state.day.then(hour)
        state.closed_until_s = hour.end_s
        return Hour(
            start_s=hour.start_s,
            end_s=hour.end_s,
            clock_h=hour.clock_h,
            worn_s=hour.worn_s,
            waking_worn_s=hour.waking_s,
            active_s=hour.walk_s + hour.vigorous_s,
            n_gait_windows=hour.n_gait,
            day=self._day(state.day),
            n_walk_trot_windows=len(hour.stride_hz),
            step_time_cv=spread_of(hour.step_time_cv, hour.certainty),
            stride_regularity=median_of(hour.stride_regularity, hour.certainty),
            unworn_s=hour.unworn_s,
            waking_unworn_s=hour.waking_unworn_s,
            stuck_s=hour.stuck_s,
            coarse_s=hour.coarse_s,
            moving_s=hour.light_s + hour.walk_s + hour.vigorous_s,
            clipped_s=hour.clipped_s,
            still_s=hour.still_s,
            still_g=hour.still_gs / hour.still_s if hour.still_s else 0.0,
            lasting_s=hour.lasting_s,
        )

    def _begins(self, time_s: float) -> tuple[str, float]:
        """Return the date of a day that begins with a Unix time, and its midnight.

        Where the dog's zone was set to one further west it is yesterday again. Yesterday is over,
        so that those hours belong to the day after it: no date comes twice.
        """
        day, state = self._calendar.date_of(time_s), self.state
        midnight_s = self._calendar.bounds_s(day)[0]
        if not state.evening_of or day > date.fromisoformat(state.evening_of):
            return day.isoformat(), max(midnight_s, state.evening_ends_s)
        after = date.fromisoformat(state.evening_of) + timedelta(days=1)
        return after.isoformat(), state.evening_ends_s

    def _ends_s(self, day: OpenHour) -> float:
        """Return the Unix time of the midnight that ends a day, by the zone as it is set now."""
        return self._calendar.bounds_s(date.fromisoformat(day.date))[1]

    def _close_day(self, time_s: float) -> list[Hour | Day]:
        """Return the open day, if it ended by a time."""
        day = self.state.day
        if day is None or self._ends_s(day) > time_s:
            return []
        self.state.day = None
        self.state.evening = day.evening
        self.state.evening_of = day.date
        self.state.evening_ends_s = self._bounds_s(day)[1]
        return [self._day(day)]

    def _day(self, day: OpenHour) -> Day:
        restricted = is_restricted(self._profile.plan, date.fromisoformat(day.date))
        return day_of(day, self._bounds_s(day), resting_plan=restricted)

    def _bounds_s(self, day: OpenHour) -> tuple[float, float]:
        """Return when a day begins and ends; it ends no sooner than the hours that it has."""
        return day.start_s, max(self._ends_s(day), day.end_s)
