"""What is told of days of recorded motion is counted right, and such a day can be lived."""

from math import inf, isnan
from pathlib import Path

import pytest

from simulators.evaluation.cohorts.recorded import (
    BROKEN,
    CANNOT_WALK,
    HEALTHY,
    KEPT,
    SORE,
    UNEVEN_STRIDES,
    Lived,
)
from simulators.evaluation.cohorts.run import Seen
from simulators.evaluation.report import QUICK
from simulators.evaluation.sections.recorded_days import figures_of, rows_of, section
from simulators.evaluation.workers import Workers


def seen(kind: str, days: float, urgent_days: float | None = None) -> Seen:
    return Seen(kind=kind, days=days, urgent_days=urgent_days)


def lived(case: str, *told: Seen, days: int = 3, delays_s: tuple[float, ...] = ()) -> Lived:
    jumpers = ("lea",) * len(delays_s)
    return Lived(case=case, days=days, seen=told, delays_s=delays_s, jumpers=jumpers)


def test_wrong_alerts_are_counted_over_the_days() -> None:
    """One warning and one urgent alert in 60 days are one a month; one of them is urgent."""
    healthy = [
        lived(HEALTHY, seen("slow_day", 4.0), days=30),
        lived(HEALTHY, seen("collapse", 5.0, 5.0), days=30),
    ]

    figures = figures_of(healthy)

    assert figures["urgent"] == 1.0
    assert figures["warnings_a_month"] == pytest.approx(1.0)
    assert [row[1] for row in rows_of(healthy)] == [
        *("urgent", "warning or urgent", "collapse", "slow_day")
    ]


def test_the_dog_on_rest_with_most_warnings_counts() -> None:
    kept = [lived(KEPT, days=7), lived(KEPT, seen("a", 1.0), seen("b", 2.0), days=7)]
    figures = figures_of([lived(HEALTHY), *kept])

    assert figures["rest_most_warnings"] == 2.0
    assert figures["rest_urgent"] == 0.0


@pytest.mark.parametrize(
    ("late_s", "share"), [(10.0, 1.0), (10.1, 0.95), (inf, 0.95)], ids=["soon", "late", "never"]
)
def test_a_jump_counts_as_told_within_ten_seconds(late_s: float, share: float) -> None:
    """Twenty jumps, nineteen of them told at once."""
    broken = lived(BROKEN, days=2, delays_s=(*[1.0] * 19, late_s))

    assert figures_of([lived(HEALTHY), broken])["jumps_told"] == pytest.approx(share)


def test_jumps_are_counted_for_each_dog_that_was_recorded() -> None:
    """Both of one dog, none of the other: two of three."""
    broken = Lived(
        case=BROKEN, days=2, seen=(), delays_s=(1.0, inf, 9.0), jumpers=("lea", "max", "lea")
    )

    jumps = [row for row in rows_of([lived(HEALTHY), broken]) if "jumps" in str(row[1])]

    assert [(row[1], row[4], row[5]) for row in jumps] == [
        ("jumps told within 10 s", 2, 3),
        ("jumps told within 10 s, dog lea", 2, 2),
        ("jumps told within 10 s, dog max", 0, 1),
    ]


def test_of_a_few_jumps_no_share_is_given() -> None:
    broken = lived(BROKEN, days=2, delays_s=(1.0,) * 19)

    assert isnan(figures_of([lived(HEALTHY), broken])["jumps_told"])


@pytest.mark.parametrize(("days", "found"), [(3.0, 1.0), (3.01, 0.0)])
@pytest.mark.parametrize(
    ("case", "figure"), [(SORE, "moderate_found"), (UNEVEN_STRIDES, "uneven_found")]
)
def test_an_illness_must_be_told_within_three_days(
    case: str, figure: str, days: float, found: float
) -> None:
    ill = lived(case, seen("stiff_gait", days))

    assert figures_of([lived(HEALTHY), ill])[figure] == found


@pytest.mark.parametrize(
    ("urgent_days", "found"), [(14.5 / 24, 1.0), (14.6 / 24, 0.0), (None, 0.0)]
)
def test_a_dog_that_cannot_walk_must_be_urgent_by_half_past_two(
    urgent_days: float | None, found: float
) -> None:
    """Eight waking hours after half past six; a warning is not enough."""
    ill = lived(CANNOT_WALK, seen("no_movement", 0.5, urgent_days), days=1)

    assert figures_of([lived(HEALTHY), ill])["non_walking_urgent"] == found


def test_without_recordings_it_says_why(tmp_path: Path) -> None:
    for folder in (None, tmp_path / "nowhere", tmp_path):
        assert section(folder, QUICK, Workers()).skipped


@pytest.mark.slow
def test_a_recorded_dog_lives_a_day_and_breaks_its_rest(recordings: Path) -> None:
    """Nothing is told of a healthy day and of a day of rest; most of four jumps are, in time."""
    found = section(recordings, QUICK, Workers())

    assert not found.skipped
    assert found.figures["urgent"] == found.figures["rest_urgent"] == 0.0
    jumps, *of_dogs = [row for row in found.rows if "jumps" in str(row[1])]
    assert jumps[5] == sum(int(row[5] or 0) for row in of_dogs) == 4
    assert int(jumps[4] or 0) >= 2
