"""A scenario as the packets of its collar: sent over MQTT, or written into a file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import numpy as np

from analysis.errors import SettingsError
from ingest.mqtt.collar_publisher import CollarLink
from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import Packet, encode_cbor
from ingest.recordings.reader import write_recording
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


_DRAIN_S = 60.0


class Stop(Protocol):
    """An event of threads or of processes."""

    def is_set(self) -> bool:
        """Return whether it has happened."""


def play(
    scenario: Scenario,
    link: CollarLink,
    stop: Stop,
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


def write(scenario: Scenario, path: Path) -> int:
    """Write a scenario and return the number of packets, or of rows.

    ``.cborseq`` holds the packets with their times of arrival, losses included; ``.csv`` holds what
    the sensor read, without a loss: time_s, x_g, y_g, z_g.

    Raises
    ------
    SettingsError
        If the suffix is neither.
    RecordingError
        If the file cannot be written.
    """
    if path.suffix == ".cborseq":
        return write_recording(_recorded(scenario), path)
    if path.suffix == ".csv":
        return _write_csv(scenario, path)
    msg = f"output file '{path}' ends in '{path.suffix}', expected .cborseq or .csv"
    raise SettingsError(msg)


def _recorded(scenario: Scenario) -> Iterator[EncodedPacket]:
    for each in sent(scenario):
        yield EncodedPacket(
            collar=each.collar,
            arrival_s=each.arrival_s,
            content_type="application/cbor",
            payload=encode_cbor(each.packet),
        )


def _write_csv(scenario: Scenario, path: Path) -> int:
    n_rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("time_s,x_g,y_g,z_g\n")
        for chunk in sensed(scenario):
            times_s = chunk.start_s + np.arange(len(chunk.acceleration_g)) / chunk.rate_hz
            rows = np.column_stack([times_s, chunk.acceleration_g])
            np.savetxt(file, rows, fmt="%.4f,%.4f,%.4f,%.4f")
            n_rows += len(rows)
    return n_rows
