"""What the owner noted, weighed against a verdict: a warning that it explains is a watch."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from analysis.alerts.alert import AlertSettings
from analysis.model import Circumstance, Level, Verdict

_KEEP_S = 90 * 86400.0
"""As long as ended alerts and the days of a baseline are kept."""

_MOST = 200
"""More notes than two a day in 90 days: a judgement. The oldest give way."""


@dataclass(slots=True)
class OwnerNotesState:
    """What must survive a restart: notes in the order of their beginning."""

    noted: list[Circumstance] = field(default_factory=list)


class OwnerNotes:
    """Keeps what the owner noted, each note once."""

    def __init__(self) -> None:
        self.state = OwnerNotesState()

    def add(self, circumstance: Circumstance) -> bool:
        """Keep a note; return whether it was news."""
        if circumstance in self.state.noted:
            return False
        kept = [*self.state.noted, circumstance]
        kept.sort(key=lambda each: (each.start_s, each.end_s, each.what))
        self.state.noted = kept[-_MOST:]
        return True

    def forget(self, time_s: float) -> None:
        """Forget what ended 90 days before a time."""
        self.state.noted = [each for each in self.state.noted if each.end_s > time_s - _KEEP_S]

    def within(self, start_s: float, end_s: float) -> tuple[str, ...]:
        """Return what was noted of any part of a time, in alphabetical order."""
        found = {each.what for each in self.state.noted if each.overlap_s(start_s, end_s) > 0.0}
        return tuple(sorted(found))


NOTED_PREFIX = "noted_"
"""Before what was noted, as the name of evidence: ``noted_heat``."""

_DAY_S = 86400.0

_MENTIONED = frozenset({"medication_change", "other"})
"""Said, but no reason to be calm: a change of medicine may be why the dog is worse."""

_AFTER_DAYS: Mapping[str, float] = {
    "boarding": 2.0,
    "fireworks": 1.0,
    "travel": 1.0,
    "swimming": 1.0,
    "new_collar": 7.0,
    "collar_lent": 1.0,
    "loose_collar": 1.0,
    "medication_change": 7.0,
}
"""How long each goes on after it ended: a judgement. A new collar until its level is known."""


def explained(
    verdict: Verdict, noted: OwnerNotes, settings: AlertSettings, causes: frozenset[str]
) -> Verdict:
    """Return a verdict about a lasting state with what the owner noted that may explain it.

    Each such note is evidence of 1.0. A warning that one explains becomes a watch, unless it is
    severe; what is urgent stays urgent, whatever was noted.

    Parameters
    ----------
    causes
        Circumstances that can explain this kind; of one without any, nothing is said.
    """
    if not causes or verdict.momentary or verdict.level in {Level.UNKNOWN, Level.CLEAR}:
        return verdict
    # A day at least: a verdict about one moment is of the day before it too.
    start_s = min(verdict.onset_s, verdict.time_s - _DAY_S)
    found = {
        each.what
        for each in noted.state.noted
        if each.what in causes | _MENTIONED
        and each.start_s < verdict.time_s
        and each.end_s + _AFTER_DAYS.get(each.what, 0.0) * _DAY_S > start_s
    }
    if not found:
        return verdict
    evidence = dict(verdict.evidence) | {f"{NOTED_PREFIX}{what}": 1.0 for what in sorted(found)}
    calm = verdict.level is Level.WARNING and found & causes and not _severe(verdict, settings)
    return replace(verdict, level=Level.WATCH if calm else verdict.level, evidence=evidence)


def noted_evidence(evidence: Mapping[str, float]) -> dict[str, float]:
    """Return what in evidence was noted by the owner."""
    return {name: value for name, value in evidence.items() if name.startswith(NOTED_PREFIX)}


def _severe(verdict: Verdict, settings: AlertSettings) -> bool:
    drop, index = verdict.evidence.get("drop", 0.0), verdict.evidence.get("index", 0.0)
    return drop >= settings.severe_drop or index <= settings.severe_index
