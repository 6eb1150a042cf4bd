"""The faults: each sends the short story to a home and disturbs it on the way."""

import os
import random
import signal
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from threading import Event as Pause

from ingest.packets.envelope import EncodedPacket
from simulators.testing.daemon_harness import wait_until
from simulators.testing.influx_proxy import REPLY_LOST, Reply
from tests.faults.harness import slowness, streams
from tests.faults.harness.disk import FAILS, FAILS_ON
from tests.faults.harness.rig import Fault, Rig, ends
from tests.faults.harness.stories import rebooted, shuffled, story
from tests.faults.harness.trial import Trial

_LONGEST_LIFE_S = 0.4
_HURRIED = 1 / 3
_MOST_STATEMENTS = (40, 160, 320)
_MOST_LIVES = 5
_ROOM_BYTES = 256 << 10
_PART_WITHIN_S = 1.0


def nothing(rig: Rig, _: random.Random) -> Sequence[EncodedPacket]:
    """Send the story and leave everything in peace."""
    rig.trial.send(story(), [], lambda: None)
    return story()


def daemon_killed(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """``kill -9`` the daemon at ten random moments, in every third run while it is starting."""

    def kill() -> None:
        # A part takes a daemon some hundredths of a second, so most kills come soon.
        Pause().wait(_LONGEST_LIFE_S * rng.random() ** 3)
        rig.trial.restart()

    rig.trial.send(story(), ends(rng, 10), kill, hurried=rng.random() < _HURRIED)
    return story()


def daemon_stopped_between_statements(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """End the daemon right before the n-th statement to SQLite, again and again."""
    trial = rig.trial

    def anywhere() -> int:
        return rng.randint(1, rng.choice(_MOST_STATEMENTS))

    def revive() -> None:
        n_before = trial.n_packets()
        wait_until(lambda: trial.n_packets() > n_before or not trial.is_alive(), _PART_WITHIN_S)
        if not trial.is_alive():
            trial.restart(stop_at=anywhere())

    trial.restart(stop_at=anywhere())
    trial.send(story(), range(40, len(story()), 40), revive)
    for _ in range(_MOST_LIVES):
        wait_until(lambda: trial.n_packets() == len(story()) or not trial.is_alive(), 20.0)
        if trial.n_packets() == len(story()):
            break
        revive()
    # The last one still has a place to die at, which may lie in what is done after the packets.
    wait_until(lambda: not (trial.is_alive() and trial.n_waiting()), 5.0)
    trial.told.injected = len(_stopped(trial))
    trial.told.stopped = _stopped(trial)
    trial.restart()
    trial.told.injected -= 1
    return story()


def broker_killed(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """``kill -9`` the broker three times while packets are on their way.

    It has saved once that it keeps packets for the daemon, as any that has run for an hour.
    """
    saved = rig.broker.folder / "mosquitto.db"
    os.kill(rig.broker.pid, signal.SIGUSR1)
    assert wait_until(saved.exists, 10.0)

    def kill() -> None:
        rig.broker.kill()
        rig.broker.start()
        rig.trial.told.injected += 1

    rig.trial.send(story(), ends(rng, 3), kill)
    return story()


def influx_killed(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """``kill -9`` InfluxDB three times while points are on their way."""

    def kill() -> None:
        rig.influx.kill()
        Pause().wait(rng.uniform(0.0, _LONGEST_LIFE_S))
        rig.influx.start()
        rig.trial.told.injected += 1

    rig.trial.send(story(), ends(rng, 3), kill)
    return story()


def influx_failing(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let InfluxDB be busy, overloaded, in trouble, cut off, or keep quiet about its success."""
    ways = [
        Reply(status=503),
        Reply(status=429, headers={"Retry-After": "1"}),
        Reply(status=500),
        Reply(cut=True),
        REPLY_LOST,
    ]

    def fail() -> None:
        rig.gate.answer(rng.choice(ways))
        rig.trial.told.injected += 1

    rig.trial.send(story(), ends(rng, 4), fail)
    return story()


def phone_failing(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let the notification service refuse the first messages; kill the daemon meanwhile."""
    n_refusals = rng.randint(1, 3)
    rig.trial.place.phone.answer(*(rng.choice([500, 502, 503]) for _ in range(n_refusals)))
    rig.trial.told.injected += n_refusals
    rig.trial.send(story(), ends(rng, 2), rig.trial.restart)
    return story()


def network_cut(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Cut the daemon's connections to the broker, now and then in the midst of a message."""

    def cut() -> None:
        if rng.random() < 0.5:
            rig.wire.cut_after(rng.randint(1, 20_000))
        else:
            rig.wire.cut()
        rig.trial.told.injected += 1

    rig.trial.send(story(), ends(rng, 4), cut)
    return story()


def packets_repeated(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Send every third packet twice, and all out of order; kill the daemon twice meanwhile."""
    sent = shuffled(story(), rng)
    rig.trial.send(sent, ends(rng, 2), rig.trial.restart)
    rig.trial.told.injected += len(sent) - len(story())
    return story()


def collar_rebooting(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let the collar begin anew every minute; kill the daemon twice meanwhile."""
    sent = rebooted(story(), every=30)
    rig.trial.send(sent, ends(rng, 2), rig.trial.restart)
    rig.trial.told.injected += len(sent) // 30
    return sent


def store_locked(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let another process hold the SQLite file for a moment, as a backup may."""

    def lock() -> None:
        database = rig.trial.home.database
        with closing(sqlite3.connect(database, timeout=30.0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            Pause().wait(rng.uniform(0.0, _LONGEST_LIFE_S))
            other.execute("ROLLBACK")
        rig.trial.told.injected += 1

    rig.trial.send(story(), ends(rng, 4), lock)
    return story()


def disk_full(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let no file of the daemon grow any more, then give it room again.

    It may not even start on such a disk; then it is started anew when there is room.
    """
    trial = rig.trial

    def fill() -> None:
        trial.restart(most_bytes=trial.home.database.stat().st_size + rng.randint(0, _ROOM_BYTES))
        wait_until(lambda: "not stored" in trial.home.log or not trial.is_alive(), 5.0)

    trial.send(story(), ends(rng, 1), fill)
    if trial.is_alive():
        trial.life.give_room()
    return story()


def disk_failing(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Let the disk refuse every write, twice, while packets come; restart after each time."""
    trial = rig.trial

    def fail() -> None:
        n_failures = trial.home.log.count(FAILS)
        trial.life.fail_disk(rng.choice(list(FAILS_ON)))
        assert wait_until(lambda: trial.home.log.count(FAILS) > n_failures, 10.0)
        trial.told.injected += 1

    def mend() -> None:
        assert wait_until(lambda: "not stored" in trial.home.log.rpartition(FAILS)[2], 10.0)
        trial.restart()

    steps = iter([fail, mend, fail, mend])

    def go_on() -> None:
        next(steps)()

    trial.send(story(), ends(rng, 4), go_on)
    return story()


def two_daemons(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Start a second daemon on the same store; it has to refuse, and the first to go on."""
    trial = rig.trial

    def second() -> None:
        other = trial.second()
        assert other.wait() == 1
        assert trial.is_alive()
        trial.told.injected += 1

    trial.send(story(), ends(rng, 3), second)
    return story()


def everything(rig: Rig, rng: random.Random) -> Sequence[EncodedPacket]:
    """Kill the daemon, cut the network, and let InfluxDB and the phone fail, all in one run."""
    ways: list[Callable[[], None]] = [
        rig.trial.restart,
        rig.wire.cut,
        lambda: rig.gate.answer(Reply(status=503)),
        lambda: rig.gate.answer(REPLY_LOST),
        lambda: rig.trial.place.phone.answer(503),
    ]

    def disturb() -> None:
        before = rig.trial.told.injected
        rng.choice(ways)()
        rig.trial.told.injected = before + 1

    rig.trial.send(shuffled(story(), rng), ends(rng, 8), disturb)
    return story()


FAULTS: dict[str, Fault] = {
    "nothing": nothing,
    "daemon killed at random moments": daemon_killed,
    "daemon stopped between two statements": daemon_stopped_between_statements,
    "broker killed": broker_killed,
    "InfluxDB killed": influx_killed,
    "InfluxDB failing": influx_failing,
    "notification service failing": phone_failing,
    "network cut": network_cut,
    "packets repeated and out of order": packets_repeated,
    "collar rebooting": collar_rebooting,
    "a minute late": streams.minute_late,
    "two collars under one name": streams.two_collars,
    "packets lost before the broker": streams.lost_before,
    "flood": streams.flood,
    "InfluxDB slow or taking a part": slowness.influx_slow,
    "InfluxDB away all the time": slowness.influx_away,
    "network slow": slowness.network_slow,
    "clock stepped": slowness.clock_stepped,
    "summer time": slowness.summer_time,
    "store locked": store_locked,
    "disk full": disk_full,
    "disk failing": disk_failing,
    "second daemon": two_daemons,
    "everything at once": everything,
}


def _stopped(trial: Trial) -> list[str]:
    path = trial.home.folder / "stopped.txt"
    return path.read_text().splitlines() if path.exists() else []
