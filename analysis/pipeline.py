"""The one pipeline: live, replay, tests and evaluation all run this object."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.alerting import AlertBook, AlertSettings
from analysis.detectors import specs
from analysis.detectors.base import DayDetector, DaySpec, SignalDetector, SignalSpec, Stateful
from analysis.dog import DogProfile
from analysis.features.day import DayBuilder
from analysis.features.gait import Gait, GaitSettings
from analysis.features.movement import Movement, MovementSettings
from analysis.features.wear import WearSettings
from analysis.model import Day, Gap, Heard, Results, Signal, Verdict
from analysis.recovery.watch import PlanWatch
from analysis.signal.conditioning import Conditioner
from analysis.units import seconds

_LONGEST_DETECTION_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSettings:
    """Everything that the results depend on, besides the packets.

    Attributes
    ----------
    dog
        Whose movement it is.
    movement, wear, gait, alerts
        Settings of the parts that are always there.
    detectors
        Settings of detectors by name; those not named have their defaults.
    """

    dog: DogProfile
    movement: MovementSettings = field(default_factory=MovementSettings)
    wear: WearSettings = field(default_factory=WearSettings)
    gait: GaitSettings = field(default_factory=GaitSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    detectors: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Progress:
    """How far the pipeline has listened.

    Attributes
    ----------
    until_s
        Unix time up to which the signal has been analysed.
    in_segment
        Whether samples came since the last gap.
    """

    until_s: float = 0.0
    in_segment: bool = False


class Pipeline:
    """Analyses one dog's stream, in time order, however it is cut.

    Notes
    -----
    Two lifetimes: what belongs to the segment (filters, frames) is forgotten at a gap; what
    belongs to the dog (the current minute, days, baselines, alerts) goes on. Kinds of alert do not
    know of each other, so the order in which a chunk's minutes and events arrive does not matter.
    """

    def __init__(self, settings: PipelineSettings) -> None:
        self._conditioner = Conditioner()
        self._movement = Movement(settings.movement, settings.wear)
        self._gait = Gait(settings.gait, settings.dog.withers_m)
        self._day = DayBuilder(settings.dog)
        self._watch = PlanWatch(settings.dog)
        self.alerts = AlertBook(settings.dog.id, settings.alerts)
        self.state = Progress()
        chosen = settings.detectors
        self._detectors: dict[str, SignalDetector] = {
            name: spec.build(chosen.get(name, spec.settings()), settings.dog.withers_m)
            for name, spec in specs().items()
            if isinstance(spec, SignalSpec)
        }
        self._judges: dict[str, DayDetector] = {
            name: spec.build(chosen.get(name, spec.settings()))
            for name, spec in specs().items()
            if isinstance(spec, DaySpec)
        }

    def parts(self) -> dict[str, Stateful]:
        """Return everything that has a state, by name: all that a restart has to bring back."""
        parts: dict[str, Stateful] = {
            "pipeline": self,
            "resampler": self._conditioner.resampler,
            "gravity": self._conditioner.surroundings,
            "minute": self._movement,
            "seconds": self._movement.framer,
            "wear": self._movement.gate,
            "gait": self._gait,
            "gait_frames": self._gait.framer,
            "day": self._day,
            "plan": self._watch,
            "alerts": self.alerts,
        }
        for name, detector in self._detectors.items():
            parts |= {f"{name}.{part}": each for part, each in detector.parts().items()}
        return parts | self._judges

    def today(self) -> Day | None:
        """Return the day that is not over yet, as it stands."""
        days = self._day.so_far()
        return days[-1] if days else None

    def take(self, heard: Heard) -> Results:
        """Take the next piece of the stream and return what it settles."""
        if isinstance(heard, Gap):
            return self._end_segment()
        self.state.in_segment = True
        results = self._hear([self._conditioner.push(heard)])
        return self._judged(results)

    def finish(self) -> Results:
        """Return all that can be said although the stream may go on: the recording is over."""
        results = self._end_segment()
        last = Results(minutes=self._movement.finish())
        results.extend(self._judged(last, settled=True))
        results.days += self._day.finish()
        return results

    def _end_segment(self) -> Results:
        """Decide what is left of the segment, and forget it."""
        if not self.state.in_segment:
            return Results()
        results = self._hear(self._conditioner.finish())
        for detector in self._detectors.values():
            results.events += detector.finish()
            detector.start_segment()
        self._conditioner.start_segment()
        self._movement.start_segment()
        self._gait.start_segment()
        self.state.in_segment = False
        return self._judged(results)

    def _hear(self, signals: Iterable[Signal]) -> Results:
        """Let everything that hears the signal hear it."""
        results = Results()
        for signal in signals:
            if not signal.n_ticks:
                continue
            self.state.until_s = seconds(signal.end_tick)
            results.minutes += self._movement.update(signal)
            results.gait += self._gait.update(signal)
            for detector in self._detectors.values():
                results.events += detector.update(signal)
        return results

    def _judged(self, results: Results, *, settled: bool = False) -> Results:
        """Hand on what was measured to days and plan, and add what they conclude.

        Days and the passing of time wait until everything before them is known.
        """
        verdicts: list[Verdict] = []
        for event in sorted(results.events, key=lambda event: event.start_s):
            self._day.add_event(event)
            verdicts += self._watch.add_event(event)
        for window in results.gait:
            self._day.add_gait(window)
        for minute in results.minutes:
            self._day.add_minute(minute)
            verdicts += self._watch.add_minute(minute)
        until_s = self.state.until_s
        if not settled:
            until_s = min(self._movement.settled_until_s(), until_s - _LONGEST_DETECTION_S)
        results.days += self._day.advance(until_s)
        for day in results.days:
            verdicts += self._verdicts_on(day)
        for verdict in verdicts:
            results.alerts += self.alerts.take(verdict)
        results.alerts += self.alerts.advance(until_s)
        return results

    def _verdicts_on(self, day: Day) -> list[Verdict]:
        return [verdict for judge in self._judges.values() for verdict in judge.update(day)]
