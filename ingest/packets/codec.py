"""Batches as bytes: JSON and CBOR into checked fields, nothing constructed on the way."""

import re
from collections.abc import Mapping
from io import BytesIO
from itertools import chain
from typing import Annotated, Literal, NoReturn

import cbor2
import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from analysis.errors import PacketError
from analysis.model import FloatArray

MOST_SAMPLES = 4096
INT16_TAG, FLOAT32_TAG = 77, 85
"""RFC 8746: little-endian int16 and little-endian float32."""

SELF_DESCRIBED = b"\xd9\xd9\xf7"
"""The three bytes with which CBOR may say that it is CBOR."""

DEEPEST = 4
"""A batch is a map of an array of arrays; anything nested deeper is no batch."""

CONSTRUCTING_TAGS = (
    *range(6),
    25,
    28,
    29,
    30,
    35,
    36,
    37,
    100,
    256,
    258,
    260,
    261,
    1004,
    43000,
    55799,
)
"""Tags that cbor2 would turn into dates, patterns, shared references and the like."""

Count = Annotated[int, Meta(ge=0, lt=2**53)]
Axes = tuple[float, float, float]
Rows = Annotated[list[Axes], Meta(min_length=1, max_length=MOST_SAMPLES)]


class Header(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The keys of a batch without its samples; see docs/collar.md for what they mean."""

    seq: Count
    boot: Annotated[int, Meta(ge=0, le=2**63 - 1)] | Annotated[str, Meta(max_length=64)]
    t_ms: Annotated[float, Meta(ge=0, lt=2**53)]
    rate_hz: Annotated[float, Meta(ge=10, le=400)]
    clock: Literal["utc", "uptime"] = "utc"
    unit: Literal["mg", "g", "m/s2"] = "mg"
    range_g: Annotated[float, Meta(gt=0)] | None = None
    index: Count | None = None
    stored: bool = False


class JsonBatch(Header, frozen=True, kw_only=True, gc=False):
    """A batch as JSON has it."""

    xyz: Rows


_JSON = msgspec.json.Decoder(JsonBatch)
_FIELD = re.compile(r"\$\.(\w+)|required field `(\w+)`")


def read_json(payload: bytes) -> tuple[Header, FloatArray]:
    """Return the fields of a JSON batch, and its samples (n, 3) in the batch's own unit.

    Raises
    ------
    PacketError
        If it is not JSON, or a field is missing or wrong.
    """
    try:
        batch = _JSON.decode(payload)
    except msgspec.ValidationError as error:
        raise _wrong_field(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        msg = f"not JSON: {error}"
        raise PacketError(msg, cause="encoding") from error
    return batch, _from_rows(batch.xyz)


def read_cbor(payload: bytes) -> tuple[Header, FloatArray]:
    """Return the fields of a CBOR batch, and its samples (n, 3) in the batch's own unit.

    Raises
    ------
    PacketError
        If it is not CBOR, or a field is missing or wrong.
    """
    fields = _cbor_map(payload)
    known = {name: fields[name] for name in Header.__struct_fields__ if name in fields}
    xyz = fields.get("xyz")
    try:
        header = msgspec.convert(known, Header)
        if not isinstance(xyz, np.ndarray):
            xyz = _from_rows(msgspec.convert({"xyz": xyz}, _XyzOnly).xyz)
    except msgspec.ValidationError as error:
        raise _wrong_field(error) from error
    return header, xyz


class _XyzOnly(msgspec.Struct, frozen=True):
    xyz: Rows


def _wrong_field(error: msgspec.ValidationError) -> PacketError:
    found = _FIELD.search(str(error))
    cause = (found[1] or found[2]) if found else "malformed"
    return PacketError(str(error), cause=cause)


def _from_rows(rows: list[Axes]) -> FloatArray:
    values = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=3 * len(rows))
    return values.reshape(-1, 3)


def _cbor_map(payload: bytes) -> Mapping[object, object]:
    payload = payload.removeprefix(SELF_DESCRIBED)
    stream = BytesIO(payload)
    try:
        fields = cbor2.CBORDecoder(
            stream,
            tag_hook=_typed_array,
            semantic_decoders=_REFUSED,
            max_depth=DEEPEST,
            allow_indefinite=True,
            allow_duplicate_keys=False,
            strict_hashable_types=True,
        ).decode()
    except cbor2.CBORDecodeError as error:
        if isinstance(error.__cause__, PacketError):
            raise error.__cause__ from error
        msg = f"not CBOR: {error}"
        raise PacketError(msg, cause="encoding") from error
    if stream.tell() != len(payload):
        msg = f"CBOR ends after {stream.tell()} of {len(payload)} bytes"
        raise PacketError(msg, cause="encoding")
    if not isinstance(fields, dict):
        msg = f"CBOR holds {type(fields).__name__}, expected a map"
        raise PacketError(msg, cause="malformed")
    return fields


def _refuse(*_: object) -> NoReturn:
    msg = "CBOR tag that makes an object; expected plain numbers, text, arrays and maps"
    raise PacketError(msg, cause="tag")


_REFUSED = dict.fromkeys(CONSTRUCTING_TAGS, _refuse)


def _typed_array(tag: cbor2.CBORTag, immutable: bool) -> FloatArray:  # noqa: FBT001  # cbor2's call
    if immutable or tag.tag not in {INT16_TAG, FLOAT32_TAG}:
        msg = f"CBOR tag {tag.tag}; expected 77 (int16) or 85 (float32), both little-endian"
        raise PacketError(msg, cause="tag")
    kind = np.dtype("<i2" if tag.tag == INT16_TAG else "<f4")
    if not isinstance(tag.value, bytes):
        msg = f"tag {tag.tag} holds {type(tag.value).__name__}, expected bytes"
        raise PacketError(msg, cause="xyz")
    n_values, rest = divmod(len(tag.value), kind.itemsize)
    n_samples, odd = divmod(n_values, 3)
    if rest or odd or not 1 <= n_samples <= MOST_SAMPLES:
        msg = f"xyz has {len(tag.value)} bytes, expected 1 to {MOST_SAMPLES} whole samples"
        raise PacketError(msg, cause="xyz")
    values: NDArray[np.int16 | np.float32] = np.frombuffer(tag.value, dtype=kind)
    with np.errstate(invalid="ignore"):  # a signalling NaN is refused later, as any other
        return values.astype(np.float64).reshape(-1, 3)
