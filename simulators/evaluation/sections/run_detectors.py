"""From simulated or recorded acceleration to the events of chosen detectors."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.detectors import specs
from analysis.detectors.base import DetectorContext, SignalSpec
from analysis.model import Event, Samples, Signal
from analysis.signal.conditioning import Conditioner
from simulators.day.day import Chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Which detectors listen to which dog.

    Attributes
    ----------
    withers_m
        Height of the dog as the detectors believe it.
    names
        Detectors, by name.
    range_g
        Full scale of the sensor.
    settings
        Settings by name of the detector; those not named have their defaults.
    """

    withers_m: float = 0.52
    names: tuple[str, ...] = ("jumping",)
    range_g: float | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def events(self, chunks: Iterable[Chunk]) -> list[Event]:
        """Return all events of a stream without gaps, in order of their end."""
        detectors = []
        context = DetectorContext(withers_m=self.withers_m, detectors=self.settings)
        for name in self.names:
            spec = specs()[name]
            if isinstance(spec, SignalSpec):
                chosen = self.settings.get(name, spec.settings())
                detectors.append(spec.build(chosen, context))
        events: list[Event] = []
        for signal in signals(chunks, self.range_g):
            for detector in detectors:
                events += detector.update(signal)
        for detector in detectors:
            events += detector.finish()
        return sorted(events, key=lambda event: event.end_s)


def signals(chunks: Iterable[Chunk], range_g: float | None = None) -> Iterator[Signal]:
    """Yield the conditioned signal of a stream without gaps."""
    conditioner = Conditioner()
    origin_s, index = None, 0
    for chunk in chunks:
        origin_s = chunk.start_s if origin_s is None else origin_s
        samples = Samples(
            origin_s=origin_s,
            first_index=index,
            rate_hz=chunk.rate_hz,
            acceleration_g=np.asarray(chunk.acceleration_g, np.float64),
            range_g=range_g,
        )
        index += samples.n_samples
        yield conditioner.push(samples)
    yield from conditioner.finish()
