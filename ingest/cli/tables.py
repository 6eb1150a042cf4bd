"""What several commands print: alerts as panels and rows, and a day's movement as a chart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from analysis.model import AlertChange, Level, Minute, Status
from ingest.text.alerts import advice, alert_text, headline, original_text, owner_note_text

_COLOURS = {Level.WATCH: "cyan", Level.WARNING: "yellow", Level.URGENT: "bold red"}


def local_time(time_s: float, zone: str) -> str:
    """Return a sample time as the dog's owner would write it."""
    return datetime.fromtimestamp(time_s, ZoneInfo(zone)).strftime("%a %d %b %Y %H:%M:%S")


def alert_panel(change: AlertChange, name: str, zone: str) -> RenderableType:
    """Return an alert as the owner reads it."""
    text, original = alert_text(change, name, zone), original_text(change, name, zone)
    parts = [text.advice, *text.lines]
    if change.status not in {Status.PENDING, Status.OPEN, Status.WORSE}:
        # What has become of it, and then what it was.
        parts = [f"It was: {original.lead}", advice(change, name), *original.lines]
    body = "\n".join(each for each in (text.lead, *parts, *text.red_flags) if each)
    colour = _COLOURS.get(change.severity, "white")
    return Panel(Text(body), title=text.title, border_style=colour, title_align="left")


def alert_table(changes: Iterable[AlertChange], names: Mapping[str, str], zone: str) -> Table:
    """Return alerts one a line, newest last."""
    table = Table("id", "since", "status", "severity", "what", box=None, padding=(0, 2, 0, 0))
    for change in changes:
        name = names.get(change.dog, change.dog)
        table.add_row(
            change.id[:8],
            local_time(change.onset_s, zone),
            change.status.value,
            Text(change.severity.value, style=_COLOURS.get(change.severity, "white")),
            Group(*_told(change, name)),
        )
    return table


def _told(change: AlertChange, name: str) -> list[Text]:
    """Return an alert in a line, what to do about it, and what the owner noted."""
    more = [each for each in (advice(change, name), owner_note_text(change)) if each]
    return [Text(headline(change, name)), *(Text(each, style="dim") for each in more)]


_BARS, _PLAIN_BARS = " ▁▂▃▄▅▆▇█", " .:-=+*##"

_LEVELS = 8

_ROWS = 3

_COLUMN_S = 1200.0
"""Twenty minutes a column: a day fits a terminal of 80."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChart:
    """A day's movement, column by column.

    Attributes
    ----------
    vedba_g
        Mean over the worn time of each column; None where the collar was not worn.
    marked
        The column in which it happened, if it lies in this day.
    to_come
        The first column that has not begun; what is from there on is not known yet.
    """

    vedba_g: Sequence[float | None]
    marked: int | None
    to_come: int

    def rows(self, *, plain: bool = False) -> list[str]:
        """Return the lines, highest first, then the marks, then the hours; `plain` is ASCII."""
        bars = _PLAIN_BARS if plain else _BARS
        tallest_g = max((each for each in self.vedba_g if each is not None), default=0.0) or 1.0
        heights = [
            None if each is None else max(1, round(each / tallest_g * _ROWS * _LEVELS))
            for each in self.vedba_g
        ]
        lines = [
            "".join(_cell(height, row, bars) for height in heights[: self.to_come])
            for row in reversed(range(_ROWS))
        ]
        marks = ["^" if column == self.marked else " " for column in range(len(heights))]
        return [*lines, "".join(marks).rstrip(), _hours(len(heights))]

    def drawn(self, *, plain: bool = False) -> RenderableType:
        """Return the chart with a line on what it shows."""
        tallest_g = max((each for each in self.vedba_g if each is not None), default=0.0)
        said = f"Movement that day, 20 min a column, tallest {tallest_g:.2f} g. x: not worn"
        said += "; ^: this alert." if self.marked is not None else "."
        return Group(Text("\n".join(self.rows(plain=plain)), no_wrap=True), Text(said))


def day_chart(
    minutes: Iterable[Minute], bounds_s: tuple[float, float], onset_s: float, now_s: float
) -> DayChart:
    """Return the chart of the day between two midnights; minutes of other days are passed over."""
    start_s, end_s = bounds_s
    n_columns = round((end_s - start_s) / _COLUMN_S)
    sums_g, worn_s = [0.0] * n_columns, [0.0] * n_columns
    for minute in minutes:
        column = _column(minute.start_s, start_s)
        if 0 <= column < n_columns:
            sums_g[column] += minute.vedba_g * minute.worn_s
            worn_s[column] += minute.worn_s
    marked = _column(onset_s, start_s)
    return DayChart(
        vedba_g=tuple(
            sum_g / each_s if each_s > 0.0 else None
            for sum_g, each_s in zip(sums_g, worn_s, strict=True)
        ),
        marked=marked if 0 <= marked < n_columns else None,
        to_come=min(n_columns, max(0, _column(now_s, start_s) + 1)),
    )


def _column(time_s: float, start_s: float) -> int:
    return int((time_s - start_s) // _COLUMN_S)


def _cell(height: int | None, row: int, bars: str) -> str:
    """Return one character of a bar; `row` counts from the bottom."""
    if height is None:
        return "x" if row == 0 else " "
    return bars[min(max(height - row * _LEVELS, 0), _LEVELS)]


def _hours(n_columns: int) -> str:
    """Return the scale below: hours since midnight, every six."""
    line = [" "] * (n_columns + 2)
    for hour in range(0, n_columns // 3 + 1, 6):
        line[hour * 3 : hour * 3 + 2] = f"{hour:<2}"
    return "".join(line).rstrip()
