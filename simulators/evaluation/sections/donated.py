"""Donated packages: what is told, and how the dog walks, where an owner labelled it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from analysis.errors import RecordingError
from analysis.model import Event, GaitWindow, Minute, Results, Samples
from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from ingest.recordings.donation.private import UNKNOWN
from ingest.recordings.donation.reading import package_participant, package_stretches
from ingest.recordings.donation.stretch import Stretch, StretchLabel
from ingest.recordings.formats.donated import sniff
from simulators.evaluation.report import Cell, Section

NEAR_S = 5.0
"""How far from a label an event may be: a label of a moment is as exact as a person is."""
_EVENT_OF = {"jump": ("jump", "possible_jump"), "shake": ("shake",)}
_ELSE = "nothing"
_HEAD_BYTES = 128
_TITLE = "Donated packages, by label"
_COLUMNS = (
    *("package", "label", "times", "told", "minutes", "vedba, g", "gait windows"),
    *("strides, Hz", "steps", "strides", "jumps"),
)
_NOTE = (
    "What owners gave (`spryhound donate`). `told` is how many of the labelled jumps and shakes"
    " have an event within five seconds; `steps` and `strides` are the median regularity. The last"
    " line of a package is all of its time without a label. Nothing was tuned on them."
)


@dataclass(slots=True)
class Heard:
    """What the analysis made of one package.

    Attributes
    ----------
    labels
        Beginning and end in Unix time of each label, by its kind.
    events, windows, minutes
        All of the package.
    """

    labels: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    windows: list[GaitWindow] = field(default_factory=list)
    minutes: list[Minute] = field(default_factory=list)


def packages(folder: Path) -> list[Path]:
    """Return the donated packages in a folder, by name."""
    return [path for path in sorted(folder.glob("*.zip")) if sniff(_head(path), path)]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def section(folder: Path | None) -> Section:
    """Return what was told of each package, or why there is nothing."""
    found = packages(folder) if folder is not None and folder.is_dir() else []
    if not found:
        why = f"no package of `spryhound donate` in {folder}" if folder else "no folder was given"
        return Section(name="donated", title=_TITLE, skipped=why)
    rows: list[tuple[Cell, ...]] = []
    unreadable = []
    for path in found:
        try:
            rows += _rows(path.name, heard_of(path))
        except RecordingError as error:
            unreadable.append(str(error))
    return Section(
        name="donated",
        title=_TITLE,
        note=" ".join([_NOTE, *unreadable]),
        columns=_COLUMNS,
        rows=tuple(rows),
    )


def heard_of(path: Path) -> Heard:
    """Return what the analysis makes of a package, all collars of a dog as one.

    Raises
    ------
    RecordingError
        If anything in it is wrong.
    """
    height_cm = package_participant(path).height_cm
    withers_m = None if height_cm == UNKNOWN else float(height_cm) / 100.0
    plain = DogProfile(id="dog")
    profile = plain if withers_m is None else replace(plain, withers_m=withers_m)
    pipeline, heard, until_s = Pipeline(PipelineSettings(dog=profile)), Heard(), 0.0
    for stretch in package_stretches(path):
        for label in stretch.labels:
            _note(heard, stretch, label)
        # Two collars at once: the second one says the same again.
        if stretch.start_s >= until_s:
            until_s = stretch.start_s + stretch.duration_s
            _take(heard, pipeline.process(_samples(stretch)))
    _take(heard, pipeline.finish())
    return heard


def _samples(stretch: Stretch) -> Samples:
    return Samples(
        origin_s=stretch.start_s,
        first_index=0,
        rate_hz=stretch.rate_hz,
        acceleration_g=stretch.acceleration_g,
        range_g=stretch.range_g,
    )


def _note(heard: Heard, stretch: Stretch, label: StretchLabel) -> None:
    """Note a label once, although every stretch near it has it."""
    start_s = round(stretch.start_s + label.onset_s, 2)
    span = (start_s, start_s + label.duration_s)
    known = heard.labels.setdefault(label.what, [])
    if span not in known:
        known.append(span)


def _take(heard: Heard, results: Results) -> None:
    heard.events += results.events
    heard.windows += results.gait
    heard.minutes += results.minutes


def _rows(name: str, heard: Heard) -> list[tuple[Cell, ...]]:
    rows = []
    for what, spans in sorted(heard.labels.items()):
        told = _n_told(what, spans, heard.events) if what in _EVENT_OF else None
        rows.append((name, what, len(spans), told, *_measured(heard, spans, is_inside=True)))
    every = [span for spans in heard.labels.values() for span in spans]
    rows.append((name, _ELSE, None, None, *_measured(heard, every, is_inside=False)))
    return rows


def _n_told(what: str, spans: Sequence[tuple[float, float]], events: Sequence[Event]) -> int:
    kinds = _EVENT_OF[what]
    return sum(
        any(
            each.kind in kinds and start_s - NEAR_S <= each.start_s <= end_s + NEAR_S
            for each in events
        )
        for start_s, end_s in spans
    )


def _measured(
    heard: Heard, spans: Sequence[tuple[float, float]], *, is_inside: bool
) -> tuple[Cell, ...]:
    """Return minutes, strength, gait and jumps of the labelled time, or of all other time."""

    def counts(start_s: float, end_s: float) -> bool:
        near = any(start_s <= to_s + NEAR_S and end_s >= from_s - NEAR_S for from_s, to_s in spans)
        return near is is_inside

    minutes = [each for each in heard.minutes if counts(each.start_s, each.start_s + 60.0)]
    windows = [each for each in heard.windows if counts(each.start_s, each.end_s)]
    worn_s = sum(each.worn_s for each in minutes)
    jumps = [e for e in heard.events if e.kind == "jump" and counts(e.start_s, e.end_s)]
    vedba_gs = sum(each.vedba_g * each.worn_s for each in minutes)
    return (
        worn_s / 60.0,
        vedba_gs / worn_s if worn_s else None,
        len(windows),
        _median([each.stride_hz for each in windows]),
        _median([each.step_regularity for each in windows]),
        _median([each.stride_regularity for each in windows]),
        len(jumps),
    )


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if values else None
