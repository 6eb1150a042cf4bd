"""The timeline of one segment, step by step."""

import numpy as np
import pytest

from analysis.model import Samples
from ingest.packets import timeline
from ingest.packets.timeline import TimelineSettings, TimelineState

SETTINGS = TimelineSettings()
ONE_SECOND_G = np.zeros((50, 3))


def hear(state: TimelineState, start_s: float, *, samples: int = 50) -> list[Samples]:
    timeline.follow(state, start_s, start_s, SETTINGS)
    return timeline.take(state, np.zeros((samples, 3)), None)


@pytest.mark.parametrize(("late_s", "corrected"), [(0.0099, False), (0.0101, True)])
def test_only_what_leaves_the_dead_zone_is_followed(late_s: float, *, corrected: bool) -> None:
    state = timeline.begin(1000.0, 50.0, 50.0)
    hear(state, 1000.0)

    (placed,) = hear(state, 1001.0 + late_s)

    assert (placed.origin_s != 1000.0) == corrected


def test_a_correction_ends_after_four_seconds_in_the_middle_of_a_packet() -> None:
    """The claim is 20 ms late; 4 s later the stretch of the true rate begins, on the claims."""
    state = timeline.begin(1000.0, 50.0, 50.0)
    hear(state, 1000.0)

    slewing, after = hear(state, 1001.02, samples=500)

    true_hz = 50.0 / 1.02
    assert slewing.start_s == pytest.approx(1001.0)
    assert slewing.n_samples == round(4.0 * true_hz)
    assert after.start_s == pytest.approx(slewing.end_s, abs=1e-6)
    assert after.rate_hz == pytest.approx(true_hz)
    assert after.start_s == pytest.approx(1001.02 + slewing.n_samples / true_hz, abs=1e-6)


@pytest.mark.parametrize("true_hz", [40.0, 60.0])
def test_the_rate_stays_within_ten_percent_of_the_nominal_one(true_hz: float) -> None:
    state = timeline.begin(1000.0, 50.0, 50.0)
    hear(state, 1000.0)

    hear(state, 1000.0 + 50.0 / true_hz)

    assert state.line_hz == pytest.approx(45.0 if true_hz < 50.0 else 55.0)


def test_a_clock_that_was_set_says_nothing_about_the_rate() -> None:
    """A step of 0.3 s within 1 s would read as 38 Hz."""
    state = timeline.begin(1000.0, 50.0, 49.9)
    for k in range(10):
        hear(state, 1000.0 + k)

    for k in range(10, 30):
        # The second time after the step is 5 ms off: two times alone would read as 49.75 Hz.
        hear(state, 1000.3 + k + (0.005 if k == 11 else 0.0))

    assert state.line_hz == pytest.approx(50.0, rel=1e-6)
    assert timeline.end_s(state) == pytest.approx(1030.3, abs=0.01)


def test_the_rate_is_taken_from_the_collar_and_not_from_the_network() -> None:
    """Claims come 50 ms earlier from the fifth packet on; the collar's own clock is steady."""
    state = timeline.begin(1000.0, 50.0, 50.0)
    for k in range(40):
        start_s = 1000.0 + k - (0.05 if k >= 5 else 0.0)
        timeline.follow(state, start_s, float(k), SETTINGS)
        timeline.take(state, ONE_SECOND_G, None)

    assert state.line_hz == pytest.approx(50.0, rel=1e-9)
    assert timeline.end_s(state) == pytest.approx(1039.95, abs=0.011)


def test_one_packet_that_is_off_is_not_followed() -> None:
    state = timeline.begin(1000.0, 50.0, 50.0)
    for k in range(30):
        hear(state, 1000.0 + k)

    (placed,) = hear(state, 1030.0 + 0.020)

    assert placed.origin_s == 1000.0


def test_claims_are_bounded() -> None:
    state = timeline.begin(1000.0, 50.0, 50.0)
    for k in range(200):
        hear(state, 1000.0 + k)

    assert len(state.claims) == 64
