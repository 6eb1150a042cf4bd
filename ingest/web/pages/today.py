"""Today by the hour, against the usual of the same hours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from statistics import median

from analysis.features.day.calendar import Calendar
from analysis.model import Minute
from ingest.ports import Point, Query, Store
from ingest.storage.points import time_ns
from ingest.text.times_part import local
from ingest.web.context import DogView

USUAL_DAYS = 14
_LEAST_DAYS = 3
_LEAST_WORN_S = 1800.0
_HOUR_S, _QUARTER_S, _DAY_S = 3600.0, 900.0, 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """One hour of a day.

    Attributes
    ----------
    start_s
        Unix time.
    label
        Local hour, 0-23.
    active_min
        Minutes of walking or more; None without data.
    worn_min
        Minutes worn.
    usual_min
        The usual active minutes of this hour; None if not known.
    ahead
        Whether it has not begun yet.
    """

    start_s: float
    label: int
    active_min: float | None
    worn_min: float
    usual_min: float | None
    ahead: bool


def hours_of(
    minutes: Iterable[Minute], bounds_s: tuple[float, float], zone: str, now_s: float
) -> list[Hour]:
    """Return the hours of a day, 23 to 25 of them, without the usual."""
    start_s, end_s = bounds_s
    n_hours = round((end_s - start_s) / _HOUR_S)
    by_hour: list[list[Minute]] = [[] for _ in range(n_hours)]
    for each in minutes:
        if start_s <= each.start_s < end_s:
            by_hour[min(int((each.start_s - start_s) // _HOUR_S), n_hours - 1)].append(each)
    hours = []
    for index, of_hour in enumerate(by_hour):
        at_s = start_s + index * _HOUR_S
        worn_s = fsum(each.worn_s for each in of_hour)
        active_s = fsum(each.walk_s + each.vigorous_s for each in of_hour)
        hours.append(
            Hour(
                start_s=at_s,
                label=local(at_s, zone).hour,
                active_min=active_s / 60.0 if worn_s else None,
                worn_min=worn_s / 60.0,
                usual_min=None,
                ahead=at_s > now_s,
            )
        )
    return hours


def usual_by_hour(points: Iterable[Point], zone: str) -> dict[int, float]:
    """Return the median active minutes of each local hour, where three days are known.

    Hours worn for less than half do not count. Points are those of minutes.
    """
    quarters: dict[int, list[float]] = {}
    for point in points:
        sums = quarters.setdefault(int(point.time_ns // (_QUARTER_S * 1e9)), [0.0, 0.0])
        sums[0] += float(point.fields["worn_s"])
        sums[1] += float(point.fields["walk_s"]) + float(point.fields["vigorous_s"])
    hours: dict[tuple[date, int], list[float]] = {}
    for quarter, (worn_s, active_s) in quarters.items():
        # Every zone's hours begin with a quarter of an hour of Unix time.
        at = local(quarter * _QUARTER_S, zone)
        total = hours.setdefault((at.date(), at.hour), [0.0, 0.0])
        total[0] += worn_s
        total[1] += active_s
    by_hour: dict[int, list[float]] = {}
    for (_, hour), (worn_s, active_s) in hours.items():
        if worn_s >= _LEAST_WORN_S:
            by_hour.setdefault(hour, []).append(active_s / 60.0)
    return {hour: median(days) for hour, days in by_hour.items() if len(days) >= _LEAST_DAYS}


def so_far(hours: Sequence[Hour], now_s: float) -> tuple[float, float] | None:
    """Return active minutes of the finished hours with data, and the usual of the same hours."""
    both = [
        (each.active_min, each.usual_min)
        for each in hours
        if each.active_min is not None
        and each.usual_min is not None
        and each.start_s + _HOUR_S <= now_s
    ]
    if not both:
        return None
    return fsum(active for active, _ in both), fsum(usual for _, usual in both)


class UsualHours:
    """Keeps each dog's usual for an hour: two weeks of minutes are slow to read."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, Mapping[int, float]]] = {}

    def of(self, store: Store, dog: str, view: DogView, now_s: float) -> Mapping[int, float]:
        """Return the usual of the two weeks before today."""
        hour = int(now_s // _HOUR_S)
        kept = self._kept.get(dog)
        if kept is not None and kept[0] == hour:
            return kept[1]
        calendar = Calendar(view.profile)
        midnight_s = calendar.bounds_s(calendar.date_of(now_s))[0]
        query = Query(
            measurement="minute",
            dog=dog,
            start_ns=time_ns(midnight_s - USUAL_DAYS * _DAY_S),
            end_ns=time_ns(midnight_s),
        )
        usual = usual_by_hour(store.read(query), view.zone)
        self._kept[dog] = (hour, usual)
        return usual
