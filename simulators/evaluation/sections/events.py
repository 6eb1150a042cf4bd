"""Counting events against the truth: what was found, and what was told that did not happen."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from analysis.model import Event
from simulators.day.schedule import Bout

FLYING = ("jump_over",)
"""Jumps with a flight of 0.27 to 0.52 s; those off and onto a couch fly for 0.12 to 0.30 s."""
JUMPS = (*FLYING, "jump_off", "jump_onto")
_REACH_S = 0.5
"""An event belongs to a bout that it touches, or misses by no more than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How one behaviour fared.

    Attributes
    ----------
    n_bouts, hours
        How often the dog did it, and for how long in all.
    n_found
        Bouts with at least one event.
    n_events
        Events in them: for a behaviour that is not looked for, all false.
    """

    n_bouts: int = 0
    hours: float = 0.0
    n_found: int = 0
    n_events: int = 0

    def __add__(self, other: "Count") -> "Count":
        """Return both together."""
        return Count(
            n_bouts=self.n_bouts + other.n_bouts,
            hours=self.hours + other.hours,
            n_found=self.n_found + other.n_found,
            n_events=self.n_events + other.n_events,
        )

    @property
    def recall(self) -> float:
        """Share of the bouts that were found."""
        return self.n_found / self.n_bouts if self.n_bouts else float("nan")


Counts = Mapping[str, Count]
"""By behaviour."""


def count(truth: Sequence[Bout], events: Sequence[Event], wanted: Collection[str]) -> Counts:
    """Return how each behaviour fared, given what a detector told.

    Parameters
    ----------
    truth
        All bouts, in order of time.
    events
        Those of one detector, already chosen by kind and confidence.
    wanted
        Behaviours that the detector looks for. An event near one of them belongs to it, whatever
        else goes on within `_REACH_S`; any other belongs to the bout in which it begins.
    """
    found = [0] * len(truth)
    starts_s = [bout.start_s for bout in truth]
    for event in events:
        place = _place(truth, starts_s, event, wanted)
        if place >= 0:
            found[place] += 1
    counts: dict[str, Count] = {}
    for bout, n_events in zip(truth, found, strict=True):
        one = Count(
            n_bouts=1,
            hours=(bout.end_s - bout.start_s) / 3600.0,
            n_found=int(n_events > 0),
            n_events=n_events,
        )
        counts[bout.kind] = counts.get(bout.kind, Count()) + one
    return counts


def merged(*several: Counts) -> Counts:
    """Return counts of several recordings together."""
    total: dict[str, Count] = {}
    for counts in several:
        for kind, one in counts.items():
            total[kind] = total.get(kind, Count()) + one
    return total


def recall(counts: Counts, kinds: Collection[str]) -> float:
    """Return the share of all bouts of some kinds that were found; NaN if there was none."""
    return sum((counts[kind] for kind in kinds if kind in counts), Count()).recall


def false_per_hour(counts: Counts, wanted: Collection[str]) -> float:
    """Return events outside what was wanted, in each hour of everything."""
    hours = sum(one.hours for one in counts.values())
    return n_false(counts, wanted) / hours if hours else float("nan")


def n_false(counts: Counts, wanted: Collection[str]) -> int:
    """Return the number of events outside what was wanted."""
    return sum(one.n_events for kind, one in counts.items() if kind not in wanted)


def _place(
    truth: Sequence[Bout], starts_s: Sequence[float], event: Event, wanted: Collection[str]
) -> int:
    """Return the bout that an event belongs to, or -1 before the first one."""
    here = bisect_right(starts_s, event.start_s) - 1
    place = max(here - 1, 0)
    while place < len(truth) and starts_s[place] <= event.end_s + _REACH_S:
        if truth[place].kind in wanted and event.start_s <= truth[place].end_s + _REACH_S:
            return place
        place += 1
    return here
