"""Charts of hours, days and trends as inline SVG; colours and fonts are the style sheet's."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from analysis.model import Minute
from ingest.text.times import day_text, local
from ingest.web.pages.svg import (
    BASE,
    INNER,
    LEFT,
    TOP,
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
    words,
)
from ingest.web.pages.today import Hour, Seen, kind_of
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


_BIN_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment to point out: Unix time and a short word."""

    time_s: float
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFrame:
    """Which day to draw: Unix times of its midnights and of now, and the zone of its hours."""

    start_s: float
    end_s: float
    now_s: float
    zone: str


def minute_chart(minutes: Sequence[Minute], day: DayFrame, marks: Sequence[Mark]) -> Markup:
    """Return a day in steps of ten minutes: how strongly the dog moved, and what it did."""
    start_s, end_s = day.start_s, day.end_s
    n_bins = round((end_s - start_s) / _BIN_S)
    bins: list[list[Minute]] = [[] for _ in range(n_bins)]
    for each in minutes:
        if each.worn_s and start_s <= each.start_s < end_s:
            bins[int((each.start_s - start_s) // _BIN_S)].append(each)
    strength = [_mean_mg(each) for each in bins]
    scale = scale_of([each for each in strength if each is not None], from_zero=True, least=100.0)
    step = INNER / n_bins
    parts = axis(scale)
    for index, (of_bin, mean_mg) in enumerate(zip(bins, strength, strict=True)):
        x = LEFT + index * step
        at_s = start_s + index * _BIN_S
        if mean_mg is not None:
            parts.append(_bar(of_bin, x, step, (mean_mg, scale)))
        elif at_s < day.now_s:
            parts.append(gap(x, step + 0.2))
        at = local(at_s, day.zone)
        if at.minute == 0 and at.hour % 6 == 0:
            parts.append(below(x, f"{at.hour}:00"))
    parts += [_mark(each, start_s, end_s) for each in marks if start_s <= each.time_s < end_s]
    n_past = min(n_bins, int((day.now_s - start_s) // _BIN_S))
    n_gaps = sum(each is None for each in strength[:n_past])
    label = f"The day in steps of ten minutes; {n_gaps} of {n_past} steps without data."
    return svg(parts, label)


def _mean_mg(minutes: Sequence[Minute]) -> float | None:
    worn_s = sum(each.worn_s for each in minutes)
    if not worn_s:
        return None
    return 1000.0 * sum(each.vedba_g * each.worn_s for each in minutes) / worn_s


def _bar(minutes: Sequence[Minute], x: float, step: float, strength: tuple[float, Scale]) -> Markup:
    mean_mg, scale = strength
    seen = kind_of(minutes)
    kind = {Seen.WALKING: "bar", Seen.VIGOROUS: "bar hard"}.get(seen, "bar calm")
    y = scale.y(mean_mg)
    return rect(kind, (x, y, step + 0.1, BASE - y))


def _mark(mark: Mark, start_s: float, end_s: float) -> Markup:
    share = (mark.time_s - start_s) / (end_s - start_s)
    x = LEFT + INNER * share
    anchor = "end" if share > 0.7 else "start"
    beside = -4.0 if anchor == "end" else 4.0
    return line("mark", (x, TOP), (x, BASE)) + words((x + beside, TOP + 10.0), mark.word, anchor)
