"""The settings of the analysis as tables of the file: each class says its own defaults."""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from functools import cache
from typing import Annotated, Any, get_type_hints

from pydantic import Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema, core_schema

from analysis.alerts.book import AlertSettings
from analysis.detectors import specs
from analysis.features.day.movement import MovementSettings
from analysis.features.gait.windows import GaitSettings
from analysis.features.wear.wear import WearSettings
from analysis.recovery.settings import PlanSettings
from analysis.signal.calibration import CalibrationSettings
from config.explanations import explanations
from config.machine_settings import Table


def table_of(settings: type[Any]) -> type[Table]:
    """Return the table that a settings dataclass is read from."""
    hints, texts = get_type_hints(settings), explanations(settings)
    columns: dict[str, Any] = {}
    for each in fields(settings):
        factory = each.default_factory
        default = each.default if factory is MISSING else factory()
        about = Field(
            default=default,
            description=texts.get(each.name),
            ge=0 if _sign(default) > 0 else None,
            le=0 if _sign(default) < 0 else None,
        )
        columns[each.name] = (hints[each.name], about)
    return create_model(settings.__name__, __base__=Table, __doc__=settings.__doc__, **columns)


def _sign(default: object) -> int:
    """Return the side of zero that a number must stay on, 1 or -1: its default's; 0 for both.

    A length below zero makes no sense, nor does a score above zero for what is too low.
    """
    if isinstance(default, bool) or not isinstance(default, int | float) or default == 0:
        return 0
    return 1 if default > 0 else -1


@cache
def detector_tables() -> type[Table]:
    """Return the table of all detectors, one table each."""
    columns: dict[str, Any] = {
        name: (Annotated[spec.settings, Tuned()], Field(default_factory=spec.settings))
        for name, spec in specs().items()
    }
    return create_model("Detectors", __base__=Table, **columns)


@dataclass(frozen=True, slots=True)
class Tuned:
    """Marks a settings dataclass as a field that is read from a table."""

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return how pydantic gets the dataclass: its table first, then its own checks."""

        def build(table: Table) -> object:
            try:
                return source(**dict(table))
            except (TypeError, ArithmeticError) as error:
                # The dataclass computes with what it was given before it complains.
                message = f"values do not fit together: {error}"
                raise ValueError(message) from None

        schema = handler.generate_schema(table_of(source))
        return core_schema.no_info_after_validator_function(
            build,
            schema,
            serialization=core_schema.plain_serializer_function_ser_schema(asdict),
        )


@dataclass(frozen=True, slots=True)
class TunedDetectors:
    """Marks the mapping from a detector's name to its settings."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return how pydantic gets the mapping."""
        del source
        schema = handler.generate_schema(detector_tables())
        return core_schema.no_info_after_validator_function(
            dict,
            schema,
            serialization=core_schema.plain_serializer_function_ser_schema(_as_dicts),
        )


def _as_dicts(detectors: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: asdict(each) for name, each in detectors.items()}


class Analysis(Table):
    """What the analysis goes by, besides the detectors."""

    calibration: Annotated[CalibrationSettings, Tuned()] = CalibrationSettings()
    movement: Annotated[MovementSettings, Tuned()] = MovementSettings()
    wear: Annotated[WearSettings, Tuned()] = WearSettings()
    gait: Annotated[GaitSettings, Tuned()] = GaitSettings()
    alerts: Annotated[AlertSettings, Tuned()] = AlertSettings()
    plan: Annotated[PlanSettings, Tuned()] = PlanSettings()
