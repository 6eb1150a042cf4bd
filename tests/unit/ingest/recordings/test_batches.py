"""Blocks become packets that do not depend on the blocks."""

import numpy as np
import pytest

from analysis.model import FloatArray
from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import Packet, decode
from ingest.recordings.batches import Dropped, batches, line_start_s
from ingest.recordings.formats.base import Block

RATE_HZ = 50.0
START_S = 1_700_000_000.0


def block(times_s: FloatArray, range_g: float | None = 8.0) -> Block:
    rng = np.random.default_rng(0)
    values = rng.normal(0.0, 0.3, (len(times_s), 3)).astype(np.float32).astype(np.float64)
    return Block(times_s=times_s, acceleration_g=values, range_g=range_g)


def even_s(n_samples: int, start_s: float = START_S) -> FloatArray:
    return start_s + np.arange(n_samples) / RATE_HZ


def cut(whole: Block, size: int) -> list[Block]:
    return [
        Block(
            times_s=whole.times_s[i : i + size],
            acceleration_g=whole.acceleration_g[i : i + size],
            range_g=whole.range_g,
        )
        for i in range(0, len(whole.times_s), size)
    ]


def packed(blocks: list[Block], dropped: Dropped | None = None) -> list[EncodedPacket]:
    found = batches(blocks, collar="rex", boot="b", rate_hz=RATE_HZ, dropped=dropped)
    return list(found)


def decoded(blocks: list[Block]) -> list[Packet]:
    return [decode(each.payload, each.content_type) for each in packed(blocks)]


def test_packets_are_cut_by_sample_number() -> None:
    first, second, third = decoded([block(even_s(1200))])

    assert [each.n_samples for each in (first, second, third)] == [500, 500, 200]
    assert [each.seq for each in (first, second, third)] == [0, 1, 2]
    assert [each.index for each in (first, second, third)] == [0, 500, 1000]
    assert second.t_ms == pytest.approx((START_S + 10.0) * 1000.0, abs=1e-3)
    assert first.stored
    assert first.range_g == 8.0


def test_values_survive_to_the_last_bit_of_float32() -> None:
    whole = block(even_s(700))

    packets = decoded([whole])

    heard_g = np.concatenate([each.acceleration_g for each in packets])
    assert np.array_equal(heard_g, whole.acceleration_g)


@pytest.mark.parametrize("size", [1, 13, 499, 501])
def test_the_bytes_do_not_depend_on_the_blocks(size: int) -> None:
    times_s = np.concatenate([even_s(730), even_s(800, START_S + 60.0)])
    whole = block(times_s + np.random.default_rng(1).uniform(-0.004, 0.004, len(times_s)))

    assert packed(cut(whole, size)) == packed([whole])


def test_a_gap_ends_a_packet_and_shows_in_the_index() -> None:
    """Sample 100 comes 2 s late, so 100 samples are missing before it."""
    before, after = decoded([block(np.concatenate([even_s(100), even_s(100, START_S + 4.0)]))])

    assert (before.index, after.index) == (0, 200)
    assert after.t_ms == pytest.approx((START_S + 4.0) * 1000.0, abs=1e-3)


def test_a_packet_arrives_at_the_end_of_its_last_sample() -> None:
    (packet,) = packed([block(even_s(100))])

    assert packet.arrival_s == pytest.approx(START_S + 2.0)
    assert packet.collar == "rex"


def test_jittery_stamps_are_dated_by_the_line_through_them() -> None:
    """Uniform jitter of 8 ms width: the median of 500 lies within a millisecond of the middle."""
    jitter_s = np.random.default_rng(2).uniform(-0.004, 0.004, 500)

    start_s = line_start_s(even_s(500) + jitter_s, RATE_HZ)

    assert start_s == pytest.approx(START_S, abs=1e-3)


def test_samples_that_cannot_be_are_left_out_and_said() -> None:
    times_s = even_s(300)
    times_s[10] = -5.0
    spoilt = block(times_s)
    spoilt.acceleration_g[20] = 1e6
    dropped = Dropped()

    packets = packed([spoilt], dropped)

    assert sum(decode(each.payload).n_samples for each in packets) == 298
    assert dropped.notes() == [
        "1 samples dropped: beyond 64 g",
        "1 samples dropped: times before 1970 or after 2100",
    ]


def test_nothing_dropped_is_not_mentioned() -> None:
    dropped = Dropped()

    packed([block(even_s(100))], dropped)

    assert dropped.notes() == []
