"""Days spliced from recorded pieces: the truth as bouts, and the signal an hour at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.model import Samples
from simulators.behaviours.noise import Trace
from simulators.day.day import CHUNK_S
from simulators.day.schedule import NIGHT_FROM_H, NIGHT_UNTIL_H
from simulators.recorded.day_plan import Breach, day_dues
from simulators.recorded.habits import FREE, Habits
from simulators.recorded.material import LEAD_S, WHOLE, Material, Piece

DAY_S = 86400.0
FADE_S = (LEAD_S, 0.25)
"""One piece passes into the next within so many seconds; jumps as quickly as that goes."""
_LYING_S, _SITTING_S = (120.0, 2400.0), (20.0, 300.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplicedBout:
    """What was played, and when: a row of them is the truth of a day.

    Attributes
    ----------
    kind
        The label of the recording.
    start_s, end_s
        Unix times; after its end it still fades away, within a quarter of a second.
    stretch, dog
        The recording that it was cut from, and whose it is.
    pace
        How fast it was played over how it was recorded.
    borrowed
        Whether it is another dog's, since there was none of this one.
    jumps_s
        Unix times at which the dog gets light in a jump.
    """

    kind: str
    start_s: float
    end_s: float
    stretch: str
    dog: str
    pace: float = 1.0
    borrowed: bool = False
    jumps_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cut:
    """A part of a piece: its first sample, how many are played, and how many fade away then."""

    piece: Piece
    first: int
    n_samples: int
    n_fade: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SplicedDay:
    """One day from midnight to midnight, UTC."""

    start_s: float
    rate_hz: float
    cuts: tuple[Cut, ...]

    @property
    def bouts(self) -> list[SplicedBout]:
        """What was played, in order and without a hole."""
        found = []
        at = 0
        for cut in self.cuts:
            start_s = self.start_s + at / self.rate_hz
            at += cut.n_samples
            end_s = self.start_s + at / self.rate_hz
            begun_s = start_s + cut.piece.lead_s - cut.first / self.rate_hz
            stretch, pace = cut.piece.stretch, cut.piece.pace
            jumps_s = [begun_s + jump_s / pace for jump_s in stretch.jumps_s]
            found.append(
                SplicedBout(
                    kind=stretch.label,
                    start_s=start_s,
                    end_s=end_s,
                    stretch=stretch.id,
                    dog=stretch.dog,
                    pace=pace,
                    borrowed=cut.piece.borrowed,
                    jumps_s=tuple(each for each in jumps_s if start_s <= each < end_s),
                )
            )
        return found


def spliced_day(
    rng: np.random.Generator,
    material: Material,
    start_s: float,
    *,
    habits: Habits = FREE,
    breaches: tuple[Breach, ...] = (),
) -> SplicedDay:
    """Return one day of a dog: what it does by its habits, rest in between.

    What there is no recording of is not done. Where two things fall on one time, the later waits.
    """
    tape = _Tape(rng, material)
    for due in day_dues(rng, habits, breaches):
        tape.rest(due.start_s, habits)
        for kind, length_s in due.steps:
            tape.play(kind, length_s)
    tape.rest(DAY_S, habits)
    return SplicedDay(start_s=start_s, rate_hz=material.rate_hz, cuts=tuple(tape.cuts))


def spliced_days(
    seed: int,
    material: Material,
    start_s: float,
    n_days: int,
    *,
    habits: Habits = FREE,
    breaches: Sequence[tuple[Breach, ...]] = (),
) -> Iterator[SplicedDay]:
    """Yield days in a row; each is drawn from the seed and its date, so it is the same in any row.

    Parameters
    ----------
    breaches
        Those of each day, none on the days after.
    """
    for number in range(n_days):
        day_s = start_s + number * DAY_S
        yield spliced_day(
            np.random.default_rng([seed, round(day_s / DAY_S)]),
            material,
            day_s,
            habits=habits,
            breaches=breaches[number] if number < len(breaches) else (),
        )


def samples(days: Iterable[SplicedDay], *, origin_s: float | None = None) -> Iterator[Samples]:
    """Yield the signal of adjoining days without a gap, an hour at a time.

    Parameters
    ----------
    origin_s
        Midnight at which the stream began that these days go on with; their own if None.
    """
    index = 0
    tail_g = np.zeros((0, 3), dtype=np.float32)
    for day in days:
        if origin_s is None:
            origin_s = day.start_s
        if index == 0:
            index = round((day.start_s - origin_s) * day.rate_hz)
        pending: list[Trace] = []
        n_pending, n_chunk = 0, round(CHUNK_S * day.rate_hz)
        for number, cut in enumerate(day.cuts, start=1):
            made_g, tail_g = _faded(cut, tail_g)
            pending.append(made_g)
            n_pending += len(made_g)
            if n_pending < n_chunk and number < len(day.cuts):
                continue
            whole_g = np.concatenate(pending).astype(np.float64)
            for first in range(0, len(whole_g), n_chunk):
                chunk_g = whole_g[first : first + n_chunk]
                if len(chunk_g) < n_chunk and number < len(day.cuts):
                    break
                yield Samples(
                    origin_s=origin_s,
                    first_index=index,
                    rate_hz=day.rate_hz,
                    acceleration_g=chunk_g,
                )
                index += len(chunk_g)
            left_g = whole_g[len(whole_g) // n_chunk * n_chunk :]
            pending, n_pending = [left_g.astype(np.float32)], len(left_g)


def _faded(cut: Cut, tail_g: Trace) -> tuple[Trace, Trace]:
    """Return the samples of a cut, begun with a fade out of the one before, and its own tail."""
    end = cut.first + cut.n_samples
    made_g = cut.piece.trace_g[cut.first : end].copy()
    n_blend = min(len(tail_g), len(made_g))
    if cut.piece.lead_s:
        n_blend = min(n_blend, round(cut.piece.lead_s * cut.piece.rate_hz))
    share = (np.arange(1, n_blend + 1, dtype=np.float32) / np.float32(n_blend + 1))[:, None]
    made_g[:n_blend] = share * made_g[:n_blend] + (1.0 - share) * tail_g[:n_blend]
    return made_g, cut.piece.trace_g[end : end + cut.n_fade]


class _Tape:
    """A day as far as it has been spliced."""

    def __init__(self, rng: np.random.Generator, material: Material) -> None:
        self._rng = rng
        self._material = material
        self._n_day = round(DAY_S * material.rate_hz)
        self._n = 0
        self.cuts: list[Cut] = []

    def rest(self, until_s: float, habits: Habits) -> None:
        """Lie until a second of the day, by day sit or stand for some of the time."""
        until = min(round(until_s * self._material.rate_hz), self._n_day)
        while self._n < until:
            hour = self._n / self._material.rate_hz / 3600.0
            awake = NIGHT_UNTIL_H <= hour < NIGHT_FROM_H
            sits = awake and self._rng.random() < habits.sits and self._material.has("sit")
            length_s = self._rng.uniform(*(_SITTING_S if sits else _LYING_S))
            n = min(round(length_s * self._material.rate_hz), until - self._n)
            self._fill("sit" if sits else "rest", n)

    def play(self, kind: str, length_s: float) -> None:
        """Do something for a time, or for as long as its recording is."""
        if not self._material.has(kind):
            return
        if kind in WHOLE:
            pieces = self._material.pieces[kind]
            piece = pieces[self._rng.integers(len(pieces))]
            n_fade = self._n_fade(FADE_S[0])
            self._cut(piece, 0, len(piece.trace_g) - n_fade, n_fade)
        else:
            self._fill(kind, round(length_s * self._material.rate_hz))

    def _fill(self, kind: str, n: int) -> None:
        """Play pieces of a kind, longer ones more often, until so many samples are made."""
        pieces = self._material.pieces[kind]
        lengths = np.array([len(each.trace_g) for each in pieces], dtype=np.float64)
        while n > 0 and self._n < self._n_day:
            piece = pieces[self._rng.choice(len(pieces), p=lengths / lengths.sum())]
            n_fade = self._n_fade(float(self._rng.uniform(*FADE_S)))
            n_there = len(piece.trace_g) - n_fade
            n_taken = min(n, n_there)
            first = int(self._rng.integers(n_there - n_taken + 1))
            self._cut(piece, first, n_taken, n_fade)
            n -= n_taken

    def _cut(self, piece: Piece, first: int, n_samples: int, n_fade: int) -> None:
        n_samples = min(n_samples, self._n_day - self._n)
        if n_samples > 0:
            self.cuts.append(Cut(piece=piece, first=first, n_samples=n_samples, n_fade=n_fade))
            self._n += n_samples

    def _n_fade(self, fade_s: float) -> int:
        return round(fade_s * self._material.rate_hz)
