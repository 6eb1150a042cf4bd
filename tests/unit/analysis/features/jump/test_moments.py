"""Whatever makes a jump more of one never makes it less likely, at any rate and any cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.features.jump.model import probability, strength
from analysis.features.jump.moments import moments
from analysis.model import FloatArray
from analysis.signal.fixed_point import quantised

PUSH_G = (1.5, 2.8, 3.4, 2.8, 1.5, 1.0, 2.0, 3.2, 3.5, 2.2, 1.2)
FLIGHT_G = (0.6, 0.4, 0.3, 0.2, 0.3, 0.6, 0.9, 1.1, 0.9, 0.6, 0.4, 0.3, 0.3, 0.4, 0.6)
LANDING_G = (1.6, 3.0, 4.4, 4.7, 4.2, 2.6, 1.4, 1.0, 1.0, 1.4, 2.2, 2.8, 2.0, 1.2)


def likely(push_g: FloatArray, flight_g: FloatArray, landing_g: FloatArray) -> float:
    """Return how likely the best moment of a jump out of a stand is one."""
    stood_g = np.ones(100)
    whole_g = quantised(np.concatenate([stood_g, push_g, flight_g, landing_g, stood_g]))
    found = moments(whole_g, 1.0, least_gs=0.0)
    return float(probability(found.strength_gs).max(initial=0.0))


scales = st.floats(0.3, 1.5)
gains = st.floats(1.0, 1.5)


@given(scales, scales, scales, gains, gains, gains)
def test_harder_and_lighter_is_never_less_likely(
    push: float, light: float, landing: float, harder: float, lighter: float, further: float
) -> None:
    """Push, flight and landing of any size, each made more of, alone or together."""
    push_g = 1.0 + push * (np.array(PUSH_G) - 1.0)
    flight_g = np.minimum(1.0, light * np.array(FLIGHT_G))
    landing_g = 1.0 + landing * (np.array(LANDING_G) - 1.0)
    before = likely(push_g, flight_g, landing_g)

    more_g = 1.0 + harder * (push_g - 1.0)
    softer_g = flight_g / lighter
    higher_g = 1.0 + further * (landing_g - 1.0)

    assert likely(more_g, flight_g, landing_g) >= before
    assert likely(push_g, softer_g, landing_g) >= before
    assert likely(push_g, flight_g, higher_g) >= before
    assert likely(more_g, softer_g, higher_g) >= before


@given(st.integers(0, 10))
def test_a_longer_flight_is_never_less_likely(more: int) -> None:
    """Each tick more in the middle of the flight, of 0.6 g."""
    flight_g = np.array(FLIGHT_G)
    longer_g = np.insert(flight_g, [5] * more, 0.6)
    push_g, landing_g = np.array(PUSH_G), np.array(LANDING_G)

    assert likely(push_g, longer_g, landing_g) >= likely(push_g, flight_g, landing_g)


@given(*(st.floats(0.0, 0.8) for _ in range(3)), st.integers(0, 2), st.floats(0.0, 0.3))
def test_no_impulse_lowers_the_strength(
    light: float, push: float, landing: float, which: int, more: float
) -> None:
    """The rule by itself: it rises in each of its three numbers."""
    before = [np.array([each]) for each in (light, push, landing)]
    after = [each + more * (number == which) for number, each in enumerate(before)]

    assert strength(*after)[0] >= strength(*before)[0] - 1e-12


def test_strides_do_not_add_up_to_a_push() -> None:
    """Half a second of strides is one stride's push: a push begins where the collar was light."""
    stride_g = np.array([0.4, 0.4, 0.4, 0.4, 2.5, 3.0, 2.0, 1.2])
    flown_g = np.concatenate([np.ones(60), np.tile(stride_g, 6), np.full(18, 0.4), np.ones(60)])

    found = moments(quantised(flown_g), 1.0, least_gs=0.0)

    one_gs = (stride_g[4:] - 1.0).sum() / 50
    assert found.push_gs.max() == pytest.approx(one_gs, abs=1e-3)


def test_what_a_small_sensor_cuts_off_says_nothing() -> None:
    """Above 4 g, which every sensor of 4 g reads in any direction, a peak counts as 4 g."""
    push_g, flight_g, landing_g = (np.array(each) for each in (PUSH_G, FLIGHT_G, LANDING_G))

    assert likely(push_g, flight_g, landing_g) == likely(
        push_g, flight_g, np.where(landing_g > 4.0, 9.0, landing_g)
    )


@pytest.mark.parametrize("n_ticks", [0, 1, 14, 15, 29])
def test_a_signal_may_be_shorter_than_a_jump(n_ticks: int) -> None:
    assert moments(np.full(n_ticks, 0.5), 1.0, least_gs=0.1).at.size == 0
