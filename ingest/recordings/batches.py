"""A recording's samples as the packets that a collar would have sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from analysis.model import FloatArray
from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import STRONGEST_G, Packet, encode_cbor
from ingest.recordings.formats.base import Block
from ingest.recordings.segments import Run, Segments

BATCH_SAMPLES = 500
LATEST_S = 4_102_444_800.0
"""The year 2100; a time beyond it, or before 1970, is a damaged one."""

CONTENT_TYPE = "application/cbor"


@dataclass(slots=True)
class Dropped:
    """Counts of samples that were left out, by cause.

    Attributes
    ----------
    beyond_range
        Stronger than any sensor can measure.
    beyond_time
        Before 1970 or after 2100.
    backward
        Their time had been heard already.
    """

    beyond_range: int = 0
    beyond_time: int = 0
    backward: int = 0

    def notes(self) -> list[str]:
        """Return one sentence for each cause that occurred."""
        causes = (
            (self.beyond_range, f"dropped: beyond {STRONGEST_G:g} g"),
            (self.beyond_time, "dropped: times before 1970 or after 2100"),
            (self.backward, "dropped: time went backwards over what was read already"),
        )
        return [f"{count} samples {text}" for count, text in causes if count]


def batches(
    blocks: Iterable[Block],
    *,
    collar: str,
    boot: str,
    rate_hz: float,
    batch_samples: int = BATCH_SAMPLES,
    dropped: Dropped | None = None,
) -> Iterator[EncodedPacket]:
    """Yield packets of `batch_samples`, cut by sample number, whatever the blocks were.

    A break in time ends a packet early; `index` then jumps by the samples that are missing.

    Parameters
    ----------
    blocks
        In file order.
    collar
        The id of the collar that they count as.
    boot
        The same for the same recording, so that a second publication is a repeat.
    rate_hz
        The recording's rate.
    dropped
        Filled with what was left out.

    Notes
    -----
    Stamps in text files are rounded and jitter. Each packet is dated by a line of the recording's
    rate through all its stamps, placed by the median: one bad stamp, or all of them rounded, moves
    it by less than a sample.
    """
    dropped = Dropped() if dropped is None else dropped
    stretches = Segments(rate_hz=rate_hz)
    packer = _Packer(collar=collar, boot=boot, rate_hz=rate_hz, batch_samples=batch_samples)
    for run in stretches.runs(_plausible(blocks, dropped)):
        yield from packer.add(run)
    dropped.backward = stretches.n_backward
    yield from packer.flush()


def _plausible(blocks: Iterable[Block], dropped: Dropped) -> Iterator[Block]:
    for block in blocks:
        strong = (np.abs(block.acceleration_g) > STRONGEST_G).any(axis=1)
        undated = ~((block.times_s >= 0) & (block.times_s < LATEST_S))
        dropped.beyond_range += int(strong.sum())
        dropped.beyond_time += int((undated & ~strong).sum())
        good = ~(strong | undated)
        yield Block(
            times_s=block.times_s[good],
            acceleration_g=block.acceleration_g[good],
            rate_hz=block.rate_hz,
            range_g=block.range_g,
        )


@dataclass(slots=True, kw_only=True)
class _Packer:
    """Collects runs and cuts them into packets."""

    collar: str
    boot: str
    rate_hz: float
    batch_samples: int
    seq: int = 0
    first_s: float | None = None
    next_index: int = 0
    is_new: bool = True
    range_g: float | None = None
    times_s: FloatArray = field(default_factory=lambda: np.empty(0))
    values: FloatArray = field(default_factory=lambda: np.empty((0, 3)))

    def add(self, run: Run) -> Iterator[EncodedPacket]:
        """Yield the packets that a run completes."""
        if run.is_new:
            yield from self.flush()
            self.is_new = True
        self.range_g = run.range_g
        self.times_s = np.concatenate([self.times_s, run.times_s])
        self.values = np.concatenate([self.values, run.acceleration_g])
        whole = len(self.times_s) // self.batch_samples * self.batch_samples
        for begin in range(0, whole, self.batch_samples):
            yield self._packet(begin, begin + self.batch_samples)
        self.times_s, self.values = self.times_s[whole:], self.values[whole:]

    def flush(self) -> Iterator[EncodedPacket]:
        """Yield what is left as a shorter packet."""
        if len(self.times_s):
            yield self._packet(0, len(self.times_s))
        self.times_s, self.values = np.empty(0), np.empty((0, 3))

    def _packet(self, begin: int, end: int) -> EncodedPacket:
        start_s = line_start_s(self.times_s[begin:end], self.rate_hz)
        if self.first_s is None:
            self.first_s = start_s
        if self.is_new:
            # Samples that are missing are counted as a collar would have counted them.
            elapsed = round((start_s - self.first_s) * self.rate_hz)
            self.next_index = max(self.next_index, elapsed)
            self.is_new = False
        packet = Packet(
            seq=self.seq,
            boot=self.boot,
            t_ms=start_s * 1000.0,
            rate_hz=self.rate_hz,
            acceleration_g=self.values[begin:end],
            range_g=self.range_g,
            index=self.next_index,
            stored=True,
        )
        self.seq += 1
        self.next_index += end - begin
        return EncodedPacket(
            collar=self.collar,
            arrival_s=start_s + (end - begin) / self.rate_hz,
            content_type=CONTENT_TYPE,
            payload=encode_cbor(packet, lossless=True),
        )


def line_start_s(times_s: FloatArray, rate_hz: float) -> float:
    """Return when a line of the given rate through some stamps begins, never before 1970."""
    first_s = float(times_s[0])
    residual_s = (times_s - first_s) - np.arange(len(times_s)) / rate_hz
    return max(first_s + float(np.median(residual_s)), 0.0)
