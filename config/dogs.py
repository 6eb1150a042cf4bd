"""The tables of the settings file that are about dogs and their collars."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, field_validator, model_validator

from analysis.recovery.plan import Phase, Plan
from config.plans import load_template, template_names
from config.sections import Table, TimeZone

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]


class PhaseTable(Table):
    """One phase of an inline plan."""

    name: str = Field(min_length=1)
    days: int = Field(ge=1, le=3650)
    active_min_cap: float | None = Field(default=None, ge=0, le=1440)
    walks_per_day: int = Field(default=0, ge=0, le=48)
    walk_min: float = Field(default=0.0, ge=0, le=1440)
    least_active_min: float = Field(default=0.0, ge=0, le=1440)
    forbids: tuple[Literal["jump", "vigorous_burst"], ...] = ()


class PlanTable(Table):
    """A recovery plan: a template or phases, and its first day."""

    start: date
    template: str | None = None
    phases: tuple[PhaseTable, ...] = ()

    @field_validator("template")
    @classmethod
    def _template_exists(cls, name: str | None) -> str | None:
        if name is not None and name not in template_names():
            message = f"unknown plan template; expected one of {', '.join(template_names())}"
            raise ValueError(message)
        return name

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.template is None) == (not self.phases):
            message = "expected either a template or phases"
            raise ValueError(message)
        return self

    def plan(self) -> Plan:
        """Return the plan."""
        if self.template is not None:
            return Plan(name=self.template, start=self.start, phases=load_template(self.template))
        phases = tuple(Phase(**phase.model_dump()) for phase in self.phases)
        return Plan(name="own", start=self.start, phases=phases)


class Dog(Table):
    """One dog."""

    name: str = Field(min_length=1, description="what the owner calls it")
    withers_m: float | None = Field(
        default=None, ge=0.10, le=1.1, description="withers height, metres"
    )
    mass_kg: float | None = Field(default=None, ge=0.5, le=120, description="weight, kilograms")
    time_zone: TimeZone | None = Field(default=None, description="IANA name; the home's by default")
    night_from: time = Field(default=time(22, 30), description="local time the night begins")
    night_until: time = Field(default=time(6, 30), description="local time the night ends")
    plan: PlanTable | None = Field(default=None, description="recovery plan")

    def height_m(self) -> float:
        """Return the withers height; from mass, isometric: 0.52 m at 25 kg; else 0.50 m."""
        if self.withers_m is not None:
            return self.withers_m
        if self.mass_kg is None:
            return 0.50
        return min(1.1, max(0.10, 0.52 * float((self.mass_kg / 25.0) ** (1.0 / 3.0))))


class Collar(Table):
    """Which dog wears a collar, from `from` to just before `until`."""

    id: Id
    dog: Id
    from_: datetime | date | None = Field(None, alias="from")
    until: datetime | date | None = None


def instant_s(when: datetime | date | None, zone: str, default_s: float) -> float:
    """Return Unix seconds; a date begins at local midnight, a time without offset is local."""
    if when is None:
        return default_s
    moment = when if isinstance(when, datetime) else datetime.combine(when, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
