"""Puts the packets of one collar back into the order in which they were recorded."""

from bisect import insort
from dataclasses import dataclass, field

from ingest.packets.packet import Packet


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorderSettings:
    """How long to wait for a missing packet, in sample time.

    Attributes
    ----------
    horizon_s
        A hole is given up once the newest packet is this much later than the first one held.
    settle_s
        So long a new stream is held, since nobody knows which packet is its first.
    most_samples
        Bound on what is held: 30 s at 400 Hz are 12,000 samples, and 16,384 are 400 kB.
    restart_batches
        A number so far back is no late packet but a collar that counts anew.
    remembered
        How many holes, and how many former boots, are remembered to tell late from repeated.
    most_missing
        A hole of more batches counts as so many: a month at three a second, a judgement. A collar
        may name any number, and the sum must stay one that can be stored.
    """

    horizon_s: float = 30.0
    settle_s: float = 3.0
    most_samples: int = 16_384
    restart_batches: int = 1000
    remembered: int = 64
    most_missing: int = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A packet in its turn.

    Attributes
    ----------
    packet, arrival_s
        What came, and when.
    broken
        True if packets before it are missing, or the count began anew.
    """

    packet: Packet
    arrival_s: float
    broken: bool = False


@dataclass(slots=True, kw_only=True)
class ReorderState:
    """What must survive a restart: the stream so far and the packets still held.

    `latest_ms` is the time of the packet released last; `missing` are half-open ranges.
    """

    boot: str | None = None
    next_seq: int | None = None
    latest_ms: float = 0.0
    broken: bool = False
    held: list[Ordered] = field(default_factory=list)
    missing: list[tuple[int, int]] = field(default_factory=list)
    former_boots: list[str] = field(default_factory=list)


class Reorderer:
    """Releases packets by (boot, seq); depends on the packets alone, never on a clock.

    A number smaller than expected is a repeat, or late if it lies in a hole that was given up.
    Neither is released; both are counted under ``"repeat"`` and ``"late"``.
    """

    def __init__(self, settings: ReorderSettings, counts: dict[str, int]) -> None:
        self.settings = settings
        self.counts = counts
        self.state = ReorderState()

    def push(self, packet: Packet, arrival_s: float) -> list[Ordered]:
        """Take the next packet from the air and return those whose turn it is."""
        if packet.boot != self.state.boot:
            if self._is_of_former_boot(packet):
                self._count("late")
                return []
            released = self._start(packet)
        elif self._has_restarted(packet):
            self._count("restart")
            released = self._start(packet)
            self.state.broken = True
        else:
            released = []
        if self._is_expected(packet):
            self._hold(Ordered(packet=packet, arrival_s=arrival_s))
            released += self._release()
        return released

    def finish(self) -> list[Ordered]:
        """Give up all holes and return what is held."""
        state, released = self.state, []
        while state.held:
            released += self._release_first()
        return released

    def _start(self, packet: Packet) -> list[Ordered]:
        released, state = self.finish(), self.state
        if state.boot is not None and state.boot != packet.boot:
            state.former_boots = [*state.former_boots, state.boot][-self.settings.remembered :]
        state.boot, state.latest_ms, state.broken = packet.boot, packet.t_ms, False
        state.next_seq, state.missing = None, []
        # Number 0 after a start is the first: nothing to wait for.
        if packet.seq == 0 or packet.index == 0:
            state.next_seq = packet.seq
        return released

    def _is_of_former_boot(self, packet: Packet) -> bool:
        # Boot words may be used again, after days: told by a time beyond all that was seen.
        is_newer = packet.clock == "utc" and packet.t_ms > self.state.latest_ms
        return packet.boot in self.state.former_boots and not is_newer

    def _has_restarted(self, packet: Packet) -> bool:
        expected = self.state.next_seq
        if expected is None or packet.stored:
            return False
        is_far_back = expected - packet.seq > self.settings.restart_batches
        return is_far_back and (packet.clock == "uptime" or packet.t_ms > self.state.latest_ms)

    def _is_expected(self, packet: Packet) -> bool:
        state, seq = self.state, packet.seq
        if state.next_seq is not None and seq < state.next_seq:
            is_missing = any(first <= seq < after for first, after in state.missing)
            self._count("late" if is_missing else "repeat")
            return False
        if any(each.packet.seq == seq for each in state.held):
            self._count("repeat")
            return False
        return True

    def _hold(self, ordered: Ordered) -> None:
        insort(self.state.held, ordered, key=lambda each: each.packet.seq)

    def _release(self) -> list[Ordered]:
        state, released = self.state, []
        if state.next_seq is None and self._has_settled():
            state.next_seq = state.held[0].packet.seq
            # Whatever was sent before the first one known would be late, not a repeat.
            state.missing = [(0, state.next_seq)]
        while state.held and state.next_seq is not None:
            if state.held[0].packet.seq != state.next_seq and not self._is_hopeless():
                break
            released += self._release_first()
        return released

    def _has_settled(self) -> bool:
        held = self.state.held
        if held[0].packet.seq == 0 or held[0].packet.index == 0:
            return True
        earliest_ms = min(each.packet.t_ms for each in held)
        return self._waited_s(earliest_ms) >= self.settings.settle_s or self._is_full()

    def _is_hopeless(self) -> bool:
        waited_s = self._waited_s(self.state.held[0].packet.t_ms)
        return waited_s > self.settings.horizon_s or self._is_full()

    def _waited_s(self, since_ms: float) -> float:
        # By the packets held alone: one wrong time, once released, is forgotten.
        return (max(each.packet.t_ms for each in self.state.held) - since_ms) / 1000.0

    def _is_full(self) -> bool:
        n_held = sum(each.packet.n_samples for each in self.state.held)
        return n_held > self.settings.most_samples

    def _release_first(self) -> list[Ordered]:
        state = self.state
        first = state.held.pop(0)
        seq = first.packet.seq
        is_hole = state.next_seq is not None and seq > state.next_seq
        if state.next_seq is not None and is_hole:
            holes = [*state.missing, (state.next_seq, seq)]
            state.missing = holes[-self.settings.remembered :]
            self._count("missing", min(seq - state.next_seq, self.settings.most_missing))
        broken, state.broken = state.broken or is_hole, False
        state.next_seq, state.latest_ms = seq + 1, first.packet.t_ms
        return [Ordered(packet=first.packet, arrival_s=first.arrival_s, broken=broken)]

    def _count(self, cause: str, number: int = 1) -> None:
        self.counts[cause] = self.counts.get(cause, 0) + number
