"""Pieces of a drawing as SVG: scales, bars, lines, words; every word is escaped.

Nothing here has a colour: classes are the style sheet's, so that dark mode needs no second drawing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup

WIDTH, HEIGHT = 360.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 4.0, 8.0, 20.0
INNER = WIDTH - LEFT - RIGHT
BASE = HEIGHT - BOTTOM

_SVG = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
_RECT = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
_LINE = Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>')
_GAP = Markup(
    '<rect class="gap" fill="url(#gap)" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
)
_TEXT = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
_DOT = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="3.2"/>')
_LEAST_SPAN = 0.01
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A vertical scale from `low` to `high` with lines at `ticks`."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def y(self, value: float) -> float:
        """Return the height of a value on the drawing, held within it."""
        share = (value - self.low) / (self.high - self.low)
        return BASE - (BASE - TOP) * min(1.0, max(0.0, share))


def scale_of(values: Iterable[float], *, from_zero: bool, least: float = 1.0) -> Scale:
    """Return a scale with two to five round lines that holds all values.

    Examples
    --------
    >>> scale_of([3.0, 47.0], from_zero=True).ticks
    (0.0, 20.0, 40.0, 60.0)
    """
    known = list(values)
    high = max([*known, least] if from_zero or not known else known)
    low = 0.0 if from_zero or not known else min(known)
    # A flat line is drawn in the middle of a scale, not as a wild one.
    span = max(high - low, high * 0.1, _LEAST_SPAN)
    raw = span / 3.0
    unit = 10.0 ** floor(log10(raw))
    step = next(unit * times for times in (1.0, 2.0, 5.0, 10.0) if unit * times >= raw * 0.9999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    last = max(last, first + 1)
    ticks = tuple(round(step * each, 9) for each in range(first, last + 1))
    return Scale(low=ticks[0], high=ticks[-1], ticks=ticks)


def svg(parts: Iterable[Markup], label: str, *, height: float = HEIGHT) -> Markup:
    """Return a drawing; `label` says in words what it shows."""
    return _SVG.format(int(WIDTH), int(height), label, Markup("").join(parts))


def axis(scale: Scale) -> list[Markup]:
    """Return the horizontal lines and their numbers."""
    parts = []
    for tick in scale.ticks:
        y = scale.y(tick)
        parts.append(line("grid", (LEFT, y), (WIDTH - RIGHT, y)))
        parts.append(words((LEFT - 5.0, y + 4.0), f"{tick:g}", "end"))
    return parts


def rect(kind: str, box: tuple[float, float, float, float]) -> Markup:
    """Return a rectangle: x, y, width, height."""
    x, y, width, height = box
    return _RECT.format(kind, x, y, max(0.0, width), max(0.0, height))


def line(kind: str, start: Spot, end: Spot) -> Markup:
    """Return a line."""
    return _LINE.format(kind, *start, *end)


def dot(kind: str, spot: Spot) -> Markup:
    """Return a dot."""
    return _DOT.format(kind, *spot)


def gap(x: float, width: float) -> Markup:
    """Return a hatched column: no data, which is not the same as nothing."""
    return _GAP.format(x, TOP, width, BASE - TOP)


def words(spot: Spot, text: str, anchor: str = "start") -> Markup:
    """Return a text; `anchor` is ``start``, ``middle`` or ``end``."""
    return _TEXT.format(*spot, anchor, text)


def below(x: float, text: str, anchor: str = "start") -> Markup:
    """Return a text below the drawing."""
    return words((x, HEIGHT - 6.0), text, anchor)
