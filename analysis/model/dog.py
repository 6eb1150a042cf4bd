"""What the analysis has to know about a dog."""

from dataclasses import dataclass
from datetime import time

from analysis.model.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DogProfile:
    """One dog.

    Attributes
    ----------
    id
        ``[a-z0-9_-]{1,32}``; part of every alert's identity.
    withers_m
        Height at the withers; sets the range of step rates and the length of a jump.
    time_zone
        IANA name; days and nights are cut in it.
    night_from, night_until
        Local times between which the dog is expected to sleep.
    plan
        The recovery plan, if there is one.
    """

    id: str
    withers_m: float = 0.50
    time_zone: str = "UTC"
    night_from: time = time(22, 30)
    night_until: time = time(6, 30)
    plan: Plan | None = None
