"""Scratching beats evenly, faster than a dog of that size can step."""

import numpy as np
import pytest

from analysis.detectors.scratching import ScratchingDetector, ScratchingSettings
from analysis.model import Event, FloatArray, Signal
from analysis.signal.exact import quantised

FIRST_TICK = 1_700_000_000 * 50


def heard(magnitude_g: FloatArray) -> Signal:
    """Return a signal with a given magnitude."""
    return Signal(
        first_tick=FIRST_TICK,
        acceleration_g=np.zeros((3, len(magnitude_g))),
        magnitude_g=quantised(magnitude_g),
        vedba_g=quantised(np.abs(magnitude_g - 1.0)),
        clipped=np.zeros(len(magnitude_g), bool),
    )


def beats(rate_hz: float, amplitude_g: float, seconds_s: float = 4.0) -> FloatArray:
    """Return rest, an even beat around 1 g, and rest."""
    time_s = np.arange(int(seconds_s * 50)) / 50
    middle_g = 1.0 + amplitude_g * np.sin(2 * np.pi * rate_hz * time_s)
    return np.concatenate([np.ones(200), middle_g, np.ones(200)])


EXAMPLE = heard(beats(6.0, 1.0))


def scratches(magnitude_g: FloatArray, withers_m: float = 0.52) -> list[Event]:
    """Return all bouts of scratching in a magnitude."""
    detector = ScratchingDetector(ScratchingSettings(), withers_m)
    return detector.update(heard(magnitude_g)) + detector.finish()


def test_four_seconds_of_scratching_are_one_bout() -> None:
    """Six beats a second are more than a dog of half a metre can step; up to a second too long."""
    [bout] = scratches(beats(6.0, 1.0))

    assert 4.0 <= bout.end_s - bout.start_s <= 6.0


@pytest.mark.parametrize(
    ("magnitude_g", "withers_m"),
    [(beats(4.2, 1.0), 0.52), (beats(6.0, 1.0), 0.25), (beats(6.0, 0.3), 0.52)],
    ids=["a trot", "a small dog's trot", "too weak"],
)
def test_what_could_be_steps_is_not_called_scratching(
    magnitude_g: FloatArray, withers_m: float
) -> None:
    """0.52 m steps at up to 5.0 Hz; a quarter of a metre at up to 7.2 Hz."""
    assert scratches(magnitude_g, withers_m) == []


def test_noise_does_not_beat() -> None:
    """Strong but uneven."""
    noise_g = 1.0 + np.random.default_rng(1).normal(0, 0.5, 1000)

    assert scratches(noise_g) == []
