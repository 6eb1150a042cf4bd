"""How one verdict changes an alert that is on."""

from analysis.alerts.alert import RANK, Alert, AlertSettings, Told
from analysis.alerts.explained import noted_evidence
from analysis.model import Level, Status, Verdict

TOLD_NOTES = frozenset({"plan_phase"})
"""Kinds that are told although they are no more than a watch: the owner has to act on a date."""


def see_again(alert: Alert, verdict: Verdict) -> bool:
    """Take another sighting in and return whether the alert became more severe."""
    alert.count += 1
    alert.clears = 0
    escalates = RANK[verdict.level] > RANK[alert.severity]
    # What the owner reads is the worst: a watch after a warning does not talk it down.
    if RANK[verdict.level] >= RANK[alert.severity]:
        alert.severity = verdict.level
        alert.evidence = dict(verdict.evidence)
    else:
        # What was noted since explains it all the same.
        alert.evidence |= noted_evidence(verdict.evidence)
    return escalates


def should_tell(verdict: Verdict, told: Told | None, settings: AlertSettings) -> bool:
    """Return whether the owner should hear of a sighting."""
    if RANK[verdict.level] < RANK[Level.WARNING] and verdict.kind not in TOLD_NOTES:
        return False
    if told is None or RANK[verdict.level] > RANK[told.level]:
        return True
    since_s = verdict.time_s - told.time_s
    if verdict.momentary:
        return since_s > settings.group_s
    # Rounded, since 0.35 - 0.20 is a little less than 0.15.
    worse = round(verdict.evidence.get("drop", 0.0) - told.drop, 9) >= settings.worse_by
    return worse or since_s >= settings.refractory_s


def is_worse(alert: Alert, verdict: Verdict, told: Told | None, settings: AlertSettings) -> bool:
    """Return whether a state that was told has become worse by enough to say so."""
    if told is None or RANK[verdict.level] < RANK[Level.WARNING] or alert.momentary:
        return False
    return round(verdict.evidence.get("drop", 0.0) - told.drop, 9) >= settings.worse_by


def settle(alert: Alert) -> None:
    """Bring an alert that was recovering or unknown back to what it was."""
    if alert.status in {Status.RECOVERING, Status.UNKNOWN}:
        alert.status = Status.ACKNOWLEDGED if alert.acknowledged else Status.OPEN
