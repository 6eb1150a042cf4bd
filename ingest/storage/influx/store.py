"""The `Store` port on InfluxDB."""

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from analysis.errors import RejectedError
from config.machine_settings import Influx
from ingest.ports import Point, Query
from ingest.storage.influx import influxql
from ingest.storage.influx.client import InfluxServer, TooLargeError
from ingest.storage.influx.line_protocol import line

MOST_LINES = 5000
"""Lines in one request, as InfluxData advises."""


class InfluxStore:
    """The `Store` port on InfluxDB 1.x, 2.x or 3; open inside ``with``.

    Nothing is asked of the server before the first `write` or `read`. After a `RejectedError` any
    of the points may be stored: InfluxDB keeps the good lines of a batch. Writing them again is
    safe, since the same point overwrites itself.
    """

    def __init__(self, settings: Influx) -> None:
        self._server = InfluxServer(settings)
        self._types: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.__exit__(kind, error, trace)

    def write(self, points: Iterable[Point]) -> None:
        """Store points, overwriting those of the same identity."""
        lines = [line(point) for point in points]
        for start in range(0, len(lines), MOST_LINES):
            self._write(lines[start : start + MOST_LINES])

    def read(self, query: Query) -> list[Point]:
        """Return the points asked for, oldest first."""
        if query.newest == 0:
            return []
        answer = self._server.query(influxql.select(query))
        types = self._types.get(query.measurement, {})
        # A field keeps its type for ever, so the types are asked for when there is a new field.
        if influxql.unknown_columns(answer, types):
            types = influxql.types_from(self._server.query(influxql.field_types(query.measurement)))
            self._types[query.measurement] = types
        return influxql.points_from(answer, query.measurement, types)

    def _write(self, lines: Sequence[str]) -> None:
        """Write one batch, in halves if it is too large for the server."""
        try:
            self._server.write(lines)
        except TooLargeError as error:
            if len(lines) == 1:
                raise RejectedError(str(error)) from error
            half = len(lines) // 2
            self._write(lines[:half])
            self._write(lines[half:])
