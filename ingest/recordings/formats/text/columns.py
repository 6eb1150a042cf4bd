"""Which column is which: names of columns as loggers and apps write them."""

import re
from dataclasses import dataclass

AXES = ("x", "y", "z")
_WORD = re.compile(r"[^\W_]+")
_MPS2 = re.compile(r"m/s\^?2|m/s²|m/s/s|mps2|m[ _.]?s\^?-2|(?<![a-z])ms2|m[ _]s2")
_UNITS = {"mg": re.compile(r"(?<![a-z])mg(?![a-z])"), "g": re.compile(r"(?<![a-z])g(?![a-z])")}
_TIME_WORDS = {
    "time", "timestamp", "timestamps", "datetime", "epoch", "unix", "unixtime", "t", "ts", "date",
    "seconds", "sec", "elapsed", "millis", "datenum", "utc",
}  # fmt: skip
_TIME_UNITS = {
    "s": "s", "sec": "s", "secs": "s", "seconds": "s", "ms": "ms", "msec": "ms", "millis": "ms",
    "milliseconds": "ms", "us": "us", "micros": "us", "microseconds": "us", "ns": "ns",
    "nanos": "ns", "nanoseconds": "ns", "iso": "iso", "datenum": "datenum",
}  # fmt: skip
_NOT_ACCELERATION = re.compile(
    r"gyr|mag|rot|angle|angular|orient|euler|quat|linear|gravity|^g[xyz]$"
)
_AXIS = re.compile(r"^(?:acc|accel|acceleration|accelerometer|a|axis)?([xyz])(?:acc|accel|axis)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where time and the axes are, counted from 0, and what their names say of units."""

    time: int | None
    axes: tuple[int, int, int]
    unit: str | None = None
    time_unit: str | None = None


def unit_in(name: str) -> str | None:
    """Return the unit of acceleration that a column's name holds.

    Examples
    --------
    >>> unit_in("x (m/s2)"), unit_in("acc_x_mg"), unit_in("X [g]"), unit_in("x")
    ('m/s2', 'mg', 'g', None)
    """
    name = name.lower().replace("_", " ")
    if _MPS2.search(name):
        return "m/s2"
    return next((unit for unit, shape in _UNITS.items() if shape.search(name)), None)


def axis_in(name: str) -> str | None:
    """Return the axis of acceleration that a column's name means.

    Examples
    --------
    >>> axis_in("Accel_X (g)"), axis_in("ay"), axis_in("gyro_x"), axis_in("X-axis (g)")
    ('x', 'y', None, 'x')
    """
    name = name.lower()
    if _NOT_ACCELERATION.search(name):
        return None
    name = _MPS2.sub("", name.replace("_", " "))
    words = [
        word for word in _WORD.findall(name) if word not in {"g", "mg", "raw", "data", "value"}
    ]
    found = _AXIS.match("".join(word for word in words if word not in {"axis", "sensor"}))
    return found[1] if found else None


def time_unit_in(name: str) -> str | None:
    """Return the unit of time that a column's name holds.

    Examples
    --------
    >>> time_unit_in("time_ms"), time_unit_in("Time (s)"), time_unit_in("timestamp")
    ('ms', 's', None)
    """
    words = _WORD.findall(name.lower().replace("_", " "))
    return next((_TIME_UNITS[word] for word in words if word in _TIME_UNITS), None)


def is_time(name: str) -> bool:
    """Return whether a column's name means time."""
    words = _WORD.findall(name.lower().replace("_", " "))
    return bool(words) and (words[0] in _TIME_WORDS or "timestamp" in words or "time" in words)


def named_columns(names: list[str]) -> Columns | str:
    """Return the columns that a header names, or what is wrong with it."""
    axes: list[int] = []
    for axis in AXES:
        found = [number for number, name in enumerate(names) if axis_in(name) == axis]
        if len(found) > 1:
            found = [number for number in found if "acc" in names[number].lower()] or found
        if len(found) != 1:
            many = "several columns" if found else "no column"
            return f"{many} for acceleration {axis} in the header {', '.join(names)!r}"
        axes.append(found[0])
    times = [number for number, name in enumerate(names) if is_time(name)]
    time = times[0] if times else None
    units = {unit_in(names[number]) for number in axes}
    if len(units) > 1:
        return f"the axes have different units in the header {', '.join(names)!r}"
    return Columns(
        time=time,
        axes=(axes[0], axes[1], axes[2]),
        unit=units.pop(),
        time_unit=None if time is None else time_unit_in(names[time]),
    )
