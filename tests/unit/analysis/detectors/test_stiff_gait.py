"""Stiff gait against the dog's own line."""

from datetime import UTC, datetime
from math import exp

import msgspec
import pytest

from analysis.baseline.collar_fit import fit_line
from analysis.detectors.stiff_gait import StiffGaitDetector, StiffGaitSettings, StiffGaitState
from analysis.features.gait.windows import gait_sums
from analysis.model import Day, Level, Verdict

DAY_S = 86400.0
STEADY = (1.0, 1.0, 1.0)


def day(index: int, change: tuple[float, float, float] = STEADY, n_windows: int = 100) -> Day:
    """Return a day whose cadence, amplitude at that cadence and fast share are changed."""
    cadence, amplitude, fast_share = change
    stride_hz = [1.4 * cadence * exp(0.002 * (k - 49.5)) for k in range(n_windows)]
    rms_g = [0.28 * amplitude * (each / 1.4) ** 2.2 for each in stride_hz]
    start_s = 1_790_640_000.0 + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        n_gait_windows=n_windows,
        n_gait_bouts=5,
        stride_hz=1.4 * cadence,
        gait_sums=gait_sums(stride_hz, rms_g),
        fast_share=0.25 * fast_share,
    )


EXAMPLE = [day(index, STEADY if index < 20 else (0.90, 0.80, 0.40)) for index in range(24)]


def last(changes: list[tuple[float, float, float]]) -> Verdict:
    detector = StiffGaitDetector(StiffGaitSettings())
    verdict = None
    for index, change in enumerate([STEADY] * 20 + changes):
        (verdict,) = detector.update(day(index, change))
    assert verdict is not None
    return verdict


def test_the_line_is_the_dogs_own_where_cadence_varies() -> None:
    """14 days of 100 windows, spread 0.0033 in square each, outweigh the prior of 0.5 at 2.5."""
    line = fit_line([day(k, (1.0 + 0.02 * (k % 5), 1.0, 1.0)) for k in range(14)], 2.5)

    assert line.slope == pytest.approx(2.2, abs=0.05)


def test_the_line_keeps_the_prior_where_cadence_does_not_vary() -> None:
    assert fit_line([day(0, n_windows=1)], 2.5).slope == pytest.approx(2.5)


def test_moderate_pain_on_two_days_is_a_warning_and_on_one_is_not() -> None:
    """Cadence -10 %, amplitude -20 %, fast share -60 %: what a moderate back pain does."""
    pain = (0.90, 0.80, 0.40)

    assert last([pain]).level is Level.CLEAR
    assert last([pain] * 2).level is Level.WARNING
    warned = last([pain] * 3)

    assert warned.level is Level.WARNING
    assert warned.evidence["cadence_drop"] == pytest.approx(0.10)
    assert warned.evidence["fast_share_drop"] == pytest.approx(0.60)
    assert warned.evidence["days"] == 3.0


@pytest.mark.parametrize(
    ("z", "level"), [(-1.51, Level.WARNING), (-1.3, Level.WATCH), (-1.1, Level.CLEAR)]
)
def test_the_index_decides_between_warning_watch_and_clear(z: float, level: Level) -> None:
    """Each component is moved by z times its floor of 3, 10 and 25 %."""
    assert last([(exp(0.03 * z), exp(0.10 * z), exp(0.25 * z))] * 3).level is level


@pytest.mark.parametrize("change", [(1.0, 0.6, 1.0), (1.0, 0.6, 0.3), (0.8, 1.0, 1.0)])
def test_a_moved_collar_or_a_slower_walker_alone_never_warns(
    change: tuple[float, float, float],
) -> None:
    """A collar that reads less also sees less trot, but cannot change the cadence."""
    assert last([change] * 5).level in {Level.CLEAR, Level.WATCH}


@pytest.mark.parametrize("change", [(1.0, 0.6, 1.0), (0.8, 1.0, 1.0)])
def test_one_component_alone_does_not_even_reach_a_watch(
    change: tuple[float, float, float],
) -> None:
    assert last([change] * 5).level is Level.CLEAR


@pytest.mark.parametrize(("n_windows", "level"), [(19, Level.UNKNOWN), (20, Level.CLEAR)])
def test_too_little_gait_is_not_judged(n_windows: int, level: Level) -> None:
    detector = StiffGaitDetector(StiffGaitSettings())
    for index in range(20):
        detector.update(day(index))

    assert detector.update(day(20, n_windows=n_windows))[0].level is level


def test_a_restart_on_any_day_changes_nothing() -> None:
    changes = [STEADY] * 18 + [(0.9, 0.8, 0.4)] * 5 + [STEADY] * 8
    whole, pieces = StiffGaitDetector(StiffGaitSettings()), StiffGaitDetector(StiffGaitSettings())
    for index, change in enumerate(changes):
        assert whole.update(day(index, change)) == pieces.update(day(index, change))
        saved = msgspec.json.encode(pieces.state)
        pieces = StiffGaitDetector(StiffGaitSettings())
        pieces.state = msgspec.json.decode(saved, type=StiffGaitState)
