"""What a detector is: one file with a `SPEC`, found by itself.

Three kinds, told apart by what they hear: a `Signal` as it arrives (shakes, bursts), or its
`Motion` a second earlier where a second counts (jumps), gives `Event` records; an `Hour` that is
over, with the day so far (no walking since morning), and a finished `Day` (stiffness, activity)
give `Verdict` records.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from analysis.features.wear.breathing import BreathSettings
from analysis.model import (
    BoolArray,
    Day,
    Event,
    FloatArray,
    Hour,
    Level,
    Motion,
    Signal,
    Verdict,
)
from analysis.model.kinds import AlertKind
from analysis.signal.framing import Framer, Frames
from analysis.signal.intervals import IntervalMerger, Run
from analysis.units import ticks


class Stateful(Protocol):
    """Something whose `state`, a dataclass of numbers, lists and arrays, survives a restart."""

    state: Any


class SampleDetector(Protocol):
    """What those have in common that hear every sample."""

    def parts(self) -> Mapping[str, Stateful]:
        """Return everything in it that has a state, by a name of its own."""

    def start_segment(self) -> None:
        """Forget what was heard so far: a gap lies ahead."""

    def finish(self) -> list[Event]:
        """Decide what is left: a gap follows, or the recording is over."""


class SignalDetector(SampleDetector, Protocol):
    """Turns the conditioned signal, in time order, into events."""

    def update(self, signal: Signal, /) -> list[Event]:
        """Take the next piece and return what can be decided now."""


class MotionDetector(SampleDetector, Protocol):
    """Turns motion into events, and so can hear a signal too."""

    def update(self, motion: Motion, /) -> list[Event]:
        """Take the next piece and return what can be decided now."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedFrames:
    """What frames show; every array has shape (n_frames,).

    Attributes
    ----------
    shows
        Whether it is there.
    value
        How strongly; the highest of a row is its peak.
    marks
        Whether a frame is marked, where the event depends on how many of a row are.
    """

    shows: BoolArray
    value: FloatArray
    marks: BoolArray | None = None


class RunDetector(ABC):
    """Judges frames of the signal one by one, and reports those in a row as one event.

    Parameters
    ----------
    frame_s, hop_s
        Length of a frame, and from one's beginning to the next.
    longest_s
        A longer row is told in pieces of this length.
    """

    def __init__(self, frame_s: float, hop_s: float, longest_s: float) -> None:
        self._framer = Framer(ticks(frame_s), ticks(hop_s))
        self._runs = IntervalMerger(frame_s, longest_s)

    def parts(self) -> Mapping[str, Stateful]:
        """Return everything in it that has a state."""
        return {"frames": self._framer, "runs": self._runs}

    def start_segment(self) -> None:
        """Forget the signal so far: a gap lies ahead."""
        self._framer.start_segment()
        self._runs.finish()

    def update(self, signal: Signal, /) -> list[Event]:
        """Return what has ended in the next piece."""
        frames = self._framer.push(signal.first_tick, self.rows(signal))
        judged = self.judge(frames, signal)
        return self._events(self._runs.update(frames, judged.shows, judged.value, judged.marks))

    def finish(self) -> list[Event]:
        """Return what the end of the segment cut off."""
        return self._events(self._runs.finish())

    def _events(self, runs: list[Run]) -> list[Event]:
        return [event for run in runs if (event := self.event(run)) is not None]

    @abstractmethod
    def rows(self, signal: Signal) -> FloatArray:
        """Return what frames are cut from, shape (n_ticks,) or (k, n_ticks)."""

    @abstractmethod
    def judge(self, frames: Frames, signal: Signal) -> JudgedFrames:
        """Return what each frame shows."""

    @abstractmethod
    def event(self, run: Run) -> Event | None:
        """Return frames in a row as an event, or None if together they are none."""


class DayDetector(Protocol):
    """Compares each finished day with the dog's own normal.

    `state` is a dataclass of numbers, lists and records: all that must survive a restart.
    """

    state: Any

    def update(self, day: Day, /) -> list[Verdict]:
        """Take the day that has just ended and say what it means."""


class HourDetector(Protocol):
    """Judges the day while it lasts, hour by hour.

    `state` is a dataclass of numbers, lists and records: all that must survive a restart.
    """

    state: Any

    def update(self, hour: Hour, /) -> list[Verdict]:
        """Take the hour that has just ended and say what it means."""

    def learn(self, day: Day, /) -> None:
        """Take a day whose hours have all been heard into what is usual."""


SettingsT = TypeVar("SettingsT")


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorContext:
    """What a sample detector may need besides its own settings.

    Attributes
    ----------
    withers_m
        The dog's height at the withers.
    breath
        What counts as a breathing line.
    detectors
        Settings of all detectors by name; those not named have their defaults.
    """

    withers_m: float
    breath: BreathSettings = field(default_factory=BreathSettings)
    detectors: Mapping[str, Any] = field(default_factory=dict)

    def settings_of(self, name: str, kind: type[SettingsT]) -> SettingsT:
        """Return the settings of another detector, whose movements this one leaves out."""
        chosen = self.detectors.get(name)
        return chosen if isinstance(chosen, kind) else kind()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSpec(Generic[SettingsT]):
    """One sample detector.

    Attributes
    ----------
    name
        The file's name and its table under ``[detectors]``.
    emits
        Kinds of event it can report.
    settings
        Frozen dataclass with a default for every field.
    build
        Makes the detector from its settings and its context.
    alerts
        Kinds of event that are an alert whatever the plan says, and how severe.
    kinds
        Kinds of alert that its events become, of themselves or where a plan forbids them.
    """

    name: str
    emits: tuple[str, ...]
    settings: type[SettingsT]
    build: Callable[[SettingsT, DetectorContext], SignalDetector]
    alerts: Mapping[str, Level] = field(default_factory=dict)
    kinds: tuple[AlertKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionSpec(SignalSpec[SettingsT]):
    """A sample detector that needs no gravity told from movement, and hears a second earlier."""

    build: Callable[[SettingsT, DetectorContext], MotionDetector]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpec(Generic[SettingsT]):
    """One day detector.

    Attributes
    ----------
    name
        The file's name, its table under ``[detectors]`` and the kind of its verdicts.
    kind
        What its alerts are like, and what the owner reads of them.
    settings
        Frozen dataclass with a default for every field.
    build
        Makes the detector from its settings.
    """

    name: str
    kind: AlertKind
    settings: type[SettingsT]
    build: Callable[[SettingsT], DayDetector]


@dataclass(frozen=True, slots=True, kw_only=True)
class HourSpec(Generic[SettingsT]):
    """One hour detector; attributes as for `DaySpec`."""

    name: str
    kind: AlertKind
    settings: type[SettingsT]
    build: Callable[[SettingsT], HourDetector]


Spec = SignalSpec[Any] | HourSpec[Any] | DaySpec[Any]
