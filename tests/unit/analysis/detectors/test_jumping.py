"""A jump is a push, a light moment and a landing; each alone is not."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.detectors.base import DetectorContext
from analysis.detectors.jumping import JumpingDetector, JumpingSettings
from analysis.model import BoolArray, Event, FloatArray, Signal
from analysis.signal.fixed_point import quantised

FIRST_TICK = 1_700_000_000 * 50
STOOD_G = 1.0 + 0.02 * np.sin(np.arange(200))
"""A dog that stands breathes and sways; only a collar on the floor is still."""

PUSH_G = np.array([0.6, 0.6, 0.6, 1.5, 2.8, 3.4, 2.8, 1.5, 1.0, 2.0, 3.2, 3.5, 2.2, 1.2])
FLIGHT_G = np.array([0.6, 0.4, 0.3, 0.2, 0.3, 0.6, 0.9, 1.1, 0.9, 0.6, 0.4, 0.3, 0.3, 0.4, 0.6])
LANDING_G = np.array([1.6, 3.0, 4.4, 4.7, 4.2, 2.6, 1.4, 1.0, 1.0, 1.4, 2.2, 2.8, 2.0, 1.2])
JUMP_G = np.concatenate([PUSH_G, FLIGHT_G, LANDING_G])


def heard(magnitude_g: FloatArray, clipped: BoolArray | None = None) -> Signal:
    """Return a signal with a given magnitude."""
    flags = np.zeros(len(magnitude_g), bool) if clipped is None else clipped
    upright_g = np.zeros((3, len(magnitude_g)))
    upright_g[2] = quantised(magnitude_g)
    return Signal(
        first_tick=FIRST_TICK,
        acceleration_g=upright_g,
        magnitude_g=quantised(magnitude_g),
        vedba_g=np.abs(quantised(magnitude_g) - 1.0),
        clipped=flags,
    )


EXAMPLE = heard(np.concatenate([STOOD_G, JUMP_G, STOOD_G]))


def jumps(magnitude_g: FloatArray, withers_m: float = 0.52) -> list[Event]:
    """Return the jumps in a magnitude with rest before and after."""
    detector = JumpingDetector(JumpingSettings(), DetectorContext(withers_m=withers_m))
    whole_g = np.concatenate([STOOD_G, magnitude_g, STOOD_G])
    return detector.update(heard(whole_g)) + detector.finish()


def test_a_jump_is_told_with_what_was_seen() -> None:
    """Push 3.5 g, landing 4.7 g; it begins in the flight and ends at the landing's peak."""
    [jump] = jumps(JUMP_G)

    assert jump.kind == "jump"
    assert jump.evidence["push_g"] == pytest.approx(3.5, abs=1e-4)
    assert jump.evidence["landing_g"] == pytest.approx(4.7, abs=1e-4)
    assert jump.evidence["low_mean_g"] < 0.65
    assert jump.evidence["probability"] == pytest.approx(0.87, abs=0.01)
    assert jump.confidence == "medium"
    assert jump.end_s == FIRST_TICK / 50 + (200 + 14 + 15 + 3 + 1) / 50


@pytest.mark.parametrize(
    "magnitude_g",
    [
        np.concatenate([np.full(14, 1.0), FLIGHT_G, LANDING_G]),
        np.concatenate([PUSH_G, np.full(15, 0.9), LANDING_G]),
        np.concatenate([PUSH_G, FLIGHT_G, np.minimum(LANDING_G, 1.2)]),
    ],
    ids=["dropped: no push", "not light", "no landing"],
)
def test_each_part_is_needed(magnitude_g: FloatArray) -> None:
    """A collar that is dropped falls and lands, but nobody pushed."""
    assert [each for each in jumps(magnitude_g) if each.kind == "jump"] == []


def test_a_soft_landing_is_a_jump_onto_something_and_less_sure() -> None:
    """2 g after a push of 3.5 g: the dog went up and did not come down as far."""
    [jump] = jumps(np.concatenate([PUSH_G, FLIGHT_G, np.minimum(LANDING_G, 2.0)]))

    assert jump.confidence == "low"
    assert jump.evidence["onto"] == 1.0
    assert "onto" not in jumps(JUMP_G)[0].evidence


def test_what_is_as_likely_as_not_is_a_possible_jump() -> None:
    """Three quarters of the lightness of a jump, and a landing; without one the dog lay down."""
    small_g = np.concatenate([PUSH_G, 1.0 - 0.75 * (1.0 - FLIGHT_G), LANDING_G])
    turned_g = np.concatenate([PUSH_G, FLIGHT_G, np.full(8, 1.05)])

    [possible] = jumps(small_g)

    assert (possible.kind, possible.confidence) == ("possible_jump", "low")
    assert 0.5 <= possible.evidence["probability"] < 0.8
    assert jumps(turned_g) == []
    assert jumps(np.concatenate([small_g, STOOD_G[:12], small_g])) == []


def test_a_collar_that_falls_and_lies_perfectly_still_afterwards_was_dropped() -> None:
    """It falls for longer and lands harder than a dog does, but nobody pushed."""
    fall_g = np.concatenate([np.full(20, 0.1), np.full(8, 4.0)])

    def told(after_g: FloatArray) -> list[Event]:
        detector = JumpingDetector(JumpingSettings(), DetectorContext(withers_m=0.52))
        whole_g = np.concatenate([STOOD_G, fall_g, after_g])
        return detector.update(heard(whole_g)) + detector.finish()

    assert told(np.ones(200)) == []
    assert len(told(STOOD_G)) == 1


def test_a_dog_that_stands_perfectly_still_afterwards_has_jumped() -> None:
    """What comes after the landing does not undo a push."""
    detector = JumpingDetector(JumpingSettings(), DetectorContext(withers_m=0.52))
    whole_g = np.concatenate([np.ones(200), JUMP_G, np.ones(200)])

    assert len(detector.update(heard(whole_g)) + detector.finish()) == 1


def test_strides_of_a_gallop_are_no_jumps() -> None:
    """Light for 0.28 s, then 4.7 g, every 0.42 s: no harder a push than any stride's."""
    stride_g = np.concatenate([FLIGHT_G[:14], LANDING_G[:7]])

    assert jumps(np.tile(stride_g, 40)) == []


def test_amid_strides_more_is_asked_of_the_same_jump() -> None:
    """Half a second away a dog runs or stands: the probability is the same, not what is asked."""
    run_g = np.maximum(0.1, 1.0 + 1.5 * np.sin(2 * np.pi * 4.3 * np.arange(100) / 50))
    hard_g = np.concatenate([PUSH_G, PUSH_G[3:], FLIGHT_G * 0.6, LANDING_G])
    pause_g = np.ones(20)

    def around(far_g: FloatArray, jump_g: FloatArray) -> list[Event]:
        return jumps(np.concatenate([far_g, pause_g, jump_g, pause_g, far_g]))

    assert [len(around(np.ones(100), each)) for each in (JUMP_G, hard_g)] == [1, 1]
    assert [len(around(run_g, each)) for each in (JUMP_G, hard_g)] == [0, 1]
    assert around(np.ones(100), hard_g)[0].evidence == around(run_g, hard_g)[0].evidence


def test_a_jump_out_of_a_trot_is_found() -> None:
    """Strides of 2 g around it do not hide a landing of 4.7 g."""
    trot_g = 1.0 + 0.9 * np.sin(2 * np.pi * 4.1 * np.arange(150) / 50)

    assert len(jumps(np.concatenate([trot_g, JUMP_G, trot_g]))) == 1


def test_two_landings_of_one_jump_are_one_event() -> None:
    """A bounce within a second is merged; two seconds later it is another jump."""
    assert len(jumps(np.concatenate([JUMP_G, STOOD_G[:100], JUMP_G]))) == 2


@pytest.mark.parametrize("hole", [1, 500])
def test_ticks_that_are_missing_do_not_move_a_jump(hole: int) -> None:
    """The jump is dated by its own ticks, not by how many came before."""
    before = heard(np.tile(STOOD_G, 2))
    after = replace(EXAMPLE, first_tick=before.end_tick + hole)
    detector = JumpingDetector(JumpingSettings(), DetectorContext(withers_m=0.52))

    found = detector.update(before) + detector.update(after) + detector.finish()

    assert [jump.end_s for jump in found] == [(after.first_tick + 200 + 14 + 15 + 3 + 1) / 50]


def test_a_small_dog_is_in_the_air_for_less_time() -> None:
    """At a quarter of a metre the window is 0.19 s; a flight of 0.2 s fills it."""
    short_g = np.concatenate([PUSH_G, FLIGHT_G[:10] - 0.1, LANDING_G])

    assert len(jumps(short_g, withers_m=0.25)) == 1


def test_a_clipped_landing_is_told_with_low_confidence() -> None:
    """A +-2 g sensor cannot read more than 3.46 g in any direction."""
    magnitude_g = np.concatenate([STOOD_G, np.minimum(JUMP_G, 3.3), STOOD_G])
    detector = JumpingDetector(JumpingSettings(), DetectorContext(withers_m=0.52))

    [jump] = detector.update(heard(magnitude_g, magnitude_g >= 3.3)) + detector.finish()

    assert jump.confidence == "low"
