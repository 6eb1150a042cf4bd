"""Packets: one batch of samples as a collar sends it, and its bytes."""

from dataclasses import dataclass

import cbor2
import msgspec
import numpy as np

from analysis.errors import PacketError
from analysis.model import FloatArray
from analysis.units import G_PER_UNIT
from ingest.packets.codec import FLOAT32_TAG, INT16_TAG, SELF_DESCRIBED, read_cbor, read_json

MOST_BYTES = 256 * 1024
STRONGEST_G = 64.0
"""No collar sensor has a larger full scale; beyond it the unit is wrong."""

_CBOR_FIRST_BYTES = frozenset([*range(0xA0, 0xC0), SELF_DESCRIBED[0]])
"""A map, or the mark of self-described CBOR."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packet:
    """One batch of samples, checked.

    Attributes
    ----------
    seq
        Batch number, +1 each batch.
    boot
        Changes at every start of the collar; numbers are turned into text.
    t_ms
        Time of the first sample in milliseconds: Unix time, or time since boot.
    rate_hz
        Nominal rate, 10 to 400.
    acceleration_g
        Shape (n_samples, 3), read-only, at least one sample.
    clock
        ``"utc"`` or ``"uptime"``: what `t_ms` counts from.
    range_g
        Full scale of the sensor, if it is known.
    index
        Number of the first sample since boot, if the collar counts them.
    stored
        Recorded earlier and sent late: its times are believed however old they are.
    """

    seq: int
    boot: str
    t_ms: float
    rate_hz: float
    acceleration_g: FloatArray
    clock: str = "utc"
    range_g: float | None = None
    index: int | None = None
    stored: bool = False

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return len(self.acceleration_g)

    @property
    def duration_s(self) -> float:
        """How long its samples take at the nominal rate."""
        return len(self.acceleration_g) / self.rate_hz


def decode(payload: bytes, content_type: str = "") -> Packet:
    """Return the packet that some bytes are.

    Parameters
    ----------
    payload
        One JSON or CBOR map; told apart by the content type, else by the first byte.
    content_type
        ``application/json``, ``application/cbor``, or anything else to go by the first byte.

    Raises
    ------
    PacketError
        If they are no valid packet; its `cause` is one word for the counter of drops.
    """
    if len(payload) > MOST_BYTES:
        msg = f"payload has {len(payload)} bytes, expected at most {MOST_BYTES}"
        raise PacketError(msg, cause="size")
    read = read_cbor if _is_cbor(payload, content_type) else read_json
    header, acceleration = read(payload)
    acceleration_g = acceleration * G_PER_UNIT[header.unit]
    # Written so that NaN fails too.
    if not np.abs(acceleration_g).max() <= STRONGEST_G:
        msg = f"xyz holds a value beyond {STRONGEST_G:g} g or none at all; unit is {header.unit}"
        raise PacketError(msg, cause="range")
    if header.range_g is not None and not np.isfinite(header.range_g):
        msg = f"range_g is {header.range_g}, expected a finite number"
        raise PacketError(msg, cause="range_g")
    acceleration_g.setflags(write=False)
    return Packet(
        seq=header.seq,
        boot=str(header.boot),
        t_ms=header.t_ms,
        rate_hz=header.rate_hz,
        acceleration_g=acceleration_g,
        clock=header.clock,
        range_g=header.range_g,
        index=header.index,
        stored=header.stored,
    )


def encode_json(packet: Packet) -> bytes:
    """Return a packet as JSON, in g, exact to the last bit.

    Examples
    --------
    >>> import numpy as np
    >>> still = np.array([[0.0, 0.0, 1.0]])
    >>> packet = Packet(seq=7, boot="3", t_ms=0.0, rate_hz=50.0, acceleration_g=still)
    >>> decode(encode_json(packet)).acceleration_g.tolist()
    [[0.0, 0.0, 1.0]]
    """
    fields = {**_fields(packet), "unit": "g", "xyz": packet.acceleration_g.tolist()}
    return msgspec.json.encode(fields)


def encode_cbor(packet: Packet, *, lossless: bool = False) -> bytes:
    """Return a packet as CBOR: int16 in mg, or with `lossless` float32 in g.

    Raises
    ------
    PacketError
        If a value is beyond the 32.767 g that int16 can hold.
    """
    if lossless:
        array = cbor2.CBORTag(FLOAT32_TAG, packet.acceleration_g.astype("<f4").tobytes())
        return cbor2.dumps({**_fields(packet), "unit": "g", "xyz": array})
    counts = np.rint(packet.acceleration_g * 1000.0)
    if np.abs(counts).max() > np.iinfo(np.int16).max:
        msg = f"{np.abs(counts).max():.0f} mg does not fit int16; send it lossless"
        raise PacketError(msg, cause="range")
    array = cbor2.CBORTag(INT16_TAG, counts.astype("<i2").tobytes())
    return cbor2.dumps({**_fields(packet), "unit": "mg", "xyz": array})


def _is_cbor(payload: bytes, content_type: str) -> bool:
    named = content_type.partition(";")[0].strip().lower()
    if named in {"application/json", "application/cbor"}:
        return named == "application/cbor"
    return payload[:1] != b"" and payload[0] in _CBOR_FIRST_BYTES


def _fields(packet: Packet) -> dict[str, object]:
    fields: dict[str, object] = {
        "seq": packet.seq,
        "boot": packet.boot,
        "t_ms": packet.t_ms,
        "rate_hz": packet.rate_hz,
        "clock": packet.clock,
    }
    if packet.range_g is not None:
        fields["range_g"] = packet.range_g
    if packet.index is not None:
        fields["index"] = packet.index
    if packet.stored:
        fields["stored"] = True
    return fields
