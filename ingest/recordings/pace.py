"""How fast a recording is played."""

import threading
from collections.abc import Iterable, Iterator

from analysis.errors import SettingsError
from ingest.ports import Clock
from ingest.recordings.formats.base import RecordedPacket


def speed_of(text: str) -> float | None:
    """Return how many times as fast as life to play; None for as fast as can be.

    Raises
    ------
    SettingsError
        If it is neither ``max`` nor a positive number.

    Examples
    --------
    >>> speed_of("60"), speed_of("max")
    (60.0, None)
    """
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.0 < speed < float("inf"):
        msg = f"speed is {text!r}, expected 'max' or a positive number"
        raise SettingsError(msg)
    return speed


def paced(
    packets: Iterable[RecordedPacket], speed: float | None, clock: Clock
) -> Iterator[RecordedPacket]:
    """Yield packets at the speed at which they once came; at once if there is no speed."""
    if speed is None:
        yield from packets
        return
    waiting = threading.Event()
    begun_s = first_s = None
    for packet in packets:
        if begun_s is None or first_s is None:
            begun_s, first_s = clock.monotonic_s(), packet.arrival_s
        due_s = begun_s + (packet.arrival_s - first_s) / speed
        waiting.wait(max(0.0, due_s - clock.monotonic_s()))
        yield packet
