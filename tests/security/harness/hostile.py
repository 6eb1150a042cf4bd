"""Messages as a lost collar in wrong hands, a broken one, or a neighbour's device may send them.

Each has to end in exactly one place: a packet in the journal, a repeat, or a counted fault. So
none is a command that could be obeyed, or a status that could be taken.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from ingest.packets.packet import Packet, encode_cbor, encode_json

LOST = "lost"
"""The collar that fell into wrong hands; a dog of the home wears it by the settings."""

_TYPES = ("", "application/json", "application/cbor", "application/json;", "text/html", "\u00e9")
_LARGEST = 262_144
_NOW_MS = 1.7955e12
_LARGE = b"[" * 50_000, b"\x81" * 50_000, bytes(_LARGEST), b'{"xyz":[[' + b"9" * 100_000
_BOMBS = (
    b"", b"\0", b"{}", b"\xa0", b"null", b"NaN", b'{"seq":', b'{"seq":1e999}', b"\xff" * 64,
    b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", b"\xbb\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\xa1\x63xyz\xd8\x4d\x5b\x7f\xff\xff\xff\xff\xff\xff\xff", b"\xbf\x7f", b"\xd9\xd9\xf7",
    b"\xa1\x63seq\xc2\x59\x10\x00" + b"\xff" * 4096, b"\xa1\x63seq\xd8\x1d\x00",
    b'{"seq":' + b"9" * 5000 + b"}", b'{"seq":1,"seq":2}', b'{"\\ud800":1}', b"\xef\xbb\xbf{}",
)  # fmt: skip
_STATUSES = (
    b"", b"{", b"[]", b'{"state": 5}', b'{"battery": 1}', b'{"state": "a", "battery": "full"}',
    b'{"state": "' + b"x" * 5000 + b'"}', b'{"state": "a", "boot": -1}', b"\xff\xfe",
    b'{"state": "a", "boot": ' + b"9" * 400 + b"}", b"[" * 5000,
)  # fmt: skip
_COMMANDS = (
    b"", b"{", b"[]", b"{}", b"\xff", b'{"jump": true}', b'{"ack": 5}', b'{"ack": "no-such"}',
    b'{"ack": "a", "false_alarm": "b"}', b'{"snooze": {"kind": "jumping", "until": "soon"}}',
    b'{"snooze": {"kind": "x", "until": "9999-12-31T23:59:59+00:00"}}', b"[" * 5000,
    b'{"log": {"kind": "dose"}}', b'{"log": {"kind": "weight", "mass_kg": 1e400}}',
    b'{"log": {"kind": "note", "text": "x", "at": "0001-01-01T00:00:00+23:59"}}',
)  # fmt: skip
_NAMES = (
    "LOST", "a b", "x" * 33, "x" * 400, "..", "\u0440\u0435\u043a\u0441", "'; --", "%s", "-" * 40,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: where it goes below the root, and what it says."""

    topic: str
    payload: bytes
    content_type: str = ""
    retain: bool = False


def hostile(rng: random.Random) -> Message:
    """Return one message at random."""
    (kind,) = rng.choices(list(_KINDS), list(_KINDS.values()))
    return kind(rng)


@cache
def _good() -> tuple[bytes, ...]:
    still = Packet(
        seq=7,
        boot="3",
        t_ms=_NOW_MS,
        rate_hz=50.0,
        acceleration_g=np.tile([0.0, 0.0, 1.0], (50, 1)),
        range_g=8.0,
        index=400,
    )
    return encode_json(still), encode_cbor(still), encode_cbor(still, lossless=True)


def _of_lost(payload: bytes, rng: random.Random, *, retain: bool = False) -> Message:
    return Message(
        topic=f"collars/{LOST}/acceleration",
        payload=payload,
        content_type=rng.choice(_TYPES),
        retain=retain,
    )


def _noise(rng: random.Random) -> Message:
    return _of_lost(rng.randbytes(rng.randrange(400)), rng, retain=rng.random() < 0.01)


def _spoilt(rng: random.Random) -> Message:
    """Return a good batch with pieces changed, put in or taken out."""
    data = bytearray(rng.choice(_good()))
    for _ in range(rng.randint(1, 8)):
        place, length = rng.randrange(len(data) + 1), rng.randrange(6)
        data[place : place + length] = rng.choice([rng.randbytes(length), b"9" * 20, b"-", b""])
    return _of_lost(bytes(data), rng)


def _lie(rng: random.Random) -> Message:
    """Return a batch in which every field is allowed, and none is likely."""
    n_samples = rng.choice([1, 2, 50, 50, 50, 400]) if rng.random() < 0.99 else 4096
    scale_g = rng.choice([0.0, 1e-300, 0.01, 1.0, 60.0])
    still = Packet(
        seq=rng.choice([0, 1, rng.randrange(1000), 2**53 - 1]),
        boot=rng.choice(["1", "2", str(rng.randrange(2**63)), "\0", "\U0001f415" * 16]),
        t_ms=rng.choice([0.0, 5e-324, _NOW_MS + rng.gauss(0, 1e7), 4e12, 2.0**53 - 1]),
        rate_hz=rng.choice([10.0, 50.0, 50.000001, 100.0, 400.0]),
        acceleration_g=np.random.default_rng(rng.getrandbits(32)).normal(0, 1, (n_samples, 3)),
        clock=rng.choice(["utc", "uptime"]),
        range_g=rng.choice([None, 5e-324, 2.0, 8.0, 1e308]),
        index=rng.choice([None, 0, rng.randrange(10_000), 2**53 - 1]),
        stored=rng.random() < 0.5,
    )
    packet = replace(still, acceleration_g=np.clip(still.acceleration_g, -1, 1) * scale_g)
    return replace(_of_lost(encode_json(packet), rng), content_type="")


def _bomb(rng: random.Random) -> Message:
    return _of_lost(rng.choice(_LARGE if rng.random() < 0.002 else _BOMBS), rng)


def _status(rng: random.Random) -> Message:
    return Message(topic=f"collars/{LOST}/status", payload=rng.choice(_STATUSES))


def _command(rng: random.Random) -> Message:
    dog = rng.choice(["rex", "max", "nobody", "\u72ac"])
    return Message(topic=f"dogs/{dog}/command", payload=rng.choice(_COMMANDS))


def _oddly_named(rng: random.Random) -> Message:
    return Message(topic=f"collars/{rng.choice(_NAMES)}/acceleration", payload=_good()[1])


def _stranger(rng: random.Random) -> Message:
    name = f"stranger-{rng.randrange(1000)}"
    return Message(topic=f"collars/{name}/acceleration", payload=rng.choice(_good()))


_KINDS: dict[Callable[[random.Random], Message], int] = {
    _noise: 30,
    _spoilt: 30,
    _bomb: 15,
    _lie: 5,
    _status: 5,
    _command: 5,
    _oddly_named: 5,
    _stranger: 5,
}
