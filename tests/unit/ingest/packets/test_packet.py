"""Bytes from the air: what is a packet, and what is refused with which word."""

import json
import math
import re
from pathlib import Path
from typing import Any

import cbor2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.errors import PacketError
from ingest.packets.codec import Header
from ingest.packets.packet import MOST_BYTES, Packet, decode, encode_cbor, encode_json

BATCH: dict[str, Any] = {
    "seq": 812,
    "boot": 7,
    "t_ms": 1.75e12,
    "rate_hz": 50,
    "xyz": [[12, -31, 1002], [14, -29, 998]],
}


def as_json(**changes: object) -> bytes:
    return json.dumps({**BATCH, **changes}).encode()


def as_cbor(**changes: object) -> bytes:
    return cbor2.dumps({**BATCH, **changes})


def cause_of(payload: bytes, content_type: str = "") -> str:
    try:
        decode(payload, content_type)
    except PacketError as error:
        return error.cause
    return "none"


@pytest.mark.parametrize("payload", [as_json(), as_cbor()], ids=["json", "cbor"])
def test_the_smallest_batch_has_defaults_for_the_rest(payload: bytes) -> None:
    packet = decode(payload)

    assert (packet.seq, packet.boot, packet.t_ms, packet.rate_hz) == (812, "7", 1.75e12, 50.0)
    assert (packet.clock, packet.range_g, packet.index, packet.stored) == ("utc", None, None, False)
    np.testing.assert_allclose(
        packet.acceleration_g, [[0.012, -0.031, 1.002], [0.014, -0.029, 0.998]]
    )
    assert not packet.acceleration_g.flags.writeable


def test_an_int16_typed_array_is_little_endian_and_interleaved() -> None:
    """0x03E8 is 1000 mg; 0xFFFF is -1 mg."""
    array = cbor2.CBORTag(77, bytes.fromhex("e803 0000 ffff"))

    assert decode(as_cbor(xyz=array)).acceleration_g.tolist() == [[1.0, 0.0, -0.001]]


def test_metres_per_second_squared_become_g() -> None:
    packet = decode(as_json(unit="m/s2", xyz=[[0, 0, 9.80665]]))

    assert packet.acceleration_g.tolist() == [[0.0, 0.0, 1.0]]


def test_unknown_keys_and_any_order_of_keys_are_fine() -> None:
    turned = dict(reversed([*BATCH.items(), ("battery", {"volts": [3.7]})]))

    assert decode(json.dumps(turned).encode()).seq == 812
    assert decode(cbor2.dumps(turned)).seq == 812


def test_the_content_type_decides_before_the_first_byte() -> None:
    self_described = b"\xd9\xd9\xf7" + as_cbor()

    assert decode(self_described).seq == 812
    assert decode(b"\n " + as_json(), "application/json; charset=utf-8").seq == 812
    with pytest.raises(PacketError, match="not CBOR") as caught:
        decode(as_json(), "application/cbor")
    assert caught.value.cause == "encoding"


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"seq": -1}, "seq"),
        ({"seq": 2**53}, "seq"),
        ({"seq": True}, "seq"),
        ({"boot": "x" * 65}, "boot"),
        ({"t_ms": "now"}, "t_ms"),
        ({"t_ms": -1}, "t_ms"),
        ({"rate_hz": 9.99}, "rate_hz"),
        ({"rate_hz": 400.1}, "rate_hz"),
        ({"unit": "lsb"}, "unit"),
        ({"clock": "gps"}, "clock"),
        ({"range_g": 0}, "range_g"),
        ({"index": 2**53}, "index"),
        ({"stored": 1}, "stored"),
        ({"xyz": []}, "xyz"),
        ({"xyz": [[1, 2]]}, "xyz"),
        ({"xyz": [[1, 2, 3, 4]]}, "xyz"),
        ({"xyz": [[0, 0, 1]] * 4097}, "xyz"),
        ({"xyz": [[0, 0, 64_001]]}, "range"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_wrong_field_is_refused_by_name(changes: dict[str, object], cause: str) -> None:
    for payload in (as_json(**changes), as_cbor(**changes)):
        with pytest.raises(PacketError, match=r"\S") as caught:
            decode(payload)
        assert caught.value.cause == cause


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 2**53 - 1, "index": 0},
        {"boot": "x" * 64},
        {"rate_hz": 10},
        {"rate_hz": 400},
        {"xyz": [[0, 0, 1]] * 4096},
        {"xyz": [[0, 0, 64_000]]},
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_lies_on_the_limit_is_taken(changes: dict[str, object]) -> None:
    assert decode(as_json(**changes)).n_samples >= 1
    assert decode(as_cbor(**changes)).n_samples >= 1


def test_a_missing_key_is_named() -> None:
    with pytest.raises(PacketError, match="rate_hz") as caught:
        decode(json.dumps({"seq": 1, "boot": 1, "t_ms": 0, "xyz": [[0, 0, 1]]}).encode())
    assert caught.value.cause == "rate_hz"


def test_a_signalling_nan_is_refused_without_a_word_of_numpy() -> None:
    """It warns as it makes float64 of one, and a daemon would have that in its log."""
    array = cbor2.CBORTag(85, bytes.fromhex("010080 7f") + bytes(8))

    assert cause_of(as_cbor(xyz=array, unit="g")) == "range"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_are_refused(value: float) -> None:
    array = cbor2.CBORTag(85, np.array([0.0, 0.0, value], "<f4").tobytes())
    for changes in ({"xyz": [[0, 0, value]]}, {"xyz": array}, {"t_ms": value}, {"range_g": value}):
        with pytest.raises(PacketError, match=r"\S"):
            decode(as_cbor(**changes))


@pytest.mark.parametrize("tag", [64, 69, 73, 76, 78, 81, 84, 86])
def test_other_typed_arrays_are_refused_clearly(tag: int) -> None:
    with pytest.raises(PacketError, match=rf"CBOR tag {tag}; expected 77") as caught:
        decode(as_cbor(xyz=cbor2.CBORTag(tag, b"\0" * 12)))
    assert caught.value.cause == "tag"


@pytest.mark.parametrize("n_bytes", [0, 1, 5, 8, 13, 4097 * 6])
def test_a_typed_array_without_whole_samples_is_refused(n_bytes: int) -> None:
    with pytest.raises(PacketError, match=f"xyz has {n_bytes} bytes"):
        decode(as_cbor(xyz=cbor2.CBORTag(77, b"\0" * n_bytes)))


@pytest.mark.parametrize(
    "bomb",
    [
        cbor2.CBORTag(2, b"\xff" * 100_000),
        cbor2.CBORTag(35, "(a+)+$"),
        cbor2.CBORTag(0, "2026-11-24T00:00:00Z"),
        cbor2.CBORTag(258, [1, 2]),
        cbor2.CBORTag(4, [10**9, 1]),
        cbor2.CBORTag(43000, [1.0, 2.0]),
    ],
    ids=["bignum", "pattern", "date", "set", "decimal", "complex"],
)
def test_tags_that_make_objects_are_refused_even_in_unknown_keys(bomb: object) -> None:
    with pytest.raises(PacketError, match="tag") as caught:
        decode(as_cbor(extra=bomb))
    assert caught.value.cause == "tag"


@pytest.mark.parametrize(
    "extra", [[[[[1]]]], {1: 2}, {(1, 2): 3}], ids=["nested", "number as key", "array as key"]
)
def test_cbor_beyond_plain_maps_of_text_is_refused_even_in_unknown_keys(extra: object) -> None:
    with pytest.raises(PacketError, match="not CBOR"):
        decode(as_cbor(extra=extra))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x00",
        b"[" * 200_000,
        b'{"seq":' + b"[" * 200_000,
        b"\xa1\x61a" + b"\x81" * 200_000,
        b"\xbf\x61a" + b"\x9f" * 200_000,
        b"\xa1\x63xyz\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\xa1\x63xyz\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\xa0\xa0",
        b'{"seq":1' + b"0" * 5000 + b"}",
        b"{}" + b" " * MOST_BYTES,
        b'{"boot":"\xff"}',
        b'{"boot":"\\ud800"}',
    ],
    ids=lambda payload: repr(payload[:16]),
)
def test_poison_is_refused(payload: bytes) -> None:
    with pytest.raises(PacketError, match=r"\S"):
        decode(payload)


@given(
    payload=st.binary(max_size=200),
    content_type=st.sampled_from(["", "application/cbor", "application/json"]),
)
@example(payload=b"\xd9\xd9\xf7\xd9\xd9\xf7\x01", content_type="")
@settings(derandomize=True, max_examples=500)
def test_any_bytes_decode_or_are_refused(payload: bytes, content_type: str) -> None:
    assert cause_of(payload, content_type).isidentifier()


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.binary(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=2) | st.integers(), inner, max_size=2)
    ),
)


@pytest.mark.slow
@given(
    changes=st.dictionaries(
        st.sampled_from([*BATCH, "clock", "unit", "index", "range_g", "stored"]), PLAIN, max_size=3
    )
)
@settings(derandomize=True, max_examples=300)
def test_any_values_decode_or_are_refused(changes: dict[str, object]) -> None:
    assert cause_of(as_cbor(**changes)).isidentifier()


@st.composite
def packets(draw: st.DrawFn, strongest_g: float = 32.0) -> Packet:
    n_samples = draw(st.integers(1, 40))
    values = st.floats(-strongest_g, strongest_g, allow_subnormal=False)
    return Packet(
        seq=draw(st.integers(0, 2**53 - 1)),
        boot=draw(st.text(st.characters(codec="utf-8"), max_size=64)),
        t_ms=draw(st.floats(0, 2**52)),
        rate_hz=draw(st.floats(10, 400)),
        acceleration_g=draw(arrays(np.float64, (n_samples, 3), elements=values)),
        clock=draw(st.sampled_from(["utc", "uptime"])),
        range_g=draw(st.none() | st.floats(0.1, 64)),
        index=draw(st.none() | st.integers(0, 2**53 - 1)),
        stored=draw(st.booleans()),
    )


def rest_of(packet: Packet) -> tuple[object, ...]:
    names = ("seq", "boot", "t_ms", "rate_hz", "clock", "range_g", "index", "stored")
    return tuple(getattr(packet, name) for name in names)


@given(packet=packets())
@settings(derandomize=True)
def test_packets_round_trip(packet: Packet) -> None:
    """JSON to the last bit, int16 to half a mg, float32 to its own precision."""
    exact, compact = decode(encode_json(packet)), decode(encode_cbor(packet))
    lossless = decode(encode_cbor(packet, lossless=True))

    assert rest_of(exact) == rest_of(compact) == rest_of(lossless) == rest_of(packet)
    assert np.array_equal(exact.acceleration_g, packet.acceleration_g)
    assert np.array_equal(lossless.acceleration_g, packet.acceleration_g.astype(np.float32))
    np.testing.assert_allclose(
        compact.acceleration_g, packet.acceleration_g, rtol=0, atol=0.5001e-3
    )


def test_more_than_int16_holds_is_sent_lossless_or_not_at_all() -> None:
    strong = Packet(seq=0, boot="", t_ms=0.0, rate_hz=50.0, acceleration_g=np.full((1, 3), 40.0))

    assert decode(encode_cbor(strong, lossless=True)).acceleration_g.tolist() == [[40.0] * 3]
    with pytest.raises(PacketError, match="40000 mg does not fit int16"):
        encode_cbor(strong)


def test_one_second_of_cbor_fits_one_network_frame() -> None:
    """50 samples are 300 bytes; with keys and times at most 400."""
    packet = Packet(
        seq=2**32, boot="4294967295", t_ms=1.75e12, rate_hz=50.0, acceleration_g=np.zeros((50, 3))
    )

    assert len(encode_cbor(packet)) <= 400


def test_the_page_for_makers_names_every_key() -> None:
    page = (Path(__file__).resolve().parents[4] / "docs" / "collar.md").read_text()
    table = page.partition("## A batch")[2].partition("###")[0]

    named = set(re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE))

    assert named == {"xyz", *Header.__struct_fields__}
