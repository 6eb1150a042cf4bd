"""Pieces of the grid with a fixed place: frames, and cores with their surroundings.

Both are anchored at whole ticks of Unix time, never at the start of a packet, so a detector that
looks only at them cannot see how the stream was cut. Values that do not follow those held are never
joined to them: the held ones are dropped, as at a gap.
"""

from dataclasses import dataclass, field

import numpy as np

from analysis.model import FloatArray


@dataclass(slots=True)
class Buffer:
    """Values of the grid that are still needed.

    Attributes
    ----------
    first_tick
        Tick of the first value.
    values
        Shape (..., n): time is the last axis, so that each row lies together in memory.
    done_tick
        First tick that has not been in a core yet; unused by frames.
    """

    first_tick: int = 0
    values: FloatArray = field(default_factory=lambda: np.empty(0))
    done_tick: int = 0


def _goes_on(held: Buffer, first_tick: int, values: FloatArray) -> bool:
    """Return whether there are values held that the next ones, if any, follow directly.

    Those that an earlier version held may have other rows.
    """
    n_held = int(held.values.shape[-1])
    follows = first_tick == held.first_tick + n_held or not values.shape[-1]
    return n_held > 0 and follows and held.values.shape[:-1] == values.shape[:-1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """Equally long pieces, `hop` ticks apart.

    Attributes
    ----------
    first_tick, hop
        Frame ``i`` begins at tick ``first_tick + i * hop``.
    values
        Shape (..., n_frames, ticks).
    """

    first_tick: int
    hop: int
    values: FloatArray

    def __len__(self) -> int:
        return int(self.values.shape[-2])

    def tick(self, frame: int) -> int:
        """Return the tick at which a frame begins."""
        return self.first_tick + frame * self.hop


class Framer:
    """Cuts the grid into frames that begin at multiples of `hop`."""

    def __init__(self, length: int, hop: int) -> None:
        self._length = length
        self._hop = hop
        self.state = Buffer()

    def start_segment(self) -> None:
        """Forget the unfinished frame."""
        self.state = Buffer()

    def is_broken_by(self, first_tick: int) -> bool:
        """Return whether ticks are missing, or double, between those held and this one."""
        n_held = int(self.state.values.shape[-1])
        return n_held > 0 and first_tick != self.state.first_tick + n_held

    def push(self, first_tick: int, values: FloatArray) -> Frames:
        """Take the next values and return the frames that are now complete."""
        held = self.state
        if _goes_on(held, first_tick, values):
            first_tick, values = held.first_tick, np.concatenate([held.values, values], axis=-1)
        skip = -first_tick % self._hop
        n_ticks = values.shape[-1]
        n_frames = max(0, (n_ticks - skip - self._length) // self._hop + 1)
        keep = min(n_ticks, skip + n_frames * self._hop)
        self.state = Buffer(first_tick=first_tick + keep, values=values[..., keep:].copy())
        framed = self._framed(values, skip, n_frames)
        return Frames(first_tick=first_tick + skip, hop=self._hop, values=framed)

    def _framed(self, values: FloatArray, skip: int, n_frames: int) -> FloatArray:
        """Return frames as a view of the values, the first beginning after `skip` ticks.

        The constructor of arrays checks its bounds, and takes a tenth of the time of
        `sliding_window_view`, which matters for packets of a second.
        """
        shape = (*values.shape[:-1], n_frames, self._length)
        if not n_frames:
            return np.empty(shape)
        values = np.ascontiguousarray(values)
        tick = values.itemsize
        strides = (*values.strides[:-1], self._hop * tick, tick)
        framed = np.ndarray(shape, values.dtype, values, skip * tick, strides)
        framed.flags.writeable = False
        return framed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """A run of ticks to decide on, the core, with what lies around it.

    Attributes
    ----------
    first_tick
        Tick of the first value.
    values
        Shape (..., n): core and surroundings.
    core
        The part to decide on; every tick of a segment is in exactly one core.
    """

    first_tick: int
    values: FloatArray
    core: slice


class ContextWindow:
    """Gives every tick once, with `before` ticks of past and `after` ticks of future around it.

    Only at the ends of a segment there is less: what is missing there does not exist.
    """

    def __init__(self, before: int, after: int) -> None:
        self._before = before
        self._after = after
        self.state = Buffer()

    def start_segment(self) -> None:
        """Forget the segment heard so far."""
        self.state = Buffer()

    def push(self, first_tick: int, values: FloatArray) -> Block:
        """Take the next values; the core holds those whose future is now known."""
        return self._next(first_tick, values, self._after)

    def finish(self) -> Block:
        """Return the rest of the segment, whose future will never be known."""
        return self._next(self.state.first_tick, self.state.values[..., :0], 0)

    def _next(self, first_tick: int, values: FloatArray, after: int) -> Block:
        held = self.state
        done_tick = first_tick
        if _goes_on(held, first_tick, values):
            first_tick, done_tick = held.first_tick, held.done_tick
            values = np.concatenate([held.values, values], axis=-1)
        end_tick = max(done_tick, first_tick + values.shape[-1] - after)
        keep = max(0, end_tick - self._before - first_tick)
        self.state = Buffer(
            first_tick=first_tick + keep, values=values[..., keep:].copy(), done_tick=end_tick
        )
        core = slice(done_tick - first_tick, end_tick - first_tick)
        return Block(first_tick=first_tick, values=values, core=core)
