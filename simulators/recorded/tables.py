"""Reading text tables of recordings row by row, with the line of whatever is wrong."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import RecordingError
from simulators.recorded.manifest import Column


@dataclass(frozen=True, slots=True)
class Rows:
    """The chosen columns of one table.

    Attributes
    ----------
    path
        Where it lies.
    columns
        Those wanted, by name, or by number where the table has no header; None gives "".
    separator
        What stands between two values.
    """

    path: Path
    columns: Sequence[Column | None]
    separator: str = ","

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number of each line, and its values in the order of the columns.

        Raises
        ------
        RecordingError
            If the file cannot be read, lacks a column, or a row is too short.
        """
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                yield from self._rows(csv.reader(file, delimiter=self.separator))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            msg = f"{self.path.name} cannot be read: {error}"
            raise RecordingError(msg) from error

    def _rows(self, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
        named = any(isinstance(each, str) for each in self.columns)
        header = next(reader, []) if named else []
        places = [self._place(each, header) for each in self.columns]
        for line, row in enumerate(reader, start=2 if named else 1):
            if not row:
                continue
            try:
                yield line, ["" if at is None else row[at] for at in places]
            except IndexError as error:
                msg = f"{self.path.name}: line {line} has {len(row)} columns, expected more"
                raise RecordingError(msg) from error

    def _place(self, column: Column | None, header: Sequence[str]) -> int | None:
        if column is None or isinstance(column, int):
            return column
        if column not in header:
            msg = f"{self.path.name}: there is no column {column!r}, only {', '.join(header)}"
            raise RecordingError(msg)
        return header.index(column)


def number_of(text: str, path: Path, line: int) -> float:
    """Return a value of a table as a number.

    Raises
    ------
    RecordingError
        If it is none.
    """
    try:
        return float(text)
    except ValueError as error:
        msg = f"{path.name}: line {line}: {text!r} is not a number"
        raise RecordingError(msg) from error
