"""How a text table is written: separator, decimal sign, header, columns."""

import re
from dataclasses import dataclass, replace

from ingest.recordings.formats.base import ReadOptions
from ingest.recordings.formats.text.columns import AXES, Columns, named_columns

HEAD_LINES = 200
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(nan|inf)", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"[+-]?\d+(,\d+)?(e[+-]?\d+)?", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:?\d\d.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A text table's form.

    Attributes
    ----------
    separator
        Between fields; ``None`` is any white space.
    decimal_comma
        Whether numbers have a comma for the point.
    n_fields
        Fields in each row.
    n_before
        Lines before the first row.
    columns
        Where time and the axes are.
    """

    separator: str | None
    decimal_comma: bool
    n_fields: int
    n_before: int
    columns: Columns

    def fields(self, line: str) -> list[str]:
        """Return a row's fields, without quotes and with points in numbers."""
        if self.decimal_comma:
            line = line.replace(",", ".")
        return line.replace('"', "").split(self.separator)


def find_layout(lines: list[str], options: ReadOptions) -> Layout | str:
    """Return the layout of a table from its first lines, or why there is none."""
    if any("\0" in line for line in lines[:HEAD_LINES]):
        return "binary data, expected a text table"
    for separator, decimal_comma in ((";", True), (";", False), ("\t", True), ("\t", False),
                                     (",", False), (None, True), (None, False)):  # fmt: skip
        plain = Layout(
            separator=separator,
            decimal_comma=decimal_comma,
            n_fields=0,
            n_before=0,
            columns=Columns(time=None, axes=(0, 1, 2)),
        )
        found = _first_row(lines[:HEAD_LINES], plain)
        if found is not None:
            return _with_columns(
                lines, replace(plain, n_before=found[0], n_fields=found[1]), options
            )
    return f"no row of three or more numbers in the first {min(len(lines), HEAD_LINES)} lines"


def _first_row(lines: list[str], layout: Layout) -> tuple[int, int] | None:
    number = _COMMA_NUMBER if layout.decimal_comma else _NUMBER
    if layout.decimal_comma and not any("," in line for line in lines):
        return None
    for n_before, line in enumerate(lines):
        raw = line.replace('"', "").split(layout.separator)
        n_numbers = sum(number.fullmatch(each.strip()) is not None for each in raw)
        n_dates = sum(_DATE.fullmatch(each.strip()) is not None for each in raw)
        if n_numbers >= 3 and n_numbers + n_dates >= min(len(raw), 3):
            return n_before, len(raw)
    return None


def _with_columns(lines: list[str], layout: Layout, options: ReadOptions) -> Layout | str:
    names = _header(lines[: layout.n_before], layout)
    if options.columns:
        columns = _told_columns(names, layout, options)
    elif names is not None:
        columns = named_columns(names)
    elif (n_names := _names_above(lines[: layout.n_before], layout)) > 1:
        columns = (
            f"the header has {n_names} names and its rows {layout.n_fields} values;"
            " name the columns with --column"
        )
    elif layout.n_fields in {3, 4}:
        first = layout.n_fields - 3
        time = 0 if first else None
        columns = Columns(time=time, axes=(first, first + 1, first + 2))
    else:
        columns = f"{layout.n_fields} columns without a header; name them with --column"
    return columns if isinstance(columns, str) else replace(layout, columns=columns)


def _header(before: list[str], layout: Layout) -> list[str] | None:
    for line in reversed(before):
        names = [name.strip() for name in line.lstrip("#").replace('"', "").split(layout.separator)]
        if len(names) == layout.n_fields and any(name for name in names):
            return names
    return None


def _names_above(before: list[str], layout: Layout) -> int:
    """Return how many names the line above the first row holds."""
    line = before[-1].lstrip("#") if before else ""
    return sum(bool(name.strip()) for name in line.split(layout.separator))


def _told_columns(names: list[str] | None, layout: Layout, options: ReadOptions) -> Columns | str:
    unknown = sorted(set(options.columns) - {"time", *AXES})
    if unknown or not set(AXES) <= set(options.columns):
        return f"--column names {', '.join(options.columns)}, expected x, y, z and perhaps time"
    numbers: dict[str, int] = {}
    for role, told in options.columns.items():
        if names is not None and told in names:
            numbers[role] = names.index(told)
        elif told.isdecimal() and 1 <= int(told) <= layout.n_fields:
            numbers[role] = int(told) - 1
        else:
            return f"no column {told!r} for {role} among {', '.join(names or ['no names'])}"
    axes = (numbers["x"], numbers["y"], numbers["z"])
    named = named_columns([names[each] for each in axes]) if names else None
    unit = named.unit if isinstance(named, Columns) else None
    return Columns(time=numbers.get("time"), axes=axes, unit=unit)
