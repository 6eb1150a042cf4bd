"""A scenario as the packets that its collar sends, and as a file."""

from collections.abc import Iterator

import numpy as np

from ingest.packets.packet import Packet
from simulators.collar.radio import Sent, send
from simulators.collar.sensor import readings
from simulators.day.day import Chunk
from simulators.scenarios.story import Scenario


def sent(scenario: Scenario) -> Iterator[Sent]:
    """Yield what the scenario's collar sends, with the time of arrival, in order of arrival."""
    rng = np.random.default_rng([scenario.seed, 0, 1])
    yield from send(rng, scenario.collar, sensed(scenario))


def sensed(scenario: Scenario) -> Iterator[Chunk]:
    """Yield what the scenario's sensor reads, an hour at a time."""
    rng = np.random.default_rng([scenario.seed, 0, 2])
    yield from readings(rng, scenario.collar, scenario.days())


def packets(scenario: Scenario) -> Iterator[tuple[str, Packet]]:
    """Yield the id of the collar and each packet that arrives; no more than an hour is held."""
    for each in sent(scenario):
        yield each.collar, each.packet
