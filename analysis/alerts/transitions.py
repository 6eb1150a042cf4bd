"""How one verdict changes an alert that is on, and whether the owner should hear of it."""

from collections.abc import Mapping

from analysis.alerts.alert import RANK, Alert, AlertSettings, LastNews
from analysis.alerts.owner_notes import noted_evidence
from analysis.model import Level, Status, Verdict

_DAY_S = 86400.0


def see_again(alert: Alert, verdict: Verdict) -> bool:
    """Take another sighting in and return whether the alert became more severe."""
    alert.count += 1
    alert.clears = 0
    escalates = RANK[verdict.level] > RANK[alert.severity]
    # What the owner reads is the worst: a watch after a warning does not talk it down.
    is_less_sure = "possible" in verdict.evidence and "possible" not in alert.evidence
    if RANK[verdict.level] >= RANK[alert.severity] and not is_less_sure:
        alert.severity = verdict.level
        alert.evidence = dict(verdict.evidence)
    else:
        # What was noted since explains it all the same.
        alert.evidence |= noted_evidence(verdict.evidence)
    return escalates


def badness(evidence: Mapping[str, float], settings: AlertSettings) -> float:
    """Return how bad evidence is, in steps of which one more is told as worse.

    Examples
    --------
    >>> badness({"drop": 0.3}, AlertSettings()), badness({"index": -1.5}, AlertSettings())
    (2.0, 3.0)
    """
    steps = {
        "drop": settings.worse_by,
        "index": -settings.worse_index,
        "cv_ratio": settings.worse_ratio,
    }
    known = [evidence[name] / step for name, step in steps.items() if name in evidence]
    # Rounded, since 0.45 - 0.30 is a little more or less than 0.15.
    return round(max(known, default=0.0), 9)


def is_news(
    verdict: Verdict,
    last: LastNews | None,
    settings: AlertSettings,
    *,
    is_back: bool,
    is_told_as_watch: bool,
) -> bool:
    """Return whether the owner should hear of a sighting.

    Parameters
    ----------
    is_back
        Whether it was not there just before: a new alert, or one that was recovering.
    is_told_as_watch
        Whether its kind is told although it is no more than a watch.
    """
    if RANK[verdict.level] < RANK[Level.WARNING] and not is_told_as_watch:
        return False
    if last is None or RANK[verdict.level] > RANK[last.level]:
        return True
    since_s = verdict.time_s - last.time_s
    if verdict.momentary:
        return since_s > settings.group_s
    if verdict.level is Level.URGENT and is_back and since_s >= settings.urgent_again_s:
        return True
    return _is_a_step_worse(verdict, last, settings) or since_s >= settings.refractory_s


def is_worse(
    alert: Alert, verdict: Verdict, last: LastNews | None, settings: AlertSettings
) -> bool:
    """Return whether a state that was told has become worse by enough to say so."""
    if last is None or RANK[verdict.level] < RANK[Level.WARNING] or alert.momentary:
        return False
    return _is_a_step_worse(verdict, last, settings)


def too_often(verdict: Verdict, last: LastNews | None, settings: AlertSettings) -> bool:
    """Return whether the owner has heard of a kind so often that one more would be noise.

    An urgent verdict is never too much, if none was told as urgent within a day.
    """
    if last is None:
        return False
    urgent = verdict.level is Level.URGENT
    if urgent and (last.urgent_s is None or verdict.time_s - last.urgent_s >= _DAY_S):
        return False
    today = [each for each in last.times_s if each > verdict.time_s - _DAY_S]
    if len(today) >= settings.most_a_day:
        return True
    week = [each for each in last.times_s if each > verdict.time_s - 7 * _DAY_S]
    return not urgent and not verdict.momentary and len(week) >= settings.most_a_week


def news_now(verdict: Verdict, before: LastNews | None, settings: AlertSettings) -> LastNews:
    """Return what the owner has heard of a kind, after this verdict was told."""
    times_s = [] if before is None else before.times_s
    urgent_s = None if before is None else before.urgent_s
    return LastNews(
        time_s=verdict.time_s,
        level=verdict.level,
        badness=badness(verdict.evidence, settings),
        times_s=[*(each for each in times_s if each > verdict.time_s - 7 * _DAY_S), verdict.time_s],
        urgent_s=verdict.time_s if verdict.level is Level.URGENT else urgent_s,
    )


def settle(alert: Alert) -> None:
    """Bring an alert that was recovering or unknown back to what it was."""
    if alert.status in {Status.RECOVERING, Status.UNKNOWN}:
        alert.status = Status.ACKNOWLEDGED if alert.acknowledged else Status.OPEN


def _is_a_step_worse(verdict: Verdict, last: LastNews, settings: AlertSettings) -> bool:
    return round(badness(verdict.evidence, settings) - last.badness, 6) >= 1.0
