"""The owner's notes of circumstances, as far as they may still matter."""

from dataclasses import dataclass, field

from analysis.model import Circumstance

_KEEP_S = 90 * 86400.0
"""As long as ended alerts and the days of a baseline are kept."""

_MOST = 200
"""More notes than two a day in 90 days: a judgement. The oldest give way."""


@dataclass(slots=True)
class NotedState:
    """What must survive a restart: notes in the order of their beginning."""

    noted: list[Circumstance] = field(default_factory=list)


class Noted:
    """Keeps what the owner noted, each note once."""

    def __init__(self) -> None:
        self.state = NotedState()

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
