"""The whole tree of settings."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, Strict, model_validator

from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import PipelineSettings
from config.collars import Collar, collar_faults, wearer
from config.detector_settings import Analysis, TunedDetectors, detector_tables
from config.dog_settings import Dog
from config.machine_settings import (
    Home,
    HomeAssistant,
    Influx,
    Journal,
    Mqtt,
    Notify,
    Table,
    Watch,
    Web,
)
from config.types import Id


def _detector_defaults() -> dict[str, Any]:
    return dict(detector_tables()())


class Settings(Table):
    """All settings, checked."""

    home: Home = Home()
    mqtt: Mqtt = Mqtt()
    influx: Influx = Influx()
    notify: Notify = Notify()
    web: Web = Web()
    journal: Journal = Journal()
    watch: Watch = Watch()
    home_assistant: HomeAssistant = HomeAssistant()
    dogs: Mapping[Id, Dog] = Field(default_factory=dict)
    collars: Annotated[tuple[Collar, ...], Strict(strict=False)] = ()
    analysis: Analysis = Analysis()
    detectors: Annotated[Mapping[str, Any], TunedDetectors()] = Field(
        default_factory=_detector_defaults
    )

    @model_validator(mode="after")
    def _collars_fit(self) -> Self:
        faults = collar_faults(dict(enumerate(self.collars)), self.dogs, self.home.time_zone)
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def profile(self, dog_id: str) -> DogProfile:
        """Return what the analysis has to know about a dog; KeyError if there is none."""
        dog = self.dogs[dog_id]
        return DogProfile(
            id=dog_id,
            withers_m=dog.height_m(),
            time_zone=dog.time_zone or self.home.time_zone,
            night_from=dog.night_from,
            night_until=dog.night_until,
            plan=None if dog.plan is None else dog.plan.plan(),
        )

    def pipeline(self, dog_id: str) -> PipelineSettings:
        """Return all that a dog's results depend on; KeyError if there is no such dog."""
        return PipelineSettings(
            dog=self.profile(dog_id),
            movement=self.analysis.movement,
            calibration=self.analysis.calibration,
            wear=self.analysis.wear,
            gait=self.analysis.gait,
            alerts=self.analysis.alerts,
            plan=self.analysis.plan,
            detectors=self.detector_settings(),
        )

    def dog_of(self, collar: str, time_s: float) -> str | None:
        """Return the dog that wears a collar at a Unix time, or None."""
        return wearer(self.collars, collar, time_s, self.home.time_zone)

    def detector_settings(self) -> dict[str, object]:
        """Return every detector's settings by its name."""
        return dict(self.detectors)
