"""What one day of a dog depends on, chance apart."""

from dataclasses import dataclass, field
from datetime import date

from simulators.day.schedule import Breach, Habits, unix_s
from simulators.dog.collar import Mounting
from simulators.dog.condition import HEALTHY, Condition
from simulators.dog.dog import Dog


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """How a day begins in which something comes on within hours or minutes.

    Attributes
    ----------
    until_h
        Local hour at which the plan of the day takes over.
    condition, habits
        How well the dog is and how it lives until then.
    mounting
        How the collar sits until then; None for the collar's own way.
    dog
        Who wears the collar until then; None for the dog whose collar it is.
    """

    until_h: float
    condition: Condition = HEALTHY
    habits: Habits = field(default_factory=Habits)
    mounting: Mounting | None = None
    dog: Dog | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """What one day of a dog depends on, chance apart.

    Attributes
    ----------
    date, time_zone
        Which day, from local midnight to local midnight.
    condition, habits
        How well the dog is and how it lives.
    activity
        This day's activity over the usual, see `simulators.day.schedule.day_factors`.
    breaches
        What happens at given times besides.
    mounting
        How the collar sits on this day; None for the collar's own way.
    dog
        Who wears the collar on this day; None for the dog whose collar it is.
    morning
        How the day was until something came on; None if it is the same throughout.
    """

    date: date
    time_zone: str = "UTC"
    condition: Condition = HEALTHY
    habits: Habits = field(default_factory=Habits)
    activity: float = 1.0
    breaches: tuple[Breach, ...] = ()
    mounting: Mounting | None = None
    dog: Dog | None = None
    morning: Morning | None = None

    def at_s(self, hour: float) -> float:
        """Return the Unix time of a local hour of this day."""
        return unix_s(self.date, hour, self.time_zone)
