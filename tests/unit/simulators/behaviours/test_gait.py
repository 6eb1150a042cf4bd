"""The simulated gaits measure what real ones do; ranges of docs/evidence.md sections 1 and 8."""

import numpy as np
import pytest
import scipy

from analysis.model import FloatArray
from simulators.behaviours.gait import GAITS, move
from simulators.behaviours.noise import Trace
from simulators.dog.condition import ATAXIA, HEALTHY, LAME, MODERATE, Condition
from simulators.dog.dog import Dog
from simulators.pictures import reference_features as reference

SHEPHERD = Dog(withers_m=0.52, mass_kg=24.0)
SIZES = [0.20, 0.52, 0.75]


def walked(name: str, *, dog: Dog = SHEPHERD, condition: Condition = HEALTHY) -> Trace:
    rng = np.random.default_rng(5)
    bouts = [
        move(rng, 1000, name=name, rate_hz=50.0, dog=dog, condition=condition) for _ in range(90)
    ]
    return np.concatenate(bouts)


@pytest.mark.parametrize("withers_m", SIZES)
@pytest.mark.parametrize(
    ("name", "least_g", "most_g"),
    [("walk", 0.15, 0.38), ("trot", 0.48, 0.59), ("gallop", 0.65, 0.9)],
)
def test_the_magnitude_of_a_gait_spreads_as_measured(
    name: str, withers_m: float, least_g: float, most_g: float
) -> None:
    """Amplitudes in g do not depend on size, so the ranges hold for every dog."""
    signal_g = walked(name, dog=Dog(withers_m=withers_m))

    assert least_g <= reference.spread_g(signal_g) <= most_g


@pytest.mark.parametrize("name", ["slow_walk", "walk", "fast_walk"])
def test_walking_is_as_regular_as_measured(name: str) -> None:
    """Between 0.54 and 0.9, the range over windows of a healthy dog."""
    step_hz = 2.0 * SHEPHERD.stride_hz(GAITS[name].stride_hz)

    assert 0.54 <= reference.regularity(walked(name), step_hz) <= 0.9


@pytest.mark.parametrize(("name", "per_stride"), [("walk", 2.0), ("trot", 2.0), ("gallop", 1.0)])
def test_the_strongest_rhythm_is_the_step_but_in_gallop_the_stride(
    name: str, per_stride: float
) -> None:
    stride_hz = SHEPHERD.stride_hz(GAITS[name].stride_hz)

    assert reference.strongest_hz(walked(name)) == pytest.approx(per_stride * stride_hz, rel=0.06)


def test_a_dog_a_quarter_as_high_strides_twice_as_fast() -> None:
    """Stride rate goes with one over the root of the height."""
    small = Dog(withers_m=0.13, mass_kg=2.0)

    ratio = reference.strongest_hz(walked("walk", dog=small)) / reference.strongest_hz(
        walked("walk")
    )

    assert ratio == pytest.approx(2.0, rel=0.06)


@pytest.mark.parametrize(
    ("name", "least_g", "most_g"),
    [("walk", 0.25, 0.47), ("trot", 0.55, 0.82), ("gallop", 0.8, 1.6)],
)
def test_the_dynamic_acceleration_lies_in_its_band(
    name: str, least_g: float, most_g: float
) -> None:
    """Bands of section 4.1; trot may fall a little below its 0.64 g, see docs/simulator.md."""
    assert least_g <= reference.vedba_g(walked(name)) <= most_g


def test_gallop_reaches_the_measured_peaks_and_dips() -> None:
    """3.5 to 4.5 g and 0.1 to 0.2 g in the canter and gallop windows, half of which go beyond."""
    windows_g = reference.magnitude_g(walked("gallop")).reshape(-1, 200)

    assert 3.2 <= np.median(windows_g.max(axis=1)) <= 4.5
    assert 0.03 <= np.median(windows_g.min(axis=1)) <= 0.26


def test_back_pain_slows_and_flattens_the_walk() -> None:
    """0.9 of the cadence, and 0.9**2.45 * 0.8 = 0.62 of the amplitude."""
    well, sore = walked("walk"), walked("walk", condition=MODERATE)

    slower = reference.strongest_hz(sore) / reference.strongest_hz(well)
    flatter = reference.spread_g(sore) / reference.spread_g(well)

    assert slower == pytest.approx(0.9, abs=0.03)
    assert flatter == pytest.approx(0.62, abs=0.08)


def test_ataxia_costs_the_regularity_that_it_says() -> None:
    step_hz = 2.0 * SHEPHERD.stride_hz(GAITS["walk"].stride_hz)

    lost = reference.regularity(walked("walk"), step_hz) - reference.regularity(
        walked("walk", condition=ATAXIA), 0.85 * step_hz
    )

    assert lost == pytest.approx(0.3, abs=0.1)


def test_ataxia_doubles_the_sway_against_the_step() -> None:
    """Of 0.114 g of sway beside 0.11 g of noise: hypot(0.228, 0.11) / hypot(0.114, 0.11)."""

    def sway(condition: Condition) -> float:
        moved_g = walked("walk", condition=Condition(lateral=condition.lateral))
        return float(moved_g[:, 1].std())

    assert sway(ATAXIA) / sway(HEALTHY) == pytest.approx(1.60, rel=0.1)


def test_the_same_seed_walks_the_same_steps_to_the_last_bit() -> None:
    assert walked("walk").tobytes() == walked("walk").tobytes()


def stride_share(condition: Condition, name: str) -> float:
    """Return the vertical rise at the stride rate over that at the step rate."""
    up_g = walked(name, condition=condition)[:, 2]
    stride_hz = SHEPHERD.stride_hz(GAITS[name].stride_hz)
    hz, power = scipy.signal.welch(up_g, 50.0, nperseg=1000)

    def amplitude(middle_hz: float) -> float:
        return float(np.sqrt(power[np.abs(hz / middle_hz - 1.0) < 0.15].sum()))

    return amplitude(stride_hz) / amplitude(2.0 * stride_hz)


def test_a_lame_dog_lifts_its_head_once_a_stride_in_trot() -> None:
    """5 mm at 2.05 Hz are 0.085 g, beside 0.80 g twice a stride and the 0.03 g of any dog.

    So the share rises by about a ninth of the step's, less what noise had there before.
    """
    sound, lame = stride_share(HEALTHY, "trot"), stride_share(LAME, "trot")

    assert 0.02 <= sound <= 0.10
    assert lame - sound == pytest.approx(0.085 / 0.90, abs=0.045)


def test_a_dog_in_pain_carries_its_nose_lower_and_moves_it_less() -> None:
    """By ten degrees, with 0.7 of the changes; the root of 90 stretches is the error of both."""

    def pitches_deg(condition: Condition) -> FloatArray:
        stretches = walked("walk", condition=condition).reshape(90, 1000, 3).mean(axis=1)
        found: FloatArray = np.degrees(np.arctan2(stretches[:, 0], stretches[:, 2]))
        return found

    well, sore = pitches_deg(HEALTHY), pitches_deg(MODERATE)

    assert well.mean() - sore.mean() == pytest.approx(10.0, abs=4.0)
    assert sore.std() / well.std() == pytest.approx(0.7, abs=0.2)


def test_a_dog_in_pain_starts_with_less_of_a_push() -> None:
    """0.7 of the forward push of the first half second, over 90 starts."""

    def push_g(spurts: float) -> float:
        starts = walked("walk", condition=Condition(spurts=spurts)).reshape(90, 1000, 3)[:, :20]
        return float(starts[..., 0].mean())

    still, well, sore = push_g(0.0), push_g(1.0), push_g(0.7)

    assert well - still > 0.05
    assert (sore - still) / (well - still) == pytest.approx(0.7, abs=0.05)


@pytest.mark.slow
def test_stretches_at_one_cadence_differ_in_strength_as_measured() -> None:
    """A residual of 17 % about the line of strength on cadence, over windows of a walk."""
    spreads_g = np.array(
        [reference.spread_g(each) for each in walked("walk").reshape(-1, 200, 3)],
    )
    rates_hz = np.array(
        [reference.strongest_hz(each) for each in walked("walk").reshape(-1, 200, 3)]
    )
    near = np.abs(rates_hz / np.median(rates_hz) - 1.0) < 0.15
    slope, level = np.polyfit(np.log(rates_hz[near]), np.log(spreads_g[near]), 1)
    left = np.log(spreads_g[near]) - slope * np.log(rates_hz[near]) - level

    assert 0.12 <= left.std() <= 0.22
    assert 1.0 <= slope <= 3.0
