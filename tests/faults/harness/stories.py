"""The packets of the short story, whole and in the ways in which a poor link brings them."""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import decode, encode_cbor
from ingest.recordings.reader import open_recording
from simulators.testing.sample_recording import write_story
from tests.faults.harness.trial import COLLAR

_BATCH_SAMPLES = 100
_FURTHEST = 4


@cache
def story() -> tuple[EncodedPacket, ...]:
    """Return eight minutes with one forbidden jump, in packets of two seconds."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "story.csv"
        write_story(path)
        recording = open_recording(path)
        return tuple(recording.packets(COLLAR, batch_samples=_BATCH_SAMPLES))


def shuffled(packets: Sequence[EncodedPacket], rng: random.Random) -> list[EncodedPacket]:
    """Send every third packet twice, and none in its place: up to eight seconds early or late."""
    twice = [
        each for index, packet in enumerate(packets) for each in [packet] * (1 + (index % 3 == 0))
    ]
    # The first stays first: nobody can know that an earlier one is to come.
    places = [
        (index + rng.uniform(0.0, _FURTHEST) * (index > 1), index) for index in range(len(twice))
    ]
    return [twice[index] for _, index in sorted(places)]


def rebooted(packets: Sequence[EncodedPacket], every: int) -> list[EncodedPacket]:
    """Let the collar begin anew after so many packets: another boot, numbers from nought."""
    return [
        _of_boot(each, f"boot-{index // every}", index % every)
        for index, each in enumerate(packets)
    ]


def late(packets: Sequence[EncodedPacket], rng: random.Random) -> list[EncodedPacket]:
    """Let a minute of packets come when all others have: a backlog that was found again."""
    first = rng.randint(10, len(packets) - 40)
    return [*packets[:first], *packets[first + 30 :], *packets[first : first + 30]]


def of_two_collars(packets: Sequence[EncodedPacket]) -> list[EncodedPacket]:
    """Let a second collar send the same minutes under the same name, in turns with the first."""
    other = [_of_boot(each, "another", index) for index, each in enumerate(packets)]
    return [each for pair in zip(packets, other, strict=True) for each in pair]


def with_holes(packets: Sequence[EncodedPacket], rng: random.Random) -> list[EncodedPacket]:
    """Lose single packets and a minute of them before the broker; their numbers are missing."""
    first = rng.randint(10, 60)
    gone = {*range(first, first + 30), *rng.sample(range(1, len(packets)), 10)}
    return [each for index, each in enumerate(packets) if index not in gone]


def _of_boot(recorded: EncodedPacket, boot: str, seq: int) -> EncodedPacket:
    """Return a packet as it is after another start of the collar."""
    packet = replace(decode(recorded.payload, recorded.content_type), boot=boot, seq=seq)
    payload = encode_cbor(packet, lossless=True)
    return replace(recorded, payload=payload, content_type="application/cbor")
