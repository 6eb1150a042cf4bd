"""A simulated collar on the air: a scenario played into a real broker."""

import threading
from collections.abc import Callable

from ingest.mqtt.collar_publisher import CollarLink
from ingest.packets.packet import encode_cbor
from simulators.scenarios.output import sent
from simulators.scenarios.story import Scenario

_DRAIN_S = 60.0


def play(
    scenario: Scenario,
    link: CollarLink,
    stop: threading.Event,
    on_sent: Callable[[float], None],
) -> int:
    """Send a scenario's packets as fast as the broker takes them; return how many.

    `on_sent` is told the time that the story has come to, before each packet.
    """
    n_packets = 0
    for each in sent(scenario):
        if stop.is_set():
            break
        on_sent(each.arrival_s)
        link.send(encode_cbor(each.packet), "application/cbor")
        n_packets += 1
    link.drain(_DRAIN_S)
    return n_packets
