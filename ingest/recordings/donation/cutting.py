"""Stored packets cut into the stretches that somebody chose."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from analysis.model import FloatArray, Gap, Samples
from ingest.packets.assembler import Assembler
from ingest.packets.envelope import ReceivedPacket
from ingest.processing.labels import Label

LONGEST_S = 3600.0
"""A stretch is cut after an hour, so that its samples may be taken as evenly spaced and fit into
memory."""
SHORTEST_S = 10.0
"""Shorter ones are left out: between many lost packets nothing can be seen."""
AROUND_S = 300.0
"""So much before and after a label goes with it, if only labels are given away (a judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time that was chosen, in Unix seconds; half-open."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """A stretch in true time.

    Attributes
    ----------
    number
        That of its collar, from 1 in the order in which their first stretches ended.
    start_s
        Unix time of the first sample.
    nominal_hz, rate_hz, acceleration_g, range_g
        As in `Stretch`.
    """

    number: int
    start_s: float
    nominal_hz: float
    rate_hz: float
    acceleration_g: FloatArray
    range_g: float | None

    @property
    def end_s(self) -> float:
        """Unix time at which the next sample is due."""
        return self.start_s + len(self.acceleration_g) / self.rate_hz


def windows_around(labels: Iterable[Label], within: Window) -> list[Window]:
    """Return the times around labels, joined where they touch, within a time that was chosen."""
    joined: list[Window] = []
    for label in sorted(labels, key=lambda each: each.start_s):
        start_s = max(label.start_s - AROUND_S, within.start_s)
        end_s = min(label.end_s + AROUND_S, within.end_s)
        if joined and start_s <= joined[-1].end_s:
            end_s = max(end_s, joined[-1].end_s)
            joined[-1] = Window(start_s=joined[-1].start_s, end_s=end_s)
        elif start_s < end_s:
            joined.append(Window(start_s=start_s, end_s=end_s))
    return joined


def cut(
    packets: Iterable[ReceivedPacket],
    windows: Sequence[Window],
    is_worn: Callable[[str, float], bool],
) -> Iterator[Heard]:
    """Yield the samples of some windows as stretches, dated as the detectors see them.

    Parameters
    ----------
    packets
        All that are stored, in the order in which they came: what came before a window says how
        the collar's clock runs.
    windows
        In order of time, not overlapping.
    is_worn
        Whether the dog in question wears a collar at a time.
    """
    assemblers: dict[str, Assembler] = {}
    cutters: dict[str, _Cutter] = {}
    for received in packets:
        collar = received.collar
        assembler = assemblers.setdefault(collar, Assembler())
        cutter = cutters.setdefault(collar, _Cutter(windows=windows))
        cutter.announced_hz.add(received.packet.rate_hz)
        for piece in assembler.push(received.packet, received.arrival_s):
            yield from _numbered(cutter, cutters, cutter.take(piece, is_worn, collar))
    for collar, assembler in assemblers.items():
        cutter = cutters[collar]
        for piece in assembler.finish():
            yield from _numbered(cutter, cutters, cutter.take(piece, is_worn, collar))
        yield from _numbered(cutter, cutters, cutter.close())


def _numbered(
    cutter: "_Cutter", cutters: "dict[str, _Cutter]", heard: "Iterable[_Open]"
) -> Iterator[Heard]:
    """Yield what is long enough; a collar gets its number with its first stretch."""
    for each in heard:
        if each.end_s - each.start_s < SHORTEST_S:
            continue
        if cutter.number == 0:
            cutter.number = 1 + max(other.number for other in cutters.values())
        acceleration_g = np.concatenate(each.parts_g)
        rate_hz = round(len(acceleration_g) / (each.end_s - each.start_s), 6)
        yield Heard(
            number=cutter.number,
            start_s=each.start_s,
            nominal_hz=min(cutter.announced_hz, key=lambda hz: abs(hz - rate_hz)),
            rate_hz=rate_hz,
            acceleration_g=acceleration_g,
            range_g=each.range_g,
        )


@dataclass(slots=True, kw_only=True)
class _Open:
    """A stretch that is still growing."""

    start_s: float
    end_s: float
    range_g: float | None
    parts_g: list[FloatArray] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Cutter:
    """Cuts the stream of one collar; `number` is 0 until it has given a stretch."""

    windows: Sequence[Window]
    number: int = 0
    announced_hz: set[float] = field(default_factory=set)
    open: _Open | None = None

    def take(
        self, piece: Samples | Gap, is_worn: Callable[[str, float], bool], collar: str
    ) -> list[_Open]:
        """Return the stretches that end with a piece of the stream."""
        if isinstance(piece, Gap):
            return self.close()
        if not is_worn(collar, piece.start_s):
            return self.close()
        done: list[_Open] = []
        for window in self.windows:
            first = max(0, math.ceil((window.start_s - piece.start_s) * piece.rate_hz))
            last = min(piece.n_samples, math.ceil((window.end_s - piece.start_s) * piece.rate_hz))
            if first < last:
                done += self._add(piece, first, last)
        return done

    def close(self) -> list[_Open]:
        """Return the stretch under way, if there is one; it is over."""
        closed, self.open = self.open, None
        return [] if closed is None else [closed]

    def _add(self, piece: Samples, first: int, last: int) -> list[_Open]:
        start_s = piece.start_s + first / piece.rate_hz
        done: list[_Open] = []
        if self.open is not None:
            is_next = abs(start_s - self.open.end_s) < 0.5 / piece.rate_hz
            if not is_next or self.open.end_s - self.open.start_s >= LONGEST_S:
                done = self.close()
        if self.open is None:
            self.open = _Open(start_s=start_s, end_s=start_s, range_g=piece.range_g)
        self.open.parts_g.append(piece.acceleration_g[first:last])
        self.open.end_s = piece.start_s + last / piece.rate_hz
        return done
