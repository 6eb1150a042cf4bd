"""Simulated days through the real measuring: what the shortcut is held against."""

from collections.abc import Iterable, Iterator

import numpy as np

from analysis.model import Samples
from analysis.model.dog import DogProfile
from analysis.pipeline.measurement import Measured, Measurement, MeasurementSettings
from simulators.collar.sensor import readings
from simulators.day.day import SimulatedDay, simulate_day
from simulators.dog.collar import Collar
from simulators.scenarios.story import Scenario


def sampled(scenario: Scenario, *, first: int = 1) -> Iterator[Measured]:
    """Yield what is measured of each day of a scenario from samples, from day `first` on.

    Each day is a stream of its own, as if the collar restarted at midnight: so every day can be
    measured alone, and a story can branch between two days.
    """
    profile = DogProfile(id="dog", withers_m=scenario.dog.withers_m)
    for number, plan in enumerate(scenario.plans(), start=1):
        if number >= first:
            rng = np.random.default_rng([scenario.seed, number])
            day = simulate_day(rng, scenario.dog, plan, rate_hz=scenario.collar.true_rate_hz)
            yield measured(day, scenario.collar, profile, seed=scenario.seed)


def measured(day: SimulatedDay, collar: Collar, profile: DogProfile, *, seed: int) -> Measured:
    """Return what is measured of one day, all at once."""
    measuring = Measurement(MeasurementSettings(dog=profile))
    parts = [measuring.process(samples) for samples in collar_samples([day], collar, seed=seed)]
    parts += measuring.finish()
    end_s = day.bouts[-1].end_s
    return Measured(
        until_s=end_s + 3600.0,
        settled_until_s=end_s,
        released=[each for part in parts for each in part.released],
        gait=[each for part in parts for each in part.gait],
        events=sorted(
            (each for part in parts for each in part.events), key=lambda event: event.end_s
        ),
    )


def collar_samples(days: Iterable[SimulatedDay], collar: Collar, *, seed: int) -> Iterator[Samples]:
    """Yield the samples of adjoining days without a gap, an hour at a time."""
    rng = np.random.default_rng([seed, 1])
    origin_s, index = None, 0
    for chunk in readings(rng, collar, days):
        origin_s = chunk.start_s if origin_s is None else origin_s
        yield Samples(
            origin_s=origin_s,
            first_index=index,
            rate_hz=chunk.rate_hz,
            acceleration_g=np.asarray(chunk.acceleration_g, np.float64),
            range_g=collar.sensor.range_g,
        )
        index += len(chunk.acceleration_g)
