"""A scenario written to a file, to be replayed like a recording."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from analysis.errors import SettingsError
from ingest.packets.packet import encode_cbor
from ingest.recordings.formats.base import RecordedPacket
from ingest.recordings.reader import write_recording
from simulators.scenarios.output import sensed, sent
from simulators.scenarios.story import Scenario


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


def _recorded(scenario: Scenario) -> Iterator[RecordedPacket]:
    for each in sent(scenario):
        yield RecordedPacket(
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
