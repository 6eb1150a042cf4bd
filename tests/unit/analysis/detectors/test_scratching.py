"""Scratching beats evenly, and from the side."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.detectors.base import DetectorContext
from analysis.detectors.scratching import ScratchingDetector, ScratchingSettings
from analysis.model import Event, FloatArray, Signal
from analysis.signal.fixed_point import quantised

FIRST_TICK = 1_700_000_000 * 50


def heard(moving_g: FloatArray, *, upright_g: float = 1.0) -> Signal:
    """Return a signal that moves so along x (lateral), y and z (gravity), shape (3, n)."""
    acceleration_g = quantised(moving_g + np.array([[0.0], [0.0], [upright_g]]))
    magnitude_g = quantised(np.sqrt((acceleration_g**2).sum(axis=0)))
    return Signal(
        first_tick=FIRST_TICK,
        acceleration_g=acceleration_g,
        magnitude_g=magnitude_g,
        vedba_g=quantised(np.abs(magnitude_g - 1.0)),
        clipped=np.zeros(magnitude_g.shape, bool),
    )


def beats(
    rate_hz: float, lateral_g: float, vertical_g: float = 0.0, lasting_s: float = 4.0
) -> FloatArray:
    """Return rest, an even beat, and rest, shape (3, n)."""
    beat = np.sin(2 * np.pi * rate_hz * np.arange(int(lasting_s * 50)) / 50)
    still = np.zeros((3, 200))
    return np.hstack([still, np.outer([lateral_g, 0.0, vertical_g], beat), still])


EXAMPLE = heard(beats(6.0, 1.0))


def scratches(moving_g: FloatArray) -> list[Event]:
    """Return all bouts of scratching in a movement."""
    detector = ScratchingDetector(ScratchingSettings(), DetectorContext(withers_m=0.52))
    return detector.update(heard(moving_g)) + detector.finish()


def test_four_seconds_of_scratching_are_one_bout() -> None:
    """Six beats a second from the side; up to a second too long."""
    [bout] = scratches(beats(6.0, 1.0))

    assert 4.0 <= bout.end_s - bout.start_s <= 6.0


@pytest.mark.parametrize("rate_hz", [4.5, 6.0, 7.5])
def test_every_beat_of_a_hind_leg_is_heard(rate_hz: float) -> None:
    """Simulated dogs scratch at 4.5 to 7.5 Hz, with half of the strength up and down."""
    assert len(scratches(beats(rate_hz, 1.0, 0.5))) == 1


@pytest.mark.parametrize(
    "moving_g",
    [beats(6.0, 0.6, 1.0), beats(3.0, 1.0), beats(6.0, 0.3), beats(6.0, 4.0)[:, 200:400]],
    ids=["a small dog's trot", "too slow", "too weak", "a shake"],
)
def test_what_else_beats_is_not_called_scratching(moving_g: FloatArray) -> None:
    """A trot may sway, but it throws the collar up and down more."""
    assert scratches(moving_g) == []


def test_however_the_collar_sits_it_is_the_same() -> None:
    """A collar that is turned by a quarter about any axis."""
    upright = heard(beats(6.0, 1.0))
    turned = replace(upright, acceleration_g=upright.acceleration_g[[2, 0, 1]])

    def told(signal: Signal) -> list[Event]:
        detector = ScratchingDetector(ScratchingSettings(), DetectorContext(withers_m=0.52))
        return detector.update(signal) + detector.finish()

    assert told(turned) == told(upright) != []


def test_noise_does_not_beat() -> None:
    """Strong but uneven."""
    noise_g = np.random.default_rng(1).normal(0, 0.5, (3, 1000))

    assert scratches(noise_g) == []


def test_a_collar_that_reads_nothing_at_all_does_not_scratch() -> None:
    """Free fall has no direction."""
    detector = ScratchingDetector(ScratchingSettings(), DetectorContext(withers_m=0.52))
    nothing = heard(np.zeros((3, 300)), upright_g=0.0)

    assert detector.update(nothing) + detector.finish() == []
