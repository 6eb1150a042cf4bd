"""What every fault gets: a home under trial, and the servers around it."""

import random
from collections.abc import Sequence
from typing import Protocol

from ingest.packets.envelope import EncodedPacket
from simulators.testing.influx_proxy import InfluxProxy
from simulators.testing.servers import Influx, Mosquitto
from tests.faults.harness.stories import story
from tests.faults.harness.trial import Trial
from tests.faults.harness.wire import Wire


class Fault(Protocol):
    """Disturbs a home while it sends a story; what it needs is in `Rig`."""

    def __call__(self, rig: "Rig", rng: random.Random, /) -> Sequence[EncodedPacket]:
        """Do it, and return the packets that the collar had, each once and in order."""


class Rig:
    """A trial and the servers around it that a fault may hurt.

    Attributes
    ----------
    trial
        The home; its daemon has been started.
    broker, influx
        The servers, of this trial alone if a fault may hurt them.
    gate
        What is before InfluxDB.
    wire
        What is between the daemon and the broker.
    """

    def __init__(
        self, trial: Trial, broker: Mosquitto, influx: Influx, gate: InfluxProxy, wire: Wire
    ) -> None:
        self.trial = trial
        self.broker = broker
        self.influx = influx
        self.gate = gate
        self.wire = wire


def ends(rng: random.Random, n: int, n_packets: int | None = None) -> list[int]:
    """Return after which packets something happens; the story's unless told how many."""
    return sorted(rng.sample(range(1, n_packets or len(story())), n))
