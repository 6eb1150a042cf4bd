"""Events by the shortcut: how often each is told of a behaviour, measured and drawn again."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.model import Event, FloatArray
from simulators.behaviours.gait import GAITS
from simulators.day.schedule import Bout
from simulators.evaluation.sections.events import count, merged

Told = tuple[Sequence[Bout], Sequence[Event]]
"""The bouts of a day and the events told of it."""

Rates = Mapping[str, Mapping[str, float]]
"""By behaviour, then by ``kind/confidence``: a second of a gait or a scratch, else a bout."""

_STEADY = frozenset({*GAITS, "scratch"})
_EVENT_S = 0.4
_OF_SIZE = "vigorous_burst"
"""The one kind that goes with the strength of movement, and so with size and health."""
_BELONGS: Mapping[str, tuple[str, ...]] = {
    "jump": ("jump_over", "jump_onto", "jump_off"),
    "shake": ("shake", "head_shake"),
    "scratch": ("scratch",),
}


def rates(days: Sequence[Told], *, of_size: bool) -> dict[str, dict[str, float]]:
    """Return how often each event is told, of bursts only or of all others only."""
    found: dict[str, dict[str, float]] = {}
    words = {_word(event) for _, events in days for event in events}
    for word in sorted(each for each in words if each.startswith(_OF_SIZE) == of_size):
        wanted = _BELONGS.get(word.split("/", maxsplit=1)[0], ())
        counts = merged(
            *(
                count(bouts, [event for event in events if _word(event) == word], wanted)
                for bouts, events in days
            )
        )
        for behaviour, one in counts.items():
            if one.n_events:
                per = one.hours * 3600.0 if behaviour in _STEADY else one.n_bouts
                found.setdefault(behaviour, {})[word] = round(one.n_events / per, 5)
    return found


def happened(
    rng: np.random.Generator,
    bouts: Sequence[tuple[Bout, tuple[str, ...]]],
    known: Mapping[str, Rates],
) -> list[Event]:
    """Return events of bouts as often as they were measured; each bout names its tables."""
    rules_of: dict[tuple[str, tuple[str, ...]], tuple[list[str], FloatArray]] = {}
    rules: list[tuple[list[str], FloatArray]] = []
    for bout, names in bouts:
        key = bout.kind, names
        if key not in rules_of:
            found = [known.get(name, {}).get(bout.kind, {}) for name in names]
            words = [word for of_name in found for word in of_name]
            rates = [rate for of_name in found for rate in of_name.values()]
            rules_of[key] = words, np.array(rates)
        rules.append(rules_of[key])
    times = [bout.end_s - bout.start_s if bout.kind in _STEADY else 1.0 for bout, _ in bouts]
    n_rules = [len(words) for words, _ in rules]
    firsts = np.cumsum(n_rules) - n_rules
    expected = np.concatenate([rates for _, rates in rules]) * np.repeat(times, n_rules)
    counts = (expected + rng.random(len(expected))).astype(np.intp)
    events: list[Event] = []
    places = np.flatnonzero(counts)
    numbers = np.searchsorted(firsts, places, side="right") - 1
    columns = (numbers, places - firsts[numbers], counts[places])
    for number, rule, n in zip(*(column.tolist() for column in columns), strict=True):
        word = rules[number][0][rule]
        events += [_event(word, bouts[number][0], (each + 0.5) / n) for each in range(n)]
    return sorted(events, key=lambda event: event.end_s)


def _event(word: str, bout: Bout, share: float) -> Event:
    kind, confidence = word.split("/")
    middle_s = bout.start_s + share * (bout.end_s - bout.start_s)
    return Event(
        kind=kind,
        start_s=middle_s - _EVENT_S / 2.0,
        end_s=middle_s + _EVENT_S / 2.0,
        confidence=confidence,
    )


def _word(event: Event) -> str:
    return f"{event.kind}/{event.confidence}"
