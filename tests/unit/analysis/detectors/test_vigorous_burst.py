"""A burst is a second or more of movement as strong as running."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.detectors.base import DetectorContext
from analysis.detectors.shaking import ShakingSettings
from analysis.detectors.vigorous_burst import VigorousBurstDetector, VigorousBurstSettings
from analysis.model import Event, FloatArray, Samples, Signal
from analysis.model.dog import DogProfile
from analysis.pipeline.measurement import Measurement, MeasurementSettings
from analysis.signal.fixed_point import quantised

FIRST_TICK = 1_700_000_000 * 50


def heard(vedba_g: FloatArray, magnitude_g: FloatArray | None = None) -> Signal:
    """Return a signal with a given VeDBA."""
    return Signal(
        first_tick=FIRST_TICK,
        acceleration_g=np.zeros((3, len(vedba_g))),
        magnitude_g=quantised(1.0 + 0 * vedba_g if magnitude_g is None else magnitude_g),
        vedba_g=quantised(vedba_g),
        clipped=np.zeros(len(vedba_g), bool),
    )


def run_of(n_ticks: int, strong_g: float = 1.0) -> FloatArray:
    """Return ten seconds of rest, a run, and ten seconds of rest."""
    return np.concatenate([np.zeros(500), np.full(n_ticks, strong_g), np.zeros(500)])


EXAMPLE = heard(run_of(150))


def bursts(signal: Signal) -> list[Event]:
    """Return all bursts of a signal."""
    detector = VigorousBurstDetector(VigorousBurstSettings(), DetectorContext(withers_m=0.5))
    return detector.update(signal) + detector.finish()


def test_three_seconds_of_running_are_one_burst() -> None:
    """From the first full second to the last."""
    [burst] = bursts(heard(run_of(150)))

    assert burst.start_s == FIRST_TICK / 50 + 10
    assert burst.end_s == FIRST_TICK / 50 + 13
    assert burst.evidence["peak_vedba_g"] == 1.0


@pytest.mark.parametrize(("strong_g", "n_bursts"), [(0.79, 0), (0.81, 1)])
def test_the_threshold_is_0_8_g(strong_g: float, n_bursts: int) -> None:
    """A fast trot just reaches it."""
    assert len(bursts(heard(run_of(150, strong_g)))) == n_bursts


def test_half_a_second_is_no_burst() -> None:
    """No whole second is strong enough on average."""
    assert bursts(heard(run_of(25, 1.5))) == []


def test_a_minute_of_running_is_told_every_ten_seconds() -> None:
    """The owner should hear of it while it goes on."""
    found = bursts(heard(run_of(3000)))

    assert len(found) >= 6
    assert all(burst.end_s - burst.start_s <= 10.0 for burst in found)


def test_a_shake_is_no_burst() -> None:
    """The collar is thrown outwards all the time, so the magnitude never comes near 1 g."""
    time_s = np.arange(1075) / 50
    shake_g = np.where((time_s > 10) & (time_s < 11.5), 4 + 2 * np.sin(2 * np.pi * 10 * time_s), 1)

    assert bursts(heard(np.abs(shake_g - 1.0), shake_g)) == []
    assert len(bursts(heard(np.abs(shake_g - 1.0)))) == 1


@pytest.mark.parametrize(("peak_from_g", "n_bursts"), [(2.0, 0), (9.0, 1)])
def test_what_a_shake_is_the_owners_settings_say(peak_from_g: float, n_bursts: int) -> None:
    """Set higher than this shake's 6 g, it is none, and so a burst."""
    time_s = np.arange(1075) / 50
    shake_g = np.where((time_s > 10) & (time_s < 11.5), 4 + 2 * np.sin(2 * np.pi * 10 * time_s), 1)
    samples = Samples(
        origin_s=FIRST_TICK / 50,
        first_index=0,
        rate_hz=50.0,
        acceleration_g=np.stack([0 * shake_g, 0 * shake_g, shake_g], axis=1),
    )
    settings = MeasurementSettings(
        dog=DogProfile(id="rex"), detectors={"shaking": ShakingSettings(peak_from_g=peak_from_g)}
    )

    measurement = Measurement(settings)
    events = measurement.process(samples).events + measurement.finish()[0].events

    assert [each.kind for each in events].count("vigorous_burst") == n_bursts


@pytest.mark.parametrize(("sideways", "n_bursts"), [(1.0, 0), (0.0, 1)])
def test_scratching_is_no_burst_and_a_small_dogs_trot_is(sideways: float, n_bursts: int) -> None:
    """Six beats a second; the hind leg hits from the side, steps throw the collar up."""
    beat_g = np.zeros((3, 1100))
    beat_g[2] = 1.0
    strong_g = 1.4 * np.sin(2 * np.pi * 6.0 * np.arange(200) / 50)
    beat_g[0, 450:650] = sideways * strong_g
    beat_g[2, 450:650] += (1.0 - sideways) * strong_g
    magnitude_g = np.sqrt((beat_g**2).sum(axis=0))
    signal = heard(np.abs(beat_g - [[0], [0], [1]]).sum(axis=0), magnitude_g)

    assert len(bursts(replace(signal, acceleration_g=quantised(beat_g)))) == n_bursts
