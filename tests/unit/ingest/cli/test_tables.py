"""A day in the terminal: bars in proportion, holes shown, days of 23 to 25 hours."""

import pytest

from analysis.model import Minute
from ingest.cli.tables import day_chart

HOUR_S = 3600.0
LATER_S = 1e6
"""Long after the day."""


def minute(start_s: float, vedba_g: float, worn_s: float = 60.0) -> Minute:
    """Return one minute of light movement."""
    return Minute(
        start_s=start_s,
        worn_s=worn_s,
        vedba_g=vedba_g,
        rest_s=0.0,
        light_s=worn_s,
        walk_s=0.0,
        vigorous_s=0.0,
    )


@pytest.mark.parametrize("hours", [23, 24, 25])
def test_a_day_has_three_columns_an_hour(hours: int) -> None:
    chart = day_chart([], (0.0, hours * HOUR_S), 0.0, LATER_S)

    assert chart.rows()[2] == "x" * 3 * hours


def test_bars_are_in_proportion_to_the_tallest() -> None:
    """Three rows of eight steps: half of the tallest is 12 steps, a row and a half."""
    chart = day_chart([minute(0.0, 0.2), minute(1200.0, 0.1)], (0.0, HOUR_S), 0.0, LATER_S)

    assert chart.rows()[:3] == ["█  ", "█▄ ", "██x"]


def test_a_column_is_the_mean_over_worn_time() -> None:
    """A minute that was not worn must not halve the mean."""
    chart = day_chart(
        [minute(0.0, 0.2), minute(60.0, 0.0, worn_s=0.0)], (0.0, HOUR_S), 0.0, LATER_S
    )

    assert chart.vedba_g == (pytest.approx(0.2), None, None)


def test_a_worn_column_without_movement_is_not_a_hole() -> None:
    chart = day_chart([minute(0.0, 0.0)], (0.0, HOUR_S), 0.0, LATER_S)

    assert chart.rows()[2] == "▁xx"


def test_other_days_are_passed_over_and_not_marked() -> None:
    chart = day_chart([minute(-60.0, 0.5), minute(HOUR_S, 0.5)], (0.0, HOUR_S), HOUR_S, LATER_S)

    assert chart.vedba_g == (None, None, None)
    assert chart.marked is None


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    chart = day_chart([minute(0.0, 0.2)], (0.0, HOUR_S), 0.0, LATER_S)

    assert "".join(chart.rows(plain=True)).isascii()


def test_hours_to_come_are_empty_and_hours_without_the_collar_are_marked() -> None:
    """At 00:50 two columns of 20 min are over and the third has begun; it is not worn yet."""
    chart = day_chart([minute(0.0, 0.2)], (0.0, 2 * HOUR_S), 0.0, 3000.0)

    assert chart.rows()[2] == "█xx"
    assert day_chart([minute(0.0, 0.2)], (0.0, 2 * HOUR_S), 0.0, LATER_S).rows()[2] == "█xxxxx"
