"""What comes out of one step of the pipeline."""

from dataclasses import dataclass, field, fields

from analysis.model.days import Day
from analysis.model.measurements import Event, GaitWindow, Minute
from analysis.model.verdicts import AlertChange


@dataclass(slots=True)
class Results:
    """What came out of one step of the pipeline, each list in time order."""

    minutes: list[Minute] = field(default_factory=list)
    gait: list[GaitWindow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    alerts: list[AlertChange] = field(default_factory=list)

    def extend(self, other: "Results") -> None:
        """Append another step's results."""
        for each in fields(self):
            getattr(self, each.name).extend(getattr(other, each.name))
