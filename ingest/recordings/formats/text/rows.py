"""Rows of a text table as numbers: whole chunks at once, row by row only where that fails."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from analysis.errors import RecordingError
from analysis.model import FloatArray
from ingest.recordings.formats.base import refuse
from ingest.recordings.formats.text.layout import Layout
from ingest.recordings.formats.text.lines import Chunk
from ingest.recordings.formats.text.times import TimeScale

ALWAYS_SPARED = 5
"""Bad rows that even a short file may have."""

LARGEST, LARGEST_S = 1e6, 1e12
"""No sensor says more in any unit, no clock either."""

Columns = tuple[FloatArray, FloatArray | None]


@dataclass(slots=True)
class BadRows:
    """Counts rows that could not be read, and says when there are too many.

    Attributes
    ----------
    share
        Share of rows, 0-1, that may be bad.
    """

    path: Path
    share: float
    n_rows: int = 0
    n_bad: int = 0
    new: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, cause: str) -> None:
        """Count one bad row."""
        self.n_bad += 1
        self.new.append((line, cause))

    def notes(self) -> tuple[str, ...]:
        """Return one sentence about the bad rows since the last call."""
        if not self.new:
            return ()
        (line, cause), n_new = self.new[0], len(self.new)
        self.new = []
        rows = "1 row was" if n_new == 1 else f"{n_new} rows were"
        return (f"{rows} dropped from line {line} on: {cause}",)

    def verdict(self) -> RecordingError | None:
        """Return the error to stop with, if too many rows were bad."""
        spared = max(ALWAYS_SPARED, self.share * self.n_rows)
        if not self.new or (self.n_bad <= spared and self.n_bad < self.n_rows):
            return None
        line, cause = self.new[0]
        done = f"{self.n_bad} of {self.n_rows} rows could not be read, reading stopped"
        return refuse(self.path, f"{cause}; {done}", line=line)


def parse(chunk: Chunk, layout: Layout, scale: TimeScale | None, bad: BadRows) -> Columns:
    """Return accelerations (n, 3) in the file's unit, and Unix times if there is a scale.

    Rows that cannot be read or are not finite are left out and counted; blank lines are not rows.
    """
    numbered = [
        (chunk.first_line + i, line)
        for i, line in enumerate(chunk.lines)
        if line and not line.isspace()
    ]
    rows = [layout.fields(line) for _, line in numbered]
    bad.n_rows += len(rows)
    try:
        values, times_s = _numbers(rows, layout, scale)
    except (ValueError, OverflowError):
        good = _good_rows(rows, [line for line, _ in numbered], (layout, scale), bad)
        numbered = [numbered[i] for i in good]
        values, times_s = _numbers([rows[i] for i in good], layout, scale)
    # Written so that NaN fails too; sums and squares of what passes cannot overflow.
    finite = (np.abs(values) <= LARGEST).all(axis=1)
    if times_s is not None:
        finite &= np.abs(times_s) <= LARGEST_S
    if not finite.all():
        for i in np.flatnonzero(~finite).tolist():
            bad.add(numbered[i][0], "a value is not finite or too large")
        values, times_s = values[finite], None if times_s is None else times_s[finite]
    return values, times_s


def _numbers(rows: list[list[str]], layout: Layout, scale: TimeScale | None) -> Columns:
    """Return the columns of rows that are all sound.

    Raises
    ------
    ValueError
        If one is not.
    """
    if any(len(row) != layout.n_fields for row in rows):
        msg = f"expected {layout.n_fields} fields"
        raise ValueError(msg)
    values = np.empty((len(rows), 3))
    for axis, column in enumerate(layout.columns.axes):
        values[:, axis] = list(map(float, [row[column] for row in rows]))
    if scale is None or layout.columns.time is None:
        return values, None
    time = layout.columns.time
    return values, scale.seconds([row[time] for row in rows])


def _good_rows(
    rows: list[list[str]], lines: list[int], form: tuple[Layout, TimeScale | None], bad: BadRows
) -> list[int]:
    good = []
    for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
        try:
            _numbers([row], *form)
        except (ValueError, OverflowError) as error:
            text = " ".join(row)[:40]
            cause = str(error) if len(row) != form[0].n_fields else "not a number"
            bad.add(line, f"{cause}, found {text!r}")
        else:
            good.append(number)
    return good
