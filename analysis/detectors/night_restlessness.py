"""Night restlessness: the dog moves about at night more than on its own nights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log
from statistics import fmean

from analysis.baseline.baseline import Memory, note_level, remember
from analysis.baseline.cusum import cusum_onset
from analysis.baseline.weekday import WeekdayFactors, WeekdaySettings, geometric_share, weekly_of
from analysis.detectors.base import DaySpec
from analysis.model import Day, Level, Verdict
from analysis.model.kinds import AlertKind

_WINDOW_DAYS = 7
_AT_LEAST_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NightRestlessnessSettings(WeekdaySettings):
    """When nights count as restless. Rises are shares of the usual, z in spreads.

    Attributes
    ----------
    least_night_worn_h
        Hours that the collar must be worn in a night.
    prior_spread
        Spread of a night's logarithm that dogs have: simulated nights spread by 0.25, and real ones
        surely by more; a judgement.
    spread_floor
        Least spread of a night's logarithm: some twenty stirs a night differ by 0.2 by chance.
    stirs_min_per_h
        Added to the restless minutes of an hour, so that a dog that hardly stirs is not restless
        for a few stirs. A healthy night has 3 to 6 (docs/evidence.md 4.4).
    calm_min_per_h
        Restless minutes of an hour up to which a night is as calm as any: 3 % of the minutes, the
        calmest of healthy nights (docs/evidence.md 9). So a dog, or a collar, whose usual is
        nothing at all is not restless in the first night with something.
    slack_z, most_z, high_sum, rise
        Warning: over three nights or more, what each is above `slack_z`, counted up to `most_z`,
        adds up to `high_sum`, and they are up by `rise`. Docs/evidence.md 4.4 and 9 have +50 % and
        z > 1.5 on 3 of 4 nights; moderate pain is +60 %, so that half of such nights are below it.
    still_rise
        The last two nights must still be up by this, so that a warning ends soon.
    watch_rise, watch_z
        Watch: means of three nights.
    """

    least_night_worn_h: float = 5.0
    prior_spread: float = 0.30
    spread_floor: float = 0.20
    stirs_min_per_h: float = 0.5
    calm_min_per_h: float = 1.8
    slack_z: float = 0.75
    most_z: float = 3.0
    high_sum: float = 3.0
    rise: float = 0.30
    still_rise: float = 0.15
    watch_rise: float = 0.30
    watch_z: float = 1.0


@dataclass(slots=True)
class NightRestlessnessState:
    """What must survive a restart."""

    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How the last nights stand: over how many, and since when."""

    level: Level
    nights: int
    onset_s: float


class NightRestlessnessDetector:
    """Judges restless minutes per hour worn in the night against the dog's own nights.

    Notes
    -----
    Nights carry signs of pain that the days hide (docs/evidence.md 4.2). Days under a plan are
    judged and learned too: a crate leaves the night as it is, and restless nights are one of the
    setbacks that hold a plan. One night is never enough, since fireworks are louder than pain.
    """

    def __init__(self, settings: NightRestlessnessSettings) -> None:
        self._settings = settings
        self.state = NightRestlessnessState()

    def update(self, day: Day, /) -> list[Verdict]:
        """Return one verdict on the night that ended on this date."""
        settings, memory = self._settings, self.state.memory
        if day.night_worn_h < settings.least_night_worn_h:
            return [_verdict(day, Level.UNKNOWN, day.start_s, {"worn_h": day.night_worn_h})]
        if not remember(memory, day, settings, window=_WINDOW_DAYS):
            learned = {"baseline_days": float(len(memory.learned))}
            return [_verdict(day, Level.UNKNOWN, day.start_s, learned)]
        normal = weekly_of(
            [each.date for each in memory.learned],
            [log_stirring(each, settings) for each in memory.learned],
            settings,
            floor=settings.spread_floor,
        )
        found = judge(memory.recent, normal, settings)
        evidence = self._evidence(normal, found)
        level = found.level
        if level is Level.WARNING and len(memory.learned) < settings.sure_days:
            level = Level.WATCH
        if note_level(memory, level, found.onset_s, settings):
            return [_verdict(day, Level.UNKNOWN, day.start_s, {"baseline_days": 0.0})]
        return [_verdict(day, level, found.onset_s, evidence)]

    def _evidence(self, normal: WeekdayFactors, found: Judgement) -> dict[str, float]:
        """Return the rise, and usual and present restless minutes per hour."""
        settings, memory = self._settings, self.state.memory
        last = memory.recent[-found.nights :]
        usual = exp(normal.on(last[-1].date).centre) - settings.stirs_min_per_h
        if usual <= settings.calm_min_per_h:
            usual = fmean(each.night_active_min / each.night_worn_h for each in memory.learned)
        logs = [log_stirring(each, settings) for each in last]
        normals = [normal.on(each.date) for each in last]
        pairs = list(zip(normals, logs, strict=True))
        return {
            "rise": geometric_share([each - own.centre for own, each in pairs]) - 1.0,
            "usual": usual,
            "now": fmean(each.night_active_min / each.night_worn_h for each in last),
            "z": fmean(own.z(each) for own, each in pairs),
            "days": float(len(last)),
            "baseline_days": float(len(memory.learned)),
        }


def judge(
    recent: list[Day], normal: WeekdayFactors, settings: NightRestlessnessSettings
) -> Judgement:
    """Return how restless the last nights were; `recent` holds valid days, the newest last."""
    if len(recent) < _AT_LEAST_DAYS:
        return Judgement(level=Level.UNKNOWN, nights=len(recent), onset_s=recent[-1].start_s)
    logs = [log_stirring(each, settings) for each in recent]
    above = [each - normal.on(day.date).centre for day, each in zip(recent, logs, strict=True)]
    z = [each / normal.weekday.spread for each in above]
    first = cusum_onset(
        [min(each, settings.most_z) - settings.slack_z for each in z], settings.high_sum
    )
    if first is not None and len(z) - first >= _AT_LEAST_DAYS:
        still = geometric_share(above[-2:]) >= 1.0 + settings.still_rise
        if still and geometric_share(above[first:]) >= 1.0 + settings.rise:
            return Judgement(
                level=Level.WARNING, nights=len(z) - first, onset_s=recent[first].start_s
            )
    three, three_z = geometric_share(above[-3:]), fmean(z[-3:])
    if three >= 1.0 + settings.watch_rise and three_z >= settings.watch_z:
        return Judgement(level=Level.WATCH, nights=3, onset_s=recent[-3].start_s)
    return Judgement(level=Level.CLEAR, nights=3, onset_s=recent[-1].start_s)


def log_stirring(day: Day, settings: NightRestlessnessSettings) -> float:
    """Return the logarithm of restless minutes per hour worn in the night, calm ones alike."""
    restless = max(day.night_active_min / day.night_worn_h, settings.calm_min_per_h)
    return log(restless + settings.stirs_min_per_h)


def _verdict(day: Day, level: Level, onset_s: float, evidence: Mapping[str, float]) -> Verdict:
    return Verdict(
        kind=SPEC.name, level=level, time_s=day.end_s, onset_s=onset_s, evidence=evidence
    )


KIND = AlertKind(
    name="night_restlessness",
    explained_by=frozenset({"heat", "guests", "boarding", "fireworks", "travel"}),
    title=("{dog} sleeps restlessly",),
    about="restless nights",
    seen=(
        "{dog} moved {rise:percent} more than usual at night.",
        "{dog} is more restless at night than usual.",
    ),
    advice=(
        (
            "Look for what is new: heat, noise, the bed, a full bladder. Tell your vet if it "
            "goes on."
        ),
    ),
    over="{dog} sleeps about as calmly as usual again.",
    usual=("Compared with {dog}'s own nights.",),
    certainty=(
        (
            "How sure: fairly. It was seen over several nights; heat, noise and a full bladder "
            "do that too."
        ),
    ),
    limit="A collar cannot tell pain from other reasons to wake.",
)

SPEC = DaySpec(
    name="night_restlessness",
    settings=NightRestlessnessSettings,
    build=NightRestlessnessDetector,
    kind=KIND,
)
