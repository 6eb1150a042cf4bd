"""How fast a recording is played."""

import threading

import pytest

from analysis.errors import SettingsError
from ingest.clock import SystemClock
from ingest.packets.envelope import EncodedPacket
from ingest.recordings.replay import paced, speed_of
from simulators.testing.fakes import ManualClock

PACKETS = [
    EncodedPacket(collar="c", arrival_s=1000.0 + 10.0 * n, content_type="", payload=b"")
    for n in range(3)
]


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "fast", ""])
def test_a_speed_is_max_or_a_positive_number(text: str) -> None:
    with pytest.raises(SettingsError, match="expected 'max' or a positive number"):
        speed_of(text)


def test_at_most_speed_nothing_waits_and_the_clock_is_not_asked() -> None:
    assert list(paced(iter(PACKETS), None, ManualClock())) == PACKETS


def test_packets_come_as_far_apart_as_they_once_did_divided_by_the_speed() -> None:
    """Twenty seconds at 200 times real time take 0.1 s, by a clock that goes on."""
    clock = SystemClock()
    begun_s = clock.monotonic_s()

    assert list(paced(iter(PACKETS), 200.0, clock)) == PACKETS

    assert clock.monotonic_s() - begun_s >= 0.1


def test_what_is_late_already_does_not_wait_any_longer() -> None:
    """A clock that runs far ahead between packets: all of them are due."""
    clock, done = ManualClock(), threading.Event()

    def play() -> None:
        for _ in paced(iter(PACKETS), 1.0, clock):
            clock.advance(1000.0)
        done.set()

    thread = threading.Thread(target=play)
    thread.start()
    thread.join(timeout=5.0)

    assert done.is_set()
