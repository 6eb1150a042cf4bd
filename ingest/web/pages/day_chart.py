"""One day minute by minute, as a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from analysis.model import Minute
from ingest.text.times_part import local
from ingest.web.pages.now import Seen, kind_of
from ingest.web.pages.svg import (
    BASE,
    INNER,
    LEFT,
    TOP,
    Scale,
    axis,
    below,
    gap,
    line,
    rect,
    scale_of,
    svg,
    words,
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
