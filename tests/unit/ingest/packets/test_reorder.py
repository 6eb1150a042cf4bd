"""Packets in the order of recording: what is released when, and what is only counted."""

import numpy as np
import pytest

from ingest.packets.packet import Packet
from ingest.packets.reorder import Reorderer, ReorderSettings

START_MS = 1.75e12


def packet(
    seq: int,
    *,
    boot: str = "7",
    t_ms: float | None = None,
    clock: str = "utc",
    n_samples: int = 50,
    index: int | None = None,
) -> Packet:
    return Packet(
        seq=seq,
        boot=boot,
        t_ms=START_MS + 1000.0 * seq if t_ms is None else t_ms,
        rate_hz=50.0,
        acceleration_g=np.zeros((n_samples, 3)),
        clock=clock,
        index=index,
    )


class Line:
    """A reorderer and what it has released so far."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.reorderer = Reorderer(ReorderSettings(), self.counts)
        self.released: list[int] = []
        self.broken: list[int] = []

    def push(self, *packets: Packet) -> list[int]:
        """Push packets and return the numbers that came out."""
        out = [each for one in packets for each in self.reorderer.push(one, 0.0)]
        self.broken += [each.packet.seq for each in out if each.broken]
        return [each.packet.seq for each in out]


def test_the_next_in_order_is_released_at_once() -> None:
    line = Line()

    assert [line.push(packet(seq)) for seq in (0, 1, 2)] == [[0], [1], [2]]
    assert line.counts == {}


def test_a_later_one_waits_for_the_one_before() -> None:
    line = Line()
    line.push(packet(0))

    assert line.push(packet(2)) == []
    assert line.push(packet(1)) == [1, 2]
    assert line.broken == []


@pytest.mark.parametrize(("newest", "released"), [(32, []), (33, [2, 3, 33])])
def test_a_hole_is_given_up_more_than_30_s_after_the_first_one_held(
    newest: int, released: list[int]
) -> None:
    """Number 2 is the first one held; number 32 is exactly 30 s later."""
    line = Line()
    line.push(packet(0), packet(2), packet(3))

    out = line.push(packet(newest))

    # Number 33 has a hole of its own before it, and nothing newer yet.
    assert out == [seq for seq in released if seq != newest]
    assert line.broken == ([2] if released else [])


def test_a_stream_that_starts_anywhere_is_held_for_three_seconds() -> None:
    line = Line()

    assert line.push(packet(102), packet(100), packet(101)) == []
    assert line.push(packet(103)) == [100, 101, 102, 103]


@pytest.mark.parametrize("first", [packet(0), packet(100, index=0)], ids=["seq", "index"])
def test_the_very_first_packet_is_known_by_its_zero(first: Packet) -> None:
    assert Line().push(first) == [first.seq]


def test_a_first_packet_that_comes_second_is_known_too() -> None:
    assert Line().push(packet(1), packet(0)) == [0, 1]


def test_repeats_are_counted_held_or_released() -> None:
    line = Line()

    out = line.push(packet(0), packet(0), packet(2), packet(2), packet(1), packet(1), packet(2))

    assert out == [0, 1, 2]
    assert line.counts == {"repeat": 4}


def test_what_was_before_the_start_of_the_stream_is_late() -> None:
    line = Line()
    line.push(*(packet(seq) for seq in range(100, 110)))

    assert line.push(packet(99)) == []
    assert line.counts == {"late": 1}


def test_a_new_boot_flushes_the_old_one_which_is_late_from_then_on() -> None:
    line = Line()
    line.push(packet(0), packet(2))

    later_ms = START_MS + 60_000.0
    assert line.push(packet(0, boot="8", t_ms=later_ms)) == [2, 0]
    assert line.push(packet(1)) == []
    assert line.push(packet(1, boot="8", t_ms=later_ms + 1000.0)) == [1]
    assert line.counts == {"missing": 1, "late": 1}


def test_a_boot_word_used_again_is_a_new_boot_if_its_time_is_newer() -> None:
    """A collar that only knows two words would else be deaf every other time."""
    line = Line()
    line.push(packet(0), packet(0, boot="8", t_ms=START_MS + 60_000.0))

    assert line.push(packet(0, t_ms=START_MS + 120_000.0)) == [0]


@pytest.mark.parametrize(("back", "released"), [(1000, []), (1001, [0])])
def test_more_than_a_thousand_back_is_a_restart(back: int, released: list[int]) -> None:
    line = Line()
    # Number 0 settles it, so that back is counted from the number expected next.
    line.push(packet(back - 1, index=0))

    assert line.push(packet(0, t_ms=START_MS + 1e7)) == released
    assert line.counts == ({"restart": 1} if released else {"repeat": 1})


def test_far_back_with_an_older_time_is_late_and_no_restart() -> None:
    line = Line()
    line.push(packet(5000, index=0))

    assert line.push(packet(3000)) == []
    assert "restart" not in line.counts


def test_what_is_held_is_bounded_when_time_stands_still() -> None:
    """16,384 samples are four of 4096: the fifth gives the hole up."""
    line = Line()
    line.push(packet(0, t_ms=START_MS))
    held = [packet(seq, t_ms=START_MS, n_samples=4096) for seq in range(2, 7)]

    assert [line.push(each) for each in held] == [[], [], [], [], [2, 3, 4, 5, 6]]


def test_finish_gives_up_all_holes() -> None:
    line = Line()
    line.push(packet(0), packet(2), packet(5))

    assert [each.packet.seq for each in line.reorderer.finish()] == [2, 5]
    assert line.counts == {"missing": 3}


def test_one_time_from_the_far_future_does_not_end_the_sorting() -> None:
    line = Line()
    line.push(packet(0), packet(1, t_ms=START_MS * 2), packet(3))

    assert line.push(packet(2)) == [2, 3]
    assert line.broken == []
