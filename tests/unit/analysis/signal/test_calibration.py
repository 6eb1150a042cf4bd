"""Readings at rest are brought to one gravity, the same however the stream is cut."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import FloatArray, Gap, Samples, Signal
from analysis.model.dog import DogProfile
from analysis.pipeline.measurement import Measurement, MeasurementSettings
from analysis.signal.calibration import (
    CalibrationSettings,
    Calibrator,
    Correction,
    better,
    cells,
    closest_sphere,
    error_g,
    one_gain,
)
from analysis.signal.conditioning import Conditioner
from analysis.signal.resample import Grid
from ingest.processing import snapshots

HOUR = 3600 * 50
FIRST_TICK = 1_700_002_800 * 50
"""A whole hour."""
RATE_HZ = 50.0
RECORDED = ("lying", "sitting", "walking", "running")


def ways(rng: np.random.Generator, n: int) -> FloatArray:
    """Return directions in which a collar may hang, shape (n, 3), anywhere on the sphere."""
    directions = rng.standard_normal((n, 3))
    return np.asarray(directions / np.linalg.norm(directions, axis=1, keepdims=True))


def resting(
    rng: np.random.Generator,
    hung: FloatArray,
    gain: FloatArray,
    offset_g: FloatArray,
    *,
    each_s: float = 60.0,
) -> FloatArray:
    """Return what a sensor reads that rests in each way for a while, with 4 mg of noise."""
    true_g = np.repeat(hung, round(each_s * RATE_HZ), axis=0)
    read_g = (true_g - offset_g) / gain + rng.normal(0.0, 0.004, true_g.shape)
    return np.asarray(np.rint(read_g * 65536) / 65536)


def grid(first_tick: int, read_g: FloatArray) -> Grid:
    """Return readings, shape (n, 3), on the grid."""
    return Grid(first_tick=first_tick, acceleration_g=read_g.T, clipped=np.zeros(len(read_g), bool))


GAIN, OFFSET_G = np.array([1.02, 0.97, 1.03]), np.array([0.04, -0.03, 0.055])


def test_gain_and_offset_of_each_axis_are_found() -> None:
    """Thirty ways of hanging, half a milli-g of noise: within 2 mg and two thousandths."""
    rng = np.random.default_rng(1)
    read_g = (ways(rng, 30) - OFFSET_G) / GAIN + rng.normal(0.0, 0.0005, (30, 3))

    found = closest_sphere(read_g)

    assert found.gain == pytest.approx(GAIN, abs=0.002)
    assert found.offset_g == pytest.approx(OFFSET_G, abs=0.002)


def test_one_reading_in_motion_does_not_spoil_the_sphere() -> None:
    """One of thirty is off by 0.2 g."""
    rng = np.random.default_rng(2)
    read_g = (ways(rng, 30) - OFFSET_G) / GAIN
    read_g[7] *= 1.2

    assert closest_sphere(read_g).offset_g == pytest.approx(OFFSET_G, abs=0.01)


@pytest.mark.parametrize("reads_g", [1.17, 0.93])
def test_a_collar_that_reads_far_off_at_rest_is_corrected(reads_g: float) -> None:
    """From the next whole hour on it reads 1 g, also in a way it never hung before."""
    rng = np.random.default_rng(3)
    calibrator = Calibrator(CalibrationSettings())
    off = np.full(3, 1.0 / reads_g)
    before = calibrator.push(grid(FIRST_TICK, resting(rng, ways(rng, 12), off, np.zeros(3))))

    later = resting(rng, ways(rng, 5), off, np.zeros(3))
    after = calibrator.push(grid(FIRST_TICK + HOUR, later))

    read_g = np.linalg.norm(before.acceleration_g, axis=0).mean()
    assert read_g == pytest.approx(reads_g, abs=0.001)
    assert np.linalg.norm(after.acceleration_g, axis=0).mean() == pytest.approx(1.0, abs=0.003)


@pytest.mark.parametrize("seed", range(20))
def test_it_is_not_worse_in_ways_that_were_never_seen(seed: int) -> None:
    """Learned from a dog that lies on one side: offsets of 20 mg, gains off by 1 %.

    On either side the error at rest is then no larger than that of the sensor as it is.
    """
    rng = np.random.default_rng(seed)
    gain, offset_g = 1.0 + rng.normal(0.0, 0.01, 3), rng.normal(0.0, 0.02, 3)
    hung = ways(rng, 400)
    read_g = (hung - offset_g) / gain + rng.normal(0.0, 0.0005, hung.shape)
    seen = read_g[(hung[:, 2] > 0.2) & (hung[:, 1] > -0.3)]
    learned = seen[np.unique(cells(seen), return_index=True)[1]]

    found = better(learned, Correction(), CalibrationSettings())

    assert error_g(seen, found) <= error_g(seen, Correction()) + 1e-9
    assert error_g(read_g, found) <= 1.1 * error_g(read_g, Correction())


def test_over_many_sensors_it_makes_them_better() -> None:
    """A hundred sensors that differ by 20 mg and 1 %: the error falls to less than a third."""
    rng = np.random.default_rng(5)
    before, after = [], []
    for _ in range(100):
        gain, offset_g = 1.0 + rng.normal(0.0, 0.01, 3), rng.normal(0.0, 0.02, 3)
        hung = ways(rng, 200)
        read_g = (hung - offset_g) / gain + rng.normal(0.0, 0.0005, hung.shape)
        learned = read_g[np.unique(cells(read_g[:60]), return_index=True)[1]]
        before.append(error_g(read_g[60:], Correction()))
        found = better(learned, Correction(), CalibrationSettings())
        after.append(error_g(read_g[60:], found))

    assert np.mean(after) < np.mean(before) / 3.0


def test_a_good_sensor_is_left_alone() -> None:
    """Within 5 mg there is nothing to gain; the same readings off by 30 mg are corrected."""
    rng = np.random.default_rng(6)
    good_g = ways(rng, 20) * (1.0 + rng.uniform(-0.005, 0.005, (20, 1)))

    assert better(good_g, Correction(), CalibrationSettings()).is_none
    assert not better(1.03 * good_g, Correction(), CalibrationSettings()).is_none


@pytest.mark.parametrize("reads_g", [9.81, 1.4, 0.5])
def test_what_is_too_far_off_is_not_corrected(reads_g: float) -> None:
    """A wrong unit, or a broken sensor."""
    read_g = reads_g * ways(np.random.default_rng(7), 20)

    assert better(read_g, Correction(), CalibrationSettings()).is_none


def test_one_way_of_hanging_is_too_little() -> None:
    """On a shelf an offset looks like a gain."""
    rng = np.random.default_rng(8)
    calibrator = Calibrator(CalibrationSettings())
    read_g = resting(rng, ways(rng, 1), np.full(3, 0.9), np.zeros(3), each_s=1800.0)
    calibrator.push(grid(FIRST_TICK, read_g))

    later_g = calibrator.push(grid(FIRST_TICK + HOUR, read_g)).acceleration_g

    assert np.array_equal(later_g.T, read_g)


def test_a_moving_collar_teaches_nothing() -> None:
    """Twenty minutes of 30 mg on each axis are no rest; of 4 mg they are 120 rests."""
    rng = np.random.default_rng(9)

    def rests(moving_g: float) -> int:
        calibrator = Calibrator(CalibrationSettings())
        read_g = rng.normal([0.0, 0.0, 1.0], moving_g, (20 * 3000, 3))
        calibrator.push(grid(FIRST_TICK, np.rint(read_g * 65536) / 65536))
        return calibrator.state.n_blocks

    assert rests(0.03) == 0
    assert rests(0.004) == 120


STORY_G = resting(
    np.random.default_rng(10), ways(np.random.default_rng(11), 40), GAIN, OFFSET_G, each_s=30.0
)
"""Twenty minutes in forty ways, heard around a whole hour."""
STORY_S = FIRST_TICK / 50 - 900.0


def heard(cuts: list[int], *, restarts: bool = False) -> Signal:
    """Return the signal of the story in pieces, each perhaps heard by a new conditioner."""
    conditioner, signals, at = Conditioner(), [], 0
    for length in [*cuts, len(STORY_G)]:
        piece = STORY_G[at : at + length]
        if len(piece):
            signals.append(
                conditioner.push(
                    Samples(origin_s=STORY_S, first_index=at, rate_hz=RATE_HZ, acceleration_g=piece)
                )
            )
        at += length
        if restarts:
            conditioner = restarted(conditioner)
    signals += conditioner.finish()
    signals = [each for each in signals if each.n_ticks]
    return Signal(
        first_tick=signals[0].first_tick,
        acceleration_g=np.hstack([each.acceleration_g for each in signals]),
        magnitude_g=np.hstack([each.magnitude_g for each in signals]),
        vedba_g=np.hstack([each.vedba_g for each in signals]),
        clipped=np.hstack([each.clipped for each in signals]),
    )


def restarted(conditioner: Conditioner) -> Conditioner:
    """Return a new conditioner with the states of the old one, through bytes."""
    successor = Conditioner()
    for old, new in (
        (conditioner.resampler, successor.resampler),
        (conditioner.calibrator, successor.calibrator),
        (conditioner.calibrator.blocks, successor.calibrator.blocks),
        (conditioner.surroundings, successor.surroundings),
    ):
        data = snapshots.encode({"it": old.state})
        new.state = snapshots.decode(data, {"it": new.state}).states["it"]  # type: ignore[assignment]
    return successor


@cache
def whole() -> Signal:
    """Return what comes of it in one piece, computed once."""
    return heard([])


def test_the_story_is_corrected_from_the_whole_hour_on() -> None:
    """So that the equalities below do not hold by silence."""
    hour = FIRST_TICK - whole().first_tick
    off_g = np.abs(whole().magnitude_g - 1.0)

    assert off_g[:hour].mean() > 0.02
    assert off_g[hour:].mean() < 0.006


@settings(max_examples=20)
@given(st.lists(st.integers(1, 20_000), max_size=30))
def test_any_cut_is_corrected_the_same_to_the_last_bit(cuts: list[int]) -> None:
    """Pieces that end before, at and after the hour."""
    found = heard(cuts)

    assert np.array_equal(found.acceleration_g, whole().acceleration_g)
    assert np.array_equal(found.vedba_g, whole().vedba_g)


@pytest.mark.parametrize("length", [1777, 20_000])
def test_a_restart_after_every_piece_corrects_the_same(length: int) -> None:
    """What was learned of the collar goes through bytes."""
    found = heard([length] * (len(STORY_G) // length), restarts=True)

    assert np.array_equal(found.acceleration_g, whole().acceleration_g)


@pytest.mark.parametrize(("cause", "is_kept"), [("lost", True), ("boot", True), ("collar", False)])
def test_what_was_learned_belongs_to_the_collar(cause: str, *, is_kept: bool) -> None:
    """A hole keeps it; another collar begins anew."""
    measuring = Measurement(MeasurementSettings(dog=DogProfile(id="rex")))
    measuring.process(
        Samples(origin_s=STORY_S, first_index=0, rate_hz=RATE_HZ, acceleration_g=STORY_G)
    )
    end_s = STORY_S + len(STORY_G) / RATE_HZ

    measuring.process(Gap(start_s=end_s, end_s=end_s + 10.0, cause=cause))

    learned = measuring.parts()["calibration"].state
    assert (learned.n_blocks > 0) is is_kept
    assert (not learned.correction.is_none) is is_kept


@pytest.mark.parametrize("name", RECORDED)
def test_a_recording_of_minutes_is_left_as_it_is(recordings: Path, name: str) -> None:
    """Too short to learn anything from, even across a whole hour."""
    path = recordings / "dog-collar-50hz" / f"{name}.csv"
    read_g = np.loadtxt(path, delimiter=",", skiprows=1)[:, 1:4]
    calibrator = Calibrator(CalibrationSettings())
    given_g = np.rint(read_g * 65536) / 65536

    found = calibrator.push(grid(FIRST_TICK - len(read_g) // 2, given_g))

    assert np.array_equal(found.acceleration_g, given_g.T)


def test_one_gain_is_the_inverse_of_the_median() -> None:
    """Readings of 1.25, 1.25 and 1.5 g make 0.8."""
    assert one_gain(np.diag([1.25, 1.25, 1.5])).gain == pytest.approx((0.8,) * 3, abs=1e-6)
