"""The manifest of a folder of recordings: what each file is of, and how to read it."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from analysis.errors import SettingsError
from simulators.recorded.stretch import LABELS

FILE = "recordings.toml"
"""Name of the manifest in a folder of recordings."""
_KNOWN = "known.toml"
Column = str | int
"""The name of a column, or its number from 0 in a table without a header."""
UNITS_G = {"g": 1.0, "mg": 1e-3, "m/s2": 1.0 / 9.80665}
TIME_UNITS_S = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "days": 86400.0}
_NEEDED = {
    "one_label": ("columns", "label"),
    "segments": ("columns", "segment_column", "segments", "labels"),
    "labelled_rows": ("columns", "label_column", "labels"),
    "spans": ("spans", "labels"),
}
"""Keys that each layout cannot do without; those of the others it does not have."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class SegmentTable(_Table):
    """A second table, one row a segment: its label, and when the dog got light in it."""

    file: str
    segment_column: str
    label_column: str
    jump_column: str | None = None


class SpanTable(_Table):
    """A second table, one row for each time that the dog did one thing."""

    file: str
    start_column: Column
    end_column: Column
    label_column: Column
    counted_from: Literal["first sample", "1970"] = "first sample"


class Recording(_Table):
    """One file of the library; docs/recorded.md says what its keys mean."""

    file: str
    layout: Literal["one_label", "segments", "labelled_rows", "spans"]
    columns: tuple[Column, Column, Column] | None = None
    unit: Literal["g", "mg", "m/s2"] = "g"
    rate_hz: float | None = Field(default=None, ge=5.0, le=1000.0)
    time: Column | None = None
    time_unit: Literal["s", "ms", "us", "ns", "days"] = "s"
    separator: str = Field(default=",", min_length=1, max_length=1)
    label: str | None = None
    labels: dict[str, str] | None = None
    label_column: Column | None = None
    segment_column: Column | None = None
    segments: SegmentTable | None = None
    spans: SpanTable | None = None
    dog: str = ""
    dog_column: Column | None = None
    session: str = ""
    session_column: Column | None = None
    species: str = "dog"
    placement: str
    licence: str
    may_ship: bool = False
    half: Literal["tuned", "reported"] = "reported"
    tuned_dogs: tuple[str, ...] = ()
    tuned_sessions: tuple[str, ...] = ()
    part: tuple[float, float] = (0.0, 1.0)
    least_s: float = Field(default=0.5, gt=0.0)
    trot_from_hz: float | None = Field(default=None, ge=1.5, le=6.0)

    @field_validator("label")
    @classmethod
    def _known_label(cls, label: str | None) -> str | None:
        if label is not None and label not in LABELS:
            msg = f"expected one of {', '.join(LABELS)}"
            raise ValueError(msg)
        return label

    @field_validator("labels")
    @classmethod
    def _known_labels(cls, labels: dict[str, str] | None) -> dict[str, str] | None:
        for theirs, ours in (labels or {}).items():
            if ours not in LABELS:
                msg = f"{theirs!r} becomes {ours!r}, expected one of {', '.join(LABELS)}"
                raise ValueError(msg)
        return labels

    @field_validator("part")
    @classmethod
    def _in_order(cls, part: tuple[float, float]) -> tuple[float, float]:
        if not 0.0 <= part[0] < part[1] <= 1.0:
            msg = "expected two shares from 0 to 1, the smaller one first"
            raise ValueError(msg)
        return part

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.layout != "spans" and self.rate_hz is None and self.time is None:
            msg = "rate_hz or time is needed"
            raise ValueError(msg)
        if not self.dog and self.dog_column is None:
            msg = "dog or dog_column is needed"
            raise ValueError(msg)
        for layout, keys in _NEEDED.items():
            for key in keys:
                is_there = getattr(self, key) is not None
                if layout == self.layout and not is_there:
                    msg = f"layout {layout!r} needs {key}"
                    raise ValueError(msg)
                if key not in _NEEDED[self.layout] and is_there:
                    msg = f"layout {self.layout!r} has no {key}"
                    raise ValueError(msg)
        return self

    def names(self) -> tuple[str, ...]:
        """Return its file, and the second table if it has one."""
        second = self.segments or self.spans
        return (self.file,) if second is None else (self.file, second.file)

    def half_of(self, dog: str, session: str) -> str:
        """Return the half that a stretch of this file belongs to."""
        tuned = dog in self.tuned_dogs or session in self.tuned_sessions
        return "tuned" if tuned else self.half


class Manifest(_Table):
    """All files of a library."""

    files: tuple[Recording, ...] = Field(min_length=1)


def parse_manifest(text: str, *, name: str) -> Manifest:
    """Return the manifest that some TOML describes.

    Raises
    ------
    SettingsError
        If it is not TOML, or something in it is wrong; the message names each file and key.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name} is not valid TOML: {error}"
        raise SettingsError(msg) from error
    try:
        return Manifest.model_validate(table)
    except ValidationError as error:
        raise SettingsError(_faults(error, table, name)) from error


def known_manifest() -> Manifest:
    """Return the manifest of the recordings that docs/recorded.md names."""
    text = resources.files("simulators.recorded").joinpath(_KNOWN).read_text(encoding="utf-8")
    return parse_manifest(text, name=_KNOWN)


def manifest_of(folder: Path) -> Manifest:
    """Return the manifest in a folder, or else the known one without the files that it lacks.

    Raises
    ------
    SettingsError
        If the manifest is wrong or cannot be read, or names a file that is not there.
    """
    path = folder / FILE
    if not path.exists():
        here = [each for each in known_manifest().files if (folder / each.file).is_file()]
        return Manifest.model_construct(files=tuple(here))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {error}"
        raise SettingsError(msg) from error
    found = parse_manifest(text, name=FILE)
    for each in found.files:
        for name in each.names():
            if not (folder / name).is_file():
                msg = f"{FILE}: {each.file}: file: there is no {name} in {folder}"
                raise SettingsError(msg)
    return found


def _faults(error: ValidationError, table: dict[str, object], name: str) -> str:
    """Return one line for each key at fault, with the file that it is of."""
    lines = []
    for fault in error.errors(include_url=False):
        if fault["type"] == "too_short" and error.error_count() > 1:
            continue  # Files that are at fault are not counted, and named already.
        place = list(fault["loc"])
        files = table.get("files")
        which = ""
        if len(place) > 1 and isinstance(files, list) and isinstance(place[1], int):
            entry = files[place[1]]
            file = entry.get("file") if isinstance(entry, dict) else None
            which = f"{file or f'file {place[1] + 1}'}: "
            place = place[2:]
        key = ".".join(str(each) for each in place)
        value = f" is {fault['input']!r}" if key and fault["type"] != "missing" else ""
        said = fault["msg"].removeprefix("Value error, ")
        lines.append(f"{name}: {which}{key}{value}{': ' if key else ''}{said}")
    return "\n".join(lines)
