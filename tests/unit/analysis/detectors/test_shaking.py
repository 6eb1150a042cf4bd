"""A shake throws the collar outwards all the while."""

import numpy as np
import pytest

from analysis.detectors.base import DetectorContext
from analysis.detectors.shaking import ShakingDetector, ShakingSettings
from analysis.model import Event, FloatArray, Signal
from analysis.signal.fixed_point import quantised

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


def shaken(mean_g: float, swing_g: float, rate_hz: float) -> FloatArray:
    """Return rest, a second and a half of oscillation around a mean, and rest."""
    time_s = np.arange(75) / 50
    middle_g = mean_g + swing_g * np.sin(2 * np.pi * rate_hz * time_s)
    return np.concatenate([np.ones(200), middle_g, np.ones(200)])


RUN_G = np.tile(np.concatenate([np.full(12, 0.7), np.tile([1.5, 5.0, 1.5], 4)]), 10)
EXAMPLE = heard(shaken(4.0, 2.5, 9.0))


def shakes(magnitude_g: FloatArray) -> list[Event]:
    """Return all shakes in a magnitude."""
    detector = ShakingDetector(ShakingSettings(), DetectorContext(withers_m=0.5))
    return detector.update(heard(magnitude_g)) + detector.finish()


def test_a_shake_is_told_once() -> None:
    """One and a half seconds, within a frame on either side."""
    [shake] = shakes(shaken(4.0, 2.5, 9.0))

    assert shake.start_s == pytest.approx(FIRST_TICK / 50 + 4.0, abs=0.5)
    assert shake.end_s == pytest.approx(FIRST_TICK / 50 + 5.5, abs=0.5)
    assert shake.evidence["peak_g"] > 6.0


@pytest.mark.parametrize(
    "magnitude_g",
    [shaken(1.5, 1.0, 9.0), RUN_G],
    ids=["too weak", "running: light once a stride"],
)
def test_other_oscillations_are_not_shakes(magnitude_g: FloatArray) -> None:
    """Each rule alone is enough to refuse."""
    assert shakes(magnitude_g) == []


def test_the_same_peaks_without_the_light_moments_are_a_shake() -> None:
    """The run above is refused for its flight, and for nothing else."""
    assert len(shakes(np.where(RUN_G == 0.7, 1.5, RUN_G))) == 1
