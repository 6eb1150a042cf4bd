"""From what the sensor reads to packets, some late and some lost."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from analysis.model import FloatArray
from ingest.packets.packet import Packet
from simulators.day.day import Chunk
from simulators.dog.collar import Collar, Radio

REBOOT_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sent:
    """A packet on its way.

    Attributes
    ----------
    collar
        Whose.
    packet
        What.
    arrival_s
        Unix time at which it gets to the broker.
    battery
        What is left of the charge, 0 to 1.
    """

    collar: str
    packet: Packet
    arrival_s: float
    battery: float


def send(rng: np.random.Generator, collar: Collar, chunks: Iterable[Chunk]) -> Iterator[Sent]:
    """Yield the packets of one collar in order, without those that are lost."""
    kept: list[Sent] = []
    trouble = _Trouble(rng, collar.radio)
    for sent in _batches(rng, collar, trouble, chunks):
        if trouble.in_gap(sent.arrival_s):
            if collar.radio.backlog:
                kept.append(sent)
            continue
        yield from (_late(each, sent.arrival_s) for each in kept)
        kept.clear()
        if rng.random() >= collar.radio.loss:
            yield sent


def _late(sent: Sent, arrival_s: float) -> Sent:
    packet = replace(sent.packet, stored=True)
    return replace(sent, packet=packet, arrival_s=arrival_s)


class _Trouble:
    """When gaps and reboots come: waiting times without memory, drawn one after the other."""

    def __init__(self, rng: np.random.Generator, radio: Radio) -> None:
        self._rng = rng
        self._radio = radio
        self._gap_s: tuple[float, float] | None = None
        self._reboot_s: float | None = None

    def _wait_s(self, per_day: float) -> float:
        return float(self._rng.exponential(86400.0 / per_day)) if per_day > 0.0 else float("inf")

    def in_gap(self, time_s: float) -> bool:
        """Return whether nothing gets through at a time; times must not go back."""
        while self._gap_s is None or time_s >= self._gap_s[1]:
            start_s = time_s + self._wait_s(self._radio.gaps_per_day)
            length_s = 60.0 * float(self._rng.uniform(1.0, max(self._radio.gap_min, 1.0)))
            self._gap_s = (start_s, start_s + length_s)
        return time_s >= self._gap_s[0]

    def reboots(self, time_s: float) -> bool:
        """Return whether the collar has restarted since it was asked last."""
        due = self._reboot_s is not None and time_s >= self._reboot_s
        if self._reboot_s is None or due:
            self._reboot_s = time_s + self._wait_s(self._radio.reboots_per_day)
        return due


@dataclass(slots=True)
class _Boot:
    """One run of the collar between two restarts."""

    number: int
    start_s: float
    seq: int = 0
    index: int = 0


def _batches(
    rng: np.random.Generator, collar: Collar, trouble: _Trouble, chunks: Iterable[Chunk]
) -> Iterator[Sent]:
    """Yield every batch that the collar makes, lost or not."""
    n_batch = collar.radio.batch
    boot: _Boot | None = None
    begun_s = 0.0
    for start_s, acceleration_g in _cut(chunks, n_batch):
        if boot is None:
            boot, begun_s = _Boot(number=1, start_s=start_s), start_s
        if trouble.reboots(start_s):
            boot = _Boot(number=boot.number + 1, start_s=start_s + REBOOT_S)
        if start_s < boot.start_s:
            continue
        end_s = start_s + len(acceleration_g) / collar.true_rate_hz
        yield Sent(
            collar=collar.id,
            packet=_packet(rng, collar, boot, start_s, acceleration_g),
            arrival_s=end_s + float(rng.uniform(0.0, collar.radio.delay_s)),
            battery=max(1.0 - (end_s - begun_s) / 86400.0 / collar.radio.battery_days % 1.0, 0.0),
        )
        boot.seq += 1
        boot.index += len(acceleration_g)


def _packet(
    rng: np.random.Generator,
    collar: Collar,
    boot: _Boot,
    start_s: float,
    acceleration_g: FloatArray,
) -> Packet:
    radio = collar.radio
    t_s = start_s
    if radio.clock == "uptime":
        t_s = (start_s - boot.start_s) * (1.0 + radio.clock_ppm * 1e-6)
    jitter_ms = radio.jitter_ms * float(rng.standard_normal()) if radio.jitter_ms > 0.0 else 0.0
    return Packet(
        seq=boot.seq,
        boot=str(boot.number),
        t_ms=max(t_s * 1000.0 + jitter_ms, 0.0),
        rate_hz=collar.rate_hz,
        acceleration_g=acceleration_g,
        clock=radio.clock,
        range_g=collar.sensor.range_g,
        index=boot.index,
    )


def _cut(chunks: Iterable[Chunk], n_batch: int) -> Iterator[tuple[float, FloatArray]]:
    """Yield runs of one length with their start times, and what is left at the end."""
    left = np.zeros((0, 3))
    start_s, rate_hz = 0.0, 1.0
    for chunk in chunks:
        rate_hz = chunk.rate_hz
        start_s = chunk.start_s - len(left) / rate_hz
        whole = np.concatenate([left, chunk.acceleration_g.astype(np.float64)])
        whole.setflags(write=False)
        n_whole = len(whole) // n_batch * n_batch
        for first in range(0, n_whole, n_batch):
            yield start_s + first / rate_hz, whole[first : first + n_batch]
        start_s, left = start_s + n_whole / rate_hz, whole[n_whole:]
    if len(left):
        yield start_s, left
