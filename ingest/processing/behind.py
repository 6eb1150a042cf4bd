"""Where the last daemon stopped: its saved state, and the packets that lie behind it."""

from collections.abc import Callable, Iterable

import structlog

from analysis.errors import InputError, StoreError
from ingest.packets.packet import decode
from ingest.processing.stream_processor import Arrival, Engine
from ingest.storage.journal import Journal, JournalledPacket

log = structlog.get_logger(__name__)


MEMORY = "engine"
"""Name of the engine's state among what the journal remembers."""


def saved_engine(journal: Journal, make_engine: Callable[[], Engine]) -> tuple[Engine, int]:
    """Return the engine as it was saved, and the position that it holds everything up to."""
    saved = journal.recall(MEMORY)
    engine = make_engine()
    if saved is None:
        return engine, 0
    try:
        misfits = engine.recall(saved[0])
    except StoreError as error:
        log.warning("saved state cannot be read; computing anew", error=str(error))
        return make_engine(), 0
    for misfit in misfits:
        log.warning("part of the saved state begins anew", error=misfit)
    return engine, saved[1]


def arrivals_of(packets: Iterable[JournalledPacket]) -> list[Arrival]:
    """Return packets from the journal; one that is understood no longer is passed over."""
    arrivals = []
    for each in packets:
        try:
            packet = decode(each.payload, each.content_type)
        except InputError as error:
            log.warning("journalled packet cannot be read", id=each.id, error=str(error))
            continue
        arrivals.append(Arrival(collar=each.collar, packet=packet, arrival_s=each.arrival_s))
    return arrivals
