"""Reduced activity: the dog moves less than its own normal, for days or all at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log
from statistics import fmean

from analysis.baseline.baseline import Memory, mean_of_last, note_level, remember
from analysis.baseline.cusum import cusum_onset
from analysis.baseline.weekday import WeekdayFactors, WeekdaySettings, geometric_share, weekly_of
from analysis.detectors.base import DaySpec
from analysis.model import Day, Level, Verdict
from analysis.model.kinds import AlertKind
from analysis.model.owner_notes import COLLAR_CIRCUMSTANCES, QUIETER_CIRCUMSTANCES

_LEAST_MIN_PER_H = 0.05
_WINDOW_DAYS = 7
"""Days of one judgement; all the older ones may be learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReducedActivitySettings(WeekdaySettings):
    """When activity counts as reduced. Drops are shares of the usual, z in spreads.

    Attributes
    ----------
    least_worn_h, least_night_worn_h
        Hours that make a day valid.
    spread_floor
        Least spread of a day's logarithm: a steadier baseline is taken for chance.
    slack_z, most_z, low_sum, low_days, drop
        Warning: over the last days, `low_days` or more, what each is below `slack_z`, counted up
        to `most_z`, adds up to `low_sum`, and they are down by `drop`. Half of a drop by 30 % at a
        spread of 25 % is 0.7; the sum is from a Monte-Carlo, see docs/decisions/0017.
    still_drop
        The last two days must still be down by this, so that a warning ends soon after the drop.
    acute_drop, acute_z
        Warning: one day as bad as this.
    watch_drop, watch_z
        Watch: means of three days.
    slow_drop, slow_z
        Watch: means of seven days.
    """

    least_worn_h: float = 16.0
    least_night_worn_h: float = 4.0
    spread_floor: float = 0.12
    slack_z: float = -0.75
    most_z: float = -3.0
    low_sum: float = 3.7
    low_days: int = 2
    drop: float = 0.20
    still_drop: float = 0.10
    acute_drop: float = 0.50
    acute_z: float = -2.5
    watch_drop: float = 0.25
    watch_z: float = -1.5
    slow_drop: float = 0.15
    slow_z: float = -1.0


@dataclass(slots=True)
class ReducedActivityState:
    """What must survive a restart."""

    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How the last days stand: over how many days, and since when."""

    level: Level
    days: int
    onset_s: float


class ReducedActivityDetector:
    """Judges active minutes per hour worn by day against the dog's own normal.

    Notes
    -----
    Active minutes and not mean VeDBA: sensor noise adds the same to every still minute, so a drop
    by a third shows as less in the mean, and a new place of the collar changes all of the mean but
    few minutes. Hours by day and not all hours: a collar that is off for part of the night would
    otherwise make the dog look busy. Days under a restricting plan are not judged and not learned.
    """

    def __init__(self, settings: ReducedActivitySettings) -> None:
        self._settings = settings
        self.state = ReducedActivityState()

    def update(self, day: Day, /) -> list[Verdict]:
        """Return one verdict on the day that ended, or none under a restricting plan."""
        if day.resting_plan:
            return []
        settings, memory = self._settings, self.state.memory
        if not self._is_valid(day):
            return [_verdict(day, Level.UNKNOWN, day.start_s, {"worn_h": day.worn_h})]
        judged = remember(memory, day, settings, window=_WINDOW_DAYS)
        if not judged:
            learned = {"baseline_days": float(len(memory.learned))}
            return [_verdict(day, Level.UNKNOWN, day.start_s, learned)]
        normal = weekly_of(
            [each.date for each in memory.learned],
            [log_activity(each) for each in memory.learned],
            settings,
            floor=settings.spread_floor,
        )
        found = judge(memory.recent, normal, settings)
        if found.level is Level.WARNING and found.days > 1 and self._is_provisional():
            found = Judgement(level=Level.WATCH, days=found.days, onset_s=found.onset_s)
        evidence = self._evidence(normal, found.days)
        if note_level(memory, found.level, found.onset_s, settings):
            return [_verdict(day, Level.UNKNOWN, day.start_s, {"baseline_days": 0.0})]
        return [_verdict(day, found.level, found.onset_s, evidence)]

    def _is_valid(self, day: Day) -> bool:
        settings = self._settings
        by_night = day.night_worn_h >= settings.least_night_worn_h
        return by_night and day.worn_h >= settings.least_worn_h and day.waking_worn_h > 0.0

    def _is_provisional(self) -> bool:
        return len(self.state.memory.learned) < self._settings.sure_days

    def _evidence(self, normal: WeekdayFactors, n_days: int) -> dict[str, float]:
        """Return the drop over `n_days`, and usual and present active minutes per waking hour."""
        last = self.state.memory.recent[-n_days:]
        share = fmean(normal.on(each.date).share(log_activity(each)) for each in last)
        usual = exp(normal.on(last[-1].date).centre)
        return {
            "drop": 1.0 - share,
            "usual": usual,
            "now": share * usual,
            "z": fmean(normal.on(each.date).z(log_activity(each)) for each in last),
            "days": float(len(last)),
            "baseline_days": float(len(self.state.memory.learned)),
        }


def judge(
    recent: list[Day], normal: WeekdayFactors, settings: ReducedActivitySettings
) -> Judgement:
    """Return how worrying the last days are; `recent` holds valid days, the newest last."""
    z = [normal.on(each.date).z(log_activity(each)) for each in recent]
    shares = [normal.on(each.date).share(log_activity(each)) for each in recent]
    if shares[-1] <= 1.0 - settings.acute_drop and z[-1] < settings.acute_z:
        return Judgement(level=Level.WARNING, days=1, onset_s=recent[-1].start_s)
    low = low_since(z, settings)
    if low is not None and is_down(shares, low, settings):
        return Judgement(level=Level.WARNING, days=len(z) - low, onset_s=recent[low].start_s)
    three, three_z = mean_of_last(shares, 3), mean_of_last(z, 3)
    if three is None or three_z is None:
        return Judgement(level=Level.UNKNOWN, days=len(recent), onset_s=recent[-1].start_s)
    if three <= 1.0 - settings.watch_drop and three_z <= settings.watch_z:
        return Judgement(level=Level.WATCH, days=3, onset_s=recent[-3].start_s)
    seven, seven_z = mean_of_last(shares, 7), mean_of_last(z, 7)
    if seven is not None and seven_z is not None and seven <= 1.0 - settings.slow_drop:
        level = Level.WATCH if seven_z <= settings.slow_z else Level.CLEAR
        return Judgement(level=level, days=7, onset_s=recent[-7].start_s)
    return Judgement(level=Level.CLEAR, days=3, onset_s=recent[-1].start_s)


def low_since(z: list[float], settings: ReducedActivitySettings) -> int | None:
    """Return the first of the last days that are low together, or None if they are not."""
    excess = [settings.slack_z - max(each, settings.most_z) for each in z]
    first = cusum_onset(excess, settings.low_sum)
    return None if first is None or len(z) - first < settings.low_days else first


def is_down(shares: list[float], first: int, settings: ReducedActivitySettings) -> bool:
    """Return whether the days from the first on are down by enough, and the newest still are."""
    since = geometric_share([log(each) for each in shares[first:]])
    newest = geometric_share([log(each) for each in shares[-2:]])
    return since <= 1.0 - settings.drop and newest <= 1.0 - settings.still_drop


def log_activity(day: Day) -> float:
    """Return the logarithm of active minutes per hour worn by day.

    The floor stands for a minute a day, so that a day without any is a number.
    """
    return log(max(day.active_min / day.waking_worn_h, _LEAST_MIN_PER_H))


def _verdict(day: Day, level: Level, onset_s: float, evidence: Mapping[str, float]) -> Verdict:
    return Verdict(
        kind=SPEC.name, level=level, time_s=day.end_s, onset_s=onset_s, evidence=evidence
    )


KIND = AlertKind(
    name="reduced_activity",
    explained_by=QUIETER_CIRCUMSTANCES | COLLAR_CIRCUMSTANCES,
    title=(
        "{dog} moves {drop:percent} less than usual",
        "{dog} moves less than usual",
    ),
    about="less movement than usual",
    seen=(
        "{dog} moves {drop:percent} less than usual, over the last {days:days}.",
        "{dog} moves {drop:percent} less than usual.",
        "{dog} moves less than usual.",
    ),
    advice=(
        "Watch how {dog} stands, walks and lies down. If it lasts two more days, call your vet.",
    ),
    over="{dog} moves about as much as usual again.",
    usual=(
        (
            "That is {now:one} active minutes in each waking hour; over {dog}'s own past weeks "
            "it was {usual:one}."
        ),
        "Usual means {dog}'s own past weeks, for each hour that the collar was worn.",
    ),
    certainty=(
        (
            "How sure: not very. Only {baseline_days:few} days are known so far, where 14 tell "
            "what is usual."
        ),
        "How sure: fairly. It is more than the ordinary ups and downs of {dog}'s days.",
    ),
    limit="A collar cannot tell pain from hot weather, quiet days or another illness.",
)

SPEC = DaySpec(
    name="reduced_activity",
    settings=ReducedActivitySettings,
    build=ReducedActivityDetector,
    kind=KIND,
)
