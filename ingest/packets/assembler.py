"""From packets as they come to gap-free samples on one timeline."""

import math
from dataclasses import dataclass, field

from analysis.model import Gap, StreamItem
from ingest.packets import timeline
from ingest.packets.device_clock import Dated, DeviceClock, DeviceClockSettings, DeviceClockState
from ingest.packets.packet import Packet
from ingest.packets.reorder import Ordered, Reorderer, ReorderSettings, ReorderState
from ingest.packets.timeline import TimelineSettings, TimelineState


@dataclass(frozen=True, slots=True, kw_only=True)
class AssemblerSettings:
    """How the packets of a collar are put together.

    Attributes
    ----------
    most_deviation_s
        A claim further off than this is a gap; a smaller one is followed.
    reorder, clock, timeline
        Settings of the three parts.
    """

    most_deviation_s: float = 0.5
    reorder: ReorderSettings = field(default_factory=ReorderSettings)
    clock: DeviceClockSettings = field(default_factory=DeviceClockSettings)
    timeline: TimelineSettings = field(default_factory=TimelineSettings)


@dataclass(slots=True, kw_only=True)
class AssemblerState:
    """All that must survive a restart.

    Attributes
    ----------
    reorder, clock
        States of the two parts before.
    segment
        The segment under way, or none.
    boot, range_g
        What the segment has in common.
    learned_hz
        The rate found so far for collars that announce `learned_for_hz`.
    next_index
        The collar's own number of the next sample, if it counts.
    end_s
        Where the samples handed on end; nothing before it is handed on, unless it was dated far
        ahead by mistake.
    pending_cause
        Why the last segment ended, while nothing follows it yet.
    counts
        Drops and oddities by cause.
    """

    reorder: ReorderState = field(default_factory=ReorderState)
    clock: DeviceClockState = field(default_factory=DeviceClockState)
    segment: TimelineState | None = None
    boot: str = ""
    range_g: float | None = None
    learned_for_hz: float = 0.0
    learned_hz: float = 0.0
    next_index: int | None = None
    end_s: float | None = None
    pending_cause: str = ""
    counts: dict[str, int] = field(default_factory=dict)


class Assembler:
    """Puts the packets of one collar together; the same for any order and cut of the stream.

    Depends on packets and their arrival times alone, so a replay from the journal gives the same.
    """

    def __init__(self, settings: AssemblerSettings | None = None) -> None:
        self.settings = settings or AssemblerSettings()
        self._counts: dict[str, int] = {}
        self._reorderer = Reorderer(self.settings.reorder, self._counts)
        self._clock = DeviceClock(self.settings.clock, self._counts)
        self._own = AssemblerState(counts=self._counts)

    @property
    def state(self) -> AssemblerState:
        """All that must survive a restart; set it to go on from there."""
        self._own.reorder, self._own.clock = self._reorderer.state, self._clock.state
        return self._own

    @state.setter
    def state(self, state: AssemblerState) -> None:
        self._own, self._counts = state, state.counts
        self._reorderer.state, self._reorderer.counts = state.reorder, state.counts
        self._clock.state, self._clock.counts = state.clock, state.counts

    @property
    def counts(self) -> dict[str, int]:
        """Drops and oddities so far, by cause."""
        return dict(self._counts)

    def push(self, packet: Packet, arrival_s: float) -> list[StreamItem]:
        """Take the next packet from the air and return what can be placed now."""
        ordered = self._reorderer.push(packet, arrival_s)
        return [heard for each in ordered for heard in self._place(each)]

    def finish(self) -> list[StreamItem]:
        """Give up waiting for missing packets and return what was held."""
        return [heard for each in self._reorderer.finish() for heard in self._place(each)]

    def _place(self, ordered: Ordered) -> list[StreamItem]:
        state, packet = self._own, ordered.packet
        dated = self._clock.date(packet, ordered.arrival_s)
        self._forget_future(ordered, dated)
        if state.segment is not None:
            cause = self._break_cause(state.segment, ordered, dated)
            if cause:
                self._end_segment(state.segment, cause)
        placed: list[StreamItem] = []
        skipped = 0
        if state.segment is None:
            skipped = self._overlap(packet, dated.start_s)
            if skipped < packet.n_samples:
                placed += self._begin_segment(packet, dated.start_s + skipped / packet.rate_hz)
        if state.segment is None:
            return []
        if not skipped:
            timeline.follow(state.segment, dated.start_s, dated.device_s, self.settings.timeline)
            state.learned_hz = state.segment.line_hz
        placed += timeline.take(state.segment, packet.acceleration_g[skipped:], packet.range_g)
        state.end_s = timeline.end_s(state.segment)
        if packet.index is not None:
            state.next_index = packet.index + packet.n_samples
        else:
            state.next_index = None
        return placed

    def _forget_future(self, ordered: Ordered, dated: Dated) -> None:
        """Go back to a packet's own time, if what was handed on lies in its future.

        The clock that arrivals are taken from was far ahead for a while. Without this, all that
        follows would be left out until that time has come, which may take years.
        """
        state = self._own
        if state.end_s is None or ordered.packet.stored:
            return
        is_far = state.end_s - ordered.arrival_s > self.settings.clock.believed_s
        if is_far and dated.start_s < state.end_s - self.settings.most_deviation_s:
            self._counts["clock_reset"] = self._counts.get("clock_reset", 0) + 1
            state.segment, state.pending_cause, state.end_s = None, "clock", dated.start_s

    def _break_cause(self, segment: TimelineState, ordered: Ordered, dated: Dated) -> str:
        state, packet = self._own, ordered.packet
        if packet.boot != state.boot:
            return "boot"
        if packet.rate_hz != segment.nominal_hz or packet.range_g != state.range_g:
            return "rate"
        lost = self._lost_samples(packet)
        if lost < 0:
            return "boot"
        deviation_s = timeline.deviation_s(segment, dated.start_s)
        if ordered.broken:
            lost = max(lost, math.floor(deviation_s * segment.line_hz + 0.5))
        # A single sample lost is bridged: resampling does no worse to any sample.
        if lost >= 2:
            return "lost"
        return "clock" if abs(deviation_s) > self._tolerance_s(segment) else ""

    def _lost_samples(self, packet: Packet) -> int:
        expected = self._own.next_index
        if expected is None or packet.index is None:
            return 0
        return packet.index - expected

    def _tolerance_s(self, segment: TimelineState) -> float:
        # Until two packets have shown the true rate, long ones may be off by its error.
        share = self.settings.timeline.most_rate_error if len(segment.claims) < 2 else 0.005
        return max(self.settings.most_deviation_s, share * timeline.since_claim_s(segment))

    def _end_segment(self, segment: TimelineState, cause: str) -> None:
        state = self._own
        state.pending_cause = cause
        state.end_s = timeline.end_s(segment)
        state.segment = None

    def _overlap(self, packet: Packet, start_s: float) -> int:
        """Return how many samples claim a time that was already handed on."""
        end_s = self._own.end_s
        if end_s is None or start_s >= end_s:
            return 0
        skipped = min(packet.n_samples, math.ceil((end_s - start_s) * packet.rate_hz))
        self._counts["overlap"] = self._counts.get("overlap", 0) + 1
        return skipped

    def _begin_segment(self, packet: Packet, start_s: float) -> list[StreamItem]:
        state = self._own
        if packet.rate_hz != state.learned_for_hz or packet.boot != state.boot:
            state.learned_for_hz, state.learned_hz = packet.rate_hz, packet.rate_hz
        gap: list[StreamItem] = []
        if state.end_s is not None:
            start_s = max(start_s, state.end_s)
            gap = [Gap(start_s=state.end_s, end_s=start_s, cause=state.pending_cause)]
            name = f"gap_{state.pending_cause}"
            self._counts[name] = self._counts.get(name, 0) + 1
        state.segment = timeline.begin(start_s, packet.rate_hz, state.learned_hz)
        state.boot, state.range_g = packet.boot, packet.range_g
        return gap
