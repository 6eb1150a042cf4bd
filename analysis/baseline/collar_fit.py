"""How a collar sits: a step in amplitude without one in cadence is the collar, not the dog."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import fsum, log
from statistics import fmean, median

from analysis.baseline.baseline import DAY_S, BaselineSettings, normal_of
from analysis.model import Day

_PRIOR_WEIGHT = 0.5
_MOST_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class MountingSettings(BaselineSettings):
    """When a change of amplitude is one of mounting.

    Attributes
    ----------
    least_windows, least_bouts
        Steady gait that a day needs to be judged.
    prior_slope
        Rise of ln RMS with ln stride rate that is assumed until the dog's own is known.
    step_days, late_days, level_days
        So many days on a new level are held against those before, at least the last so many; a
        step too small for the first is looked for again with the second.
    step_from
        Least change of the logarithm of amplitude at a given cadence: 0.11 is 10 %. A new collar
        reads 15 % less, a leash at the collar 30 % (docs/evidence.md 8.1, 8.4).
    step_z, step_floor
        And so many of its day-to-day spreads, which are taken for this at least; over late days
        less by the root of how many more there are.
    same_cadence_z, cadence_floor
        The cadence has changed by no more than so many of its spreads, which are taken for this
        at least.
    each_day
        Every day has changed by this share of the least step. All of these are judgements.
    """

    least_windows: int = 20
    least_bouts: int = 2
    prior_slope: float = 2.5
    step_days: int = 2
    late_days: int = 5
    level_days: int = 7
    step_from: float = 0.11
    step_z: float = 3.0
    step_floor: float = 0.04
    same_cadence_z: float = 1.0
    each_day: float = 0.25
    cadence_floor: float = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The collar has sat differently since a time.

    Attributes
    ----------
    since_s
        Start of the first day on the new level.
    amplitude, cadence
        Change of the mean logarithm, of amplitude at a given cadence and of cadence.
    """

    since_s: float
    amplitude: float
    cadence: float


@dataclass(slots=True)
class CollarFit:
    """How the collar has sat; part of a detector's state.

    Attributes
    ----------
    days
        The last days that could be judged, since the last step.
    steps
        Changes that still matter, oldest first.
    """

    days: list[Day] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A dog's own ``ln RMS = level + slope * ln stride rate``."""

    level: float
    slope: float


def has_gait(day: Day, settings: MountingSettings) -> bool:
    """Return whether a day has enough steady gait to be judged."""
    return day.n_gait_windows >= settings.least_windows and day.n_gait_bouts >= settings.least_bouts


def sit(seat: CollarFit, day: Day, settings: MountingSettings) -> Step | None:
    """Take a day with enough gait, and return the step in mounting that it reveals."""
    seat.steps = [
        each
        for each in seat.steps
        if each.since_s >= day.start_s - settings.forget_after_days * DAY_S
    ]
    seat.days = [*seat.days, day][-(_MOST_DAYS + settings.late_days) :]
    for n_days in (settings.step_days, settings.late_days):
        step = step_between(seat.days[:-n_days], seat.days[-n_days:], settings)
        if step is not None:
            seat.days = seat.days[-n_days:]
            seat.steps.append(step)
            return step
    return None


def step_between(
    before: Sequence[Day], after: Sequence[Day], settings: MountingSettings
) -> Step | None:
    """Return the step in mounting between two stretches of days, if there is one.

    Notes
    -----
    Pain makes steps both flatter and slower, by 10-30 % and 5-15 % (docs/evidence.md 3.1); a
    collar that sits elsewhere cannot change the cadence. Every day on the new level has to lie on
    its side of the old one, so that one odd day is no step.
    """
    if len(before) < settings.level_days:
        return None
    fewer = (settings.step_days / len(after)) ** 0.5
    line = fit_line(before, settings.prior_slope)
    usual = normal_of([residual(day, line) for day in before], floor=settings.step_floor)
    paces = normal_of([log(day.stride_hz) for day in before], floor=settings.cadence_floor)
    changes = [residual(day, line) - usual.centre for day in after]
    pace = fmean(log(day.stride_hz) for day in after)
    amplitude = median(changes)
    least = max(settings.step_from, settings.step_z * usual.spread * fewer)
    if abs(amplitude) < least or abs(paces.z(pace)) > settings.same_cadence_z * fewer:
        return None
    if min(each * amplitude for each in changes) < settings.each_day * least * abs(amplitude):
        return None
    return Step(since_s=after[0].start_s, amplitude=amplitude, cadence=pace - paces.centre)


def as_now(day: Day, steps: Sequence[Step]) -> Day:
    """Return a day with its amplitudes as the collar would read them the way it sits now."""
    moved = fsum(step.amplitude for step in steps if step.since_s > day.start_s)
    if not moved:
        return day
    n, x, y, xx, xy, yy = day.gait_sums
    sums = (n, x, y + n * moved, xx, xy + x * moved, yy + 2.0 * moved * y + n * moved * moved)
    return replace(day, gait_sums=sums)


def fit_line(days: Sequence[Day], prior_slope: float) -> Line:
    """Return the line through all windows of the days, its slope drawn to the prior.

    The prior weighs as much as some 80 windows that spread over 8 % of cadence: a dog that always
    walks at one pace tells nothing of a slope, and keeps the prior's.
    """
    n, x, y, xx, xy, _ = (fsum(column) for column in zip(*(d.gait_sums for d in days), strict=True))
    spread_x = xx - x * x / n
    spread_xy = xy - x * y / n
    slope = (spread_xy + _PRIOR_WEIGHT * prior_slope) / (max(spread_x, 0.0) + _PRIOR_WEIGHT)
    return Line(level=(y - slope * x) / n, slope=slope)


def residual(day: Day, line: Line) -> float:
    """Return the day's mean ln RMS above the line."""
    n, x, y = day.gait_sums[:3]
    return (y - line.slope * x) / n - line.level
