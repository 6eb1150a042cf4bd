"""One drawing of numbers on two axes, as SVG, and several of them as a sheet.

By hand, since a few lines, bars and dots are all that is wanted: text that is the same on every
machine, and no plotting library to install.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from analysis.model import FloatArray
from simulators.behaviours.noise import Trace

MADE, REAL, KNOWN, INK = "#1f6feb", "#d9480f", "#c9d1d9", "#24292f"
"""Colours of what is simulated, what is recorded, what is published, and of the axes."""

_LOOK = f'font-family="sans-serif" font-size="11" fill="{INK}" role="img"'
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 12.0, 26.0, 34.0
_HEADER = 40.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """Points joined by a line."""

    x: Trace | FloatArray
    y: Trace | FloatArray
    colour: str = MADE
    width: float = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A box from one corner to the opposite one."""

    x: tuple[float, float]
    y: tuple[float, float]
    colour: str = KNOWN


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Many thin boxes side by side on the lower edge, those of no height left out.

    Attributes
    ----------
    width
        Of each, along x; the first one begins where x does.
    heights
        Along y, in order.
    """

    width: float
    heights: FloatArray
    colour: str = MADE


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    colour: str = MADE


Mark = Line | Bar | Columns | Dot


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What one side of a panel spans; a tick without a label is a line alone."""

    span: tuple[float, float]
    label: str = ""
    ticks: Sequence[float] = ()
    names: Sequence[str] | None = None

    def share(self, value: float) -> float:
        """Return where a value lies, 0 at the beginning of the span and 1 at its end."""
        first, last = self.span
        return min(max((value - first) / (last - first), 0.0), 1.0)

    def named(self) -> Iterator[tuple[float, str]]:
        """Yield each tick and what is written there."""
        names = self.names or [f"{tick:g}" for tick in self.ticks]
        yield from zip(self.ticks, names, strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Marks on two axes."""

    title: str
    x: Axis
    y: Axis
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Where a panel lies on its sheet, in pixels; y grows downwards."""

    panel: Panel
    left: float
    top: float
    width: float
    height: float

    def x(self, value: float) -> float:
        return self.left + self.width * self.panel.x.share(value)

    def y(self, value: float) -> float:
        return self.top + self.height * (1.0 - self.panel.y.share(value))


def sheet(
    title: str,
    panels: Sequence[Panel],
    *,
    columns: int,
    legend: Sequence[tuple[str, str]] = (),
    size: tuple[float, float] = (300.0, 190.0),
) -> str:
    """Return an SVG with the panels in rows.

    Parameters
    ----------
    title
        What the picture shows; read out where it cannot be seen.
    panels, columns
        In the order of reading.
    legend
        Colours and what they stand for.
    size
        Width and height of a panel with its labels.
    """
    rows = -(-len(panels) // columns)
    width, height = columns * size[0] + 8.0, rows * size[1] + _HEADER + 4.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" {_LOOK}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
        _text(10.0, 17.0, title, weight="bold"),
        *_legend(legend),
    ]
    for number, panel in enumerate(panels):
        row, column = divmod(number, columns)
        frame = _Frame(
            panel=panel,
            left=column * size[0] + _LEFT,
            top=row * size[1] + _HEADER + _TOP,
            width=size[0] - _LEFT - _RIGHT,
            height=size[1] - _TOP - _BOTTOM,
        )
        parts += [*_axes(frame), *(_mark(each, frame) for each in panel.marks)]
    return "\n".join([*parts, "</svg>", ""])


def _legend(entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    at = 10.0
    for colour, name in entries:
        yield f'<rect x="{at:g}" y="26" width="12" height="8" fill="{colour}"/>'
        yield _text(at + 16.0, 34.0, name)
        at += 36.0 + 6.2 * len(name)


def _axes(frame: _Frame) -> Iterator[str]:
    panel, right, bottom = frame.panel, frame.left + frame.width, frame.top + frame.height
    yield _text(frame.left, frame.top - 8.0, panel.title, weight="bold")
    for value, name in panel.x.named():
        at = frame.x(value)
        yield _stroke(at, bottom, at, bottom + 3.0)
        yield _text(at, bottom + 14.0, name, anchor="middle")
    for value, name in panel.y.named():
        at = frame.y(value)
        yield _stroke(frame.left, at, right, at, colour="#eaeef2")
        yield _text(frame.left - 5.0, at + 4.0, name, anchor="end")
    yield _stroke(frame.left, bottom, right, bottom)
    yield _stroke(frame.left, frame.top, frame.left, bottom)
    yield _text(right, bottom + 27.0, panel.x.label, anchor="end")
    yield _text(right, frame.top - 8.0, panel.y.label, anchor="end")


def _mark(mark: Mark, frame: _Frame) -> str:
    if isinstance(mark, Line):
        points = " ".join(
            f"{frame.x(float(x)):.1f},{frame.y(float(y)):.1f}"
            for x, y in zip(mark.x, mark.y, strict=True)
        )
        return (
            f'<polyline points="{points}" fill="none" stroke="{mark.colour}"'
            f' stroke-width="{mark.width:g}" stroke-linejoin="round"/>'
        )
    if isinstance(mark, Bar):
        left, right = (frame.x(each) for each in mark.x)
        bottom, top = (frame.y(each) for each in mark.y)
        return (
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 0.5):.1f}"'
            f' height="{max(bottom - top, 0.5):.1f}" fill="{mark.colour}"/>'
        )
    if isinstance(mark, Columns):
        return f'<path d="{"".join(_columns(mark, frame))}" fill="{mark.colour}"/>'
    return (
        f'<circle cx="{frame.x(mark.x):.1f}" cy="{frame.y(mark.y):.1f}" r="3.5"'
        f' fill="{mark.colour}"/>'
    )


def _columns(mark: Columns, frame: _Frame) -> Iterator[str]:
    bottom = frame.y(frame.panel.y.span[0])
    wide = frame.width * mark.width / (frame.panel.x.span[1] - frame.panel.x.span[0])
    for number, height in enumerate(mark.heights):
        if height > 0.0:
            left, top = frame.x(number * mark.width), frame.y(float(height))
            yield f"M{left:.1f} {bottom:.1f}V{top:.1f}h{wide:.2f}V{bottom:.1f}"


def _stroke(x1: float, y1: float, x2: float, y2: float, *, colour: str = INK) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        f' stroke="{colour}" stroke-width="1"/>'
    )


def _text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    weight: str = "normal",
    colour: str = INK,
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
        f' fill="{colour}">{escape(words)}</text>'
    )
