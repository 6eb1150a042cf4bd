"""Times as files write them, turned into Unix seconds."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from analysis.model import FloatArray
from ingest.recordings.formats.base import ReadOptions

DATENUM_1970 = 719_529.0
"""MATLAB counts days from year 0; this is 1 January 1970."""

DAY_S = 86_400.0
LARGEST = 1e20
_BARE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?")
_FACTORS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_EPOCHS = ((1e17, "ns"), (1e14, "us"), (1e11, "ms"), (1e8, "s"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeScale:
    """How times become Unix seconds: ``(value - zero) * factor_s + shift_s``, or ISO 8601 text."""

    iso: bool = False
    zero: float = 0.0
    factor_s: float = 1.0
    shift_s: float = 0.0
    note: str | None = None

    def seconds(self, texts: list[str]) -> FloatArray:
        """Return Unix times.

        Raises
        ------
        ValueError
            If a text is no such time.
        """
        if self.iso:
            return iso_seconds(texts) + self.shift_s
        values = np.array(list(map(float, texts)), dtype=np.float64)
        with np.errstate(over="ignore"):
            return np.asarray((values - self.zero) * self.factor_s + self.shift_s)


def zone_offset_s(zone: str, local_s: float) -> float | str:
    """Return how far a zone is ahead of UTC at a local time, or what is wrong with it."""
    try:
        moment = datetime.fromtimestamp(local_s, UTC).replace(tzinfo=ZoneInfo(zone))
        offset = moment.utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return f"{zone!r} is no time zone, expected a name such as Europe/Berlin"
    except (OverflowError, OSError):
        return f"{local_s} s is no date"
    return 0.0 if offset is None else offset.total_seconds()


def iso_seconds(texts: list[str]) -> FloatArray:
    """Return ISO 8601 times as seconds since 1970; without an offset they count as UTC.

    Raises
    ------
    ValueError
        If a text is no such time.
    """
    suffix = _zone_suffix(texts[0].strip()) if texts else ""
    if suffix in {"", "Z"} and all(text.strip().endswith(suffix) for text in texts):
        bare = [text.strip().removesuffix(suffix) for text in texts]
        # numpy would take "now" and "today" for times, and warn at anything like a zone.
        if all(map(_BARE.fullmatch, bare)):
            times = np.array(bare, dtype=np.str_).astype("datetime64[ns]")
            return times.astype(np.int64) / 1e9
    return np.array([_one_iso(text.strip()) for text in texts], dtype=np.float64)


def _one_iso(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _zone_suffix(text: str) -> str:
    """Return the zone at the end of a time: ``Z``, an offset, or nothing."""
    if text[-1:] in {"Z", "z"}:
        return text[-1]
    sign = max(text.rfind("+"), text.rfind("-"))
    return text[sign:] if sign > 10 else ""


def find_scale(texts: list[str], unit: str | None, options: ReadOptions) -> TimeScale | str:
    """Return the time scale of a column from its first rows, or why there is none.

    Notes
    -----
    Epochs are told apart by size: seconds since 1970 have been above 1e8 since 1973. What is
    smaller is a MATLAB datenum if it lies near 700,000 and advances by fractions of a second when
    read as days, else it counts from the start of the recording.
    """
    unit = options.time_unit or unit
    try:
        values = np.array([float(text) for text in texts], dtype=np.float64)
    except ValueError:
        return (
            _iso_scale(texts, options) if unit in {None, "iso", "s"} else f"time is not in {unit}"
        )
    values = values[np.abs(values) < LARGEST]
    if not values.size:
        return "no finite time in the first rows"
    first = float(values[0])
    step = float(np.median(np.diff(values))) if values.size > 1 else 0.0
    if unit == "datenum" or (unit is None and 6e5 < first < 9e5 and 0 < step < 2.0 / DAY_S):
        return _local(TimeScale(zero=DATENUM_1970, factor_s=DAY_S), first, options)
    epoch = next((name for least, name in _EPOCHS if first >= least), None)
    # An epoch says its own unit; a name such as "time_s" must agree with it.
    if epoch is not None and unit in {None, epoch}:
        return TimeScale(factor_s=_FACTORS[epoch])
    if unit is None:
        unit = _unit_of_step(step)
    if unit not in _FACTORS:
        return (
            f"cannot tell the unit of times that start {first:g} and step {step:g}; say --time-unit"
        )
    return _relative(first, unit, options)


def _iso_scale(texts: list[str], options: ReadOptions) -> TimeScale | str:
    try:
        first = float(iso_seconds(texts[:1])[0])
    except ValueError:
        return f"time {texts[0].strip()!r} is neither a number nor ISO 8601"
    if _zone_suffix(texts[0].strip()):
        return TimeScale(iso=True)
    return _local(TimeScale(iso=True), first, options)


def _local(scale: TimeScale, first: float, options: ReadOptions) -> TimeScale | str:
    local_s = first if scale.iso else (first - scale.zero) * scale.factor_s
    offset = zone_offset_s(options.zone or "UTC", local_s)
    if isinstance(offset, str):
        return offset
    note = f"times have no zone, read as {options.zone or 'UTC'}"
    return TimeScale(
        iso=scale.iso, zero=scale.zero, factor_s=scale.factor_s, shift_s=-offset, note=note
    )


def _unit_of_step(step: float) -> str | None:
    """Return the unit in which a step between samples makes a rate of 5 to 1000 Hz."""
    if not (math.isfinite(step) and step > 0):
        return None
    return next((unit for unit, size in _FACTORS.items() if 1e-3 <= step * size <= 0.2), None)


def _relative(first: float, unit: str, options: ReadOptions) -> TimeScale:
    factor_s = _FACTORS[unit]
    if options.start_s is not None:
        return TimeScale(zero=first, factor_s=factor_s, shift_s=options.start_s)
    note = "times count from the start of the recording, dated from 1970-01-01; give --start"
    return TimeScale(factor_s=factor_s, note=note)
