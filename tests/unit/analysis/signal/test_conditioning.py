"""From samples to the even grid, with movement apart from gravity."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import FloatArray, Samples, Signal
from analysis.signal.conditioning import Conditioner

START_S = 1_700_000_000.0


def conditioned(
    acceleration_g: FloatArray,
    rate_hz: float,
    cuts: list[int] | None = None,
    *,
    start_s: float = START_S,
    range_g: float | None = None,
) -> Signal:
    """Return the whole signal of a recording that is heard in pieces of the given lengths."""
    conditioner = Conditioner()
    heard, at = [], 0
    for length in [*(cuts or []), len(acceleration_g)]:
        piece = acceleration_g[at : at + length]
        if len(piece):
            heard.append(
                conditioner.push(
                    Samples(
                        origin_s=start_s,
                        first_index=at,
                        rate_hz=rate_hz,
                        acceleration_g=piece,
                        range_g=range_g,
                    )
                )
            )
        at += length
    heard = [signal for signal in [*heard, *conditioner.finish()] if signal.n_ticks]
    return Signal(
        first_tick=heard[0].first_tick,
        acceleration_g=np.hstack([signal.acceleration_g for signal in heard]),
        magnitude_g=np.hstack([signal.magnitude_g for signal in heard]),
        vedba_g=np.hstack([signal.vedba_g for signal in heard]),
        clipped=np.hstack([signal.clipped for signal in heard]),
    )


def wave(rate_hz: float, duration_s: float, frequency_hz: float) -> FloatArray:
    """Return a vertical oscillation of 0.5 g around 1 g."""
    time_s = np.arange(round(rate_hz * duration_s)) / rate_hz
    vertical_g = 1.0 + 0.5 * np.sin(2 * np.pi * frequency_hz * time_s)
    return np.column_stack([0 * time_s, 0 * time_s, vertical_g])


@settings(max_examples=40)
@given(
    st.sampled_from([25.0, 48.4, 50.0, 51.3, 100.0, 200.0]),
    st.lists(st.integers(1, 300), max_size=20),
    st.floats(0.0, 0.02),
)
def test_the_signal_is_the_same_however_the_stream_is_cut(
    rate_hz: float, cuts: list[int], offset_s: float
) -> None:
    """Equal to the last bit: state is carried, and every sum is exact."""
    noise_g = np.random.default_rng(3).normal(0.0, 1.0, (900, 3))
    start_s = START_S + offset_s

    whole = conditioned(noise_g, rate_hz, start_s=start_s, range_g=2.0)
    pieces = conditioned(noise_g, rate_hz, cuts, start_s=start_s, range_g=2.0)

    assert pieces.first_tick == whole.first_tick
    for name in ("acceleration_g", "magnitude_g", "vedba_g", "clipped"):
        assert np.array_equal(getattr(pieces, name), getattr(whole, name)), name


def test_motion_is_known_a_second_before_what_of_it_is_movement() -> None:
    """Gravity is a mean around each tick; who does not need it need not wait for it."""
    conditioner = Conditioner()
    noise_g = np.random.default_rng(5).normal(0.0, 1.0, (500, 3))
    samples = Samples(origin_s=START_S, first_index=0, rate_hz=50.0, acceleration_g=noise_g)

    motion = conditioner.put_on_grid(samples)
    signal = conditioner.tell_movement(motion)

    assert motion.end_tick - signal.end_tick == 50
    for name in ("acceleration_g", "magnitude_g", "clipped"):
        early = getattr(motion, name)[..., : signal.n_ticks]
        assert np.array_equal(early, getattr(signal, name)), name


@pytest.mark.parametrize("rate_hz", [25.0, 48.4, 50.0, 100.0, 200.0])
def test_a_step_of_three_hertz_survives_the_grid(rate_hz: float) -> None:
    """A sine at 3 Hz is read within 2 % of its amplitude at any rate."""
    signal = conditioned(wave(rate_hz, 10.0, 3.0), rate_hz, start_s=START_S + 0.007)
    time_s = np.arange(signal.n_ticks) / 50 + signal.start_s - START_S - 0.007

    expected_g = 1.0 + 0.5 * np.sin(2 * np.pi * 3.0 * time_s)
    middle = slice(50, -50)
    assert np.abs(signal.acceleration_g[2] - expected_g)[middle].max() < 0.02


def test_samples_on_the_grid_pass_untouched() -> None:
    """A 50 Hz source whose samples fall on ticks is not smoothed at all."""
    noise_g = np.rint(np.random.default_rng(4).normal(0, 1, (500, 3)) * 65536) / 65536

    signal = conditioned(noise_g, 50.0)

    assert np.array_equal(signal.acceleration_g, noise_g[:-1].T)


def test_fast_sources_are_not_aliased() -> None:
    """40 Hz at 100 Hz would appear as 10 Hz on the grid; the low-pass takes it away."""
    signal = conditioned(wave(100.0, 10.0, 40.0), 100.0)

    assert np.abs(signal.acceleration_g[2] - 1.0)[50:-50].max() < 0.02


def test_a_still_collar_shows_no_movement_in_any_position() -> None:
    """Gravity along any axis is taken away whole, from the first tick to the last."""
    direction = np.array([0.6, -0.64, 0.48])

    signal = conditioned(np.tile(direction, (300, 1)), 50.0)

    assert signal.vedba_g.max() <= 2 / 65536
    assert signal.magnitude_g == pytest.approx(1.0, abs=2 / 65536)


def test_full_scale_is_marked_next_to_the_sample() -> None:
    """One sample at 7.9 g of a +-8 g sensor marks the ticks on either side; 7.8 g is not full."""
    acceleration_g = np.tile([0.0, 0.0, 1.0], (100, 1))
    acceleration_g[50, 0] = 7.9
    acceleration_g[80, 0] = 7.8

    signal = conditioned(acceleration_g, 50.0, range_g=8.0)

    assert np.flatnonzero(signal.clipped).tolist() == [49, 50]


@pytest.mark.parametrize(
    ("name", "expected_g"),
    [("lying", 0.009), ("sitting", 0.044), ("walking", 0.393), ("running", 1.168)],
)
def test_recorded_movement_reads_as_with_a_centred_mean(
    recordings: Path, name: str, expected_g: float
) -> None:
    """Mean VeDBA of a real dog, computed apart from this code with a two-second centred mean."""
    table = np.loadtxt(
        recordings / "dog-collar-50hz" / f"{name}.csv", delimiter=",", skiprows=1, dtype=float
    )

    signal = conditioned(table[:, 1:], 50.0)

    assert float(signal.vedba_g.mean()) == pytest.approx(expected_g, rel=0.03, abs=0.0005)


@pytest.mark.parametrize(
    ("start_hz", "is_fine"),
    [(10.0, False), (20.0, False), (22.0, False), (22.5, True), (24.3, True), (25.0, True)],
    ids=["10", "20", "20 and a tenth", "25 less a tenth", "25, really 24.3", "25"],
)
def test_how_fine_a_source_is_does_not_change_within_a_segment(
    start_hz: float, *, is_fine: bool
) -> None:
    """A clock is followed at rates up to an eighth away, and a piece may settle no tick."""
    conditioner = Conditioner()
    heard, origin_s = [], START_S
    for share in (1.0, 0.889, 1.143, 1.0):
        for at in range(100):
            piece = Samples(
                origin_s=origin_s,
                first_index=at,
                rate_hz=share * start_hz,
                acceleration_g=np.ones((1, 3)),
            )
            heard.append(conditioner.push(piece))
        origin_s += 100 / (share * start_hz)
    heard += conditioner.finish()

    assert {signal.source_hz for signal in heard} == {start_hz}
    assert {signal.fine for signal in heard} == {is_fine}
