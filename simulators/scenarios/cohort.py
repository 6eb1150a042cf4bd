"""Many dogs from one seed: sizes, habits and collars within what real homes show."""

from dataclasses import dataclass, replace

import numpy as np

from simulators.collar.jitter import RECORDED
from simulators.day.schedule import Habits
from simulators.dog.collar import Collar, Mounting, Radio, Sensor
from simulators.dog.dog import Dog
from simulators.dog.sizes import SIZES, dog_of

RATES_HZ = (25.0, 50.0, 100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One dog of a cohort, how it lives and what it wears.

    Attributes
    ----------
    number
        Place in the cohort, from 0; a larger cohort of the same seed begins with the same dogs.
    size
        A name in `simulators.dog.sizes.SIZES`.
    dog, habits, collar
        As in a `simulators.scenarios.story.Scenario`.
    seed
        For that scenario.
    """

    number: int
    size: str
    dog: Dog
    habits: Habits
    collar: Collar
    seed: int


def cohort(
    seed: int, n_dogs: int, *, rate_hz: float | None = None, jittering: bool = False
) -> list[Member]:
    """Return dogs of all sizes in turn, each drawn from a chance of its own.

    Parameters
    ----------
    seed
        The same seed gives the same dogs.
    n_dogs
        How many.
    rate_hz
        Of every collar; one of `RATES_HZ` for each if left out.
    jittering
        Whether collars jitter as recorded ones do; all else is the same.

    Examples
    --------
    >>> [member.size for member in cohort(1, 3)]
    ['toy', 'dachshund', 'beagle']
    """
    names = tuple(SIZES)
    members = []
    for number in range(n_dogs):
        rng = np.random.default_rng([seed, number])
        size = names[number % len(names)]
        member = Member(
            number=number,
            size=size,
            dog=dog_of(rng, size, name=f"dog-{number}"),
            habits=any_habits(rng),
            collar=any_collar(rng, f"collar-{number}", rate_hz=rate_hz),
            seed=int(rng.integers(2**31)),
        )
        # Drawn last, so that all else is the same.
        members.append(
            replace(member, collar=_jittery(member.collar, rng)) if jittering else member
        )
    return members


def any_habits(rng: np.random.Generator) -> Habits:
    """Return the habits of a dog, most near the defaults, none beyond section 8.4's ranges."""
    n_walks = int(rng.choice((1, 2, 3, 4), p=(0.15, 0.45, 0.25, 0.15)))
    hours = {1: (8.0,), 2: (7.5, 18.0), 3: (7.5, 13.0, 18.5), 4: (7.0, 11.5, 16.0, 20.5)}[n_walks]
    # A dog that is walked often is walked for shorter, or it would hardly rest.
    longest_min = min(60.0, 130.0 / n_walks)
    return Habits(
        walk_at_h=tuple(hour + float(rng.uniform(-0.5, 0.5)) for hour in hours),
        walk_min=_between(rng, 10.0, min(30.0, longest_min), longest_min),
        home_min=_between(rng, 20.0, 60.0, 150.0),
        fast_share=_between(rng, 0.05, 0.25, 0.50),
        jumps=_between(rng, 0.0, 8.0, 40.0),
        shakes=_between(rng, 5.0, 15.0, 40.0),
        scratches=_between(rng, 0.0, 10.0, 60.0),
        stairs=_between(rng, 0.0, 6.0, 20.0),
        night_share=_between(rng, 0.03, 0.06, 0.12),
        turns_per_h=_between(rng, 1.0, 2.0, 3.0),
        day_cv=_between(rng, 0.15, 0.25, 0.35),
        day_memory=_between(rng, 0.0, 0.2, 0.4),
        weekend=_between(rng, -0.10, 0.10, 0.30),
    )


def any_collar(rng: np.random.Generator, collar_id: str, *, rate_hz: float | None = None) -> Collar:
    """Return a collar as they come, worn as they are worn; ranges of section 8.1.

    `Sensor.offset_g` and `gain_error` stay one sigma of what the sensor itself is drawn from.
    """
    drawn_hz = float(rng.choice(RATES_HZ, p=(0.2, 0.6, 0.2)))
    return Collar(
        id=collar_id,
        rate_hz=drawn_hz if rate_hz is None else rate_hz,
        rate_error=float(np.clip(rng.normal(0.0, 0.005), -0.02, 0.02)),
        mounting=Mounting(
            roll_deg=float(rng.uniform(-180.0, 180.0)),
            roll_drift_deg=_between(rng, 0.0, 10.0, 30.0),
            roll_jump=_between(rng, 0.0, 0.2, 0.5),
            ring_hz=_between(rng, 8.0, 12.0, 18.0),
            ring=_between(rng, 0.0, 0.15, 0.5),
            tags_per_min=_between(rng, 0.0, 2.0, 20.0),
        ),
        sensor=Sensor(
            range_g=float(rng.choice((4.0, 8.0, 16.0), p=(0.1, 0.6, 0.3))),
            noise_g=_between(rng, 0.002, 0.004, 0.010),
            step_g=float(rng.choice((0.00025, 0.001, 0.004), p=(0.2, 0.6, 0.2))),
            offset_g=_between(rng, 0.0, 0.02, 0.06) / 2.0,
            gain_error=_between(rng, 0.0, 0.01, 0.03) / 2.0,
        ),
        radio=Radio(
            clock_ppm=_between(rng, 0.0, 50.0, 200.0),
            loss=_between(rng, 0.0, 0.005, 0.03),
        ),
    )


def _jittery(collar: Collar, rng: np.random.Generator) -> Collar:
    """Return a collar that jitters about as much as those that were recorded."""
    chatter = _between(rng, 0.3, RECORDED, 0.8)
    return replace(collar, mounting=replace(collar.mounting, chatter=chatter))


def _between(rng: np.random.Generator, least: float, usual: float, most: float) -> float:
    """Return a number from the triangle of three, the usual one the likeliest."""
    return float(rng.triangular(least, usual, most)) if most > least else least
