"""Drawings: what is drawn where, and what is not drawn as zero."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model import Minute
from ingest.web.pages.charts import DayFrame, Mark, hour_chart, minute_chart, plan_bar, trend_chart
from ingest.web.pages.svg import BASE, TOP, WIDTH, scale_of, words
from ingest.web.pages.today import Hour
from ingest.web.pages.trends import Trend, TrendDay

BAND = (50.0, 90.0)


def shapes(drawing: str, kind: str) -> list[dict[str, str]]:
    """Return the attributes of every shape of a class; the drawing must be well formed."""
    tree = ET.fromstring(drawing)  # noqa: S314 (our own drawing)
    return [each.attrib for each in tree.iter() if each.get("class", "").split(" ")[0] == kind]


def hour(label: int, active_min: float | None, *, ahead: bool = False) -> Hour:
    return Hour(
        start_s=0.0,
        label=label,
        active_min=active_min,
        worn_min=0.0,
        usual_min=5.0,
        ahead=ahead,
    )


def trend(values: Sequence[float | None], *, sure: bool = True) -> Trend:
    days = [
        TrendDay(day=date(2026, 11, 1) + timedelta(days=n), value=value, band=BAND, sure=sure)
        for n, value in enumerate(values)
    ]
    return Trend(title="Active minutes", unit="min", explained="", days=days)


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=40), st.booleans())
def test_a_scale_holds_every_value_between_few_round_lines(
    values: list[float],
    from_zero: bool,  # noqa: FBT001 (drawn by Hypothesis)
) -> None:
    scale = scale_of(values, from_zero=from_zero)

    assert 2 <= len(scale.ticks) <= 6
    assert scale.low <= min(values) + 1e-6
    assert scale.high >= max(values) * (1 - 1e-9)
    assert all(TOP <= scale.y(each) <= BASE for each in values)


def test_hours_without_data_are_hatched_and_hours_to_come_are_empty() -> None:
    hours = [hour(0, None), hour(1, 6.0), hour(2, 0.0), hour(3, None, ahead=True)]
    drawing = hour_chart(hours, "Rex today")

    assert len(shapes(drawing, "gap")) == 1
    assert len(shapes(drawing, "bar")) == 1
    assert len(shapes(drawing, "usual")) == 4


def test_a_day_without_data_breaks_the_line() -> None:
    """Four dots in two pairs have two joins, not three."""
    drawing = trend_chart(trend([60.0, 70.0, None, 70.0, 60.0]))

    assert len(shapes(drawing, "dot")) == 4
    assert len(shapes(drawing, "join")) == 2
    assert len(shapes(drawing, "gap")) == 1
    assert "1 days without data" in drawing


@pytest.mark.parametrize(
    ("value", "sure", "look"),
    [
        (50.0, True, "dot"),
        (49.9, True, "dot outside"),
        (90.0, True, "dot"),
        (90.1, True, "dot outside"),
        (49.9, False, "dot unsure"),
    ],
)
def test_a_dot_outside_the_band_looks_different_if_it_is_sure(
    value: float,
    sure: bool,  # noqa: FBT001 (a parameter of the table)
    look: str,
) -> None:
    assert shapes(trend_chart(trend([value], sure=sure)), "dot")[0]["class"] == look


def test_no_data_at_all_is_drawn_and_said() -> None:
    drawing = trend_chart(trend([None, None]))

    assert len(shapes(drawing, "gap")) == 2
    assert "no data on these days" in drawing


@pytest.mark.parametrize(
    ("used_min", "bar", "over"),
    [(15.0, WIDTH / 2, None), (60.0, WIDTH / 2, WIDTH / 2)],
    ids=["half used", "twice the cap"],
)
def test_the_plan_bar_shows_what_is_used_and_what_is_over(
    used_min: float, bar: float, over: float | None
) -> None:
    drawing = plan_bar(used_min, 30.0, "used")

    assert float(shapes(drawing, "bar")[0]["width"]) == pytest.approx(bar)
    assert [float(each["width"]) for each in shapes(drawing, "over")] == [
        each for each in [over] if each
    ]


def test_a_cap_of_zero_can_be_drawn() -> None:
    """Strict crate rest may allow nothing at all."""
    assert len(shapes(plan_bar(0.0, 0.0, "none"), "room")) == 1
    assert float(shapes(plan_bar(2.0, 0.0, "over"), "over")[0]["width"]) == WIDTH


def test_words_cannot_become_markup() -> None:
    assert "<b>" not in words((0.0, 0.0), "<b>")
    assert "&lt;b&gt;" in hour_chart([], "<b>")


def test_a_day_shows_gaps_up_to_now_and_marks() -> None:
    """From 0:00 to 0:10 walking, then nothing until now at 1:00: five of six steps are gaps."""
    minutes = [
        Minute(
            start_s=60.0 * each,
            worn_s=60.0,
            vedba_g=0.2,
            rest_s=0.0,
            light_s=0.0,
            walk_s=60.0,
            vigorous_s=0.0,
        )
        for each in range(10)
    ]
    day = DayFrame(start_s=0.0, end_s=86_400.0, now_s=3600.0, zone="UTC")

    drawing = minute_chart(minutes, day, [Mark(time_s=300.0, word="jump")])

    assert [each["class"] for each in shapes(drawing, "bar")] == ["bar"]
    assert len(shapes(drawing, "gap")) == 5
    assert len(shapes(drawing, "mark")) == 1
    assert "5 of 6 steps without data" in drawing
    assert re.search(r">jump</text>", drawing)
