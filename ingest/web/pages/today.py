"""How the dog is now, and today by the hour against the usual of the same hours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import fsum
from statistics import median

from analysis.features.day.calendar import Calendar
from analysis.model import Minute
from ingest.ports import Point, Query, Store
from ingest.storage.points import time_ns
from ingest.text.times import age, local, when
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


FRESH_S = 600.0
"""Data older than this say nothing about now; batches and the minute being counted fit in it."""

HELD_S = 2400.0
"""A very still collar's minutes are held back for 30 minutes until it is known if it is worn."""

ARRIVING_S = 60.0
"""Packets that came so lately are a backlog that is being read, not a collar that is silent."""

_LOOK_BACK_S = 300.0


class Seen(StrEnum):
    """What can be said about a dog at this moment."""

    NOTHING = "nothing"
    NO_DATA = "no_data"
    CATCHING_UP = "catching_up"
    VERY_STILL = "very_still"
    NOT_WORN = "not_worn"
    RESTING = "resting"
    LIGHT = "light"
    WALKING = "walking"
    VIGOROUS = "vigorous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """One dog at this moment.

    Attributes
    ----------
    seen
        What was seen.
    sentence, detail
        The same in words.
    loud
        Whether the owner has to do something: nothing is known of the dog.
    """

    seen: Seen
    sentence: str
    detail: str
    loud: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestData:
    """What there is to judge by.

    Attributes
    ----------
    minutes
        The last hours, oldest first.
    packet_s
        Time up to which packets have been analysed; None if not known.
    arrived_ago_s
        For how many seconds no packet has come; None if not known.
    now_s, zone
        Now, and the zone to tell times in.
    """

    minutes: Sequence[Minute]
    packet_s: float | None
    now_s: float
    zone: str
    arrived_ago_s: float | None = None


def now_of(name: str, latest: LatestData) -> Now:
    """Return how a dog is right now."""
    if not latest.minutes and latest.packet_s is None:
        return Now(
            seen=Seen.NOTHING,
            sentence=f"Nothing has been heard from {name}'s collar yet.",
            detail="Nothing is known about the dog. Is the collar charged and in reach?",
            loud=True,
        )
    minute_s = latest.minutes[-1].start_s + 60.0 if latest.minutes else 0.0
    known_s = minute_s if latest.packet_s is None else max(latest.packet_s, minute_s)
    patience_s = HELD_S if latest.packet_s is None else FRESH_S
    is_arriving = latest.arrived_ago_s is not None and latest.arrived_ago_s <= ARRIVING_S
    if latest.now_s - known_s > patience_s and is_arriving:
        return _catching_up(name, known_s, latest)
    if latest.now_s - known_s > patience_s:
        return _no_data(name, known_s, latest)
    if latest.now_s - minute_s > FRESH_S:
        return _very_still(name, minute_s, latest)
    if not latest.minutes[-1].worn_s:
        return _not_worn(name, latest)
    return _moving(name, latest)


def kind_of(minutes: Sequence[Minute]) -> Seen:
    """Return what some worn minutes show, by the seconds at each intensity."""
    worn_s = fsum(each.worn_s for each in minutes)
    if fsum(each.vigorous_s for each in minutes) >= worn_s / 10.0:
        return Seen.VIGOROUS
    if fsum(each.walk_s + each.vigorous_s for each in minutes) >= worn_s / 5.0:
        return Seen.WALKING
    if fsum(each.rest_s for each in minutes) >= worn_s * 0.8:
        return Seen.RESTING
    return Seen.LIGHT


def _catching_up(name: str, known_s: float, latest: LatestData) -> Now:
    return Now(
        seen=Seen.CATCHING_UP,
        sentence=f"Catching up on {name}'s data, {age(latest.now_s - known_s)} behind.",
        detail="The packets are here and are being analysed, the oldest first;"
        f" so far up to {when(known_s, latest.zone, latest.now_s)}.",
    )


def _no_data(name: str, known_s: float, latest: LatestData) -> Now:
    return Now(
        seen=Seen.NO_DATA,
        sentence=f"No data from {name} for {age(latest.now_s - known_s)}.",
        detail=f"Nothing is known about {name} since {when(known_s, latest.zone, latest.now_s)}."
        f" That does not mean rest. Look at {name}, then at the collar: charged, on, in reach?",
        loud=True,
    )


def _very_still(name: str, since_s: float, latest: LatestData) -> Now:
    if not latest.minutes:
        return Now(
            seen=Seen.VERY_STILL,
            sentence=f"{name}'s collar has begun to send.",
            detail="The first minutes will show here soon.",
        )
    return Now(
        seen=Seen.VERY_STILL,
        sentence=f"Very still since {when(since_s, latest.zone, latest.now_s)},"
        " or the collar is off or out of reach.",
        detail=f"It takes up to half an hour to tell. If that surprises you, look at {name} now.",
        # A nap may look like this, and a red frame at every nap is soon not read any more. But if
        # nobody knows that packets come, it may be silence.
        loud=latest.packet_s is None,
    )


def _not_worn(name: str, latest: LatestData) -> Now:
    since_s = latest.minutes[-1].start_s
    for each in reversed(latest.minutes):
        if each.worn_s:
            break
        since_s = each.start_s
    return Now(
        seen=Seen.NOT_WORN,
        sentence=f"{name} does not wear the collar, it seems,"
        f" since {when(since_s, latest.zone, latest.now_s)}.",
        detail=f"So nothing is known about {name} now. If it is on: see that it sits snugly.",
        loud=True,
    )


def _moving(name: str, latest: LatestData) -> Now:
    end_s = latest.minutes[-1].start_s + 60.0
    last = [m for m in latest.minutes if m.worn_s and m.start_s >= end_s - _LOOK_BACK_S]
    seen = kind_of(last)
    doing = {
        Seen.VIGOROUS: "is running or playing hard",
        Seen.WALKING: "is walking",
        Seen.LIGHT: "is awake and moving a little",
    }.get(seen) or _rests(latest.minutes, end_s)
    walks_s = [m.start_s for m in latest.minutes if m.walk_s + m.vigorous_s >= 30.0]
    detail = f"Seen until {when(end_s, latest.zone, latest.now_s)}."
    if walks_s and seen is not Seen.WALKING:
        detail += f" Last walked {when(walks_s[-1], latest.zone, latest.now_s)}."
    if seen is Seen.RESTING:
        detail += " A collar cannot tell sleep from legs that do not move."
    return Now(seen=seen, sentence=f"{name} {doing}.", detail=detail)


def _rests(minutes: Sequence[Minute], end_s: float) -> str:
    rested_s = end_s - _resting_since_s(minutes)
    return "is resting" if rested_s < _LOOK_BACK_S else f"has been resting for {age(rested_s)}"


def _resting_since_s(minutes: Sequence[Minute]) -> float:
    """Return since when minute followed minute in rest; turning over for a minute is rest too."""
    since_s = end_s = minutes[-1].start_s + 60.0
    for each in reversed(minutes):
        is_rest = each.worn_s > 0.0 and each.rest_s >= each.worn_s * 0.8
        if each.start_s < end_s - 60.0 or (not is_rest and since_s > end_s):
            break
        end_s = each.start_s
        if is_rest:
            since_s = end_s
    return since_s
