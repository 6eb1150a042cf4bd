"""The whole tree of settings, and what lies at each place of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from types import NoneType
from typing import Annotated, Any, Self, get_args, get_origin

from pydantic import BaseModel, Field, Strict, model_validator
from pydantic.fields import FieldInfo

from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import PipelineSettings
from config.collars import Collar, collar_faults, wearer
from config.detector_settings import Analysis, TunedDetectors, detector_tables, table_of
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
        """Return all that a dog's results depend on.

        Of a dog that the settings do not name, only the home's zone is known.
        """
        known = dog_id in self.dogs
        unknown = DogProfile(id=dog_id, time_zone=self.home.time_zone)
        return PipelineSettings(
            dog=self.profile(dog_id) if known else unknown,
            movement=self.analysis.movement,
            calibration=self.analysis.calibration,
            wear=self.analysis.wear,
            gait=self.analysis.gait,
            alerts=self.analysis.alerts,
            plan=self.analysis.plan,
            detectors=dict(self.detectors),
        )

    def dog_of(self, collar: str, time_s: float) -> str | None:
        """Return the dog that wears a collar at a Unix time, or None."""
        return wearer(self.collars, collar, time_s, self.home.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """Tables of one kind, by a name of the owner's choice or one after the other."""

    of: type[BaseModel]
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A single setting."""

    field: FieldInfo


Node = type[BaseModel] | Many | Leaf


def columns(table: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a table by the key that the file has for them."""
    return {each.alias or name: each for name, each in table.model_fields.items()}


def nodes(table: type[BaseModel]) -> dict[str, Node]:
    """Return what lies under each key of a table."""
    return {key: _node(each) for key, each in columns(table).items()}


def node_at(table: type[BaseModel], place: Sequence[str | int]) -> Node | None:
    """Return what lies at a place below a table, or None if nothing can."""
    node: Node | None = table
    for part in place:
        if isinstance(node, Many):
            node = node.of
        elif node is None or isinstance(node, Leaf):
            return None
        else:
            node = nodes(node).get(str(part))
    return node


def _node(field: FieldInfo) -> Node:
    if any(isinstance(mark, TunedDetectors) for mark in field.metadata):
        return detector_tables()
    kind = _without_none(field.annotation)
    if isinstance(kind, type) and is_dataclass(kind):
        return table_of(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    named = get_origin(kind) is Mapping
    items = get_args(kind)[1 if named else 0 :]
    if items and isinstance(items[0], type) and issubclass(items[0], BaseModel):
        return Many(of=items[0], named=named)
    return Leaf(field=field)


def _without_none(annotation: Any) -> Any:  # noqa: ANN401  # annotations have no common type
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    options = [each for each in get_args(annotation) if each is not NoneType]
    return options[0] if NoneType in get_args(annotation) else annotation
