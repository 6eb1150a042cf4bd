"""A step of the collar told apart from a change of the dog."""

from datetime import UTC, datetime
from math import exp, log

import pytest

from analysis.baseline.collar_fit import (
    CollarFit,
    MountingSettings,
    as_now,
    fit_line,
    residual,
    sit,
)
from analysis.features.gait.windows import gait_sums
from analysis.model import Day

DAY_S = 86400.0
SETTINGS = MountingSettings()


def day(index: int, amplitude: float = 1.0, cadence: float = 1.0) -> Day:
    """Return a day of 60 windows whose amplitude at its cadence, and cadence, are changed."""
    stride_hz = [1.4 * cadence * exp(0.002 * (k - 29.5)) for k in range(60)]
    rms_g = [0.28 * amplitude * (each / 1.4) ** 2.5 for each in stride_hz]
    start_s = 1_790_640_000.0 + index * DAY_S
    return Day(
        date=datetime.fromtimestamp(start_s, tz=UTC).date().isoformat(),
        start_s=start_s,
        end_s=start_s + DAY_S,
        n_gait_windows=60,
        n_gait_bouts=5,
        stride_hz=1.4 * cadence,
        gait_sums=gait_sums(stride_hz, rms_g),
        fast_share=0.25,
    )


def steps_of(days: list[Day]) -> list[float]:
    """Return the start of each step that is found, in days since the first."""
    seat = CollarFit()
    found = [sit(seat, each, SETTINGS) for each in days]
    return [(step.since_s - days[0].start_s) / DAY_S for step in found if step is not None]


@pytest.mark.parametrize("amplitude", [0.75, 0.85, 1.25])
def test_a_step_in_amplitude_alone_is_the_collar(amplitude: float) -> None:
    """A new collar reads 15 % less, a slipped one 25 % more; known on the second day."""
    days = [day(index, 1.0 if index < 12 else amplitude) for index in range(13)]
    assert steps_of(days) == []

    assert steps_of([*days, day(13, amplitude)]) == [12.0]


@pytest.mark.parametrize(
    ("amplitude", "cadence"), [(0.80, 0.90), (0.90, 0.95), (0.92, 1.0), (1.0, 0.85)]
)
def test_pain_small_changes_and_a_slow_walker_are_no_step(amplitude: float, cadence: float) -> None:
    """Moderate and mild pain slow the steps by 10 and 5 %; 8 % is less than the least step."""
    pain = [day(index, amplitude, cadence) for index in range(12, 20)]

    assert steps_of([*[day(index) for index in range(12)], *pain]) == []


@pytest.mark.parametrize("others", [1.0, 0.98])
def test_one_odd_day_is_no_step(others: float) -> None:
    """A leash at the collar for a day, even among days that happen to lie below the usual."""
    days = [day(index, 1.0 if index < 12 else others) for index in range(20)]
    days[16] = day(16, 0.6)

    assert steps_of(days) == []


def test_a_week_on_the_old_level_is_needed() -> None:
    """Before there is a level there is no step from it."""
    for n_before, expected in ((6, []), (7, [7.0])):
        days = [day(index, 1.0 if index < n_before else 0.8) for index in range(n_before + 2)]
        assert steps_of(days) == expected


def test_each_step_of_a_collar_that_slips_and_is_set_right_is_found() -> None:
    levels = [1.0] * 12 + [1.25] * 12 + [1.0] * 6

    assert steps_of([day(index, each) for index, each in enumerate(levels)]) == [12.0, 24.0]


def test_days_before_a_step_read_as_if_the_collar_had_always_sat_so() -> None:
    """Their residual against the later days' line is none."""
    days = [day(index, 1.0 if index < 12 else 0.8) for index in range(16)]
    seat = CollarFit()
    for each in days:
        sit(seat, each, SETTINGS)

    line = fit_line(days[12:], 2.5)

    assert residual(days[0], line) == pytest.approx(-log(0.8))
    assert residual(as_now(days[0], seat.steps), line) == pytest.approx(0.0, abs=1e-9)
    assert as_now(days[13], seat.steps) == days[13]
    again = fit_line([as_now(each, seat.steps) for each in days], 2.5)
    assert again.slope == pytest.approx(line.slope)


def test_a_step_is_forgotten_with_the_days_before_it() -> None:
    """After 90 days nothing is compared across it any more."""
    seat = CollarFit()
    for index in range(14):
        sit(seat, day(index, 1.0 if index < 12 else 0.8), SETTINGS)
    assert len(seat.steps) == 1

    sit(seat, day(103, 0.8), SETTINGS)

    assert seat.steps == []
