"""Cutting: what was chosen, no more, where there is no gap and the dog in question wears it."""

import math

import numpy as np

from ingest.packets.envelope import EncodedPacket, ReceivedPacket, received
from ingest.packets.packet import Packet, encode_cbor
from ingest.processing.labels import Label
from ingest.recordings.donation.cutting import (
    AROUND_S,
    LONGEST_S,
    Heard,
    Window,
    cut,
    windows_around,
)

START_S = 1_780_315_200.0
EVER = Window(start_s=0.0, end_s=4e9)


def packets(
    n_packets: int, *, collar: str = "red", missing: range = range(0), rate_hz: float = 50.0
) -> list[ReceivedPacket]:
    """Return packets of ten seconds in a row; each sample holds its own number, in mg."""
    n_samples = round(10 * rate_hz)
    found = []
    for seq in range(n_packets):
        numbers = np.arange(seq * n_samples, (seq + 1) * n_samples) % 1000 / 1000.0
        packet = Packet(
            seq=seq,
            boot="1",
            t_ms=(START_S + 10 * seq) * 1000.0,
            rate_hz=rate_hz,
            acceleration_g=np.stack([numbers, numbers * 0.0, numbers * 0.0 + 1.0], axis=1),
        )
        encoded = EncodedPacket(
            collar=collar,
            arrival_s=START_S + 10 * seq + 10,
            content_type="application/cbor",
            payload=encode_cbor(packet),
        )
        if seq not in missing:
            found.append(received(encoded))
    return found


def spans(stretches: list[Heard]) -> list[tuple[float, float]]:
    """Return from when until when stretches are, in seconds from the start."""
    return [
        (round(each.start_s - START_S, 3), round(each.end_s - START_S, 3)) for each in stretches
    ]


def always(_collar: str, _time_s: float) -> bool:
    """Say that the dog in question wears every collar."""
    return True


def test_all_of_a_stream_is_one_stretch_with_its_samples() -> None:
    stretches = list(cut(packets(6), [EVER], always))

    assert spans(stretches) == [(0.0, 60.0)]
    assert stretches[0].acceleration_g[:3, 0].tolist() == [0.0, 0.001, 0.002]
    assert (stretches[0].nominal_hz, stretches[0].rate_hz, stretches[0].number) == (50.0, 50.0, 1)


def test_a_window_takes_the_samples_within_it() -> None:
    """From 13.01 s the first sample is the one at 13.02 s; the end is not in it."""
    window = Window(start_s=START_S + 13.01, end_s=START_S + 33.0)

    (stretch,) = cut(packets(6), [window], always)

    assert spans([stretch]) == [(13.02, 33.0)]
    assert math.isclose(stretch.acceleration_g[0, 0], 0.651)


def test_a_gap_and_another_window_begin_another_stretch() -> None:
    windows = [
        Window(start_s=START_S, end_s=START_S + 70.0),
        Window(start_s=START_S + 80.0, end_s=START_S + 100.0),
    ]

    stretches = list(cut(packets(12, missing=range(3, 4)), windows, always))

    assert spans(stretches) == [(0.0, 30.0), (40.0, 70.0), (80.0, 100.0)]


def test_a_stretch_is_cut_after_an_hour_without_losing_a_sample() -> None:
    stretches = list(cut(packets(400), [EVER], always))

    assert spans(stretches) == [(0.0, LONGEST_S), (LONGEST_S, 4000.0)]


def test_what_is_too_short_to_see_anything_is_left_out() -> None:
    windows = [
        Window(start_s=START_S, end_s=START_S + 9.9),
        Window(start_s=START_S + 20.0, end_s=START_S + 30.0),
    ]

    assert spans(list(cut(packets(4), windows, always))) == [(20.0, 30.0)]


def test_collars_are_numbered_and_other_dogs_collars_left_out() -> None:
    mixed = [*packets(3, collar="max"), *packets(3, collar="blue"), *packets(3, collar="red")]

    stretches = list(cut(mixed, [EVER], lambda collar, _: collar != "max"))

    assert [each.number for each in stretches] == [1, 2]


def test_a_collar_is_taken_while_the_dog_wears_it() -> None:
    stretches = list(cut(packets(6), [EVER], lambda _, time_s: time_s < START_S + 30.0))

    assert spans(stretches) == [(0.0, 30.0)]


def test_times_around_labels_are_joined_where_they_touch() -> None:
    """The first two are 599 s apart, the third is 601 s from the second, the last is outside."""
    labels = [
        Label(what="jump", start_s=at_s, end_s=at_s) for at_s in (1000.0, 1599.0, 2200.0, 9000.0)
    ]

    found = windows_around(labels, Window(start_s=900.0, end_s=3000.0))

    assert AROUND_S == 300.0
    assert [(each.start_s, each.end_s) for each in found] == [(900.0, 1899.0), (1900.0, 2500.0)]
