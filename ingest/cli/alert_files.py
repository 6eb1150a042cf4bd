"""Alerts as a file for others: CSV for a spreadsheet, JSON for a program."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

_COLUMNS = (
    "id",
    "dog",
    "kind",
    "severity",
    "status",
    "onset",
    "changed",
    "count",
    "title",
    "text",
    "evidence",
    "do",
    "noted",
)


class ExportFormat(StrEnum):
    """What a file of alerts may be."""

    CSV = "csv"
    JSON = "json"


def export_text(
    entries: Sequence[Mapping[str, Any]], zones: Mapping[str, str], file_format: ExportFormat
) -> str:
    """Return alerts as the text of a file, newline at the end; `zones` are by dog."""
    if file_format is ExportFormat.JSON:
        return json.dumps(list(entries), indent=2, ensure_ascii=False) + "\n"
    lines = StringIO()
    table = csv.DictWriter(lines, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for each in entries:
        zone = ZoneInfo(zones[each["dog"]])
        table.writerow(
            {
                **each,
                "onset": datetime.fromtimestamp(each["onset_s"], zone).isoformat(),
                "changed": datetime.fromtimestamp(each["time_s"], zone).isoformat(),
                "evidence": json.dumps(each["evidence"], sort_keys=True),
            }
        )
    return lines.getvalue()
