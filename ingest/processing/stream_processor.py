"""All dogs of a home: packets in, results out. Live and replay run this one object."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from analysis.detectors.base import Stateful
from analysis.model import Gap, Results, StreamItem
from analysis.pipeline.pipeline import Pipeline, PipelineSettings
from analysis.signal.coalesce import joined
from ingest.packets.assembler import Assembler, AssemblerSettings
from ingest.packets.envelope import ReceivedPacket
from ingest.processing import snapshots
from ingest.processing.allocator import keep_freed_memory

_MOST_SAMPLES = 65_536
_COLLAR = "collar/"
_MOST_COLLARS, _MOST_UNKNOWN_COLLARS = 256, 32
"""Collars that are put together at all, and so many of them that no dog wears: who floods the
broker with names must neither fill the memory nor keep a dog's own collar out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DogResults:
    """What some packets led to for one dog; `stored` if they were recorded earlier."""

    dog: str
    results: Results
    stored: bool


@dataclass(slots=True)
class Routing:
    """Who is wearing what.

    Attributes
    ----------
    worn
        The collar that each dog was last heard on, while it is that dog's.
    wearers
        The dog that each collar was last heard on.
    since_s, until_s
        Sample times from and up to which each dog has been heard.
    gap_s
        How much of that was missing.
    counts
        Pieces left out, by cause.
    """

    worn: dict[str, str] = field(default_factory=dict)
    wearers: dict[str, str] = field(default_factory=dict)
    since_s: dict[str, float] = field(default_factory=dict)
    until_s: dict[str, float] = field(default_factory=dict)
    gap_s: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


class StreamProcessor:
    """Assembles each collar's packets and hands them to the pipeline of the dog that wears it."""

    def __init__(
        self,
        dogs: Mapping[str, PipelineSettings],
        dog_of: Callable[[str, float], str | None],
        assembling: AssemblerSettings | None = None,
    ) -> None:
        keep_freed_memory()
        self.pipelines = {dog: Pipeline(settings) for dog, settings in dogs.items()}
        self._dog_of = dog_of
        self._assembling = assembling or AssemblerSettings()
        self._assemblers: dict[str, Assembler] = {}
        self._unknown_parts: dict[str, bytes] = {}
        self.state = Routing()

    def assembler(self, collar: str) -> Assembler:
        """Return what puts a collar's packets together, made at its first packet."""
        if collar not in self._assemblers:
            self._assemblers[collar] = Assembler(self._assembling)
        return self._assemblers[collar]

    def parts(self) -> dict[str, Stateful]:
        """Return everything that has a state, by name: all that a restart has to bring back."""
        parts: dict[str, Stateful] = {"routing": self}
        for collar, assembler in self._assemblers.items():
            parts[f"{_COLLAR}{collar}"] = assembler
        for dog, pipeline in self.pipelines.items():
            parts |= {f"dog/{dog}/{name}": part for name, part in pipeline.parts().items()}
        return parts

    def wearer(self, collar: str, time_s: float) -> str | None:
        """Return the dog that wears a collar at a time, if it is one of ours."""
        dog = self._dog_of(collar, time_s)
        return dog if dog in self.pipelines else None

    def save(self) -> bytes:
        """Return all states as bytes."""
        states = {name: part.state for name, part in self.parts().items()}
        return snapshots.encode(states, self._unknown_parts)

    def restore(self, data: bytes) -> list[str]:
        """Go on from saved states; return why some of them do not fit and begin anew.

        What belongs to dogs that are not in the settings now is kept for when they are again.

        Raises
        ------
        StoreError
            If it is no snapshot at all.
        """
        for name in snapshots.names(data):
            if name.startswith(_COLLAR):
                self.assembler(name.removeprefix(_COLLAR))
        parts = self.parts()
        saved = snapshots.decode(data, {name: part.state for name, part in parts.items()})
        for name, state in saved.states.items():
            parts[name].state = state
        self._unknown_parts = saved.unknown_parts
        return saved.unreadable

    def counts(self) -> dict[str, int]:
        """Return how much was left out so far, by cause, over all collars."""
        total = dict(self.state.counts)
        for assembler in self._assemblers.values():
            for cause, count in assembler.counts.items():
                total[cause] = total.get(cause, 0) + count
        return total

    def process(self, packets: Iterable[ReceivedPacket]) -> list[DogResults]:
        """Take packets in the order in which they came and return what they settle."""
        outcomes: list[DogResults] = []
        for (collar, stored), group in groupby(
            packets, lambda received: (received.collar, received.packet.stored)
        ):
            heard = (
                piece
                for received in group
                if self._has_room(received)
                for piece in self.assembler(collar).push(received.packet, received.arrival_s)
            )
            outcomes += self._outcomes(collar, heard, stored=stored)
        return outcomes

    def finish(self) -> list[DogResults]:
        """Return all that can still be said: nothing more will come."""
        outcomes: list[DogResults] = []
        for collar, assembler in self._assemblers.items():
            outcomes += self._outcomes(collar, assembler.finish(), stored=True)
        for dog, pipeline in self.pipelines.items():
            outcomes.append(DogResults(dog=dog, results=pipeline.finish(), stored=True))
        return outcomes

    def _has_room(self, received: ReceivedPacket) -> bool:
        """Return whether a collar is known or may still come in; count the packet if not."""
        if received.collar in self._assemblers:
            return True
        is_ours = self.wearer(received.collar, received.arrival_s) is not None
        if len(self._assemblers) < (_MOST_COLLARS if is_ours else _MOST_UNKNOWN_COLLARS):
            return True
        self._count("too_many_collars")
        return False

    def _outcomes(
        self, collar: str, items: Iterable[StreamItem], *, stored: bool
    ) -> Iterator[DogResults]:
        for dog, routed in groupby(self._routed(collar, items), lambda each: each[0]):
            for piece in joined((each for _, each in routed), _MOST_SAMPLES):
                yield DogResults(dog=dog, results=self.pipelines[dog].process(piece), stored=stored)

    def _routed(self, collar: str, items: Iterable[StreamItem]) -> Iterator[tuple[str, StreamItem]]:
        """Yield pieces with the dogs they belong to.

        Asked for each packet's piece, before any are joined: how packets came in groups must not
        decide whose they are.
        """
        state = self.state
        for piece in items:
            dog = self._wearer(collar, piece)
            yield from self._taken_off(collar, dog, piece)
            if dog is None:
                continue
            state.wearers[collar] = dog
            if state.worn.get(dog, collar) != collar:
                yield dog, _change_of_collar(piece)
            state.worn[dog] = collar
            state.since_s.setdefault(dog, piece.start_s)
            if isinstance(piece, Gap) and piece.cause == "clock":
                state.until_s[dog] = piece.end_s
            state.until_s[dog] = max(piece.end_s, state.until_s.get(dog, piece.end_s))
            if isinstance(piece, Gap):
                state.gap_s[dog] = state.gap_s.get(dog, 0.0) + piece.end_s - piece.start_s
            yield dog, piece

    def _taken_off(
        self, collar: str, dog: str | None, piece: StreamItem
    ) -> Iterator[tuple[str, StreamItem]]:
        """End what the collar's last dog was heard doing, if another dog wears it now.

        Else that dog's next piece, perhaps days later, would be joined to its last.
        """
        last = self.state.wearers.get(collar)
        if last is None or last == dog or isinstance(piece, Gap):
            return
        del self.state.wearers[collar]
        if self.state.worn.get(last) == collar:
            del self.state.worn[last]
            if last in self.pipelines:
                yield last, _change_of_collar(piece)

    def _wearer(self, collar: str, piece: StreamItem) -> str | None:
        """Return the dog that a piece belongs to, or count why it belongs to none."""
        dog = self.wearer(collar, piece.start_s)
        if dog is None:
            self._count("collar_of_no_dog")
            return None
        other = self.state.worn.get(dog, collar) != collar
        if other and isinstance(piece, Gap):
            return None
        if other and piece.start_s < self.state.until_s[dog]:
            self._count("second_collar")
            return None
        return dog

    def _count(self, cause: str) -> None:
        self.state.counts[cause] = self.state.counts.get(cause, 0) + 1


def _change_of_collar(piece: StreamItem) -> Gap:
    return Gap(start_s=piece.start_s, end_s=piece.start_s, cause="collar")
