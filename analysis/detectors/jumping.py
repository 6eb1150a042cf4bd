"""Jumping: a push, a light moment, a landing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.detectors.base import SignalSpec, Stateful
from analysis.model import Event, FloatArray, Signal
from analysis.signal.exact import moving_mean
from analysis.signal.framing import Block, Surroundings
from analysis.units import seconds, ticks

_REFERENCE_WITHERS_M = 0.52
_AROUND_S = 2.3
_SMALLEST_SENSOR_G = 3.4


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpingSettings:
    """What counts as a jump.

    Attributes
    ----------
    light_s, light_shortest_s
        Length of the light moment for a dog of 0.52 m at the withers, scaled by the root of the
        height, and never shorter than the second.
    light_below_g
        Mean magnitude over that moment.
    push_from_g, push_within_s
        Highest magnitude shortly before it.
    landing_from_g, landing_within_s
        Highest magnitude shortly after it.
    landing_shortest_s
        The landing stays above half its height for so long; a knock on the tag does not.
    rhythm_below_g, rhythm_from_s, rhythm_until_s, rhythm_dips
        So many other dips of the mean magnitude at these distances are a gallop.
    equal_share, equal_peaks
        So many other peaks in the surroundings that reach this share of the landing are running:
        a landing stands out, a stride does not.
    apart_s
        Jumps closer than this are one.
    coarse_below_hz, coarse_share
        A source slower than this misses the top of a push or landing (a tenth of a second is two
        or three samples at 25 Hz); both thresholds are lowered to this share for it. A low-pass at
        10 Hz keeps 84-94 % of the landing peaks of motion-captured jumps.
    sure_landing_g, sure_light_g
        A harder landing after a lighter moment is reported with high confidence.
    """

    light_s: float = 0.28
    light_shortest_s: float = 0.16
    light_below_g: float = 0.75
    push_from_g: float = 2.5
    push_within_s: float = 0.45
    landing_from_g: float = 3.2
    landing_within_s: float = 0.40
    landing_shortest_s: float = 0.06
    rhythm_below_g: float = 0.85
    rhythm_from_s: float = 0.25
    rhythm_until_s: float = 1.15
    rhythm_dips: int = 2
    equal_share: float = 0.8
    equal_peaks: int = 2
    apart_s: float = 1.0
    coarse_below_hz: float = 40.0
    coarse_share: float = 0.85
    sure_landing_g: float = 4.0
    sure_light_g: float = 0.65


@dataclass(slots=True)
class LastJump:
    """When the last jump was told, far in the past before the first; and how fine the source is."""

    start_s: float = -1e18
    is_coarse: bool = False


class JumpingDetector:
    """Reports jumps.

    Notes
    -----
    A collar is not in free fall during a jump: the neck moves on the trunk, and the magnitude
    averages 0.4-0.7 g. A rule that waits for free fall (below 0.4 g for 0.2 s) finds one of six
    motion-captured jumps, and running dips below 0.4 g forty times a minute. So the mean over
    0.28 s must be low, with a push before and a landing after. On those six jumps the rule found
    all, with two false ones in 27 minutes of other movement; six jumps of one dog are few.
    A careful step down from a low couch has no light moment and is not seen.
    """

    def __init__(self, settings: JumpingSettings, withers_m: float) -> None:
        self._fine_settings = settings
        self._coarse_settings = replace(
            settings,
            push_from_g=settings.push_from_g * settings.coarse_share,
            landing_from_g=settings.landing_from_g * settings.coarse_share,
            sure_landing_g=settings.sure_landing_g * settings.coarse_share,
        )
        scale = (withers_m / _REFERENCE_WITHERS_M) ** 0.5
        self._light = ticks(max(settings.light_shortest_s, settings.light_s * scale))
        self._around = Surroundings(ticks(_AROUND_S), ticks(_AROUND_S))
        self.state = LastJump()

    def parts(self) -> Mapping[str, Stateful]:
        """Return everything in it that has a state."""
        return {"around": self._around, "last": self}

    def start_segment(self) -> None:
        """Forget the signal heard so far."""
        self._around.start_segment()

    def update(self, heard: Signal, /) -> list[Event]:
        """Return the jumps that can be told now."""
        if not heard.fine or not heard.n_ticks:
            return []
        self.state.is_coarse = heard.source_hz < self._fine_settings.coarse_below_hz
        rows = np.vstack([heard.magnitude_g, heard.clipped])
        return self._jumps(self._around.push(heard.first_tick, rows))

    def finish(self) -> list[Event]:
        """Return the jumps among the last ticks of the segment."""
        return self._jumps(self._around.finish()) if self._around.state.values.size else []

    def _jumps(self, block: Block) -> list[Event]:
        settings = self._coarse_settings if self.state.is_coarse else self._fine_settings
        if block.values[0].max(initial=0.0) < settings.landing_from_g:
            return []
        mean_g = moving_mean(block.values[0], self._light)
        in_core = mean_g[block.core]
        if not len(in_core) or in_core.min() > settings.light_below_g:
            return []
        found = []
        for tick in np.flatnonzero(in_core <= settings.light_below_g) + block.core.start:
            jump = find_jump(block, mean_g, int(tick), self._light, settings)
            if jump is not None and jump.start_s - self.state.start_s >= settings.apart_s:
                self.state.start_s = jump.start_s
                found.append(jump)
        return found


def find_jump(
    block: Block, mean_g: FloatArray, light: int, width: int, settings: JumpingSettings
) -> Event | None:
    """Return the jump whose lightest moment begins at a place of the block, if there is one.

    Parameters
    ----------
    block
        Magnitude (g) and clipping, shape (2, n), with what lies around.
    mean_g
        Mean magnitude of every `width` ticks.
    light
        Place at which the light moment begins.
    """
    if not _is_lowest(mean_g, light, ticks(settings.rhythm_from_s)):
        return None
    magnitude_g = block.values[0]
    before = slice(max(0, light - ticks(settings.push_within_s)), light)
    after = slice(light + width, light + width + ticks(settings.landing_within_s))
    push_g = float(magnitude_g[before].max(initial=0.0))
    landing_g = float(magnitude_g[after].max(initial=0.0))
    if push_g < settings.push_from_g or landing_g < settings.landing_from_g:
        return None
    landing = after.start + int(np.argmax(magnitude_g[after]))
    if _width_at_half(magnitude_g, landing) < ticks(settings.landing_shortest_s):
        return None
    if _is_rhythm(magnitude_g, mean_g, (light, landing), settings):
        return None
    clipped = bool(block.values[1, before.start : after.stop].any())
    low_mean_g = float(mean_g[light])
    return Event(
        kind="jump",
        start_s=seconds(block.first_tick + light),
        end_s=seconds(block.first_tick + landing + 1),
        confidence=_confidence(landing_g, low_mean_g, settings, clipped=clipped),
        evidence={"landing_g": landing_g, "push_g": push_g, "low_mean_g": low_mean_g},
    )


def _is_lowest(mean_g: FloatArray, place: int, reach: int) -> bool:
    """Return whether a place is the first lowest one within reach."""
    near = mean_g[max(0, place - reach) : place + reach + 1]
    return bool(max(0, place - reach) + int(np.argmin(near)) == place)


def _width_at_half(magnitude_g: FloatArray, peak: int) -> int:
    """Return how many ticks around a peak stay above half its height."""
    low = magnitude_g < magnitude_g[peak] / 2.0
    before = np.flatnonzero(low[:peak])
    after = np.flatnonzero(low[peak:])
    first = int(before[-1]) + 1 if len(before) else 0
    end = peak + int(after[0]) if len(after) else len(magnitude_g)
    return end - first


def _is_rhythm(
    magnitude_g: FloatArray, mean_g: FloatArray, at: tuple[int, int], settings: JumpingSettings
) -> bool:
    """Return whether the light moment and the landing repeat, as they do in a gallop."""
    light, landing = at
    if _other_dips(mean_g, light, settings) >= settings.rhythm_dips:
        return True
    push = light - ticks(settings.push_within_s)
    after = landing + ticks(settings.landing_within_s)
    reach = ticks(settings.rhythm_until_s)
    around = [magnitude_g[max(0, push - reach) : max(0, push)], magnitude_g[after : after + reach]]
    level_g = settings.equal_share * magnitude_g[landing]
    return sum(_peaks_above(each, level_g) for each in around) >= settings.equal_peaks


def _peaks_above(magnitude_g: FloatArray, level_g: float) -> int:
    """Return how often the magnitude rises above a level."""
    above = magnitude_g >= level_g
    return int(np.count_nonzero(above[1:] & ~above[:-1])) + int(above[:1].any())


def _other_dips(mean_g: FloatArray, light: int, settings: JumpingSettings) -> int:
    """Return how many other dips lie at the distances of a gallop's rhythm."""
    reach = ticks(settings.rhythm_from_s) // 2
    nearest, farthest = ticks(settings.rhythm_from_s), ticks(settings.rhythm_until_s)
    low = np.flatnonzero(mean_g < settings.rhythm_below_g)
    distance = np.abs(low - light)
    near = low[(distance >= nearest) & (distance <= farthest)]
    return sum(_is_lowest(mean_g, int(place), reach) for place in near)


def _confidence(
    landing_g: float, low_mean_g: float, settings: JumpingSettings, *, clipped: bool
) -> str:
    """Return how sure a jump is; a clipped landing may have been anything above."""
    if clipped and landing_g < _SMALLEST_SENSOR_G:
        return "low"
    sure = landing_g >= settings.sure_landing_g and low_mean_g <= settings.sure_light_g
    return "high" if sure else "medium"


SPEC = SignalSpec(name="jumping", emits=("jump",), settings=JumpingSettings, build=JumpingDetector)
