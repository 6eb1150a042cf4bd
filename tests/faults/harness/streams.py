"""What a stream of packets may bring; the daemon is killed twice meanwhile."""

import random
from collections.abc import Sequence

from ingest.packets.envelope import EncodedPacket
from tests.faults.harness.rig import Rig, ends
from tests.faults.harness.stories import late, of_two_collars, story, with_holes

_FLOOD = 100


def minute_late(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Send a minute of the story after all the rest."""
    return _sent(rig, rng, late(story(), rng), 1)


def two_collars(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let two collars of the same name send in turns."""
    return _sent(rig, rng, of_two_collars(story()), 1)


def lost_before(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Lose a minute and some single packets before they come to the broker."""
    sent = with_holes(story(), rng)
    return _sent(rig, rng, sent, len(story()) - len(sent))


def flood(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Send each packet of a minute a hundred times."""
    first = rng.randint(10, len(story()) - 40)
    sent = [
        each
        for index, packet in enumerate(story())
        for each in [packet] * (_FLOOD if first <= index < first + 30 else 1)
    ]
    _sent(rig, rng, sent, len(sent) - len(story()))
    return story()


def _sent(
    rig: Rig, rng: random.Random, packets: Sequence[EncodedPacket], n_injected: int
) -> Sequence[EncodedPacket]:
    rig.trial.send(packets, ends(rng, 2, len(packets)), rig.trial.restart)
    rig.trial.told.injected += n_injected
    return packets
