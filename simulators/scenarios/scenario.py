"""Scenarios as TOML: built-in ones by name, others by path, every fault named at once."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from analysis.errors import SettingsError
from simulators.behaviours.registry import BEHAVIOURS
from simulators.day.schedule import JUMP_S, Breach, Habits
from simulators.dog.collar import Collar, Mounting
from simulators.dog.condition import Condition, preset
from simulators.dog.dog import Dog
from simulators.scenarios.story import Phase, Scenario


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _BreachTable(_Table):
    day: int = Field(ge=1)
    at: dt.time
    kind: str = "jump_off"
    duration_s: float = Field(default=JUMP_S, gt=0.0, le=3600.0)

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in BEHAVIOURS:
            msg = f"expected one of {', '.join(BEHAVIOURS)}"
            raise ValueError(msg)
        return kind


class _PhaseTable(_Table):
    days: int = Field(ge=1, le=3660)
    condition: str = "healthy"
    onset_days: float | None = Field(default=None, ge=0.0)
    onset_at: dt.time | None = None
    factors: dict[str, float] = {}
    breaches: list[_BreachTable] = []
    mounting: Mounting | None = None
    habits: Habits | None = None
    dog: Dog | None = None

    @field_validator("condition")
    @classmethod
    def _known(cls, condition: str) -> str:
        preset(condition)
        return condition

    @field_validator("factors")
    @classmethod
    def _factors(cls, factors: dict[str, float]) -> dict[str, float]:
        for key, value in factors.items():
            if key not in Condition.__slots__:
                msg = f"'{key}' is unknown, expected one of {', '.join(Condition.__slots__)}"
                raise ValueError(msg)
            if not 0.0 <= value <= 10.0:
                msg = f"'{key}' is {value}, expected 0 to 10"
                raise ValueError(msg)
        return factors

    def phase(self) -> Phase:
        """Return the phase that the table describes."""
        found = preset(self.condition)
        values = {key: getattr(found.condition, key) for key in Condition.__slots__}
        breaches: dict[int, tuple[Breach, ...]] = {}
        for each in self.breaches:
            breach = Breach(at=each.at, kind=each.kind, duration_s=each.duration_s)
            breaches[each.day] = (*breaches.get(each.day, ()), breach)
        return Phase(
            days=self.days,
            condition=Condition(**{**values, **self.factors}),
            onset_days=found.onset_days if self.onset_days is None else self.onset_days,
            breaches=breaches,
            onset_at=self.onset_at,
            mounting=self.mounting,
            habits=self.habits,
            dog=self.dog,
        )


class _ScenarioTable(_Table):
    start: dt.date
    phases: list[_PhaseTable] = Field(min_length=1)
    seed: int = Field(default=1, ge=0)
    time_zone: str = "UTC"
    dog: Dog = Dog()
    collar: Collar = Collar()
    habits: Habits = Habits()

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, table: dict[str, Any]) -> dict[str, Any]:
        """Fill what a phase leaves out of seat, habits and dog from the scenario's."""
        usual = {
            "mounting": _table(_table(table, "collar"), "mounting"),
            "habits": _table(table, "habits"),
            "dog": _table(table, "dog"),
        }
        phases = table.get("phases")
        if not isinstance(phases, list):
            return table
        return {**table, "phases": [_filled(each, usual) for each in phases]}

    @field_validator("time_zone")
    @classmethod
    def _known(cls, time_zone: str) -> str:
        try:
            ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            msg = "expected an IANA name such as Europe/Vienna"
            raise ValueError(msg) from error
        return time_zone


def load_scenario(source: Path | str) -> Scenario:
    """Return the scenario of a TOML file, or a built-in one by its name.

    Raises
    ------
    SettingsError
        If there is none, or something in it is wrong; the message names every key at fault.
    """
    path = Path(source)
    if path.suffix == ".toml":
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            msg = f"scenario '{source}' cannot be read: {error}"
            raise SettingsError(msg) from error
        return parse_scenario(text, name=path.stem)
    names = scenario_names()
    if str(source) not in names:
        msg = f"scenario is '{source}', expected a .toml file or one of {', '.join(names)}"
        raise SettingsError(msg)
    built_in = resources.files("simulators").joinpath("scenarios", f"{source}.toml")
    return parse_scenario(built_in.read_text(encoding="utf-8"), name=str(source))


def scenario_names() -> list[str]:
    """Return the names of the built-in scenarios, sorted."""
    folder = resources.files("simulators").joinpath("scenarios")
    names = (each.name for each in folder.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def parse_scenario(text: str, *, name: str) -> Scenario:
    """Return the scenario that some TOML describes; see docs/simulator.md for its keys.

    Raises
    ------
    SettingsError
        If it is not TOML, or something in it is wrong.
    """
    try:
        table = _ScenarioTable.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        msg = f"scenario {name} is not valid TOML: {error}"
        raise SettingsError(msg) from error
    except ValidationError as error:
        raise SettingsError(_faults(error, name)) from error
    return Scenario(
        name=name,
        start=table.start,
        phases=tuple(each.phase() for each in table.phases),
        seed=table.seed,
        time_zone=table.time_zone,
        dog=table.dog,
        collar=table.collar,
        habits=table.habits,
    )


def _filled(phase: object, usual: Mapping[str, Mapping[str, Any]]) -> object:
    """Return a phase whose tables have every key that the usual ones have."""
    if not isinstance(phase, dict):
        return phase
    tables = {
        key: {**ours, **phase[key]}
        for key, ours in usual.items()
        if isinstance(phase.get(key), dict)
    }
    return {**phase, **tables}


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return a table within a table, an empty one if it is missing or something else."""
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _faults(error: ValidationError, name: str) -> str:
    """Return one line for each key at fault."""
    lines = []
    for fault in error.errors(include_url=False):
        key = ".".join(str(each) for each in fault["loc"])
        value = "" if fault["type"] == "missing" else f" is {fault['input']!r}"
        lines.append(f"scenario {name}: {key}{value}: {fault['msg']}")
    return "\n".join(lines)
