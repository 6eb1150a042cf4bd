"""Judging: from minutes, windows of gait and events to days, verdicts and alerts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.alerts.book import AlertBook, AlertSettings
from analysis.alerts.owner_notes import OwnerNotes, explained
from analysis.detectors import specs
from analysis.detectors.base import (
    DayDetector,
    DaySpec,
    HourDetector,
    HourSpec,
    SignalSpec,
    Stateful,
)
from analysis.features.day.day import DayBuilder
from analysis.features.day.movement import Released
from analysis.model import Circumstance, Day, Hour, Results, Verdict
from analysis.model.dog import DogProfile
from analysis.model.kinds import AlertKind
from analysis.pipeline.kinds import kinds_of_analysis
from analysis.pipeline.measurement import Measured
from analysis.recovery.monitor import PlanMonitor
from analysis.recovery.settings import PlanSettings
from analysis.recovery.walk_monitor import WalkMonitor

_LONGEST_DETECTION_S = 120.0
"""An event is reported within this time of its end."""

_SURELY_SETTLED_S = 2.0
"""What was settled so long before an event's end is known when the event is reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSettings:
    """Everything that conclusions depend on, besides what was measured.

    Attributes
    ----------
    dog
        Whose movement it is.
    alerts
        How alerts live.
    plan
        How the recovery plan is watched over.
    detectors
        Settings of detectors by name; those not named have their defaults.
    """

    dog: DogProfile
    alerts: AlertSettings = field(default_factory=AlertSettings)
    plan: PlanSettings = field(default_factory=PlanSettings)
    detectors: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Waiting:
    """Minutes that the plan has not heard of yet, since events before their end may still come."""

    minutes: list[Released] = field(default_factory=list)


class Decision:
    """Judges what was measured of one dog, in time order, however it comes in steps.

    Notes
    -----
    All state here belongs to the dog and outlives gaps. The plan hears events at once and minutes
    a little later, each in its own time's order, so that it hears both in the same order however
    the stream was cut.
    """

    def __init__(self, settings: DecisionSettings) -> None:
        self._day = DayBuilder(settings.dog)
        always = {
            kind: level
            for spec in specs().values()
            if isinstance(spec, SignalSpec)
            for kind, level in spec.alerts.items()
        }
        self.plan = PlanMonitor(settings.dog, always, settings.plan)
        self._walks = WalkMonitor(settings.dog, settings.plan)
        self._kinds = kinds_of_analysis()
        told_as_watch = {name for name, kind in self._kinds.items() if kind.is_told_as_watch}
        self.alerts = AlertBook(settings.dog.id, settings.alerts, told_as_watch=told_as_watch)
        self._alert_settings = settings.alerts
        self._noted = OwnerNotes()
        self.state = Waiting()
        chosen = settings.detectors
        self._by_day: dict[str, DayDetector] = {
            name: spec.build(chosen.get(name, spec.settings()))
            for name, spec in specs().items()
            if isinstance(spec, DaySpec)
        }
        self._by_hour: dict[str, HourDetector] = {
            name: spec.build(chosen.get(name, spec.settings()))
            for name, spec in specs().items()
            if isinstance(spec, HourSpec)
        }

    def parts(self) -> dict[str, Stateful]:
        """Return everything that has a state, by name."""
        parts: dict[str, Stateful] = {
            "waiting": self,
            "day": self._day,
            "plan": self.plan,
            "plan_walks": self._walks,
            "plan_walk": self._walks.finder,
            "alerts": self.alerts,
            "noted": self._noted,
        }
        return parts | self._by_day | self._by_hour

    def today(self) -> Day | None:
        """Return the day that is not over yet, as it stands."""
        days = self._day.so_far()
        return self._with_notes(days[-1]) if days else None

    def note(self, circumstance: Circumstance) -> None:
        """Hear what the owner noted of a time; what was said of days that are over stays said."""
        self._noted.add(circumstance)

    def explained(self, verdict: Verdict, kinds: Mapping[str, AlertKind]) -> Verdict:
        """Return a verdict about one of some kinds with what was noted that may explain it."""
        causes = kinds[verdict.kind].explained_by
        return explained(verdict, self._noted, self._alert_settings, causes)

    def process(self, measured: Measured, *, settled: bool = False) -> Results:
        """Take the next measurements and return them with what they lead to.

        Days and the passing of time wait until everything before them is known, unless all there
        is has `settled`: nothing more will come.
        """
        minutes = [minute for each in measured.released for minute in each.minutes]
        self.state.minutes += measured.released
        results = Results(minutes=minutes, gait=measured.gait, events=measured.events)
        known_s = measured.until_s - _LONGEST_DETECTION_S
        for window in results.gait:
            self._day.add_gait(window)
        for minute in results.minutes:
            self._day.add_minute(minute)
            self._conclude(self._walks.add_minute(minute), results)
        for event in results.events:
            self._day.add_event(event)
        until_s = measured.until_s if settled else min(measured.settled_until_s, known_s)
        # First what days mean: a setback must be known before a minute of the day after it.
        self._conclude(self._ended(self._day.advance(until_s), results), results)
        self._watched_with_events(results, math.inf if settled else known_s)
        results.alerts += self.alerts.advance(until_s)
        self._noted.forget(until_s)
        if measured.back_to_s is not None:
            self.state.minutes.clear()
            self._day.reset()
        return results

    def finish(self) -> Results:
        """Return the days that are not over: the recording is."""
        ended = self._day.finish()
        return Results(days=[self._with_notes(each) for each in ended if isinstance(each, Day)])

    def _with_notes(self, day: Day) -> Day:
        """Return a day with what the owner noted of it."""
        return replace(day, noted=self._noted.within(day.start_s, day.end_s))

    def _watched_with_events(self, results: Results, known_s: float) -> None:
        """Let the plan hear of events, and of the minutes that were settled before each."""
        for event in sorted(results.events, key=lambda event: event.end_s):
            self._watched(event.end_s - _SURELY_SETTLED_S, results)
            self._conclude(self.plan.add_event(event), results)
        self._watched(known_s, results)

    def _watched(self, until_s: float, results: Results) -> None:
        """Let the plan hear of the minutes that were settled by a time."""
        waiting = self.state.minutes
        while waiting and waiting[0].time_s <= until_s:
            for minute in waiting.pop(0).minutes:
                self._conclude(self.plan.add_minute(minute), results)

    def _conclude(self, verdicts: list[Verdict], results: Results) -> None:
        """Take verdicts into the book of alerts, and let the plan hear what became of them."""
        for verdict in verdicts:
            changes = self.alerts.process(self.explained(verdict, self._kinds))
            self.plan.observe(changes)
            results.alerts += changes

    def _ended(self, ended: list[Hour | Day], results: Results) -> list[Verdict]:
        """Let detectors hear the hours and days that are over, in their order."""
        verdicts: list[Verdict] = []
        for each in ended:
            if isinstance(each, Hour):
                hour = replace(each, day=self._with_notes(each.day))
                for hourly in self._by_hour.values():
                    verdicts += hourly.update(hour)
                continue
            day = self._with_notes(each)
            results.days.append(day)
            for hourly in self._by_hour.values():
                hourly.learn(day)
            for daily in self._by_day.values():
                verdicts += daily.update(day)
        return verdicts
