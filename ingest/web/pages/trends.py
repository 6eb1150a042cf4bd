"""Days in a row against the dog's own normal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from math import exp, log

from analysis.baseline.baseline import normal_of
from analysis.detectors.reduced_activity import (
    ReducedActivityDetector,
    ReducedActivitySettings,
    log_activity,
)
from analysis.detectors.stiff_gait import StiffGaitDetector, StiffGaitSettings
from analysis.model import Day

Band = tuple[float, float]
_BAND_Z = 1.5
_LEAST_KNOWN = 7
_NIGHT_Z, _NIGHT_FLOOR_MIN = 2.0, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendDay:
    """One day of a trend.

    Attributes
    ----------
    day
        Local date.
    value
        What was measured; None for a gap.
    band
        What would be usual on that day; None if not known.
    sure
        Whether there were enough data to judge the day.
    """

    day: date
    value: float | None
    band: Band | None
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One quantity over days.

    Attributes
    ----------
    title, unit, explained
        In plain words.
    days
        One entry a calendar day, gaps included.
    from_zero
        Whether the scale begins at 0.
    """

    title: str
    unit: str
    explained: str
    days: Sequence[TrendDay]
    from_zero: bool = True

    @property
    def known(self) -> bool:
        """Whether the usual is known."""
        return any(each.band is not None for each in self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendSettings:
    """What the owner's settings say of what is usual and of how much is enough to say so.

    Attributes
    ----------
    activity, gait
        Settings of the detectors that judge the same days.
    """

    activity: ReducedActivitySettings = field(default_factory=ReducedActivitySettings)
    gait: StiffGaitSettings = field(default_factory=StiffGaitSettings)


def trends_of(days: Sequence[Day], last: date, n_days: int, settings: TrendSettings) -> list[Trend]:
    """Return the trends of the `n_days` days up to `last`; `days` may reach further back."""
    dates = [last - timedelta(days=back) for back in reversed(range(n_days))]
    found = {each.date: each for each in days}
    shown = [(each, found.get(each.isoformat())) for each in dates]
    activity, gait = settings.activity, settings.gait
    ordinary = _ordinary(days, activity)
    active, night = _active_band(ordinary, activity), _night_band(ordinary)
    stride = _stride_band(days, gait)
    return [
        Trend(
            title="Active minutes",
            unit="min a day",
            explained="Minutes of walking or faster.",
            days=_row(shown, partial(_active, settings=activity), active),
        ),
        Trend(
            title="Pace of the walk",
            unit="strides a second",
            explained="How quickly the legs swing on walks. A dog in pain often steps slower.",
            days=_row(shown, partial(_stride, settings=gait), lambda _: stride),
            from_zero=False,
        ),
        Trend(
            title="Moving at night",
            unit="min a night",
            explained="Minutes of movement in the hours of sleep.",
            days=_row(shown, partial(_night, settings=activity), lambda _: night),
        ),
        Trend(
            title="Jumps",
            unit="a day",
            explained="Up on the sofa, out of the car, at the door.",
            days=_row(shown, partial(_jumps, settings=activity), lambda _: None),
        ),
    ]


Measured = tuple[float | None, bool]


def _row(
    shown: Sequence[tuple[date, Day | None]],
    measure: Callable[[Day], Measured],
    band: Callable[[Day], Band | None],
) -> list[TrendDay]:
    row = []
    for at, day in shown:
        value, sure = (None, False) if day is None else measure(day)
        usual = None if day is None else band(day)
        row.append(TrendDay(day=at, value=value, band=usual, sure=sure))
    return row


def _active(day: Day, settings: ReducedActivitySettings) -> Measured:
    return day.active_min if day.worn_h >= 1.0 else None, day.worn_h >= settings.least_worn_h


def _stride(day: Day, settings: StiffGaitSettings) -> Measured:
    enough = day.n_gait_windows >= settings.least_windows
    value = day.stride_hz if day.n_gait_windows else None
    return value, enough and day.n_gait_bouts >= settings.least_bouts


def _night(day: Day, settings: ReducedActivitySettings) -> Measured:
    sure = day.night_worn_h >= settings.least_night_worn_h
    return day.night_active_min if day.night_worn_h >= 1.0 else None, sure


def _jumps(day: Day, settings: ReducedActivitySettings) -> Measured:
    return float(day.jumps) if day.worn_h >= 1.0 else None, day.worn_h >= settings.least_worn_h


def _ordinary(days: Sequence[Day], settings: ReducedActivitySettings) -> list[Day]:
    """Return the days that the activity detector has learned as this dog's normal."""
    detector = ReducedActivityDetector(settings)
    for day in days:
        detector.update(day)
    return detector.state.memory.learned


def _active_band(
    ordinary: Sequence[Day], settings: ReducedActivitySettings
) -> Callable[[Day], Band | None]:
    """Return a function from a day to its usual minutes, for the hours it was worn."""
    if len(ordinary) < _LEAST_KNOWN:
        return lambda _: None
    values = [log_activity(each) for each in ordinary]
    normal = normal_of(values, floor=settings.spread_floor)
    low = exp(normal.centre - _BAND_Z * normal.spread)
    high = exp(normal.centre + _BAND_Z * normal.spread)

    def band(day: Day) -> Band:
        return low * day.waking_worn_h, high * day.waking_worn_h

    return band


def _night_band(ordinary: Sequence[Day]) -> Band | None:
    """Return the usual minutes of a night; five minutes more or less are never unusual."""
    nights = [each.night_active_min for each in ordinary]
    if len(nights) < _LEAST_KNOWN:
        return None
    normal = normal_of(nights, floor=_NIGHT_FLOOR_MIN / _NIGHT_Z)
    half = _NIGHT_Z * normal.spread
    return max(0.0, normal.centre - half), normal.centre + half


def _stride_band(days: Sequence[Day], settings: StiffGaitSettings) -> Band | None:
    """Return the usual stride rates, from the days that the gait detector has learned."""
    detector = StiffGaitDetector(settings)
    for day in days:
        detector.update(day)
    learned = detector.state.memory.learned
    if len(learned) < _LEAST_KNOWN:
        return None
    normal = normal_of([log(each.stride_hz) for each in learned], floor=settings.cadence_floor)
    half = _BAND_Z * normal.spread
    return exp(normal.centre - half), exp(normal.centre + half)
