"""A dog's usual amount by day of the week: robust, and honest about how few days are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, sqrt
from statistics import fmean, median

from analysis.baseline.baseline import MAD_TO_SD, BaselineSettings, Normal

_SATURDAY = 5
_HUBER_SPREADS = 1.5
_HUBER_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdaySettings(BaselineSettings):
    """What is known of days before the dog's own are counted.

    Attributes
    ----------
    baseline_days
        Days of a full baseline. Twice the two weeks of docs/evidence.md 4.3, since with them half
        of all false warnings come from dogs with a lucky fortnight (a Monte-Carlo).
    sure_days
        Days from which the baseline is no longer provisional.
    prior_spread, prior_days
        Spread of the logarithm that days of dogs have (15 to 35 %, docs/evidence.md 4.3), and for
        how many of the dog's own days it counts: the spread of few days is mostly luck.
    weekend_days
        The difference between weekends and other days counts in full once it is known from far
        more days than these: a judgement.
    """

    baseline_days: int = 28
    sure_days: int = 14
    prior_spread: float = 0.25
    prior_days: float = 8.0
    weekend_days: float = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayFactors:
    """What is usual on Monday to Friday, and what a weekend adds to the logarithm."""

    weekday: Normal
    weekend: float

    def on(self, iso_date: str) -> Normal:
        """Return what is usual on a date."""
        extra = self.weekend if is_weekend(iso_date) else 0.0
        return Normal(centre=self.weekday.centre + extra, spread=self.weekday.spread)


def is_weekend(iso_date: str) -> bool:
    """Return whether a date is a Saturday or a Sunday; "" is no date.

    Examples
    --------
    >>> is_weekend("2026-11-28"), is_weekend("2026-11-30")
    (True, False)
    """
    return bool(iso_date) and date.fromisoformat(iso_date).weekday() >= _SATURDAY


def weekly_of(
    dates: Sequence[str], logs: Sequence[float], settings: WeekdaySettings, *, floor: float
) -> WeekdayFactors:
    """Return what is usual, from days and a logarithm of each.

    Notes
    -----
    The centre is Huber's, which heeds every ordinary day where the median heeds the middle one;
    days beyond 1.5 spreads pull no harder than those at 1.5. The spread is from the median absolute
    deviation, pooled with the prior.
    """
    weekend = _weekend(dates, logs, settings.weekend_days)
    plain = [
        each - weekend * is_weekend(on_date) for on_date, each in zip(dates, logs, strict=True)
    ]
    middle = median(plain)
    own = MAD_TO_SD * median(abs(each - middle) for each in plain)
    prior = settings.prior_days
    pooled = (len(plain) * own**2 + prior * settings.prior_spread**2) / (len(plain) + prior)
    centre = _huber(plain, middle, max(own, floor))
    return WeekdayFactors(
        weekday=Normal(centre=centre, spread=max(sqrt(pooled), floor)), weekend=weekend
    )


def geometric_share(values: Sequence[float]) -> float:
    """Return the geometric mean of shares given as logarithms.

    Examples
    --------
    >>> round(geometric_share([0.0, -0.7]), 3)
    0.705
    """
    return exp(fmean(values))


def _weekend(dates: Sequence[str], logs: Sequence[float], prior_days: float) -> float:
    """Return what weekends add, drawn towards nothing where few days tell it."""
    free = [each for on_date, each in zip(dates, logs, strict=True) if is_weekend(on_date)]
    busy = [each for on_date, each in zip(dates, logs, strict=True) if not is_weekend(on_date)]
    if min(len(free), len(busy)) < 2:
        return 0.0
    days = len(free) * len(busy) / (len(free) + len(busy))
    return (median(free) - median(busy)) * days / (days + prior_days)


def _huber(values: Sequence[float], start: float, spread: float) -> float:
    """Return Huber's centre; a few rounds settle it far below any threshold."""
    centre, most = start, _HUBER_SPREADS * spread
    for _ in range(_HUBER_ROUNDS):
        centre += fmean(min(max(each - centre, -most), most) for each in values)
    return centre
