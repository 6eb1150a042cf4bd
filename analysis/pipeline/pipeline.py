"""The one pipeline: live, replay, tests and evaluation all run this object."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.alerts.book import AlertBook, AlertSettings
from analysis.detectors.base import Stateful
from analysis.features.day.movement import MovementSettings
from analysis.features.gait.windows import GaitSettings
from analysis.features.wear.wear import WearSettings
from analysis.model import Day, Results, StreamItem
from analysis.model.dog import DogProfile
from analysis.pipeline.decision import Decision, DecisionSettings
from analysis.pipeline.measurement import Measurement, MeasurementSettings
from analysis.recovery.settings import PlanSettings
from analysis.signal.calibration import CalibrationSettings, Correction


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSettings:
    """Everything that the results depend on, besides the packets.

    Attributes
    ----------
    dog
        Whose movement it is.
    calibration, movement, wear, gait, alerts, plan
        Settings of the parts that are always there.
    detectors
        Settings of detectors by name; those not named have their defaults.
    """

    dog: DogProfile
    calibration: CalibrationSettings = field(default_factory=CalibrationSettings)
    movement: MovementSettings = field(default_factory=MovementSettings)
    wear: WearSettings = field(default_factory=WearSettings)
    gait: GaitSettings = field(default_factory=GaitSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    plan: PlanSettings = field(default_factory=PlanSettings)
    detectors: Mapping[str, Any] = field(default_factory=dict)

    def measuring(self) -> MeasurementSettings:
        """Return what measurements depend on."""
        return MeasurementSettings(
            dog=self.dog,
            calibration=self.calibration,
            movement=self.movement,
            wear=self.wear,
            gait=self.gait,
            detectors=self.detectors,
        )

    def judging(self) -> DecisionSettings:
        """Return what conclusions depend on."""
        return DecisionSettings(
            dog=self.dog, alerts=self.alerts, plan=self.plan, detectors=self.detectors
        )


class Pipeline:
    """Analyses one dog's stream, in time order, however it is cut: measures, then judges."""

    def __init__(self, settings: PipelineSettings) -> None:
        self._measuring = Measurement(settings.measuring())
        self.judging = Decision(settings.judging())

    @property
    def alerts(self) -> AlertBook:
        """The dog's alerts."""
        return self.judging.alerts

    @property
    def correction(self) -> Correction:
        """What is applied to readings now, so that the collar reads one gravity at rest."""
        return self._measuring.correction

    @property
    def until_s(self) -> float:
        """Unix time up to which the stream has been heard."""
        return self._measuring.state.until_s

    def parts(self) -> dict[str, Stateful]:
        """Return everything that has a state, by name: all that a restart has to bring back."""
        return self._measuring.parts() | self.judging.parts()

    def today(self) -> Day | None:
        """Return the day that is not over yet, as it stands."""
        return self.judging.today()

    def process(self, item: StreamItem) -> Results:
        """Take the next piece of the stream and return what it settles."""
        return self.judging.process(self._measuring.process(item))

    def finish(self) -> Results:
        """Return all that can be said although the stream may go on: the recording is over."""
        segment, rest = self._measuring.finish()
        results = self.judging.process(segment)
        results.extend(self.judging.process(rest, settled=True))
        results.extend(self.judging.finish())
        return results
