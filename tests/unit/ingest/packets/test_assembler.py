"""Packets in any order, cut and number give one timeline."""

import itertools
import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import FloatArray, Gap, Samples, StreamItem
from ingest.packets.assembler import Assembler, AssemblerSettings, AssemblerState
from ingest.packets.packet import Packet
from ingest.processing import snapshots

START_S = 1.75e9


def stream(  # noqa: PLR0913  # one knob for each thing a collar may do
    sizes: Iterable[int],
    *,
    nominal_hz: float = 50.0,
    true_hz: float = 50.0,
    clock: str = "utc",
    boot: str = "7",
    start_s: float = START_S,
    first_seq: int = 0,
    indexed: bool = False,
) -> list[Packet]:
    """Return the packets of a collar that rounds its times to whole ms; each sample is unique."""
    packets, number = [], 0
    for seq, size in enumerate(sizes, start=first_seq):
        counted = np.arange(3.0 * number, 3.0 * (number + size)).reshape(-1, 3)
        values_g: FloatArray = counted * 2.0**-24
        packets.append(
            Packet(
                seq=seq,
                boot=boot,
                t_ms=float(round(1000.0 * (start_s + number / true_hz))),
                rate_hz=nominal_hz,
                acceleration_g=values_g,
                clock=clock,
                index=number if indexed else None,
            )
        )
        number += size
    return packets


def run(packets: Iterable[Packet], assembler: Assembler | None = None) -> list[StreamItem]:
    assembler = assembler or Assembler(AssemblerSettings())
    heard: list[StreamItem] = []
    for packet in packets:
        heard += assembler.push(packet, arrival(packet))
    return heard + assembler.finish()


def arrival(packet: Packet) -> float:
    return packet.t_ms / 1000.0 + packet.duration_s + 0.05


def samples_of(heard: Iterable[StreamItem]) -> list[Samples]:
    return [each for each in heard if isinstance(each, Samples)]


def gaps_of(heard: Iterable[StreamItem]) -> list[Gap]:
    return [each for each in heard if isinstance(each, Gap)]


def all_g(heard: Iterable[StreamItem]) -> FloatArray:
    return np.concatenate([each.acceleration_g for each in samples_of(heard)])


def all_times_s(heard: Iterable[StreamItem]) -> FloatArray:
    return np.concatenate(
        [
            each.origin_s + (each.first_index + np.arange(each.n_samples)) / each.rate_hz
            for each in samples_of(heard)
        ]
    )


def assert_same(heard: list[StreamItem], expected: list[StreamItem]) -> None:
    assert gaps_of(heard) == gaps_of(expected)
    assert np.array_equal(all_g(heard), all_g(expected))
    assert np.array_equal(all_times_s(heard), all_times_s(expected))


def test_one_stretch_holds_a_stream_without_trouble() -> None:
    heard = samples_of(run(stream([50] * 4)))

    assert [each.first_index for each in heard] == [0, 50, 100, 150]
    assert {(each.origin_s, each.rate_hz) for each in heard} == {(START_S, 50.0)}


CUTS = st.lists(st.integers(1, 120), min_size=1, max_size=40)


@given(sizes=CUTS, rate_hz=st.sampled_from([25.0, 50.0, 104.0, 33.3]))
@settings(derandomize=True, deadline=None)
def test_any_cut_gives_the_same_samples_and_times_to_the_bit(
    sizes: list[int], rate_hz: float
) -> None:
    cut = run(stream(sizes, nominal_hz=rate_hz, true_hz=rate_hz))
    whole = run(stream([sum(sizes)], nominal_hz=rate_hz, true_hz=rate_hz))

    assert_same(cut, whole)


@given(
    delays=st.lists(st.integers(0, 25), min_size=2, max_size=60),
    repeats=st.lists(st.integers(0, 59), max_size=20),
)
@settings(derandomize=True, deadline=None)
def test_any_disorder_within_30_s_and_any_repetition_assembles_the_same(
    delays: list[int], repeats: list[int]
) -> None:
    """One packet a second, each late by up to 25 s; only the first one is in time."""
    delays[0] = 0
    packets = stream([50] * len(delays))
    turns = sorted(range(len(packets)), key=lambda k: (k + delays[k], k))
    disordered = [packets[k] for k in turns]
    for k in repeats:
        disordered.insert(min(2 * k, len(disordered)), disordered[k % len(disordered)])

    assembler = Assembler()
    heard = run(disordered, assembler)

    assert_same(heard, run(packets))
    assert assembler.counts.get("repeat", 0) == len(repeats)


def test_disorder_at_the_very_start_is_sorted_too() -> None:
    packets = stream([50] * 10, first_seq=4711)

    heard = run([packets[k] for k in (2, 0, 1, 3, 5, 4, 6, 7, 8, 9)])

    assert_same(heard, run(packets))


@given(at=st.integers(0, 30), seed=st.integers(0, 5))
@settings(derandomize=True, deadline=None)
def test_a_restart_at_any_point_gives_the_same_rest(at: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    packets = stream([50] * 30, true_hz=48.4, first_seq=9, clock="uptime", start_s=3.0)
    packets = [packets[k] for k in np.argsort(np.arange(30) + dice.uniform(0, 4, 30))]
    del packets[17]
    before, after = Assembler(), Assembler()
    heard: list[StreamItem] = []
    for packet in packets[:at]:
        heard += before.push(packet, START_S + arrival(packet))

    saved = snapshots.encode({"assembler": before.state})
    state = snapshots.decode(saved, {"assembler": after.state}).states["assembler"]
    assert isinstance(state, AssemblerState)
    after.state = state
    for packet in packets[at:]:
        heard += after.push(packet, START_S + arrival(packet))
    heard += after.finish()

    undisturbed = Assembler()
    expected: list[StreamItem] = []
    for packet in packets:
        expected += undisturbed.push(packet, START_S + arrival(packet))
    expected += undisturbed.finish()
    assert_same(heard, expected)
    assert after.counts == undisturbed.counts


@pytest.mark.parametrize("clock", ["utc", "uptime"])
@pytest.mark.parametrize("size", [10, 50, 500])
@pytest.mark.parametrize("true_hz", [48.4, 51.5, 46.0, 54.0])
def test_a_wrong_nominal_rate_is_found_out_and_never_a_gap(
    true_hz: float, size: int, clock: str
) -> None:
    packets = stream(
        [size] * (6000 // size),
        true_hz=true_hz,
        clock=clock,
        start_s=START_S if clock == "utc" else 12.0,
    )
    offset_s = 0.0 if clock == "utc" else START_S
    assembler = Assembler()

    heard: list[StreamItem] = []
    for packet in packets:
        # What arrives has been recorded: the batch really took size / true_hz.
        sent_s = packet.t_ms / 1000.0 + size / true_hz
        heard += assembler.push(packet, offset_s + sent_s + 0.05)

    times_s = all_times_s(heard)
    later = samples_of(heard)
    seen_hz = np.array([each.rate_hz for each in later])
    weights = np.array([each.n_samples for each in later])
    is_later = np.array([each.start_s for each in later]) > times_s[0] + 30.0
    mean_hz = np.average(seen_hz[is_later], weights=weights[is_later])
    assert gaps_of(heard) == []
    assert np.all(np.diff(times_s) > 0)
    assert mean_hz == pytest.approx(true_hz, rel=1e-3)


def test_after_a_correction_the_times_meet_the_claims_within_about_four_seconds() -> None:
    """All samples after 6 s lie within the dead zone of 10 ms and the rounding to ms."""
    heard = run(stream([50] * 120, true_hz=48.4))

    times_s = all_times_s(heard)
    error_s = times_s - (START_S + np.arange(times_s.size) / 48.4)
    assert np.abs(error_s[times_s > START_S + 6.0]).max() < 0.0115
    assert np.abs(error_s).max() > 0.03


def test_a_jitter_of_the_stamps_does_not_shake_the_times() -> None:
    """Stamps off by up to 15 ms: neither a gap nor a rate off by more than 1 % after 10 s."""
    dice = np.random.default_rng(2)
    packets = [
        replace(packet, t_ms=packet.t_ms + dice.uniform(-15, 15)) for packet in stream([50] * 120)
    ]

    heard = run(packets)

    later = [each for each in samples_of(heard) if each.start_s > START_S + 10.0]
    assert gaps_of(heard) == []
    assert max(abs(each.rate_hz - 50.0) for each in later) < 0.5


def test_a_missing_packet_is_a_gap_once_30_s_have_passed() -> None:
    packets = stream([50] * 60)
    assembler = Assembler()
    heard: list[StreamItem] = []
    gap_came_at = None
    for packet in packets[:10] + packets[11:]:
        heard += assembler.push(packet, arrival(packet))
        if gaps_of(heard) and gap_came_at is None:
            gap_came_at = packet.seq

    (gap,) = gaps_of(heard)
    assert (gap.start_s, gap.end_s, gap.cause) == (START_S + 10.0, START_S + 11.0, "lost")
    # Packet 11 is the first one held; 42 is the first more than 30 s later.
    assert gap_came_at == 42
    assert assembler.counts == {"missing": 1, "gap_lost": 1}


def test_what_comes_after_its_hole_was_given_up_is_late_and_not_a_repeat() -> None:
    packets = stream([50] * 60)
    assembler = Assembler()

    run([*packets[:10], *packets[11:], packets[10], packets[9]], assembler)

    assert assembler.counts["late"] == 1
    assert assembler.counts["repeat"] == 1


@pytest.mark.parametrize(("lost", "n_gaps"), [(1, 0), (2, 1), (40, 1)])
def test_an_index_that_jumps_is_a_gap_from_two_samples_on(lost: int, n_gaps: int) -> None:
    """The sensor's buffer ran over: batches are all there, samples are not."""
    packets = stream([50] * 4, indexed=True)
    late_ms = 20.0 * lost
    packets[2:] = [
        replace(each, index=each.index + lost, t_ms=each.t_ms + late_ms)
        for each in packets[2:]
        if each.index is not None
    ]

    gaps = gaps_of(run(packets))

    assert [gap.cause for gap in gaps] == ["lost"] * n_gaps
    assert [gap.end_s - gap.start_s for gap in gaps] == pytest.approx([lost / 50.0] * n_gaps)


@pytest.mark.parametrize(("step_s", "n_gaps"), [(0.4, 0), (0.6, 1), (-0.4, 0), (-0.6, 1)])
def test_a_clock_that_steps_is_followed_or_beyond_half_a_second_a_gap(
    step_s: float, n_gaps: int
) -> None:
    packets = stream([50] * 60, indexed=True)
    packets[20:] = [replace(each, t_ms=each.t_ms + 1000.0 * step_s) for each in packets[20:]]

    heard = run(packets)

    times_s = all_times_s(heard)
    assert [gap.cause for gap in gaps_of(heard)] == ["clock"] * n_gaps
    assert np.all(np.diff(times_s) > 0)
    assert times_s[-1] == pytest.approx(START_S + 59.98 + step_s, abs=0.03)


def test_a_new_boot_is_a_gap_and_flushes_what_was_held() -> None:
    old = stream([50] * 5)
    new = stream([50] * 5, boot="8", start_s=START_S + 9.0)
    assembler = Assembler()

    heard = run([*old[:3], old[4], *new[:2], old[3], *new[2:]], assembler)

    assert [gap.cause for gap in gaps_of(heard)] == ["lost", "boot"]
    assert all_g(heard).shape == (9 * 50, 3)
    assert assembler.counts["late"] == 1


def test_a_number_that_starts_again_without_a_new_boot_is_no_stream_of_repeats() -> None:
    wrapped = [replace(each, seq=(each.seq + 2**32 - 5) % 2**32) for each in stream([50] * 20)]
    assembler = Assembler()

    heard = run(wrapped, assembler)

    assert gaps_of(heard) == []
    assert all_g(heard).shape == (1000, 3)
    assert assembler.counts == {"restart": 1}


def test_another_nominal_rate_starts_a_new_segment() -> None:
    slow = stream([50] * 2)
    fast = stream([100] * 2, nominal_hz=100.0, true_hz=100.0, start_s=START_S + 2.0, first_seq=2)

    heard = run([*slow, *fast])

    assert gaps_of(heard) == [Gap(start_s=START_S + 2.0, end_s=START_S + 2.0, cause="rate")]
    assert samples_of(heard)[-1].rate_hz == 100.0


def test_time_never_goes_back_over_a_restart() -> None:
    """A collar that starts with its clock 30 s behind: what is known already is left out."""
    old, new = stream([50] * 40), stream([50] * 40, boot="8", start_s=START_S + 10.0)
    assembler = Assembler()

    heard = run([*old, *new], assembler)

    assert np.all(np.diff(all_times_s(heard)) > 0)
    assert all_g(heard).shape == (50 * 50, 3)
    assert assembler.counts["overlap"] == 30


YEARS_S = 10 * 365 * 86_400.0


@pytest.mark.parametrize("clock", ["utc", "uptime"])
def test_a_hub_clock_that_was_years_ahead_does_not_deafen(clock: str) -> None:
    """Ten packets came by a wrong clock; when it is right again, time goes back, once."""
    assembler = Assembler()
    packets = stream([50] * 60, clock=clock, start_s=START_S if clock == "utc" else 5.0)
    heard: list[StreamItem] = []
    for k, packet in enumerate(packets):
        ahead_s = YEARS_S if k < 10 else 0.0
        heard += assembler.push(packet, START_S + k + 1.05 + ahead_s)
    heard += assembler.finish()

    start_s = START_S + 10.0 + (0.05 if clock == "uptime" else 0.0)
    (gap,) = gaps_of(heard)
    assert (gap.cause, gap.start_s) == ("clock", gap.end_s)
    assert gap.end_s == pytest.approx(start_s, abs=1e-3)
    assert all_g(heard).shape == (60 * 50, 3)
    assert all_times_s(heard)[-1] == pytest.approx(start_s + 49.98, abs=0.01)
    assert assembler.counts["clock_reset"] == 1
    assert "overlap" not in assembler.counts


@pytest.mark.parametrize(
    ("back_s", "stored", "n_resets"),
    [(599.0, False, 0), (602.0, False, 1), (602.0, True, 0)],
    ids=["believed", "too far ahead", "kept back in the collar"],
)
def test_only_a_packet_from_now_takes_time_back(
    back_s: float, *, stored: bool, n_resets: int
) -> None:
    """Samples end at +20 s; a collar that starts anew says, and arrives, so much earlier."""
    assembler = Assembler()
    early_s = START_S + 20.0 - back_s - 1.0
    (packet,) = stream([50], boot="8", start_s=early_s)
    packet = replace(packet, stored=stored)

    heard = run([*stream([50] * 20), packet], assembler)

    assert assembler.counts.get("clock_reset", 0) == n_resets
    assert assembler.counts.get("overlap", 0) == 1 - n_resets
    assert all_g(heard).shape == ((20 + n_resets) * 50, 3)


def test_long_batches_of_a_collar_with_a_wrong_rate_are_no_gaps() -> None:
    """A batch of 4096 samples at 10 Hz lasts 409 s, so 8 % are 30 s: all explained by the rate."""
    packets = stream([4096] * 6, nominal_hz=10.0, true_hz=10.8)

    heard = run(packets)

    assert gaps_of(heard) == []
    assert np.all(np.diff(all_times_s(heard)) > 0)
    assert samples_of(heard)[-1].rate_hz == pytest.approx(10.8, rel=1e-3)


def test_a_collar_that_knows_no_time_is_dated_by_arrival_without_gaps() -> None:
    """All stamps are 0; arrivals vary by 60 ms."""
    dice = np.random.default_rng(3)
    assembler = Assembler()
    heard: list[StreamItem] = []
    for k, packet in enumerate(stream([50] * 120)):
        delay_s = float(dice.uniform(0.02, 0.08))
        heard += assembler.push(replace(packet, t_ms=0.0), START_S + k + 1.0 + delay_s)
    heard += assembler.finish()

    assert gaps_of(heard) == []
    assert np.abs(all_times_s(heard) - START_S - np.arange(6000) / 50.0).max() < 0.15
    assert assembler.counts["dated_by_arrival"] == 120


def test_memory_is_bounded_whatever_is_missing() -> None:
    """Every second packet is lost, times stand still, and boots change without end."""
    assembler = Assembler()
    for k in range(3000):
        packet = stream([1] if k % 2 else [400], boot=str(k // 1000))[0]
        assembler.push(replace(packet, seq=1 + 2 * k, t_ms=START_S * 1e3), START_S)

    state = assembler.state
    assert sum(each.packet.n_samples for each in state.reorder.held) <= 16_384 + 400
    assert len(state.reorder.missing) <= 64
    assert state.segment is None or len(state.segment.claims) <= 64
    assert len(snapshots.encode({"assembler": state})) < 600_000


def test_the_rest_of_a_hole_is_dated_with_the_rate_learned_before() -> None:
    packets = stream([50] * 40, true_hz=48.4)

    heard = run(packets[:20] + packets[22:])

    (gap,) = gaps_of(heard)
    first = next(each for each in samples_of(heard) if each.start_s >= gap.end_s)
    assert math.isclose(gap.end_s - gap.start_s, 100 / 48.4, abs_tol=0.012)
    assert first.rate_hz == pytest.approx(48.4, rel=2e-3)
    assert samples_of(heard)[-1].rate_hz == pytest.approx(48.4, rel=2e-3)


@st.composite
def anything(draw: st.DrawFn) -> tuple[Packet, float]:
    """Return a valid packet that makes no sense, and when it came."""
    clock = draw(st.sampled_from(["utc", "uptime"]))
    near_ms = 1e3 * START_S if clock == "utc" else 0.0
    packet = Packet(
        seq=draw(st.integers(0, 12) | st.integers(0, 2**53 - 1)),
        boot=draw(st.sampled_from(["1", "1", "1", "2"])),
        t_ms=draw(st.floats(near_ms, near_ms + 1e5) | st.floats(0.0, 2.0**53 - 1)),
        rate_hz=draw(st.sampled_from([50.0, 50.0, 10.0, 400.0])),
        acceleration_g=np.zeros((draw(st.integers(1, 60) | st.just(4096)), 3)),
        clock=clock,
        index=draw(st.none() | st.integers(0, 10) | st.integers(0, 2**53 - 1)),
        stored=draw(st.booleans()),
    )
    return packet, START_S + draw(st.floats(-1e3, 1e5))


@pytest.mark.slow
@given(heard_on_air=st.lists(anything(), max_size=30))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_whatever_comes_time_only_goes_forward(heard_on_air: list[tuple[Packet, float]]) -> None:
    assembler = Assembler()
    heard: list[StreamItem] = []
    for packet, arrival_s in heard_on_air:
        heard += assembler.push(packet, arrival_s)
    heard += assembler.finish()

    n_resets = 0
    for earlier, later in itertools.pairwise(heard):
        end_s = earlier.end_s
        if isinstance(later, Gap) and later.cause == "clock" and later.start_s < end_s - 1e-6:
            n_resets += 1
            continue
        start_s = later.start_s
        assert end_s - start_s <= 1e-6
        if isinstance(earlier, Samples) and isinstance(later, Samples):
            assert start_s - end_s <= 1e-6
    assert n_resets <= assembler.counts.get("clock_reset", 0)
