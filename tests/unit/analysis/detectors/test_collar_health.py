"""Collar health: unworn, stuck, coarse, off and clipped collars are told; good ones are not."""

from typing import Any

import numpy as np
import pytest

from analysis.alerts.book import AlertBook, AlertSettings
from analysis.detectors.collar_health import CollarHealthDetector, CollarHealthSettings
from analysis.model import AlertChange, Day, FloatArray, Hour, Level, Samples, Status, Verdict
from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import Pipeline, PipelineSettings

HOUR_S = 3600.0
START_S = 1_790_640_000.0
DAY = Day(date="2026-09-29", start_s=START_S, end_s=START_S + 86_400.0)


def hour(index: int, **changed: Any) -> Hour:  # noqa: ANN401 (any field of an hour)
    """Return a good hour: worn, a third of it at rest, a third on the move."""
    usual: dict[str, Any] = {
        "start_s": START_S + index * HOUR_S,
        "end_s": START_S + (index + 1) * HOUR_S,
        "clock_h": index % 24 + 1,
        "worn_s": HOUR_S,
        "waking_worn_s": HOUR_S,
        "active_s": 600.0,
        "n_gait_windows": 20,
        "day": DAY,
        "moving_s": 1200.0,
        "still_s": 1200.0,
        "still_g": 1.01,
    }
    return Hour(**(usual | changed))


def unworn(index: int) -> Hour:
    """Return an hour by day in which the collar lay about."""
    return hour(
        index,
        worn_s=0.0,
        waking_worn_s=0.0,
        active_s=0.0,
        moving_s=0.0,
        still_s=HOUR_S,
        unworn_s=HOUR_S,
        waking_unworn_s=HOUR_S,
    )


def said(hours: list[Hour]) -> list[Verdict]:
    """Return all verdicts on some hours."""
    detector = CollarHealthDetector(CollarHealthSettings())
    return [verdict for each in hours for verdict in detector.update(each)]


EXAMPLE = [hour(0), *(unworn(index) for index in range(1, 14)), hour(14)]


def test_a_good_collar_is_clear() -> None:
    """A day of good hours."""
    assert {verdict.level for verdict in said([hour(index) for index in range(24)])} == {
        Level.CLEAR
    }


def test_a_collar_that_is_not_worn_by_day_is_told_after_four_hours() -> None:
    """Watch at four hours, warning at twelve, never more; since it was taken off."""
    found = said([hour(0), *(unworn(index) for index in range(1, 40))])
    found = [verdict for verdict in found if verdict.level is not Level.CLEAR]

    assert [(each.level, each.evidence["unworn_h"]) for each in found[:2]] == [
        (Level.WATCH, 4.0),
        (Level.WARNING, 12.0),
    ]
    assert {each.onset_s for each in found} == {START_S + HOUR_S}
    assert Level.URGENT not in {each.level for each in found}


@pytest.mark.parametrize("n_hours", [3, 12])
def test_a_collar_off_at_night_is_no_trouble(n_hours: int) -> None:
    """Nor is one that is off for three hours by day."""
    by_night = [
        hour(index, worn_s=0.0, waking_worn_s=0.0, unworn_s=HOUR_S, moving_s=0.0)
        for index in range(1, 13)
    ]
    by_day = [unworn(index) for index in range(1, 4)]

    assert {each.level for each in said([hour(0), *(by_day if n_hours == 3 else by_night)])} == {
        Level.CLEAR
    }


@pytest.mark.parametrize(
    ("changed", "name", "level"),
    [
        ({"stuck_s": 700.0, "worn_s": 2900.0}, "stuck_min", Level.WARNING),
        ({"coarse_s": HOUR_S}, "coarse_share", Level.WARNING),
        ({"still_g": 1.12}, "rest_g", Level.WATCH),
        ({"still_g": 0.70}, "rest_g", Level.WARNING),
        ({"clipped_s": 36.0}, "clipped_share", Level.WATCH),
    ],
)
def test_each_trouble_is_told_with_its_number(
    changed: dict[str, float], name: str, level: Level
) -> None:
    """Four such hours: the one number that is wrong, and no other."""
    found = said([hour(index, **changed) for index in range(4)])
    spoken = [each for each in found if each.level is not Level.CLEAR]

    assert {each.level for each in spoken} == {level}
    assert {key for each in spoken for key in each.evidence} == {name}


@pytest.mark.parametrize(
    "changed",
    [
        {"stuck_s": 100.0, "worn_s": 3500.0},
        {"coarse_s": 800.0},
        {"still_g": 1.06},
        {"clipped_s": 20.0},
        {"still_g": 1.3, "still_s": 500.0},
        {"clipped_s": 20.0, "moving_s": 100.0},
    ],
)
def test_just_below_its_threshold_nothing_is_told(changed: dict[str, float]) -> None:
    """Less than each of the above, or too little to judge by."""
    found = said([hour(index, **changed) for index in range(4)])

    assert {each.level for each in found} == {Level.CLEAR}


def test_a_correction_of_gravity_ends_the_trouble() -> None:
    """Hours that read 1.17 g before calibration, and 1.0 g after it."""
    found = said([*(hour(index, still_g=1.17) for index in range(4)), hour(4), hour(5)])

    assert [each.level for each in found[-3:]] == [Level.WATCH, Level.CLEAR, Level.CLEAR]


def test_one_trouble_is_one_alert_that_ends() -> None:
    """Thirty hours not worn: opened once, told once at the warning, over after two good hours."""
    book = AlertBook("rex", AlertSettings())
    hours = [hour(0), *(unworn(index) for index in range(1, 31)), hour(31), hour(32)]

    changes = [change for verdict in said(hours) for change in book.process(verdict)]

    assert len({change.id for change in changes}) == 1
    assert sum(change.notify for change in changes) == 1
    assert changes[-1].status is Status.RESOLVED


def heard_from(collar_g: FloatArray, rate_hz: float) -> list[AlertChange]:
    """Return the alerts on what a collar read from six in the morning on, in UTC."""
    pipeline = Pipeline(PipelineSettings(dog=DogProfile(id="rex", time_zone="UTC")))
    samples = Samples(
        origin_s=1_790_662_800.0 + 3600.0 * 2,
        first_index=0,
        rate_hz=rate_hz,
        acceleration_g=collar_g,
    )
    found = pipeline.process(samples)
    found.extend(pipeline.finish())
    return found.alerts


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rate_hz", "moving_g", "told"),
    [(50.0, 0.0, {"unworn_h"}), (10.0, 0.3, {"coarse_share"}), (50.0, 0.3, set())],
    ids=["on a shelf", "at 10 Hz", "worn at 50 Hz"],
)
def test_samples_lead_to_the_alert(rate_hz: float, moving_g: float, told: set[str]) -> None:
    """Six hours of a morning, 4 mg of noise."""
    n = round(6 * HOUR_S * rate_hz)
    read_g = np.random.default_rng(1).normal(0.0, 0.004 + moving_g, (n, 3))
    read_g[:, 2] += 1.0

    changes = heard_from(read_g, rate_hz)

    assert {change.kind for change in changes} == ({"collar_health"} if told else set())
    assert {name for change in changes for name in change.evidence} == told
