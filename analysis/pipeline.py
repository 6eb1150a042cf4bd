"""The one pipeline: live, replay, tests and evaluation all run this object."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.alerting import AlertBook, AlertSettings
from analysis.detectors import specs
from analysis.detectors.base import DayDetector, DaySpec, SignalDetector, SignalSpec, Stateful
from analysis.dog import DogProfile
from analysis.features.day import DayBuilder
from analysis.features.gait import Gait, GaitSettings
from analysis.features.movement import Movement, MovementSettings, Released
from analysis.features.wear import WearSettings
from analysis.model import Day, Gap, Heard, Results, Signal, Verdict
from analysis.recovery.watch import PlanWatch
from analysis.signal.conditioning import Conditioner
from analysis.units import seconds

_LONGEST_DETECTION_S = 60.0
"""An event is reported within this time of its end."""

_LONGEST_STEP_BACK_S = 3600.0
"""A gap that ends longer before what was heard takes the pipeline back in time."""

_SURELY_SETTLED_S = 2.0
"""What was settled so long before an event's end is known when the event is reported."""


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
    waiting
        Minutes that the plan has not heard of yet, since events before their end may still come.
    """

    until_s: float = 0.0
    in_segment: bool = False
    waiting: list[Released] = field(default_factory=list)


class Pipeline:
    """Analyses one dog's stream, in time order, however it is cut.

    Notes
    -----
    Two lifetimes: what belongs to the segment (filters, frames) is forgotten at a gap; what
    belongs to the dog (the current minute, days, baselines, alerts) goes on.
    The plan hears events at once and minutes a little later, each in its own time's order, so that
    it hears both in the same order however the stream was cut.
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
            results = self._end_segment()
            if heard.end_s < self.state.until_s - _LONGEST_STEP_BACK_S:
                self._step_back(heard.end_s)
            return results
        self.state.in_segment = True
        results = self._hear([self._conditioner.push(heard)])
        return self._judged(results)

    def finish(self) -> Results:
        """Return all that can be said although the stream may go on: the recording is over."""
        results = self._end_segment()
        last = Results()
        self._settle(self._movement.finish(), last)
        results.extend(self._judged(last, settled=True))
        results.days += self._day.finish()
        return results

    def _step_back(self, time_s: float) -> None:
        """Go on at an earlier time: what was heard last had been dated far ahead by mistake."""
        self.state.until_s = time_s
        self.state.waiting.clear()
        self._movement.start_again()
        self._day.start_again()

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
            self._settle(self._movement.update(signal), results)
            results.gait += self._gait.update(signal)
            for detector in self._detectors.values():
                results.events += detector.update(signal)
        return results

    def _settle(self, released: list[Released], results: Results) -> None:
        self.state.waiting += released
        results.minutes += [minute for each in released for minute in each.minutes]

    def _judged(self, results: Results, *, settled: bool = False) -> Results:
        """Hand on what was measured to days and plan, and add what they conclude.

        Days and the passing of time wait until everything before them is known.
        """
        until_s = self.state.until_s
        known_s = until_s if settled else until_s - _LONGEST_DETECTION_S
        verdicts: list[Verdict] = []
        for event in sorted(results.events, key=lambda event: event.end_s):
            self._day.add_event(event)
            verdicts += self._watched(event.end_s - _SURELY_SETTLED_S)
            verdicts += self._watch.add_event(event)
        verdicts += self._watched(math.inf if settled else known_s)
        for window in results.gait:
            self._day.add_gait(window)
        for minute in results.minutes:
            self._day.add_minute(minute)
        if not settled:
            until_s = min(self._movement.settled_until_s(), known_s)
        results.days += self._day.advance(until_s)
        for day in results.days:
            verdicts += self._verdicts_on(day)
        for verdict in verdicts:
            results.alerts += self.alerts.take(verdict)
        results.alerts += self.alerts.advance(until_s)
        return results

    def _watched(self, until_s: float) -> list[Verdict]:
        """Let the plan hear of the minutes that were settled by a time."""
        waiting = self.state.waiting
        verdicts: list[Verdict] = []
        while waiting and waiting[0].time_s <= until_s:
            for minute in waiting.pop(0).minutes:
                verdicts += self._watch.add_minute(minute)
        return verdicts

    def _verdicts_on(self, day: Day) -> list[Verdict]:
        return [verdict for judge in self._judges.values() for verdict in judge.update(day)]
