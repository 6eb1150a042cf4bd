"""Charts as inline SVG, drawn by pure functions; colours and fonts are the style sheet's."""

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from ingest.text.times_part import day_text
from ingest.web.pages.svg import (
    BASE,
    INNER,
    LEFT,
    WIDTH,
    Scale,
    axis,
    below,
    dot,
    gap,
    line,
    rect,
    scale_of,
    svg,
)
from ingest.web.pages.today import Hour
from ingest.web.pages.trends import Trend, TrendDay


def hour_chart(hours: Sequence[Hour], label: str) -> Markup:
    """Return today by the hour: bars for what was, short lines for the usual."""
    known = [each.active_min for each in hours if each.active_min is not None]
    usual = [each.usual_min for each in hours if each.usual_min is not None]
    scale = scale_of([*known, *usual], from_zero=True, least=10.0)
    step = INNER / max(1, len(hours))
    parts = axis(scale)
    for index, hour in enumerate(hours):
        x = LEFT + index * step
        if not hour.ahead and hour.active_min is None:
            parts.append(gap(x, step))
        if hour.active_min:
            y = scale.y(hour.active_min)
            parts.append(rect("bar", (x + 1.5, y, step - 3.0, BASE - y)))
        if hour.usual_min is not None:
            parts.append(_usual(x, step, scale.y(hour.usual_min)))
        if hour.label % 6 == 0:
            parts.append(below(x, f"{hour.label}:00"))
    return svg(parts, label)


def trend_chart(trend: Trend) -> Markup:
    """Return one quantity over days: a band for the usual, gaps as gaps."""
    values = [each.value for each in trend.days if each.value is not None]
    bands = [edge for each in trend.days if each.band is not None for edge in each.band]
    scale = scale_of([*values, *bands], from_zero=trend.from_zero)
    step = INNER / max(1, len(trend.days))
    every = 7 if len(trend.days) > 14 else 3
    parts = axis(scale)
    last = len(trend.days) - 1
    for index, day in enumerate(trend.days):
        x = LEFT + index * step
        parts += _column(day, scale, x, step)
        date = f"{day.day.day} {day.day:%b}"
        if index == last:
            parts.append(below(x + step, date, "end"))
        elif (last - index) % every == 0:
            parts.append(below(x + step / 2, date, "middle"))
    return svg([*parts, *_line_of(trend, scale, step)], _said(trend, values))


def plan_bar(used_min: float, cap_min: float, label: str) -> Markup:
    """Return how much of the plan's minutes is used; what is over the cap stands out."""
    full = max(used_min, cap_min, 1e-9)
    scale = WIDTH / full
    parts = [
        rect("room", (0.0, 0.0, WIDTH, 14.0)),
        rect("bar", (0.0, 0.0, min(used_min, cap_min) * scale, 14.0)),
    ]
    if used_min > cap_min:
        parts.append(rect("over", (cap_min * scale, 0.0, (used_min - cap_min) * scale, 14.0)))
    return svg(parts, label, height=14.0)


def _usual(x: float, step: float, y: float) -> Markup:
    return line("usual", (x + 0.5, y), (x + step - 0.5, y))


def _column(day: TrendDay, scale: Scale, x: float, step: float) -> list[Markup]:
    if day.value is None:
        return [gap(x, step)]
    if day.band is None:
        return []
    top, low = scale.y(day.band[1]), scale.y(day.band[0])
    return [rect("band", (x, top, step + 0.3, low - top))]


def _line_of(trend: Trend, scale: Scale, step: float) -> list[Markup]:
    """Return the dots, and lines between those of days that follow each other."""
    spots = [
        None if day.value is None else (LEFT + (index + 0.5) * step, scale.y(day.value))
        for index, day in enumerate(trend.days)
    ]
    joins = [line("join", a, b) for a, b in pairwise(spots) if a is not None and b is not None]
    dots = [
        dot(_look(day), spot)
        for day, spot in zip(trend.days, spots, strict=True)
        if spot is not None
    ]
    return joins + dots


def _look(day: TrendDay) -> str:
    if not day.sure:
        return "dot unsure"
    if day.band is None or day.value is None or day.band[0] <= day.value <= day.band[1]:
        return "dot"
    return "dot outside"


def _said(trend: Trend, values: Sequence[float]) -> str:
    if not values:
        return f"{trend.title}: no data on these days."
    last = next(each for each in reversed(trend.days) if each.value is not None)
    n_gaps = len(trend.days) - len(values)
    return (
        f"{trend.title}, {len(trend.days)} days: from {min(values):.3g} to {max(values):.3g}"
        f" {trend.unit}, {last.value:.3g} on {day_text(last.day)}; {n_gaps} days without data."
    )
