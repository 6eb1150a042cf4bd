"""The packets of the short story, whole and in the ways in which a poor link brings them."""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.packets import decode, encode_cbor
from ingest.sources.formats.base import RecordedPacket
from ingest.sources.recording import open_recording
from simulators.short_story import write_story
from tests.faults.trial import COLLAR

_BATCH_SAMPLES = 100
_FURTHEST = 4


@cache
def story() -> tuple[RecordedPacket, ...]:
    """Return eight minutes with one forbidden jump, in packets of two seconds."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "story.csv"
        write_story(path)
        recording = open_recording(path)
        return tuple(recording.packets(COLLAR, batch_samples=_BATCH_SAMPLES))


def shuffled(packets: Sequence[RecordedPacket], rng: random.Random) -> list[RecordedPacket]:
    """Send every third packet twice, and none in its place: up to eight seconds early or late."""
    twice = [
        each for index, packet in enumerate(packets) for each in [packet] * (1 + (index % 3 == 0))
    ]
    # The first stays first: nobody can know that an earlier one is to come.
    places = [
        (index + rng.uniform(0.0, _FURTHEST) * (index > 1), index) for index in range(len(twice))
    ]
    return [twice[index] for _, index in sorted(places)]


def rebooted(packets: Sequence[RecordedPacket], every: int) -> list[RecordedPacket]:
    """Let the collar begin anew after so many packets: another boot, numbers from nought."""
    changed = []
    for index, each in enumerate(packets):
        packet = decode(each.payload, each.content_type)
        boot, seq = divmod(index, every)
        payload = encode_cbor(replace(packet, boot=f"boot-{boot}", seq=seq), lossless=True)
        changed.append(replace(each, payload=payload, content_type="application/cbor"))
    return changed
