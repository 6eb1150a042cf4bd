"""A dog's own normal: learned from its ordinary days, frozen while something is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp
from statistics import fmean, median

from analysis.model import Day, Level

MAD_TO_SD = 1.4826
DAY_S = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineSettings:
    """What every day detector needs to know of normal.

    Attributes
    ----------
    baseline_days
        Days of a full baseline; two whole weeks, so that weekends (10 % busier) are balanced.
    provisional_days
        Days from which a provisional baseline gives verdicts, warnings only if acute.
    recent_days
        Calendar days that count as recent; a longer hole starts the judgement afresh.
    forget_after_days
        Days older than this say nothing about today's normal.
    relearn_after_days
        After so many valid days of one warning this is the new normal: the baseline starts afresh,
        and until it is there nothing is claimed.
    """

    baseline_days: int = 14
    provisional_days: int = 7
    recent_days: int = 10
    forget_after_days: int = 90
    relearn_after_days: int = 28


UNUSUAL = frozenset(
    {"heat", "guests", "boarding", "fireworks", "travel", "collar_lent", "swimming"}
)
"""What the owner notes of days that are not the dog's ordinary ones."""


def is_ordinary(day: Day) -> bool:
    """Return whether a day may become part of normal; one that may not can still be judged."""
    return not day.resting_plan and UNUSUAL.isdisjoint(day.noted)


@dataclass(slots=True)
class Memory:
    """The days a detector remembers, all of them valid ones.

    Attributes
    ----------
    learned
        The baseline, oldest first.
    recent
        Days under judgement, at most seven, newest last.
    waiting
        The newest days, not learned yet: they may turn out to be the start of something.
    sick
        Dates among `waiting` that belong to a warning and will never be learned.
    warned_days
        Valid days of the present warning; 0 when there is none.
    """

    learned: list[Day] = field(default_factory=list)
    recent: list[Day] = field(default_factory=list)
    waiting: list[Day] = field(default_factory=list)
    sick: list[str] = field(default_factory=list)
    warned_days: int = 0


def remember(memory: Memory, day: Day, settings: BaselineSettings, *, window: int) -> bool:
    """Take a valid day into memory and return whether it can be judged.

    Parameters
    ----------
    window
        Days that one judgement looks at: so long a day waits before it is learned.

    Notes
    -----
    A day is not compared with itself: it is learned only when it is older than the judgement's
    window, and never if it belonged to a warning. Otherwise illness would become normal. Nor is
    one learned of which the owner noted something unusual, such as heat or a stay elsewhere.
    """
    forget_s = day.start_s - settings.forget_after_days * DAY_S
    recent_s = day.start_s - settings.recent_days * DAY_S
    memory.learned = [each for each in memory.learned if each.start_s >= forget_s]
    memory.recent = [each for each in memory.recent if each.start_s >= recent_s]
    while memory.waiting and (
        len(memory.waiting) >= window or memory.waiting[0].start_s < recent_s
    ):
        _learn(memory, memory.waiting.pop(0), settings)
    if len(memory.learned) < settings.provisional_days and not memory.warned_days:
        _learn(memory, day, settings)
        return False
    memory.recent = [*memory.recent, day][-7:]
    memory.waiting.append(day)
    return len(memory.learned) >= settings.provisional_days


def note_level(memory: Memory, level: Level, onset_s: float, settings: BaselineSettings) -> bool:
    """Note how the newest day was judged, and return whether the baseline starts afresh.

    From a warning's onset until a clear day, days are sick and not learned.
    """
    if level is Level.WARNING and not memory.warned_days:
        memory.sick += [each.date for each in memory.waiting if each.start_s >= onset_s]
    if level is Level.CLEAR:
        memory.warned_days = 0
    elif level is Level.WARNING or memory.warned_days:
        memory.warned_days += 1
        memory.sick.append(memory.waiting[-1].date)
    waiting = {each.date for each in memory.waiting}
    memory.sick = sorted(waiting & set(memory.sick))
    if memory.warned_days <= settings.relearn_after_days:
        return False
    memory.learned, memory.recent, memory.waiting, memory.sick = [], [], [], []
    memory.warned_days = 0
    return True


def _learn(memory: Memory, day: Day, settings: BaselineSettings) -> None:
    if day.date not in memory.sick and UNUSUAL.isdisjoint(day.noted):
        memory.learned = [*memory.learned, day][-settings.baseline_days :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """Centre and spread of a logarithm over the baseline."""

    centre: float
    spread: float

    def z(self, log_value: float) -> float:
        """Return how many spreads a day lies above normal."""
        return (log_value - self.centre) / self.spread

    def share(self, log_value: float) -> float:
        """Return a day's value as a share of the usual one."""
        return exp(log_value - self.centre)


def normal_of(logs: Sequence[float], *, floor: float) -> Normal:
    """Return median and 1.4826 times the median absolute deviation, at least `floor`.

    Examples
    --------
    >>> normal_of([1.0, 1.2, 1.4], floor=0.12)
    Normal(centre=1.2, spread=0.29652)
    """
    centre = median(logs)
    deviation = median(abs(each - centre) for each in logs)
    return Normal(centre=centre, spread=max(round(MAD_TO_SD * deviation, 12), floor))


def mean_of_last(values: Sequence[float], n: int) -> float | None:
    """Return the mean of the last `n` values, or None if there are fewer."""
    return fmean(values[-n:]) if len(values) >= n else None
