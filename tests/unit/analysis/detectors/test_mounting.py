"""The note that a collar sits differently, and what it keeps from the owner."""

from dataclasses import replace
from datetime import UTC, datetime
from math import exp

import pytest

from analysis.detectors.mounting import MountingDetector, MountingDetectorSettings
from analysis.detectors.stiff_gait import StiffGaitDetector, StiffGaitSettings
from analysis.features.gait.windows import gait_sums
from analysis.model import Day, Level, Verdict

DAY_S = 86400.0
AS_EVER = (1.0, 1.0, 1.0)
PAIN = (0.90, 0.80, 0.40)


def day(index: int, change: tuple[float, float, float] = AS_EVER) -> Day:
    """Return a day whose cadence, amplitude at that cadence and fast share are changed."""
    cadence, amplitude, fast_share = change
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
        fast_share=0.25 * fast_share,
    )


NEW_COLLAR = (1.0, 0.85, 0.60)
EXAMPLE = [day(index, AS_EVER if index < 14 else NEW_COLLAR) for index in range(18)]


def said(days: list[Day]) -> tuple[list[Verdict], list[Verdict]]:
    """Return what the notes and the stiffness say of the same days."""
    notes = MountingDetector(MountingDetectorSettings())
    stiff = StiffGaitDetector(StiffGaitSettings())
    return (
        [verdict for each in days for verdict in notes.update(each)],
        [verdict for each in days for verdict in stiff.update(each)],
    )


@pytest.mark.parametrize(
    "seat", [(1.0, 0.85, 0.60), (1.0, 0.75, 0.20), (1.0, 0.70, 0.08)], ids=["new", "loose", "leash"]
)
def test_a_changed_seat_is_a_note_and_no_stiffness(seat: tuple[float, float, float]) -> None:
    """15 to 30 % less amplitude, and with it less that counts as fast; the cadence is the same."""
    days = [day(index, AS_EVER if index < 14 else seat) for index in range(40)]

    notes, stiff = said(days)

    assert [(note.level, note.onset_s) for note in notes] == [(Level.WATCH, days[14].start_s)]
    assert notes[0].evidence["amplitude_change"] == pytest.approx(seat[1] - 1.0, abs=0.001)
    assert {verdict.level for verdict in stiff[14:]} == {Level.CLEAR}


def test_pain_is_still_a_warning_before_after_and_without_a_new_collar() -> None:
    """Three days of moderate pain, a week after the collar was changed and on the old one."""
    for seat in (AS_EVER, NEW_COLLAR):
        days = [day(index, AS_EVER if index < 14 else seat) for index in range(21)]
        sore = (PAIN[0], PAIN[1] * seat[1], PAIN[2] * seat[2])
        days += [day(index, sore) for index in range(21, 24)]

        _, stiff = said(days)

        assert stiff[-1].level is Level.WARNING
        assert stiff[-1].evidence["amplitude_drop"] == pytest.approx(0.20, abs=0.01)


def test_pain_is_not_noted_as_a_new_seat() -> None:
    """Its cadence is down."""
    notes, stiff = said([day(index, AS_EVER if index < 14 else PAIN) for index in range(20)])

    assert notes == []
    assert stiff[-1].level is Level.WARNING


def test_days_under_a_plan_and_days_without_gait_are_left_out() -> None:
    """A dog at rest walks differently, whatever the collar does."""
    days = [day(index, AS_EVER if index < 14 else NEW_COLLAR) for index in range(20)]

    planned = [replace(each, resting_plan=each.start_s >= days[14].start_s) for each in days]
    quiet = [replace(each, n_gait_windows=19) for each in days]

    assert said(planned)[0] == said(quiet)[0] == []
    assert len(said(days)[0]) == 1
