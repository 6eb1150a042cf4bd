"""A bump, then lying on the side and still: told of a dog that walked, and of nothing alike."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.detectors.base import DetectorContext
from analysis.detectors.collapse import SPEC, CollapseDetector, CollapseSettings
from analysis.features.wear.breathing import BreathSettings
from analysis.model import Event, FloatArray, Level, Signal
from analysis.signal.fixed_point import quantised
from analysis.units import RATE_HZ
from simulators.dog.sizes import SIZES
from simulators.evaluation.sections.falls import Falls, told

FIRST_S = 1_700_000_000
WALK_S, DOWN_S = 20, 65
BREATH_HZ = 0.4


def story(
    *,
    walk_g: float = 0.3,
    push_g: float = 0.0,
    bump_g: float = 2.2,
    turned_deg: float = 85.0,
    breath_g: float = 0.008,
    still_s: int = DOWN_S,
) -> Signal:
    """Return a walk of 2 steps a second, a bump of 0.1 s, and lying; then the walk again."""
    at_s = np.arange((WALK_S + DOWN_S + 5) * RATE_HZ) / RATE_HZ
    walks = (at_s < WALK_S) | (at_s >= WALK_S + still_s)
    breath = breath_g * np.sin(2.0 * np.pi * BREATH_HZ * at_s)
    size_g = np.where(walks, 1.0 + walk_g * np.sin(4.0 * np.pi * at_s), 1.0 + breath)
    size_g[(at_s >= WALK_S + 0.2) & (at_s < WALK_S + 0.3)] = bump_g
    if push_g:
        size_g[(at_s >= WALK_S - 0.5) & (at_s < WALK_S - 0.4)] = push_g
    lean = np.radians(np.where(walks, 0.0, turned_deg))
    acceleration_g = np.stack([np.zeros_like(at_s), size_g * np.sin(lean), size_g * np.cos(lean)])
    return Signal(
        first_tick=FIRST_S * RATE_HZ,
        acceleration_g=quantised(acceleration_g),
        magnitude_g=quantised(np.asarray(size_g)),
        vedba_g=quantised(np.abs(size_g - 1.0)),
        clipped=np.zeros(len(at_s), bool),
    )


EXAMPLE = story()


def collapses(heard: Signal) -> list[Event]:
    """Return all that is told of a story."""
    detector = CollapseDetector(CollapseSettings(), DetectorContext(withers_m=0.5))
    return detector.update(heard) + detector.finish()


def test_a_fall_is_told_once_with_its_time_and_what_was_seen() -> None:
    """The bump lies in the second after the walk; the turn is the one of the story."""
    [event] = collapses(EXAMPLE)

    assert event.start_s == FIRST_S + WALK_S
    assert event.evidence["bump_g"] == pytest.approx(2.2, abs=0.01)
    assert event.evidence["turned_deg"] == pytest.approx(85.0, abs=0.5)


@pytest.mark.parametrize(
    "heard",
    [
        story(walk_g=0.05),
        story(push_g=2.7, bump_g=3.0),
        story(bump_g=1.35),
        story(bump_g=5.0),
        story(turned_deg=40.0),
        story(breath_g=0.0),
        story(still_s=40),
    ],
    ids=[
        "it did not walk before",
        "a jump, with its push",
        "no higher than steps",
        "a knock",
        "lying down on the chest",
        "a collar that was put down",
        "up again within a minute",
    ],
)
def test_what_is_alike_is_not_told(heard: Signal) -> None:
    """Each differs from the example by one thing."""
    assert collapses(heard) == []


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 100.0])
def test_most_simulated_falls_are_told(rate_hz: float) -> None:
    """Bumps from 1.6 g on, out of gaits up to a trot: those below the trot's steps are missed."""
    falls = [Falls(size=size, rate_hz=rate_hz, seed=12, n=10) for size in SIZES]

    found = sum(told(each)[0] for each in falls)

    assert found >= 0.6 * 10 * len(SIZES)


@pytest.mark.parametrize(
    ("from_hz", "n_told"),
    [pytest.param(0.2, 1, id="as usual"), pytest.param(BREATH_HZ + 0.2, 0, id="faster")],
)
def test_a_breath_is_what_the_owners_settings_call_a_breath(from_hz: float, n_told: int) -> None:
    """A dog said to breathe faster than this one does has no line where it is looked for."""
    noise_g = 0.004 * np.random.default_rng(1).standard_normal(EXAMPLE.acceleration_g.shape)
    heard = replace(EXAMPLE, acceleration_g=quantised(EXAMPLE.acceleration_g + noise_g))
    context = DetectorContext(withers_m=0.5, breath=BreathSettings(breath_from_hz=from_hz))
    detector = CollapseDetector(CollapseSettings(), context)

    assert len(detector.update(heard) + detector.finish()) == n_told


def test_it_is_a_warning_under_any_plan() -> None:
    """A sign to look at once, and no proof: a flop onto the side looks alike."""
    assert SPEC.alerts == {"collapse": Level.WARNING}


def test_a_minute_of_breath_is_needed_from_any_axis() -> None:
    """The collar sits anywhere round the neck, so the breath may be on any axis."""
    for order in ([0, 1, 2], [1, 2, 0], [2, 0, 1]):
        turned: FloatArray = EXAMPLE.acceleration_g[order]
        heard = Signal(
            first_tick=EXAMPLE.first_tick,
            acceleration_g=turned,
            magnitude_g=EXAMPLE.magnitude_g,
            vedba_g=EXAMPLE.vedba_g,
            clipped=EXAMPLE.clipped,
        )
        assert len(collapses(heard)) == 1
