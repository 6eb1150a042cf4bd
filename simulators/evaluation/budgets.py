"""The budgets: what the detectors must reach, as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from simulators.evaluation.report import Outcome, Section

_ISSUE = "requirements for the detectors"
_DESIGN = "design, section 6"
_JUDGEMENT = "a judgement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One limit on one figure.

    Attributes
    ----------
    figure
        ``section.name``.
    says
        The budget in words.
    limit, at_most
        The border, and whether the figure may be at most or at least that.
    source
        Where it comes from.
    """

    figure: str
    says: str
    limit: float
    at_most: bool = True
    source: str = _ISSUE

    def outcome(self, figures: Mapping[str, float]) -> Outcome:
        """Return whether the budget was held; a figure that is not there was not measured."""
        value = figures.get(self.figure)
        held: bool | None = None
        if value is not None and isfinite(value):
            held = value <= self.limit if self.at_most else value >= self.limit
        return Outcome(
            figure=self.figure,
            says=self.says,
            limit=self.limit,
            at_most=self.at_most,
            value=value if held is not None else None,
            held=held,
            source=self.source,
        )


_SAMPLED = {"samples": ", from samples", "jittering": ", from jittering collars"}


def _found(section: str, how: str) -> tuple[Budget, ...]:
    """Return what must be found of the illnesses that cannot wait."""
    judged = f"{_ISSUE} (the share and the day are {_JUDGEMENT})"
    return tuple(
        Budget(
            figure=f"{section}.{name}", says=says + how, limit=0.90, at_most=False, source=source
        )
        for name, says, source in (
            ("moderate_found", "moderate back pain alerted within 3 days", _ISSUE),
            ("ataxia_urgent", "pain with ataxia urgent within a day", _ISSUE),
            ("non_walking_urgent", "a dog that cannot walk urgent within a day", judged),
        )
    )


BUDGETS: tuple[Budget, ...] = (
    Budget(
        figure="cadence.worst_error",
        says="error of the cadence for steps of 1.5-6 Hz at 50 Hz and a stride CV of 2 %",
        limit=0.02,
    ),
    Budget(
        figure="cadence.worst_cv_error",
        says="error of a stride CV of 2-8 %, as a share of a stride",
        limit=0.01,
    ),
    Budget(
        figure="invariances.roll",
        says="change of regularity when the collar rolls by 34 degrees",
        limit=0.01,
    ),
    Budget(
        figure="invariances.rotation",
        says="largest change of any gait figure when the axes are turned",
        limit=0.001,
    ),
    Budget(figure="invariances.cut", says="records changed by the size of the packets", limit=0.0),
    Budget(figure="invariances.restart", says="records changed by restarts", limit=0.0),
    *(
        Budget(
            figure=f"events.recall_{rate}",
            says=f"share of jumps (flight 0.27-0.52 s) found at {rate} Hz",
            limit=0.75,
            at_most=False,
            source=_JUDGEMENT,
        )
        for rate in (25, 50, 100)
    ),
    *(
        Budget(
            figure=f"events.false_per_hour_{rate}",
            says=f"false jumps an hour over mixed days at {rate} Hz",
            limit=0.05,
        )
        for rate in (25, 50, 100)
    ),
    Budget(
        figure="events.false_in_negatives",
        says="jumps told in shakes, scratching and knocks",
        limit=0.0,
    ),
    Budget(
        figure="events.false_per_hour_of_gallop",
        says="jumps told in each hour of gallop",
        limit=4.0,
        source=_JUDGEMENT,
    ),
    Budget(
        figure="recordings.jumps",
        says="jumps told on real running and walking",
        limit=0.0,
    ),
    Budget(
        figure="recorded_jumps.least_told",
        says="share of clear recorded jumps that are told, at the worst rate and surroundings",
        limit=0.85,
        at_most=False,
        source=_JUDGEMENT,
    ),
    Budget(
        figure="recorded_jumps.least_told_strict",
        says="the same on strict rest",
        limit=0.90,
        at_most=False,
    ),
    Budget(
        figure="recorded_gait.least_seen",
        says="share of the strong windows of a recorded walk that are gait, at the worst rate",
        limit=0.5,
        at_most=False,
    ),
    Budget(
        figure="recorded_gait.worst_error",
        says="error of the median stride rate of a recorded walk, at the worst rate",
        limit=0.03,
    ),
    Budget(
        figure="recorded_days.urgent",
        says="urgent alerts of healthy dogs, recorded motion",
        limit=0.0,
    ),
    Budget(
        figure="recorded_days.warnings_a_month",
        says="warnings of a healthy dog in 30 days, recorded motion",
        limit=1.0,
    ),
    Budget(
        figure="recorded_days.rest_urgent",
        says="urgent alerts of dogs that keep their rest, recorded motion",
        limit=0.0,
    ),
    Budget(
        figure="recorded_days.rest_most_warnings",
        says="warnings of a dog that keeps its rest in 7 days, recorded motion",
        limit=1.0,
    ),
    Budget(
        figure="recorded_days.jumps_told",
        says="clear jumps on strict rest told within 10 s of their last sample, recorded motion",
        limit=0.90,
        at_most=False,
    ),
    Budget(
        figure="recorded_days.moderate_found",
        says="moderate back pain alerted within 3 days, recorded motion",
        limit=0.90,
        at_most=False,
    ),
    Budget(
        figure="recorded_days.uneven_found",
        says="uneven strides alerted within 3 days, recorded motion",
        limit=0.80,
        at_most=False,
    ),
    Budget(
        figure="recorded_days.non_walking_urgent",
        says="a dog that cannot walk urgent within 8 waking hours, recorded motion",
        limit=0.90,
        at_most=False,
        source=f"{_ISSUE} (the share is {_JUDGEMENT})",
    ),
    Budget(
        figure="cohorts.free_reduced_activity",
        says="reduced-activity alerts of a healthy dog in 60 days",
        limit=1.0,
        source=f"{_ISSUE}; {_DESIGN}",
    ),
    Budget(
        figure="cohorts.free_stiff_gait",
        says="stiffness alerts of a healthy dog in 60 days",
        limit=1.0,
        source=f"{_ISSUE}; {_DESIGN}",
    ),
    Budget(
        figure="cohorts.free_urgent",
        says="urgent alerts of healthy dogs",
        limit=0.0,
        source=f"{_ISSUE}; {_DESIGN}",
    ),
    Budget(
        figure="cohorts.drop_30_found",
        says="30 % drops of activity found within 14 days",
        limit=0.80,
        at_most=False,
    ),
    Budget(
        figure="cohorts.drop_30_delay",
        says="median delay in days of finding it",
        limit=5.0,
    ),
    *_found("cohorts", ""),
    Budget(
        figure="cohorts.crate_rest_urgent",
        says="urgent alerts of dogs that keep their rest",
        limit=0.0,
    ),
    Budget(
        figure="cohorts.crate_rest_jumps",
        says="false jump alerts of a dog that keeps its rest, in 3 days",
        limit=1.0,
        source=f"{_ISSUE}; {_DESIGN}",
    ),
    Budget(
        figure="cohorts.confounded_urgent",
        says="urgent alerts of healthy dogs under a confounder",
        limit=0.0,
    ),
    Budget(
        figure="cohorts.confounded_ratio",
        says="warnings under confounders that were noted over those without any",
        limit=2.0,
    ),
    Budget(
        figure="cohorts.confounded_unexplained",
        says="warnings under noted confounders that name no note over those without any",
        limit=1.0,
        source=f"{_ISSUE} (the limit is {_JUDGEMENT})",
    ),
    Budget(
        figure="breaches.found",
        says="jumps in crate rest (flight 0.27-0.52 s) that were told, from samples",
        limit=0.75,
        at_most=False,
        source=_JUDGEMENT,
    ),
    Budget(
        figure="breaches.found_all",
        says="jumps of any kind in crate rest that were told, from samples",
        limit=0.25,
        at_most=False,
        source=_JUDGEMENT,
    ),
    Budget(
        figure="breaches.latest_s",
        says="seconds from a breach's last sample to the alert",
        limit=10.0,
    ),
    Budget(
        figure="breaches.most_false",
        says="false jump alerts of a dog that keeps its rest in 3 days, from samples",
        limit=1.0,
        source=f"{_ISSUE}; {_DESIGN}",
    ),
    *(
        Budget(figure=f"{name}.urgent", says=f"urgent alerts of healthy dogs{how}", limit=0.0)
        for name, how in _SAMPLED.items()
    ),
    *(budget for name, how in _SAMPLED.items() for budget in _found(name, how)),
    Budget(
        figure="falls.found",
        says="simulated falls that look like a collapse and were told",
        limit=0.60,
        at_most=False,
        source=_JUDGEMENT,
    ),
    Budget(
        figure="samples.collapses",
        says="collapses told of a healthy dog in 60 days, from samples",
        limit=1.0,
        source=_JUDGEMENT,
    ),
    Budget(
        figure="agreement.worst_mean",
        says="difference between shortcut and samples in the mean of a day's value",
        limit=0.15,
        source=_JUDGEMENT,
    ),
    Budget(
        figure="agreement.worst_cv",
        says="difference between both in how much a dog's days differ (CV)",
        limit=0.05,
        source=_JUDGEMENT,
    ),
)


def outcomes(sections: Sequence[Section]) -> list[Outcome]:
    """Return every budget of the sections that there are, in the order of the budgets."""
    figures = {
        f"{section.name}.{name}": value
        for section in sections
        for name, value in section.figures.items()
    }
    names = {section.name for section in sections}
    return [
        budget.outcome(figures)
        for budget in BUDGETS
        if budget.figure.split(".", maxsplit=1)[0] in names
    ]
