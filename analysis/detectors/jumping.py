"""Jumping: a push, a light moment, a landing, and nothing like it around."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.detectors.base import DetectorContext, MotionSpec, Stateful
from analysis.features.jump.candidates import AFTER_S, BEFORE_S, Floors, IntArray, places, unit_of
from analysis.features.jump.features import NAMES, SMALLEST_SENSOR_G, Moments, moments
from analysis.features.jump.model import learned, probabilities
from analysis.model import Event, FloatArray, Motion
from analysis.model.kinds import AlertKind
from analysis.signal.framing import Block, ContextWindow
from analysis.units import seconds, ticks

_BEFORE_COLUMN, _AFTER_COLUMN = NAMES.index("ln_calm_before"), NAMES.index("ln_calm_after")
_TOGETHER = 256
"""Moments that are looked at together, so that an hour of gallop does not fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpingSettings:
    """What counts as a jump.

    Attributes
    ----------
    light_below_g, push_from_g, landing_from_g
        A moment this light (mean over 0.2 s of a dog of 0.52 m), after and before peaks this high,
        is looked at; all others are no jumps. Wider than the six motion-captured jumps (0.59 g
        over 0.3 s, 2.7 g, 3.6 g) and than what is derived for a jump onto a couch (1.3 g).
    probable_from
        Probability of a jump of any kind from which it is told: with medium confidence, or with low
        if it is likelier one that lands softly, as onto a couch.
    probable_amid_strides_from
        The same where the dog was galloping: of 190,000 strides of simulated gallops 12 had 0.6 or
        more, 11 of them amid strides this strong; the highest of all that were tried had 0.94.
    strides_from_g
        Spread of the magnitude from 1.2 to 0.4 s before the push, from which on that is so.
    sure_from
        Probability of a jump that lands hard from which it is told with high confidence.
    still_below_g
        A collar that moves less than this, from 0.35 s after the landing on, was dropped:
        a dog that has just landed breathes harder than that (a judgement).
    apart_s
        Of moments closer than this only the first is told.
    coarse_below_hz, coarse_share
        A source slower than this misses the top of a push or landing (a tenth of a second is two
        or three samples at 25 Hz); peaks are raised by this share for it. A low-pass at
        10 Hz keeps 84-94 % of the landing peaks of motion-captured jumps.
    """

    light_below_g: float = 0.85
    push_from_g: float = 1.8
    landing_from_g: float = 1.3
    probable_from: float = 0.8
    probable_amid_strides_from: float = 0.95
    strides_from_g: float = 0.6
    sure_from: float = 0.95
    still_below_g: float = 0.006
    apart_s: float = 1.0
    coarse_below_hz: float = 40.0
    coarse_share: float = 0.85

    def floors(self) -> Floors:
        """Return what a moment needs at least."""
        return Floors(
            light_below_g=self.light_below_g,
            push_from_g=self.push_from_g,
            landing_from_g=self.landing_from_g,
        )

    def peak_share(self, source_hz: float) -> float:
        """Return what a source of this rate leaves of a peak."""
        return self.coarse_share if source_hz < self.coarse_below_hz else 1.0


@dataclass(slots=True)
class Source:
    """What the detector knows of the segment.

    Attributes
    ----------
    source_hz
        Rate of its samples.
    told_tick
        Where the last jump that was told began; -1 for none.
    """

    source_hz: float = 50.0
    told_tick: int = -1


class JumpingDetector:
    """Reports jumps.

    Notes
    -----
    A collar is not in free fall during a jump: the neck moves on the trunk, and the magnitude
    averages 0.4-0.7 g. A rule that waits for free fall (below 0.4 g for 0.2 s) finds one of six
    motion-captured jumps, and running dips below 0.4 g forty times a minute. So every light moment
    between a push and a landing is weighed as a whole by a small model, which was trained on
    simulated dogs and on half of the runs and walks of two real dogs, none of which holds a jump;
    `docs/decisions/0015-jump-model.md` says how well it does.
    A careful step down from a low couch has no light moment and is not seen.
    """

    def __init__(self, settings: JumpingSettings, context: DetectorContext) -> None:
        self._settings = settings
        self._floors = settings.floors()
        self._unit = unit_of(context.withers_m)
        self._weights = learned()
        self._around = ContextWindow(ticks(BEFORE_S), ticks(AFTER_S))
        self.state = Source()

    def parts(self) -> Mapping[str, Stateful]:
        """Return everything in it that has a state."""
        return {"around": self._around, "source": self}

    def start_segment(self) -> None:
        """Forget the signal heard so far."""
        self._around.start_segment()
        self.state.told_tick = -1

    def update(self, heard: Motion, /) -> list[Event]:
        """Return the jumps that can be told now."""
        if not heard.fine or not heard.n_ticks:
            return []
        self.state.source_hz = heard.source_hz
        return self._jumps(self._around.push(heard.first_tick, rows_of(heard)))

    def finish(self) -> list[Event]:
        """Return the jumps among the last ticks of the segment."""
        return self._jumps(self._around.finish()) if self._around.state.values.size else []

    def _jumps(self, block: Block) -> list[Event]:
        at = places(block.values[0], self._unit, self._floors)
        at = at[(at >= block.core.start) & (at < block.core.stop)]
        found: list[Event] = []
        for first in range(0, len(at), _TOGETHER):
            found += self._likely(block, at[first : first + _TOGETHER])
        return found

    def _likely(self, block: Block, at: IntArray) -> list[Event]:
        """Return the moments that are likely a jump, and not one with the jump told before."""
        settings = self._settings
        share = settings.peak_share(self.state.source_hz)
        known = moments(block.values, at, self._unit, peak_share=share)
        _, jump, onto = probabilities(known.table, self._weights).T
        galloped = known.table[:, _BEFORE_COLUMN] > np.log(settings.strides_from_g)
        is_told = jump + onto >= np.where(
            galloped, settings.probable_amid_strides_from, settings.probable_from
        )
        is_told &= known.table[:, _AFTER_COLUMN] >= np.log(settings.still_below_g)
        events = []
        for each in np.flatnonzero(is_told).tolist():
            tick = block.first_tick + int(at[each])
            if self.state.told_tick < 0 or tick - self.state.told_tick >= ticks(settings.apart_s):
                self.state.told_tick = tick
                events.append(self._event(tick, known, each, jump, onto))
        return events

    def _event(
        self, tick: int, known: Moments, each: int, jump: FloatArray, onto: FloatArray
    ) -> Event:
        landing_g = float(known.landing_g[each])
        evidence = {
            "landing_g": landing_g,
            "push_g": float(known.push_g[each]),
            "low_mean_g": float(known.light_g[each]),
            "probability": float(jump[each] + onto[each]),
        }
        is_onto = bool(onto[each] > jump[each])
        if is_onto:
            evidence["onto"] = 1.0
        # What a small sensor cut off may have been anything.
        is_cut = bool(known.clipped[each]) and landing_g < SMALLEST_SENSOR_G
        sure = "high" if jump[each] >= self._settings.sure_from else "medium"
        return Event(
            kind="jump",
            start_s=seconds(tick),
            end_s=seconds(tick + int(known.end[each]) + 1),
            confidence="low" if is_onto or is_cut else sure,
            evidence=evidence,
        )


def rows_of(heard: Motion) -> FloatArray:
    """Return what a jump is told by: magnitude, clipping and acceleration, shape (5, n)."""
    return np.vstack([heard.magnitude_g, heard.clipped, heard.acceleration_g])


KIND = AlertKind(
    name="jumping",
    is_momentary=True,
    has_end=False,
    title=("{dog} jumped",),
    about="jumping",
    seen=(
        "{onto:known}{dog} jumped up onto something{count:times}.",
        (
            "{dog} jumped{count:times}; the landing reached {landing_g:one} times gravity at "
            "the collar."
        ),
        "{dog} jumped{count:times}.",
    ),
    advice=("Lift {dog} up and down, or block the way, so that it does not happen again.",),
    usual=("The plan allows no jumps in this phase.",),
    certainty=(
        "{onto:known}How sure: not very. A soft landing looks much like climbing or rearing up.",
        (
            "How sure: quite. A push, a light moment and a landing came in a row; a hard bump "
            "can look like that."
        ),
    ),
    limit="A collar cannot see where {dog} landed, or whether it hurt.",
)

SPEC = MotionSpec(
    name="jumping",
    emits=("jump",),
    settings=JumpingSettings,
    build=JumpingDetector,
    kinds=(KIND,),
)
