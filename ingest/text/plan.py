"""A recovery plan in plain words: for the terminal, the page and MQTT."""

from collections.abc import Sequence
from datetime import date

from analysis.model.plan import Phase
from analysis.recovery.progress import PlanProgress
from analysis.recovery.ramp import Cap

_FORBIDDEN = {"jump": "jumping", "vigorous_burst": "running and rough play"}


def plan_title(name: str) -> str:
    """Return what a plan is called; a template by its file's name, an own plan by none.

    Examples
    --------
    >>> plan_title("conservative_disc"), plan_title("own")
    ('conservative disc', 'own plan')
    """
    return "own plan" if name == "own" else name.replace("_", " ")


def cap_text(cap: Cap | None) -> str:
    """Return why today's cap lies below the plan's; empty if it does not, or there is none.

    Examples
    --------
    >>> cap_text(Cap(minutes=46.0, plan_min=75.0, reason="ramp", last_week_min=40.0))
    'The plan allows up to 75 min; last week was 40 a day, so 46 this week.'
    """
    if cap is None or cap.minutes >= cap.plan_min:
        return ""
    most = f"The plan allows up to {cap.plan_min:.0f} min"
    if cap.last_week_min is not None:
        week = f"last week was {cap.last_week_min:.0f} a day"
        if cap.reason == "floor":
            return f"{most}; {week}, so it stays at this phase's least, {cap.minutes:.0f}."
        return f"{most}; {week}, so {cap.minutes:.0f} this week."
    held = f"{most}; held at {cap.minutes:.0f} this week"
    if cap.setback is not None:
        return f"{held}: a setback on {cap.setback:%A} {cap.setback.day} {cap.setback:%B}."
    return f"{held}: too little is known of last week."


def walks_text(stand: PlanProgress) -> str:
    """Return the walks so far against the plan; empty if it asks for none."""
    if not stand.walks_per_day:
        return ""
    said = f"{stand.walks} of {stand.walks_per_day} so far, {stand.walk_min:g} min each"
    if not stand.walks:
        return said
    longest = "it took" if stand.walks == 1 else "the longest took"
    return f"{said}; {longest} {stand.longest_walk_min:.0f} min"


def forbidden_text(forbids: Sequence[str]) -> str:
    """Return what is forbidden; empty for nothing."""
    return ", ".join(_FORBIDDEN.get(each, each.replace("_", " ")) for each in forbids)


def next_text(following: tuple[Phase, date] | None, *, ends: date | None = None) -> str:
    """Return what comes after today's phase; `ends` is the first day after the plan."""
    if following is not None:
        phase, first = following
        return f"{phase.name}, from {day_text(first)}, {_days(phase.days)}"
    if ends is None:
        return "this is the last phase"
    return f"this is the last phase; the plan ends before {day_text(ends)}"


def day_text(day: date) -> str:
    """Return a date to read, such as "Tuesday 3 November 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _days(n_days: int) -> str:
    return "1 day" if n_days == 1 else f"{n_days} days"
