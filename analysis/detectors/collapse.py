"""Collapse: a dog on the move, one bump without a push, then lying turned over and still."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.detectors.base import DetectorContext, SignalSpec, Stateful
from analysis.features.wear.breathing import has_line, spectra
from analysis.model import Event, FloatArray, Level, Signal
from analysis.model.kinds import AlertKind
from analysis.signal.fixed_point import row_sums
from analysis.signal.framing import Block, ContextWindow, Framer
from analysis.units import RATE_HZ, ticks

_STILL_S = 60
"""A breath shows over a minute; also what evidence.md, section on collapse, asks for."""
_BUMP_S = 2
"""The bump may begin in one second of the clock and end in the next."""
_PUSH_FROM_S, _PUSH_UNTIL_S = 1.0, 0.2
_TOP, _BEFORE, _SPREAD = 0, 1, 2
_SUMS = slice(3, 6)
_HALVES = slice(6, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollapseSettings:
    """What looks like a collapse.

    Attributes
    ----------
    bump_from_g, bump_until_g
        Highest magnitude as the dog hits the ground (evidence.md, a judgement there). It is also
        higher than any in the seconds before: the last stride of a run is as high as the others.
    push_below_g
        Highest magnitude allowed in the second before the bump: a jump begins with a push, of 2.7 g
        in motion-captured ones.
    moving_s, moving_from_g, moving_share
        How long the dog was on the move before (evidence.md), and the share of these seconds in
        which the standard deviation of the magnitude was so high: a walk, not a dog that fidgets
        and turns over before it sleeps.
    turned_deg
        Least angle between the way down before and after: onto the side. At the 45 degrees of
        evidence.md healthy simulated dogs are told once or twice in 60 days.
    still_below_g
        Highest standard deviation of the magnitude in any second of the minute after (evidence.md).
    """

    bump_from_g: float = 1.5
    bump_until_g: float = 4.0
    push_below_g: float = 2.5
    moving_s: int = 10
    moving_from_g: float = 0.1
    moving_share: float = 0.8
    turned_deg: float = 60.0
    still_below_g: float = 0.03


class CollapseDetector:
    """Reports what may be a collapse, a minute after it.

    Notes
    -----
    Only a collar that breathes counts: one that was taken off and put down looks alike otherwise.
    A dog that no longer breathes is therefore not told, nor one that struggles, nor one that sinks
    down slowly; a dog that flops onto its side and sleeps at once is told wrongly.
    """

    def __init__(self, settings: CollapseSettings, context: DetectorContext) -> None:
        self._settings = settings
        self._breath = context.breath
        self._framer = Framer(2 * RATE_HZ, RATE_HZ)
        self._around = ContextWindow(settings.moving_s, _BUMP_S + _STILL_S - 1)

    def parts(self) -> Mapping[str, Stateful]:
        """Return everything in it that has a state."""
        return {"frames": self._framer, "around": self._around}

    def start_segment(self) -> None:
        """Forget the signal heard so far."""
        self._framer.start_segment()
        self._around.start_segment()

    def update(self, signal: Signal, /) -> list[Event]:
        """Return the collapses whose minute of stillness is now over."""
        rows = np.vstack([signal.magnitude_g, signal.acceleration_g])
        frames = self._framer.push(signal.first_tick, rows)
        if not len(frames):
            return []
        second = frames.first_tick // RATE_HZ + 1
        return self._collapses(self._around.push(second, _by_second(frames.values)))

    def finish(self) -> list[Event]:
        """Return nothing: what was not still for a minute is no collapse."""
        self.start_segment()
        return []

    def _collapses(self, block: Block) -> list[Event]:
        settings, core = self._settings, block.core
        top_g = block.values[_TOP, core]
        bump = (top_g >= settings.bump_from_g) & (top_g <= settings.bump_until_g)
        bump &= block.values[_BEFORE, core] < settings.push_below_g
        found = (
            self._event(block, core.start + int(each))
            for each in np.flatnonzero(bump)
            if core.start + int(each) >= settings.moving_s
        )
        return [event for event in found if event is not None]

    def _event(self, block: Block, at: int) -> Event | None:
        """Return what the second at this place is the bump of, if it is one."""
        settings, values = self._settings, block.values
        before = slice(at - settings.moving_s, at)
        after = slice(at + _BUMP_S, at + _BUMP_S + _STILL_S)
        top_g = float(values[_TOP, at])
        if values[_SPREAD, after].max() >= settings.still_below_g:
            return None
        if values[_TOP, before.start : after.start].max() > top_g:
            return None
        moving = values[_SPREAD, before] >= settings.moving_from_g
        if moving.sum() < settings.moving_share * settings.moving_s:
            return None
        turned_deg = _angle_deg(values[_SUMS, before], values[_SUMS, after])
        if turned_deg < settings.turned_deg or not self._breathes(values[_HALVES, after]):
            return None
        start_s = float(block.first_tick + at)
        return Event(
            kind="collapse",
            start_s=start_s,
            end_s=start_s + _BUMP_S + _STILL_S,
            confidence="medium",
            evidence={"bump_g": top_g, "turned_deg": turned_deg, "still_s": float(_STILL_S)},
        )

    def _breathes(self, halves: FloatArray) -> bool:
        """Return whether a minute, as sums of half seconds of shape (6, 60), holds a breath."""
        halves_g = halves.reshape(3, 2, _STILL_S).transpose(0, 2, 1).reshape(3, -1) / (RATE_HZ / 2)
        return has_line([spectra(halves_g)], self._breath)


def _by_second(frames: FloatArray) -> FloatArray:
    """Return numbers of each second, shape (12, n), from frames of itself and the one before.

    Highest magnitude; the highest from a second until shortly before that; standard deviation;
    sums of each axis, then of each half of it. Sums of quantised values are exact.
    """
    magnitude_g, axes_g = frames[0], frames[1:, :, RATE_HZ:]
    now_g = magnitude_g[:, RATE_HZ:]
    top = now_g.argmax(axis=1)[:, None] + RATE_HZ
    place = np.arange(2 * RATE_HZ)
    near = (place >= top - ticks(_PUSH_FROM_S)) & (place < top - ticks(_PUSH_UNTIL_S))
    mean_g = row_sums(now_g) / RATE_HZ
    spread_g = np.sqrt(np.maximum(row_sums(now_g**2) / RATE_HZ - mean_g**2, 0.0))
    first, second = (row_sums(half) for half in np.split(axes_g, 2, axis=2))
    halves = np.stack([first, second], axis=1).reshape(6, -1)
    before_g = np.where(near, magnitude_g, 0.0).max(axis=1)
    return np.vstack([now_g.max(axis=1), before_g, spread_g, first + second, halves])


def _angle_deg(before: FloatArray, after: FloatArray) -> float:
    """Return the angle between the mean accelerations of two stretches, shape (3, n) each."""
    one, other = before.sum(axis=1), after.sum(axis=1)
    lengths = float(np.sqrt(one @ one) * np.sqrt(other @ other))
    cosine = float(one @ other) / lengths if lengths else 1.0
    return float(np.degrees(np.arccos(min(max(cosine, -1.0), 1.0))))


KIND = AlertKind(
    name="collapse",
    is_momentary=True,
    has_end=False,
    title=("Check {dog}: a fall, then stillness",),
    about="a possible fall",
    seen=("Please check {dog} now: a bump, then lying still.",),
    advice=("See whether {dog} answers, stands and walks. If not, go to a vet now.",),
    usual=("{dog} was moving just before.",),
    certainty=("How sure: a sign, not proof. Flopping down looks alike.",),
    limit="A collar cannot tell a fall from a flop, nor why a dog falls.",
)

SPEC = SignalSpec(
    name="collapse",
    emits=("collapse",),
    settings=CollapseSettings,
    build=CollapseDetector,
    alerts={"collapse": Level.WARNING},
    kinds=(KIND,),
)
