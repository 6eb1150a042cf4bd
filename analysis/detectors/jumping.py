"""Jumping: a push, a light moment and a landing, weighed as impulses."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.detectors.base import DetectorContext, MotionSpec, Stateful
from analysis.features.jump.model import least_strength, probability
from analysis.features.jump.moments import AFTER_S, BEFORE_S, SUPPORT_S, Moments, moments, unit_of
from analysis.model import Event, FloatArray, Motion
from analysis.model.kinds import AlertKind
from analysis.signal.framing import Block, ContextWindow
from analysis.units import seconds, ticks

JUMP, POSSIBLE_JUMP = "jump", "possible_jump"
SMALLEST_SENSOR_G = 3.4
"""A sensor of 2 g an axis reads no more than this in any direction (root three times as much)."""
_BEFORE_S, _AFTER_S = (-1.5, -0.5), (0.5, 1.3)
_SETTLED_S = (0.35, 1.15)
_LEAST_KNOWN_S = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpingSettings:
    """What counts as a jump.

    Attributes
    ----------
    probable_from
        Probability of a jump from which it is told, with medium confidence, or low if it landed
        softly. Of 22 minutes of recorded walking and running the likeliest moment without
        strides around it has 0.77.
    probable_amid_strides_from
        The same where the dog was running: the likeliest stride of recorded runs has 0.94. The
        probability itself does not depend on what was around.
    possible_from
        Probability from which a moment without strides around it is reported as a possible jump:
        a matter for strict rest only. A recorded walk has none, ten minutes of two dogs' runs two.
    landed_from_g
        What follows it must reach this: a dog that lies down or turns over does not land.
    strides_from_g
        Spread of the magnitude from 1.5 to 0.5 s before the light moment or from 0.5 to 1.3 s
        after it, from which on that is so. A recorded walk has 0.4 to 0.6, a run 1.0 to 1.5.
    sure_from
        Probability from which a jump with a hard landing is told with high confidence.
    soft_below_gs
        A landing with less than this above one gravity is soft: of a jump up onto something, or
        one whose end was not heard. A step of a run has 0.2 to 0.4, a clear landing 0.4 to 0.7.
    still_below_g
        A collar that moves less than this, from 0.35 s after the landing on, was dropped if
        nobody pushed either: a dog that has just landed breathes harder than that (a judgement).
    pushed_from_gs
        What counts as a push there; the least of a clear jump that was heard whole is 0.13.
    apart_s
        Of moments closer than this only the first is told.
    """

    probable_from: float = 0.8
    probable_amid_strides_from: float = 0.95
    possible_from: float = 0.5
    landed_from_g: float = 1.1
    strides_from_g: float = 0.6
    sure_from: float = 0.95
    soft_below_gs: float = 0.2
    still_below_g: float = 0.006
    pushed_from_gs: float = 0.12
    apart_s: float = 1.0


@dataclass(slots=True)
class LastJump:
    """Where the last jump, and the last possible one, began, in ticks; -1 for none."""

    told_tick: int = -1
    possible_tick: int = -1


class JumpingDetector:
    """Reports jumps.

    Notes
    -----
    A collar is not in free fall during a jump: the neck moves on the trunk, and the magnitude
    averages 0.4-0.7 g. A rule that waits for free fall (below 0.4 g for 0.2 s) finds one of six
    motion-captured jumps, and running dips below 0.4 g forty times a minute. What tells a jump
    from a stride is how much push, lightness and landing there was in all, not how high a peak:
    `docs/decisions/0024-jump-rule.md` says how well that does.
    What is as likely as not is a ``possible_jump``, of which only strict rest takes notice.
    A careful step down from a low couch has no light moment and is not seen, and a small hop is no
    lighter than a stride.
    """

    def __init__(self, settings: JumpingSettings, context: DetectorContext) -> None:
        self._settings = settings
        self._unit = unit_of(context.withers_m)
        self._least_gs = least_strength(
            min(
                settings.possible_from,
                settings.probable_from,
                settings.probable_amid_strides_from,
            )
        )
        self._around = ContextWindow(ticks(BEFORE_S), ticks(AFTER_S))
        self.state = LastJump()

    def parts(self) -> Mapping[str, Stateful]:
        """Return everything in it that has a state."""
        return {"around": self._around, "source": self}

    def start_segment(self) -> None:
        """Forget the signal heard so far."""
        self._around.start_segment()
        self.state.told_tick = self.state.possible_tick = -1

    def update(self, motion: Motion, /) -> list[Event]:
        """Return the jumps that can be told now."""
        if not motion.fine or not motion.n_ticks:
            return []
        rows = np.vstack([motion.magnitude_g, motion.clipped])
        return self._jumps(self._around.push(motion.first_tick, rows))

    def finish(self) -> list[Event]:
        """Return the jumps among the last ticks of the segment."""
        return self._jumps(self._around.finish()) if self._around.state.values.size else []

    def _jumps(self, block: Block) -> list[Event]:
        """Return the moments that are told, and not one with the jump told before."""
        found = moments(block.values[0], self._unit, least_gs=self._least_gs)
        likely = probability(found.strength_gs)
        told: list[Event] = []
        for each, at in enumerate(found.at.tolist()):
            if not block.core.start <= at < block.core.stop:
                continue
            event = self._event(block, found, each, float(likely[each]))
            if event is not None and self._is_apart(event, block.first_tick + at):
                told.append(event)
        return told

    def _is_apart(self, event: Event, tick: int) -> bool:
        """Note an event and return whether it stands alone; a possible one never hides a jump."""
        state, near = self.state, ticks(self._settings.apart_s)
        if state.told_tick >= 0 and tick - state.told_tick < near:
            return False
        if event.kind == JUMP:
            state.told_tick = tick
            return True
        is_again = state.possible_tick >= 0 and tick - state.possible_tick < near
        state.possible_tick = tick
        return not is_again

    def _event(self, block: Block, found: Moments, each: int, likely: float) -> Event | None:
        """Return a moment as a jump, if it is likely enough for what the dog did."""
        settings, (magnitude_g, clipped) = self._settings, block.values
        at = int(found.at[each])
        end = at + int(found.width[each])
        support = ticks(SUPPORT_S * self._unit)
        landed = slice(end, end + support)
        landing = end + int(np.argmax(magnitude_g[landed])) if end < len(magnitude_g) else end - 1
        kind = self._kind(magnitude_g, at, end, likely)
        if kind is None:
            return None
        is_pushed = float(found.push_gs[each]) >= settings.pushed_from_gs
        if not is_pushed and self._is_still(magnitude_g, at, landing):
            return None
        landing_g = float(magnitude_g[landed].max(initial=0.0))
        if kind == POSSIBLE_JUMP and landing_g < self._settings.landed_from_g:
            return None
        evidence = {
            "landing_g": landing_g,
            "push_g": float(magnitude_g[max(0, at - support) : at].max(initial=0.0)),
            "low_mean_g": float(magnitude_g[at:end].mean()),
            "probability": likely,
        }
        is_soft = float(found.landing_gs[each]) < settings.soft_below_gs
        if is_soft:
            evidence["onto"] = 1.0
        # What a small sensor cut off may have been anything.
        is_cut = bool(clipped[landed].any()) and landing_g < SMALLEST_SENSOR_G
        sure = "high" if likely >= settings.sure_from else "medium"
        return Event(
            kind=kind,
            start_s=seconds(block.first_tick + at),
            end_s=seconds(block.first_tick + landing + 1),
            confidence="low" if is_soft or is_cut or kind == POSSIBLE_JUMP else sure,
            evidence=evidence,
        )

    def _kind(self, magnitude_g: FloatArray, at: int, end: int, likely: float) -> str | None:
        """Return what a moment is: amid the strides of a run it must be likelier."""
        settings = self._settings
        horizon = at + ticks(AFTER_S)
        before = self._spread(magnitude_g, at, _BEFORE_S, at)
        after = self._spread(magnitude_g, end, _AFTER_S, horizon)
        is_running = max(before or 0.0, after or 0.0) >= settings.strides_from_g
        asked = settings.probable_amid_strides_from if is_running else settings.probable_from
        if likely >= asked:
            return JUMP
        return POSSIBLE_JUMP if likely >= settings.possible_from and not is_running else None

    def _is_still(self, magnitude_g: FloatArray, at: int, landing: int) -> bool:
        """Return whether the collar lies perfectly still after the landing."""
        after_g = self._spread(magnitude_g, landing, _SETTLED_S, at + ticks(AFTER_S))
        return after_g is not None and after_g < self._settings.still_below_g

    def _spread(
        self, magnitude_g: FloatArray, place: int, between_s: tuple[float, float], horizon: int
    ) -> float | None:
        """Return the standard deviation of a part of the signal, None if hardly any is known."""
        first, last = (place + ticks(each * self._unit) for each in between_s)
        part_g = magnitude_g[max(0, first) : max(0, min(last, horizon))]
        if len(part_g) < ticks(_LEAST_KNOWN_S):
            return None
        mean_g = float(part_g.sum()) / len(part_g)
        square_g2 = float((part_g * part_g).sum()) / len(part_g)
        return float(np.sqrt(max(0.0, square_g2 - mean_g * mean_g)))


KIND = AlertKind(
    name="jumping",
    is_momentary=True,
    has_end=False,
    title=("{possible:known}{dog} may have jumped", "{dog} jumped"),
    about="jumping",
    seen=(
        (
            "{possible:known}{dog} may have jumped{count:times}: a push, a light moment and a "
            "landing, none of them strong."
        ),
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
        (
            "{possible:known}How sure: not very. You are told since {dog} should hardly move now. "
            "Getting up with a start looks much like it."
        ),
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
    emits=(JUMP, POSSIBLE_JUMP),
    settings=JumpingSettings,
    build=JumpingDetector,
    kinds=(KIND,),
)
