"""What is slow, away for long, or does not agree about the time."""

import random
from collections.abc import Sequence

from ingest.packets.envelope import EncodedPacket
from simulators.testing.influx_proxy import Reply
from tests.faults.harness.rig import Rig, ends
from tests.faults.harness.stories import story
from tests.faults.harness.zones import look_for_zones, write_zone

_SLOW_BYTES_PER_S = 100_000
_PARTIAL = b'{"code":"invalid","message":"partial write: points beyond retention policy dropped=1"}'


def influx_slow(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let InfluxDB answer late, or say that it took only a part of a write."""
    ways = [
        Reply(status=400, body=_PARTIAL, passed_on=True),
        Reply(passed_on=True, after_s=rng.uniform(0.5, 2.0)),
    ]

    def disturb() -> None:
        rig.gate.answer(rng.choice(ways))
        rig.trial.told.injected += 1

    rig.trial.send(story(), ends(rng, 4), disturb)
    return story()


def influx_away(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Have no InfluxDB from the first packet to the last, for hours by the daemon's clock.

    The daemon is killed twice meanwhile.
    """
    rig.trial.restart(stepping=1)
    rig.influx.kill()
    hours = [rng.uniform(1.0, 12.0), rng.uniform(12.0, 24.0)]

    def let_hours_pass() -> None:
        rig.trial.step_clock(3600.0 * hours.pop(0))
        rig.trial.restart(stepping=1)

    try:
        rig.trial.send(story(), ends(rng, 2), let_hours_pass)
    finally:
        rig.influx.start()
    rig.trial.told.injected += 1
    return story()


def network_slow(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let 100 kB a second pass between the daemon and the broker, and cut it twice."""
    rig.wire.slow_down(_SLOW_BYTES_PER_S)

    def cut() -> None:
        rig.wire.cut()
        rig.trial.told.injected += 1

    rig.trial.send(story(), ends(rng, 2), cut)
    return story()


def clock_stepped(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Step the daemon's clock by up to twelve hours, either way, and kill the daemon twice."""
    rig.trial.restart(stepping=1)

    def step() -> None:
        rig.trial.step_clock(3600.0 * rng.uniform(-12.0, 12.0))
        rig.trial.told.injected += 1
        if rng.random() < 0.5:
            rig.trial.restart(stepping=1)

    rig.trial.send(story(), ends(rng, 5), step)
    return story()


def summer_time(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let summer time begin or end amid the story, and kill the daemon four times."""
    home = rig.trial.home
    look_for_zones(home.folder)
    home.live_in(write_zone(home.folder, rng))
    rig.trial.restart()
    rig.trial.send(story(), ends(rng, 4), rig.trial.restart)
    return story()
