"""Recordings played: the same results from files, packets and bad packets between them."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.model import Results
from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import PipelineSettings
from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import Packet, decode, encode_cbor
from ingest.processing.stream_processor import DogResults
from ingest.recordings.replay import Replayed, as_stored, processor_for_one, replay, results_for

START_S = 1_780_315_200.0
REX = PipelineSettings(dog=DogProfile(id="rex"))


def packet(seq: int, *, clock: str = "utc", stored: bool = False) -> Packet:
    """Return ten seconds of a still collar."""
    start_s = 10.0 * seq + (START_S if clock == "utc" else 0.0)
    still_g = np.tile([0.0, 0.0, 1.0], (500, 1))
    return Packet(
        seq=seq,
        boot="1",
        t_ms=1000.0 * start_s,
        rate_hz=50.0,
        acceleration_g=still_g,
        clock=clock,
        stored=stored,
    )


def recorded(each: Packet) -> EncodedPacket:
    """Return a packet as it came, half a second after its last sample."""
    arrival_s = START_S + 10.0 * (each.seq + 1) + 0.5
    return EncodedPacket(
        collar="c1",
        arrival_s=arrival_s,
        content_type="application/cbor",
        payload=encode_cbor(each, lossless=True),
    )


GARBAGE = EncodedPacket(collar="c1", arrival_s=START_S, content_type="", payload=b"{")


def test_packets_that_cannot_be_read_are_counted_and_cost_nothing_else() -> None:
    sound = [recorded(packet(seq)) for seq in range(13)]
    with_garbage, without = Replayed(), Replayed()

    spoilt = list(replay([*sound[:5], GARBAGE, *sound[5:]], processor_for_one(REX), with_garbage))
    clean = list(replay(sound, processor_for_one(REX), without))

    assert spoilt == clean
    assert (with_garbage.n_packets, with_garbage.n_samples) == (13, 6500)
    assert (with_garbage.rate_hz, sum(with_garbage.drops.values())) == (50.0, 1)
    assert without.drops == {}
    minutes = [minute for step in clean for minute in results_for("rex", step).minutes]
    assert [minute.worn_s for minute in minutes] == [60.0, 60.0, pytest.approx(10.0, abs=1.0)]


def test_results_are_those_of_the_dog_asked_for() -> None:
    minutes = [
        outcome
        for step in replay([recorded(packet(0))], processor_for_one(REX), Replayed())
        for outcome in step
    ]
    other = DogResults(dog="bella", results=Results(), stored=True)

    assert results_for("bella", [*minutes, other]) == Results()
    assert results_for("rex", [*minutes, other]).minutes


def test_what_was_stored_or_cannot_be_read_goes_on_as_it_is() -> None:
    given = [recorded(packet(0, stored=True)), GARBAGE]

    assert list(as_stored(given)) == given


def test_what_was_live_is_sent_as_stored_with_its_own_times() -> None:
    """The hub would date it by its second arrival otherwise, which may be years later."""
    (sent,) = as_stored([recorded(packet(3))])

    found = decode(sent.payload, sent.content_type)
    assert (found.stored, found.clock, found.t_ms) == (True, "utc", 1000.0 * (START_S + 30.0))
    assert np.array_equal(found.acceleration_g, packet(3).acceleration_g)


def test_a_time_since_the_start_becomes_the_time_of_its_first_arrival() -> None:
    """All came half a second after they were recorded; that delay cannot be seen."""
    given = [recorded(packet(seq, clock="uptime")) for seq in range(3)]

    found = [decode(each.payload, each.content_type) for each in as_stored(given)]

    assert [each.t_ms / 1000.0 for each in found] == pytest.approx(
        [START_S + 0.5, START_S + 10.5, START_S + 20.5]
    )
    assert {each.clock for each in found} == {"utc"}


def test_each_collar_has_a_clock_of_its_own() -> None:
    """The second one started an hour before."""
    first = recorded(packet(0, clock="uptime"))
    hour = replace(packet(0, clock="uptime"), t_ms=3_600_000.0)

    found = list(as_stored([first, replace(recorded(hour), collar="c2")]))

    times_ms = [decode(each.payload, each.content_type).t_ms for each in found]
    assert times_ms[0] == pytest.approx(times_ms[1])
