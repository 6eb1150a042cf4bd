"""The tables of the settings file that are about dogs."""

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, field_validator, model_validator

from analysis.model.plan import Phase, Plan
from config.machine_settings import Table
from config.plans import load_template, template_names
from config.types import Clock, Day, Name, TimeZone

LONGEST_PLAN_DAYS = 1826


class PhaseTable(Table):
    """One phase of an inline plan."""

    name: Name = Field(description="what you call the phase", examples=["strict rest"])
    days: int = Field(ge=1, le=LONGEST_PLAN_DAYS, description="length of the phase", examples=[14])
    active_min_cap: float | None = Field(
        default=None,
        ge=0,
        le=1440,
        description="most active minutes a day (walking or faster); no cap if left out",
        examples=[30.0],
    )
    walks_per_day: int = Field(default=0, ge=0, le=48, description="leash walks a day")
    walk_min: float = Field(default=0.0, ge=0, le=1440, description="length of one, minutes")
    least_active_min: float = Field(
        default=0.0, ge=0, le=1440, description="fewer minutes of walking a day are too much rest"
    )
    forbids: Annotated[tuple[Literal["jump", "vigorous_burst"], ...], Strict(strict=False)] = Field(
        default=(), description="what is an alert: 'jump', 'vigorous_burst'"
    )
    ramp: bool = Field(
        default=True,
        description="let the cap rise by at most 15 % a week over what was done; not in phase one",
    )


class PlanTable(Table):
    """A recovery plan: a template or phases, and its first day."""

    start: Day = Field(description="first day of the first phase", examples=[date(2026, 11, 1)])
    template: str | None = Field(
        default=None,
        description="a plan from config/plans; or phases of your own",
        examples=["after_surgery"],
    )
    phases: Annotated[tuple[PhaseTable, ...], Strict(strict=False)] = Field(
        default=(), description="phases of your own, one after the other"
    )

    @field_validator("template")
    @classmethod
    def _template_exists(cls, name: str | None) -> str | None:
        if name is not None and name not in template_names():
            message = f"expected one of {', '.join(template_names())}"
            raise ValueError(message)
        return name

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.template is None) == (not self.phases):
            message = "expected either a template or phases"
            raise ValueError(message)
        days = sum(phase.days for phase in self.phases)
        if days > LONGEST_PLAN_DAYS:
            message = f"phases last {days} days, expected at most {LONGEST_PLAN_DAYS} (5 years)"
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

    name: Name = Field(description="what you call it", examples=["Rex"])
    withers_m: float | None = Field(
        default=None,
        ge=0.10,
        le=1.1,
        description="withers height, metres; guessed from the weight if left out",
        examples=[0.45],
    )
    mass_kg: float | None = Field(
        default=None, ge=0.5, le=120, description="weight, kilograms", examples=[16.0]
    )
    time_zone: TimeZone | None = Field(
        default=None, description="IANA name; that of [home] if left out", examples=["UTC"]
    )
    night_from: Clock = Field(default=time(22, 30), description="local time the night begins")
    night_until: Clock = Field(default=time(6, 30), description="local time the night ends")
    plan: PlanTable | None = Field(default=None, description="recovery plan")

    @model_validator(mode="after")
    def _night_has_a_length(self) -> Self:
        if self.night_from == self.night_until:
            message = "night_until is the same as night_from, expected another time"
            raise ValueError(message)
        return self

    def height_m(self) -> float:
        """Return the withers height; from mass, isometric: 0.52 m at 25 kg; else 0.50 m."""
        if self.withers_m is not None:
            return self.withers_m
        if self.mass_kg is None:
            return 0.50
        return min(1.1, max(0.10, 0.52 * float((self.mass_kg / 25.0) ** (1.0 / 3.0))))
