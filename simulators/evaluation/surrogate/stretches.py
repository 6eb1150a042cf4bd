"""Some days of one dog in one state, by either way: what several sections look at."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis.model import Day
from analysis.model.dog import DogProfile
from analysis.pipeline.decision import Decision, DecisionSettings
from analysis.pipeline.measurement import Measured
from simulators.dog.condition import preset
from simulators.evaluation.cohorts.cases import healthy
from simulators.evaluation.surrogate.days import shortcut
from simulators.evaluation.surrogate.simulated_days import sampled
from simulators.evaluation.ways import Way
from simulators.scenarios.cohort import Member, cohort
from simulators.scenarios.confounders import SEATS, disturbed
from simulators.scenarios.story import Phase

USUAL_DAYS = 3
"""Healthy days before any other state, lived but not measured with it."""
HEALTHY = "healthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days of one dog; everything that they depend on.

    Attributes
    ----------
    seed, number
        Which dog: the cohort's seed and the place in it.
    state
        ``"healthy"`` for the first days of all; else a name in
        `simulators.dog.condition.PRESETS` or in `simulators.scenarios.confounders.SEATS`, for
        the days after the usual ones.
    days
        How many.
    jittering
        Whether the collar jitters as recorded ones do.
    """

    seed: int
    number: int
    state: str
    days: int
    jittering: bool = False


def sampled_days(stretch: Stretch) -> tuple[Day, ...]:
    """Return the days of a stretch from samples."""
    return _lived(stretch, sampled)


def drawn_days(stretch: Stretch) -> tuple[Day, ...]:
    """Return the days of a stretch by the shortcut."""
    return _lived(stretch, shortcut)


def _lived(stretch: Stretch, way: Way) -> tuple[Day, ...]:
    member = cohort(stretch.seed, stretch.number + 1, jittering=stretch.jittering)[-1]
    phases: tuple[Phase, ...] = (Phase(days=stretch.days),)
    first = 1
    if stretch.state != HEALTHY:
        phases, first = (Phase(days=USUAL_DAYS), _phase(member, stretch)), USUAL_DAYS + 1
    story = replace(healthy(member, USUAL_DAYS), phases=phases)
    profile = DogProfile(id="dog", withers_m=member.dog.withers_m)
    return tuple(days_of(way(story, first=first), profile))


def _phase(member: Member, stretch: Stretch) -> Phase:
    if stretch.state in SEATS:
        return disturbed(stretch.state, days=stretch.days, mounting=member.collar.mounting)
    return Phase(days=stretch.days, condition=preset(stretch.state).condition)


def days_of(measured: Iterable[Measured], profile: DogProfile) -> list[Day]:
    """Return the days that measurements come to, those that are not over included."""
    judging = Decision(DecisionSettings(dog=profile))
    days: list[Day] = []
    for each in measured:
        days += judging.process(each).days
    return days + judging.finish().days
