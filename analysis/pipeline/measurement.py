"""Measuring: from the stream to minutes, windows of gait and events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.detectors import specs
from analysis.detectors.base import (
    DetectorContext,
    MotionDetector,
    MotionSpec,
    SignalDetector,
    SignalSpec,
    Stateful,
)
from analysis.features.day.movement import Movement, MovementSettings, Released
from analysis.features.gait.windows import Gait, GaitSettings
from analysis.features.wear.wear import WearSettings
from analysis.model import Event, GaitWindow, Gap, Motion, Signal, StreamItem
from analysis.model.dog import DogProfile
from analysis.signal.calibration import CalibrationSettings, Correction
from analysis.signal.conditioning import Conditioner
from analysis.units import seconds

_LONGEST_STEP_BACK_S = 3600.0
"""A gap that ends longer before what was heard takes time back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementSettings:
    """Everything that measurements depend on, besides the samples.

    Attributes
    ----------
    dog
        Whose movement it is.
    calibration, movement, wear, gait
        Settings of the parts that are always there.
    detectors
        Settings of detectors by name; those not named have their defaults.
    """

    dog: DogProfile
    calibration: CalibrationSettings = field(default_factory=CalibrationSettings)
    movement: MovementSettings = field(default_factory=MovementSettings)
    wear: WearSettings = field(default_factory=WearSettings)
    gait: GaitSettings = field(default_factory=GaitSettings)
    detectors: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Measured:
    """What one step measured; each list in time order.

    Attributes
    ----------
    until_s
        Unix time up to which the signal has been analysed.
    settled_until_s
        Unix time up to which every minute has been given out.
    back_to_s
        Time goes on from here, earlier than before: what was heard last was dated by mistake.
    released, gait, events
        Minutes with the times at which they settled, windows of steady gait, events.
    """

    until_s: float = 0.0
    settled_until_s: float = 0.0
    back_to_s: float | None = None
    released: list[Released] = field(default_factory=list)
    gait: list[GaitWindow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(slots=True)
class SegmentState:
    """How far the signal has been heard.

    Attributes
    ----------
    until_s
        Unix time up to which it has been analysed.
    in_segment
        Whether samples came since the last gap.
    """

    until_s: float = 0.0
    in_segment: bool = False


class Measurement:
    """Measures one dog's stream, in time order, however it is cut.

    Notes
    -----
    Two lifetimes: what belongs to the segment (filters, frames) is forgotten at a gap; what
    belongs to the dog (the current minute) goes on. What is known of the collar's sensor is
    forgotten when the dog wears another one.
    """

    def __init__(self, settings: MeasurementSettings) -> None:
        self._conditioner = Conditioner(settings.calibration)
        self._movement = Movement(settings.movement, settings.wear)
        self._gait = Gait(settings.gait, settings.dog.withers_m)
        self._prompt: dict[str, MotionDetector] = {}
        self._detectors: dict[str, SignalDetector] = {}
        context = DetectorContext(
            withers_m=settings.dog.withers_m, breath=settings.wear, detectors=settings.detectors
        )
        for name, spec in specs().items():
            chosen = settings.detectors.get(name, spec.settings())
            if isinstance(spec, MotionSpec):
                self._prompt[name] = spec.build(chosen, context)
            elif isinstance(spec, SignalSpec):
                self._detectors[name] = spec.build(chosen, context)
        self.state = SegmentState()

    @property
    def correction(self) -> Correction:
        """What is applied to readings now, so that the collar reads one gravity at rest."""
        return self._conditioner.calibrator.state.correction

    def parts(self) -> dict[str, Stateful]:
        """Return everything that has a state, by name."""
        parts: dict[str, Stateful] = {
            "listening": self,
            "resampler": self._conditioner.resampler,
            "full_scale": self._conditioner.resampler.full_scale,
            "calibration": self._conditioner.calibrator,
            "calibration_blocks": self._conditioner.calibrator.blocks,
            "gravity": self._conditioner.surroundings,
            "minute": self._movement,
            "seconds": self._movement.framer,
            "wear": self._movement.gate,
            "breathing": self._movement.breathing,
            "freezing": self._movement.freezing,
            "gait": self._gait,
            "gait_frames": self._gait.framer,
        }
        for name, detector in (self._prompt | self._detectors).items():
            parts |= {f"{name}.{part}": each for part, each in detector.parts().items()}
        return parts

    def process(self, item: StreamItem) -> Measured:
        """Take the next piece of the stream and return what it settles."""
        if isinstance(item, Gap):
            measured = self._end_segment()
            if item.cause == "collar":
                self._conditioner.start_collar()
                self._movement.start_collar()
            if item.end_s < self.state.until_s - _LONGEST_STEP_BACK_S:
                self.state.until_s = item.end_s
                self._movement.reset()
                measured.back_to_s = item.end_s
            return measured
        self.state.in_segment = True
        motion = self._conditioner.put_on_grid(item)
        return self._process(motion, [self._conditioner.tell_movement(motion)])

    def finish(self) -> tuple[Measured, Measured]:
        """Return what is left of the segment, and what only the end of the recording settles."""
        return self._end_segment(), self._measured(released=self._movement.finish())

    def _end_segment(self) -> Measured:
        """Decide what is left of the segment, and forget it."""
        if not self.state.in_segment:
            return self._measured()
        motion = self._conditioner.finish_grid()
        measured = self._process(motion, self._conditioner.tell_last_movement(motion))
        for detector in (self._prompt | self._detectors).values():
            measured.events += detector.finish()
            detector.start_segment()
        self._conditioner.start_segment()
        self._movement.start_segment()
        self._gait.start_segment()
        self.state.in_segment = False
        return measured

    def _process(self, motion: Motion, signals: Iterable[Signal]) -> Measured:
        """Let everything hear what it listens to."""
        released: list[Released] = []
        gait: list[GaitWindow] = []
        events = [event for each in self._prompt.values() for event in each.update(motion)]
        for signal in signals:
            if not signal.n_ticks:
                continue
            self.state.until_s = seconds(signal.end_tick)
            released += self._movement.update(signal)
            gait += self._gait.update(signal)
            for detector in self._detectors.values():
                events += detector.update(signal)
        return self._measured(released=released, gait=gait, events=events)

    def _measured(
        self,
        *,
        released: list[Released] | None = None,
        gait: list[GaitWindow] | None = None,
        events: list[Event] | None = None,
    ) -> Measured:
        return Measured(
            until_s=self.state.until_s,
            settled_until_s=self._movement.settled_until_s(),
            released=released or [],
            gait=gait or [],
            events=events or [],
        )
