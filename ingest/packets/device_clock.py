"""The collar's clock against ours: when a batch was recorded."""

from dataclasses import dataclass, field

from ingest.packets.packet import Packet


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceClockSettings:
    """How far a collar's clock is trusted.

    Attributes
    ----------
    believed_s
        A Unix time from the collar may differ so much from the arrival.
    most_drift
        Largest drift of a quartz, as a share: 500 ppm.
    steady_s
        Before so much has been heard, the drift is taken as none.
    most_points
        Bound on the hull; its size grows with the logarithm of the packets, about 20.
    """

    believed_s: float = 600.0
    most_drift: float = 500e-6
    steady_s: float = 600.0
    most_points: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """When a batch began.

    `start_s` is Unix time; `device_s` is what the collar's own clock said, in seconds from any
    start, good for differences only.
    """

    start_s: float
    device_s: float


@dataclass(slots=True, kw_only=True)
class DeviceClockState:
    """The lower hull of (device, arrival) since the collar started, and the last time believed."""

    boot: str | None = None
    device_s: list[float] = field(default_factory=list)
    arrival_s: list[float] = field(default_factory=list)
    first_s: float = 0.0
    latest_s: float = 0.0
    believed_end_s: float | None = None


class DeviceClock:
    """Dates the packets of one collar, which come in the order of recording.

    Notes
    -----
    Delay only ever adds: every point (device time, arrival) lies above the true line, and the
    fastest packets lie on it. So the line is an edge of the lower convex hull: packets that were
    kept back for hours do not move it, which wrecks a least-squares line (docs/decisions/0007).
    The edge is the longest one with a possible drift; over a line from a short one, noise of a
    few ms would be stretched to seconds.
    """

    def __init__(self, settings: DeviceClockSettings, counts: dict[str, int]) -> None:
        self.settings = settings
        self.counts = counts
        self.state = DeviceClockState()

    def date(self, packet: Packet, arrival_s: float) -> Dated:
        """Return when the batch began."""
        state = self.state
        if packet.boot != state.boot:
            self.state = state = DeviceClockState(boot=packet.boot)
        device_s = packet.t_ms / 1000.0
        if packet.clock == "utc" and self._is_believed(packet, device_s, arrival_s):
            state.believed_end_s = device_s + packet.duration_s
            return Dated(start_s=device_s, device_s=device_s)
        if packet.clock == "utc":
            self.counts["dated_by_arrival"] = self.counts.get("dated_by_arrival", 0) + 1
        # A batch leaves when its last sample is in, so that moment is what arrival is held to.
        self.add(device_s + packet.duration_s, arrival_s)
        return Dated(start_s=self.unix_s(device_s), device_s=device_s)

    def add(self, device_s: float, arrival_s: float) -> None:
        """Take one pair of the collar's time and the time of arrival, both in seconds."""
        state = self.state
        if state.device_s and device_s <= state.latest_s:
            # A clock that stands still or jumps back has told nothing about the time so far.
            state.device_s, state.arrival_s = [], []
        if not state.device_s:
            state.first_s = device_s
        state.latest_s = device_s
        xs, ys = state.device_s, state.arrival_s
        while len(xs) >= 2 and _is_left_turn_missing(xs, ys, device_s, arrival_s):
            xs.pop()
            ys.pop()
        xs.append(device_s)
        ys.append(arrival_s)
        if len(xs) > self.settings.most_points:
            xs.pop(0)
            ys.pop(0)

    def unix_s(self, device_s: float) -> float:
        """Return the Unix time at which the collar's clock showed `device_s`; needs one pair."""
        xs, ys = self.state.device_s, self.state.arrival_s
        slope = self._slope()
        # The hull has a few points, and the line must lie below them all.
        return min(y + slope * (device_s - x) for x, y in zip(xs, ys, strict=True))

    def _slope(self) -> float:
        state, settings = self.state, self.settings
        slope, longest_s = 1.0, 0.0
        if state.latest_s - state.first_s < settings.steady_s:
            return slope
        xs, ys = state.device_s, state.arrival_s
        for i in range(len(xs) - 1):
            edge_s = xs[i + 1] - xs[i]
            drift = (ys[i + 1] - ys[i]) / edge_s - 1.0
            if edge_s > longest_s and abs(drift) <= settings.most_drift:
                slope, longest_s = 1.0 + drift, edge_s
        return slope

    def _is_believed(self, packet: Packet, device_s: float, arrival_s: float) -> bool:
        late_s = arrival_s - device_s
        if abs(late_s) <= self.settings.believed_s:
            return True
        if late_s < 0:
            return False
        # A clock that was right stays right: an older time that goes on from there was kept
        # back on the way, by the broker while we were down for instance.
        end_s = self.state.believed_end_s
        return packet.stored or (end_s is not None and device_s >= end_s - 1.0)


def _is_left_turn_missing(xs: list[float], ys: list[float], x: float, y: float) -> bool:
    ax, ay = xs[-1] - xs[-2], ys[-1] - ys[-2]
    bx, by = x - xs[-2], y - ys[-2]
    return ax * by - ay * bx <= 0.0
