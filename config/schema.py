"""The whole tree of settings."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from itertools import combinations
from math import inf
from typing import Any, Self, get_type_hints

from pydantic import BaseModel, Field, create_model, model_validator

from analysis.detectors import specs
from analysis.dog import DogProfile
from config.dogs import Collar, Dog, Id, instant_s
from config.sections import Home, HomeAssistant, Influx, Journal, Mqtt, Notify, Table, Web


def detector_tables() -> dict[str, type[BaseModel]]:
    """Return a model of each detector's settings, by the detector's name."""
    return {name: _table(spec.settings) for name, spec in specs().items()}


def _table(settings: type[Any]) -> type[BaseModel]:
    hints = get_type_hints(settings)
    columns: dict[str, Any] = {}
    for each in fields(settings):
        factory = each.default_factory
        default = each.default if factory is MISSING else factory()
        columns[each.name] = (hints[each.name], default)
    return create_model(settings.__name__, __base__=Table, **columns)


class Settings(Table):
    """All settings, checked."""

    home: Home = Home()
    mqtt: Mqtt = Mqtt()
    influx: Influx = Influx()
    notify: Notify = Notify()
    web: Web = Web()
    journal: Journal = Journal()
    home_assistant: HomeAssistant = HomeAssistant()
    dogs: Mapping[Id, Dog] = Field(default_factory=dict)
    collars: tuple[Collar, ...] = ()
    detectors: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _collars_fit(self) -> Self:
        faults = [
            f"collars.{index}.dog: got {each.dog!r}, expected a dog under [dogs]"
            for index, each in enumerate(self.collars)
            if each.dog not in self.dogs
        ]
        spans = [self._span_s(each) for each in self.collars]
        faults += [
            f"collars.{index}.until: expected a time after 'from'"
            for index, (start, end) in enumerate(spans)
            if end <= start
        ]
        for (i, one), (j, two) in combinations(enumerate(self.collars), 2):
            shared = one.id == two.id or one.dog == two.dog
            if shared and spans[i][0] < spans[j][1] and spans[j][0] < spans[i][1]:
                faults.append(f"collars.{j}: dates overlap those of collars.{i}")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _span_s(self, collar: Collar) -> tuple[float, float]:
        zone = self.home.time_zone
        return instant_s(collar.from_, zone, -inf), instant_s(collar.until, zone, inf)

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

    def dog_of(self, collar: str, time_s: float) -> str | None:
        """Return the dog that wears a collar at a Unix time, or None."""
        for each in self.collars:
            start, end = self._span_s(each)
            if each.id == collar and start <= time_s < end:
                return each.dog
        return None

    def detector_settings(self) -> dict[str, object]:
        """Return every detector's settings by its name."""
        return {
            name: spec.settings(**self.detectors.get(name, {})) for name, spec in specs().items()
        }
