"""Whether the collar is worn: a sleeping dog breathes, a collar on a hook does not."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from analysis.features.wear.breathing import BreathSettings
from analysis.features.wear.stuck_sensor import StuckSensorSettings
from analysis.model import Minute

_LONGEST_HOLD = 4
"""Minutes held back at most, in times of `after_min`: some were hardly heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WearSettings(BreathSettings, StuckSensorSettings):
    """When a still collar counts as taken off.

    Attributes
    ----------
    still_below_g
        Standard deviation of half-second means, all axes together, over ten seconds. Means, since
        the noise of a sensor (up to 10 mg, evidence.md 8.1) is no movement.
    noise_below_g
        Standard deviation of the magnitude over ten seconds: more is trembling or panting.
    after_min
        Minutes without a break that it takes; 15 to 60 are sensible (evidence.md 9, a judgement).
    least_heard_s
        Seconds that a minute must have been heard to say anything.
    """

    still_below_g: float = 0.005
    noise_below_g: float = 0.02
    after_min: int = 30
    least_heard_s: int = 30


class Doubt(StrEnum):
    """What a minute says about wear."""

    NONE = "none"
    STILL = "still"
    UNHEARD = "unheard"
    STUCK = "stuck"


@dataclass(slots=True)
class WearState:
    """What must survive a restart.

    Attributes
    ----------
    held
        Doubtful minutes whose fate is open.
    n_still
        How many of them were heard well.
    off
        Whether the collar counts as taken off.
    """

    held: list[Minute] = field(default_factory=list)
    n_still: int = 0
    off: bool = False


class WearGate:
    """Holds back still minutes until it is known whether the collar was worn.

    Kept apart from rest: a minute that is not worn has `worn_s` 0 and says nothing about the dog.
    """

    def __init__(self, settings: WearSettings) -> None:
        self._settings = settings
        self.state = WearState()

    def update(self, minute: Minute, doubt: Doubt) -> list[Minute]:
        """Take the next minute and return those whose wear is settled.

        A minute in which the sensor was stuck ends a doubt, since nothing more will come of it.
        """
        state, after_min = self.state, self._settings.after_min
        if doubt in {Doubt.NONE, Doubt.STUCK}:
            self.state = WearState()
            return [*state.held, minute]
        if state.off:
            return [_unworn(minute)]
        state.held.append(minute)
        state.n_still += doubt is Doubt.STILL
        if state.n_still >= after_min:
            self.state = WearState(off=True)
            return [_unworn(each) for each in state.held]
        if len(state.held) >= _LONGEST_HOLD * after_min:
            self.state = WearState()
            return state.held
        return []

    def settled_until_s(self, current_s: float) -> float:
        """Return the time up to which every minute is settled; `current_s` begins the next."""
        return self.state.held[0].start_s if self.state.held else current_s

    def finish(self) -> list[Minute]:
        """Return the minutes still in doubt as worn: there were too few to say otherwise."""
        settled, self.state.held, self.state.n_still = self.state.held, [], 0
        return settled


def nothing_of_the_dog(minute: Minute) -> Minute:
    """Return a minute that says nothing about the dog."""
    nothing = dict.fromkeys(("worn_s", "vedba_g", "rest_s", "light_s", "walk_s"), 0.0)
    return replace(minute, vigorous_s=0.0, lasting_s=0.0, **nothing)


def _unworn(minute: Minute) -> Minute:
    return replace(nothing_of_the_dog(minute), unworn_s=minute.worn_s)
