"""Recordings played through the processor: the same as if the collar had sent them now."""

import dataclasses
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from analysis.errors import PacketError, SettingsError
from analysis.model import Results
from analysis.pipeline.pipeline import PipelineSettings
from ingest.packets.device_clock import DeviceClock, DeviceClockSettings
from ingest.packets.envelope import EncodedPacket, ReceivedPacket, received
from ingest.packets.packet import decode, encode_cbor
from ingest.ports import Clock
from ingest.processing.stream_processor import DogResults, StreamProcessor

_GROUP = 128


@dataclass(slots=True)
class Replayed:
    """How a replay went, beside its results.

    Attributes
    ----------
    n_packets, n_samples
        What was played.
    rate_hz
        Rate that the packets announce.
    drops
        Packets left out, by cause.
    """

    n_packets: int = 0
    n_samples: int = 0
    rate_hz: float = 0.0
    drops: dict[str, int] = field(default_factory=dict)


def replay(
    packets: Iterable[EncodedPacket], processor: StreamProcessor, replayed: Replayed
) -> Iterator[list[DogResults]]:
    """Yield what each group of packets leads to, and in the end what is left to say."""
    stream = iter(packets)
    while group := list(islice(stream, _GROUP)):
        yield processor.process(_understood(group, replayed))
    yield processor.finish()


def as_stored(packets: Iterable[EncodedPacket]) -> Iterator[EncodedPacket]:
    """Yield packets so that the hub believes their times although they come long after.

    What was live is dated by its first arrival and marked as stored; what cannot be decoded goes
    on as it is, to be counted by the hub.
    """
    clocks: dict[str, DeviceClock] = {}
    for each in packets:
        try:
            packet = decode(each.payload, each.content_type)
        except PacketError:
            yield each
            continue
        if packet.stored:
            yield each
            continue
        clock = clocks.setdefault(each.collar, DeviceClock(DeviceClockSettings(), {}))
        start_s = clock.date(packet, each.arrival_s).start_s
        t_ms = packet.t_ms if start_s == packet.t_ms / 1000.0 else start_s * 1000.0
        late = dataclasses.replace(packet, clock="utc", t_ms=t_ms, stored=True)
        payload = encode_cbor(late, lossless=True)
        yield dataclasses.replace(each, payload=payload, content_type="application/cbor")


def _understood(group: Iterable[EncodedPacket], replayed: Replayed) -> list[ReceivedPacket]:
    """Return the packets that can be read; the others are counted."""
    understood = []
    for each in group:
        try:
            one = received(each)
        except PacketError as error:
            replayed.drops[error.cause] = replayed.drops.get(error.cause, 0) + 1
            continue
        replayed.n_packets += 1
        replayed.n_samples += len(one.packet.acceleration_g)
        replayed.rate_hz = one.packet.rate_hz
        understood.append(one)
    return understood


def processor_for_one(settings: PipelineSettings) -> StreamProcessor:
    """Return a processor in which one dog wears every collar."""
    dog = settings.dog.id
    return StreamProcessor({dog: settings}, lambda _collar, _time_s: dog)


def results_for(dog: str, outcomes: Iterable[DogResults]) -> Results:
    """Return one dog's results of a step."""
    results = Results()
    for outcome in outcomes:
        if outcome.dog == dog:
            results.extend(outcome.results)
    return results


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
    packets: Iterable[EncodedPacket], speed: float | None, clock: Clock
) -> Iterator[EncodedPacket]:
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
