"""Collars and dogs are different things: who is heard on which collar."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.model.dog import DogProfile
from analysis.pipeline.pipeline import PipelineSettings
from ingest.packets.envelope import EncodedPacket, ReceivedPacket
from ingest.packets.packet import Packet, encode_cbor
from ingest.processing.stream_processor import StreamProcessor
from ingest.recordings.replay import results_for

START_S = 1_780_315_200.0
LENT_S = START_S + 120.0
EDGE_S = 1.0
"""The second at the end of a stretch may not be whole, and is not counted then."""


def wearer(collar: str, time_s: float) -> str | None:
    """Return who wears a collar: `a` is lent to Bella after two minutes; `b` is Rex's then."""
    if collar == "a":
        return "rex" if time_s < LENT_S else "bella"
    return "rex" if collar == "b" else None


def processor() -> StreamProcessor:
    """Return an engine with two dogs."""
    return StreamProcessor(
        {dog: PipelineSettings(dog=DogProfile(id=dog)) for dog in ("rex", "bella")}, wearer
    )


def minute(collar: str, number: int) -> ReceivedPacket:
    """Return a minute of a still collar."""
    packet = Packet(
        seq=number,
        boot=collar,
        t_ms=1000.0 * (START_S + 60.0 * number),
        rate_hz=50.0,
        acceleration_g=np.tile([0.0, 0.0, 1.0], (3000, 1)),
        stored=True,
    )
    encoded = EncodedPacket(
        collar=collar,
        arrival_s=START_S + 60.0 * number + 60.0,
        content_type="application/cbor",
        payload=encode_cbor(packet),
    )
    return ReceivedPacket(encoded=encoded, packet=packet)


def worn_s(heard: StreamProcessor, arrivals: list[ReceivedPacket], dog: str) -> float:
    """Return for how long a dog was heard."""
    outcomes = [*heard.process(arrivals), *heard.finish()]
    return sum(each.worn_s for each in results_for(dog, outcomes).minutes)


def test_a_lent_collar_counts_for_whom_wears_it() -> None:
    arrivals = [minute("a", number) for number in range(5)]

    assert worn_s(processor(), arrivals, "rex") == pytest.approx(120.0, abs=EDGE_S)
    assert worn_s(processor(), arrivals, "bella") == pytest.approx(180.0, abs=EDGE_S)


def test_a_collar_of_no_dog_is_counted_and_heard_by_nobody() -> None:
    heard = processor()

    assert worn_s(heard, [minute("stray", 0)], "rex") == 0.0
    assert heard.counts() == {"collar_of_no_dog": 1}


def test_two_collars_on_one_dog_at_a_time_are_one_too_many() -> None:
    """The one that was heard first counts."""
    heard = processor()

    assert worn_s(heard, [minute("a", 0), minute("b", 0), minute("b", 1)], "rex") == pytest.approx(
        120.0, abs=2 * EDGE_S
    )
    assert heard.counts() == {"second_collar": 1}


def test_what_was_saved_goes_on_in_a_new_engine() -> None:
    first, second = processor(), processor()
    before = first.process([minute("a", 0), minute("a", 1)])

    second.restore(first.save())
    after = [*second.process([minute("a", 2)]), *second.finish()]

    whole = processor()
    expected = [*whole.process([minute("a", n) for n in range(3)]), *whole.finish()]
    for dog in ("rex", "bella"):
        assert results_for(dog, [*before, *after]) == results_for(dog, expected)
    assert second.state.until_s == whole.state.until_s


def test_how_packets_came_in_groups_does_not_decide_whose_they_are() -> None:
    """Five packets over a hand-over and a change of collar, at once and one by one."""
    arrivals = [minute("a", 0), minute("a", 1), minute("b", 2), minute("a", 2), minute("a", 3)]
    at_once, one_by_one = processor(), processor()

    expected = [*at_once.process(arrivals), *at_once.finish()]
    found = [each for arrival in arrivals for each in one_by_one.process([arrival])]
    found += one_by_one.finish()

    for dog in ("rex", "bella"):
        assert results_for(dog, found) == results_for(dog, expected)
        assert results_for(dog, found).minutes
    assert one_by_one.counts() == at_once.counts()


def test_a_collar_that_comes_back_does_not_make_up_the_time_away() -> None:
    """Two minutes on Rex, three on Bella, five more on Rex: seven minutes of Rex, not ten."""

    def borrowed(_collar: str, time_s: float) -> str:
        return "bella" if START_S + 120.0 <= time_s < START_S + 300.0 else "rex"

    heard = StreamProcessor(
        {dog: PipelineSettings(dog=DogProfile(id=dog)) for dog in ("rex", "bella")}, borrowed
    )
    outcomes = [*heard.process([minute("a", number) for number in range(10)]), *heard.finish()]

    worn = {
        dog: sum(each.worn_s for each in results_for(dog, outcomes).minutes)
        for dog in ("rex", "bella")
    }
    assert worn["rex"] == pytest.approx(420.0, abs=2 * EDGE_S)
    assert worn["bella"] == pytest.approx(180.0, abs=2 * EDGE_S)


def test_who_floods_with_names_neither_fills_the_memory_nor_keeps_the_dogs_collar_out() -> None:
    """Every name that is not heard is counted, in whatever groups they come."""
    flood = [minute(f"c{number}", 0) for number in range(300)]
    at_once, one_by_one = processor(), processor()
    at_once.process(flood)
    for each in flood:
        one_by_one.process([each])

    assert at_once.counts()["too_many_collars"] == 300 - 32
    assert one_by_one.counts() == at_once.counts()
    assert worn_s(at_once, [minute("a", number) for number in range(3)], "rex") > 0.0


def test_a_collar_of_ours_beyond_any_home_is_counted_too() -> None:
    """With one dog and no collars listed, that dog wears them all."""
    heard = StreamProcessor({"rex": PipelineSettings(dog=DogProfile(id="rex"))}, lambda *_: "rex")
    heard.process([minute(f"c{number}", 0) for number in range(300)])

    assert heard.counts()["too_many_collars"] == 300 - 256


def test_numbers_that_no_collar_has_cannot_be_added_up_to_what_cannot_be_stored() -> None:
    """Two thousand holes of 2**53 batches are more than an integer of a file holds."""
    heard, first = processor(), minute("a", 0)
    ends = [replace(first.packet, boot=str(boot), seq=2**53 - 1) for boot in range(2100)]
    for end in ends:
        heard.process([replace(first, packet=replace(end, seq=0)), replace(first, packet=end)])

    processor().restore(heard.save())
    assert heard.counts()["missing"] < 2**53
