"""Too much rest: days on which the dog did less than the plan asks for."""

from dataclasses import dataclass
from datetime import date, timedelta

from analysis.model import Level, Verdict
from analysis.model.plan import Phase
from analysis.recovery.ramp import DayTotal
from analysis.recovery.settings import PlanSettings


@dataclass(slots=True)
class RestState:
    """What must survive a restart.

    Attributes
    ----------
    last
        ISO date of the last day of too much rest.
    days
        How many of them came one after the other.
    since_s
        Unix time at which the first of them began.
    """

    last: str = ""
    days: int = 0
    since_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedDay:
    """A day of the plan that is over: its date, its midnights in Unix time, what was walked."""

    date: date
    start_s: float
    end_s: float
    walked: DayTotal


def judge_rest(
    state: RestState, day: EndedDay, phase: Phase, settings: PlanSettings
) -> list[Verdict]:
    """Return whether the dog rested too much; days come in order, some may be missing.

    Notes
    -----
    "Too much rest is counterproductive" (docs/evidence.md, 5.1). A day that was not worn enough
    says nothing, and the count begins anew after it: only what was seen is called rest.

    Only minutes of walking count (`PlanSettings.walking_from_s`): turning over, scratching and
    shaking come to 8 to 11 active minutes on a day on which a simulated dog never leaves its crate,
    and would hide that it did not; 2 to 3 of them lie in minutes of walking.
    """
    if not phase.least_active_min:
        return []
    if day.walked.worn_h < settings.worn_h:
        state.days = 0
        return [_verdict(Level.UNKNOWN, day)]
    if day.walked.active_min >= phase.least_active_min:
        state.days = 0
        return [_verdict(Level.CLEAR, day)]
    follows = state.last == (day.date - timedelta(days=1)).isoformat()
    if not state.days or not follows:
        state.days, state.since_s = 0, day.start_s
    state.last, state.days = day.date.isoformat(), state.days + 1
    level = Level.WARNING if state.days >= settings.rest_days else Level.WATCH
    evidence = {
        "active_min": day.walked.active_min,
        "least_min": phase.least_active_min,
        "days": float(state.days),
        "worn_h": day.walked.worn_h,
    }
    return [
        Verdict(
            kind="too_much_rest",
            level=level,
            time_s=day.end_s,
            onset_s=state.since_s,
            evidence=evidence,
        )
    ]


def _verdict(level: Level, day: EndedDay) -> Verdict:
    return Verdict(kind="too_much_rest", level=level, time_s=day.end_s, onset_s=day.end_s)
