"""A breathing line, and noise that is none."""

import math
from typing import Any

import numpy as np
import pytest

from analysis.errors import SettingsError
from analysis.features.wear.breathing import Breathing, BreathSettings, filled
from analysis.model import FloatArray

HALF_S = np.arange(120) / 2.0
NOISE_G = 0.0008
"""Of a half second's mean, where a sample's noise is 4 mg."""


def minute(
    rng: np.random.Generator, breath_g: float, *, breath_hz: float = 0.3, axes: int = 3
) -> FloatArray:
    """Return a minute of half-second means with noise on some axes, and breath on the first."""
    halves_g = np.zeros((3, 120))
    halves_g[:axes] = NOISE_G * rng.standard_normal((axes, 120))
    halves_g[0] += breath_g * np.sin(2 * np.pi * breath_hz * HALF_S)
    return halves_g


@pytest.mark.parametrize("breath_hz", [0.2, 0.3, 0.45, 0.6])
def test_an_ordinary_breath_shows_in_one_minute(breath_hz: float) -> None:
    """Two milli-g through 4 mg of noise, at 12 to 36 a minute; half as fast is none."""
    rng = np.random.default_rng(1)

    assert Breathing(BreathSettings()).update(minute(rng, 0.002, breath_hz=breath_hz))
    assert not Breathing(BreathSettings()).update(minute(rng, 0.002, breath_hz=0.1))


def test_a_weak_breath_shows_over_five_minutes() -> None:
    """Half a milli-g: in a fifth of single minutes at most, in most runs of five."""
    rng = np.random.default_rng(2)
    alone = [Breathing(BreathSettings()).update(minute(rng, 0.0005)) for _ in range(100)]
    breathing = Breathing(BreathSettings())
    together = [breathing.update(minute(rng, 0.0005)) for _ in range(100)]

    assert np.mean(alone) < 0.2
    assert np.mean(together[4:]) > 0.8


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_noise_alone_hardly_ever_looks_like_breath(axes: int) -> None:
    """One minute in 2,000 was asked for; 20 in 4,000 are never reached, with quiet axes too."""
    rng = np.random.default_rng(3)
    breathing = Breathing(BreathSettings())

    found = sum(breathing.update(minute(rng, 0.0, axes=axes)) for _ in range(4000))

    assert found < 20


def test_readings_that_do_not_change_do_not_breathe() -> None:
    """Nothing on any axis."""
    assert not Breathing(BreathSettings()).update(np.ones((3, 120)))


def test_a_hole_is_bridged_by_a_straight_line() -> None:
    """Half seconds 10 to 19 are missing between 1 and 3 (eleven steps of 2/11)."""
    halves_g = np.ones((3, 120))
    halves_g[:, 20:] = 3.0
    heard = np.ones(60, bool)
    heard[5:10] = False

    found = filled(halves_g, heard)

    assert found[0, 9:21] == pytest.approx(1.0 + 2.0 * np.arange(12) / 11)


def test_breath_shows_through_lost_seconds() -> None:
    """Six seconds of every minute are lost."""
    halves_g = minute(np.random.default_rng(4), 0.003)
    heard = np.ones(60, bool)
    heard[::10] = False
    halves_g[:, ~np.repeat(heard, 2)] = 0.0

    assert Breathing(BreathSettings()).update(filled(halves_g, heard))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"breath_from_hz": 0.1}, "expected 0.15 to 0.85 Hz"),
        ({"breath_until_hz": 0.9}, "expected 0.15 to 0.85 Hz"),
        ({"breath_from_hz": math.nan}, "expected 0.15 to 0.85 Hz"),
        ({"breath_from_hz": 0.6, "breath_until_hz": 0.5}, "no breath lies between"),
        ({"breath_over_min": 0}, "at least one minute"),
        ({"breath_by_chance": 1.0}, "a share below 1"),
    ],
)
def test_a_band_that_cannot_be_looked_at_is_refused(wrong: dict[str, Any], words: str) -> None:
    """Noise is told by nine lines on either side of each, so the band ends nine lines early."""
    with pytest.raises(SettingsError, match=words):
        BreathSettings(**wrong)


def test_the_widest_band_can_be_looked_at() -> None:
    widest = BreathSettings(breath_from_hz=0.15, breath_until_hz=0.85)

    assert Breathing(widest).update(minute(np.random.default_rng(1), 0.002))
