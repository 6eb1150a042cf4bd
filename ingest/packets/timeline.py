"""The timeline of one segment: when each sample was taken, however the stream was cut."""

from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.model import FloatArray, Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineSettings:
    """When and how the timeline follows the times that packets claim.

    Attributes
    ----------
    dead_zone_s
        Claims this close to the timeline change nothing: more than rounding, less than a sample.
    slew_s
        So long it takes to meet the claims again; longer, if they are so far off that the rate
        would have to change by more than an eighth.
    most_rate_error
        The true rate is within this share of the nominal one.
    most_claims
        How many packets the rate is estimated from.
    most_step_s
        A step of the collar's clock by more than this says nothing about its rate.
    """

    dead_zone_s: float = 0.010
    slew_s: float = 4.0
    most_rate_error: float = 0.10
    most_claims: int = 64
    most_step_s: float = 0.1


class Claim(NamedTuple):
    """What a packet says of its first sample: its number in the segment, and when it was."""

    number: int
    start_s: float
    device_s: float


@dataclass(slots=True, kw_only=True)
class TimelineState:
    """A segment so far.

    Sample `number` is due at ``origin_s + index / rate_hz`` on the present stretch; the claims
    are followed along ``line_s + (number - line_number) / line_hz``. The two meet in
    `slew_left` samples, and are one unless a correction is under way. `line_span` is the number of
    samples that `line_hz` was found from.
    """

    nominal_hz: float
    origin_s: float
    rate_hz: float
    line_s: float
    line_hz: float
    index: int = 0
    number: int = 0
    line_number: int = 0
    line_span: int = 0
    slew_left: int = 0
    claims: list[Claim] = field(default_factory=list)


def begin(start_s: float, nominal_hz: float, rate_hz: float) -> TimelineState:
    """Return a new segment that starts at a Unix time, with the rate as far as it is known."""
    return TimelineState(
        nominal_hz=nominal_hz, origin_s=start_s, rate_hz=rate_hz, line_s=start_s, line_hz=rate_hz
    )


def end_s(state: TimelineState) -> float:
    """Return the Unix time at which the next sample is due."""
    return state.origin_s + state.index / state.rate_hz


def deviation_s(state: TimelineState, start_s: float) -> float:
    """Return by how much a claim for the next sample is later than expected."""
    return start_s - (state.line_s + (state.number - state.line_number) / state.line_hz)


def since_claim_s(state: TimelineState) -> float:
    """Return the time since the last claim, by the count of samples."""
    number = state.claims[-1].number if state.claims else 0
    return (state.number - number) / state.line_hz


def follow(
    state: TimelineState, start_s: float, device_s: float, settings: TimelineSettings
) -> None:
    """Take a claim for the next sample, and correct the timeline if it has left the dead zone.

    A correction starts a stretch with a rate that meets the claims `slew_s` later: time never
    jumps. The rate comes from the collar's own clock, which no network delay disturbs.
    """
    if state.claims and _was_clock_set(state, start_s, device_s, settings):
        state.claims = []
    state.claims.append(Claim(state.number, start_s, device_s))
    if len(state.claims) > settings.most_claims:
        state.claims.pop(0)
    if abs(deviation_s(state, start_s)) <= settings.dead_zone_s or len(state.claims) < 2:
        return
    line_s = _expected_s(state.claims)
    if abs(deviation_s(state, line_s)) <= settings.dead_zone_s:
        return  # one packet is off, not the timeline
    state.line_s, state.line_number = line_s, state.number
    state.line_hz = _estimated_hz(state, settings)
    now_s = end_s(state)
    slew_s = max(settings.slew_s, 8.0 * abs(line_s - now_s))
    state.slew_left = max(1, round(slew_s * state.line_hz))
    meeting_s = line_s + state.slew_left / state.line_hz
    _start_stretch(state, now_s, state.slew_left / (meeting_s - now_s))


def take(state: TimelineState, acceleration_g: FloatArray, range_g: float | None) -> list[Samples]:
    """Place the next samples, and return them: in two pieces, if a stretch ends on the way."""
    placed: list[Samples] = []
    while len(acceleration_g):
        n_samples = len(acceleration_g)
        if state.slew_left:
            n_samples = min(n_samples, state.slew_left)
        placed.append(
            Samples(
                origin_s=state.origin_s,
                first_index=state.index,
                rate_hz=state.rate_hz,
                acceleration_g=acceleration_g[:n_samples],
                range_g=range_g,
            )
        )
        acceleration_g = acceleration_g[n_samples:]
        state.index += n_samples
        state.number += n_samples
        if state.slew_left:
            state.slew_left -= n_samples
            if not state.slew_left:
                _start_stretch(state, end_s(state), state.line_hz)
    return placed


def _was_clock_set(
    state: TimelineState, start_s: float, device_s: float, settings: TimelineSettings
) -> bool:
    """Return whether the collar's clock jumped: no rate can be taken across that."""
    last = state.claims[-1]
    device_run_s = device_s - last.device_s
    if abs(device_run_s - (start_s - last.start_s)) > settings.most_step_s:
        return True
    counted_s = (state.number - last.number) / state.line_hz
    tolerance_s = max(settings.most_step_s, 0.005 * counted_s)
    return len(state.claims) >= 3 and abs(device_run_s - counted_s) > tolerance_s


def _start_stretch(state: TimelineState, origin_s: float, rate_hz: float) -> None:
    state.origin_s, state.index, state.rate_hz = origin_s, 0, rate_hz


def _expected_s(claims: list[Claim]) -> float:
    """Return when the newest sample was, by the straight line through all claims."""
    newest = claims[-1]
    slope, mean_s, mean_number = _line(
        [claim.number - newest.number for claim in claims],
        [claim.start_s - newest.start_s for claim in claims],
    )
    return newest.start_s + mean_s - slope * mean_number


def _estimated_hz(state: TimelineState, settings: TimelineSettings) -> float:
    first = state.claims[0]
    span = state.number - first.number
    if 2 * span < state.line_span:
        return state.line_hz  # found from more than is at hand now
    state.line_span = span
    slope, _, _ = _line(
        [claim.number - first.number for claim in state.claims],
        [claim.device_s - first.device_s for claim in state.claims],
    )
    slowest_hz = state.nominal_hz * (1.0 - settings.most_rate_error)
    fastest_hz = state.nominal_hz * (1.0 + settings.most_rate_error)
    return min(max(1.0 / slope, slowest_hz), fastest_hz) if slope > 0 else state.line_hz


def _line(numbers: list[int], times_s: list[float]) -> tuple[float, float, float]:
    """Return slope, mean time and mean number of the least-squares line."""
    mean_number = sum(numbers) / len(numbers)
    mean_s = sum(times_s) / len(times_s)
    spread = sum((number - mean_number) ** 2 for number in numbers)
    products = sum(
        (number - mean_number) * (time_s - mean_s)
        for number, time_s in zip(numbers, times_s, strict=True)
    )
    return products / spread, mean_s, mean_number
