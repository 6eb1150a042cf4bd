"""The few kinds of CBOR (RFC 8949) that a recording holds, read from a stream within limits.

A whole CBOR decoder would take whatever a damaged file claims: nested a thousand deep, or four
gigabytes long. This one reads flat arrays and maps of text, bytes and numbers, and nothing else.
"""

import math
import struct
from typing import BinaryIO

Scalar = str | bytes | int | float
Item = Scalar | list[Scalar] | dict[str, Scalar]

MOST_MEMBERS = 64
_FLOATS = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}


class ItemError(ValueError):
    """The stream does not go on with a sound item."""


def read_item(file: BinaryIO, *, longest: int) -> Item | None:
    """Return the next item, or ``None`` at the end.

    Parameters
    ----------
    file
        Where to read from.
    longest
        The most bytes of one text or byte string.

    Raises
    ------
    ItemError
        If the stream ends within an item, or the item is of another kind.
    """
    first = file.read(1)
    if not first:
        return None
    kind, size = first[0] >> 5, first[0] & 31
    if kind == 4:
        return [_scalar(file, longest) for _ in range(_members(file, size))]
    if kind == 5:
        pairs = [
            (_scalar(file, longest), _scalar(file, longest)) for _ in range(_members(file, size))
        ]
        return {str(name): value for name, value in pairs}
    return _value(file, first[0], longest)


def _members(file: BinaryIO, size: int) -> int:
    count = _argument(file, size)
    if count > MOST_MEMBERS:
        msg = f"{count} members, expected at most {MOST_MEMBERS}"
        raise ItemError(msg)
    return count


def _scalar(file: BinaryIO, longest: int) -> Scalar:
    return _value(file, _bytes(file, 1)[0], longest)


def _value(file: BinaryIO, first: int, longest: int) -> Scalar:
    kind, size = first >> 5, first & 31
    if kind == 7 and size in _FLOATS:
        shape, n_bytes = _FLOATS[size]
        number = float(struct.unpack(shape, _bytes(file, n_bytes))[0])
        if math.isfinite(number):
            return number
    elif kind in {0, 1}:
        count = _argument(file, size)
        return count if kind == 0 else -1 - count
    elif kind in {2, 3}:
        return _string(file, kind, _argument(file, size), longest)
    msg = f"byte {first:#04x} begins no text, bytes or finite number"
    raise ItemError(msg)


def _string(file: BinaryIO, kind: int, n_bytes: int, longest: int) -> str | bytes:
    if n_bytes > longest:
        msg = f"a string of {n_bytes} bytes, expected at most {longest}"
        raise ItemError(msg)
    data = _bytes(file, n_bytes)
    if kind == 2:
        return data
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        msg = "text that is not UTF-8"
        raise ItemError(msg) from error


def _argument(file: BinaryIO, size: int) -> int:
    if size < 24:
        return size
    if size > 27:
        msg = f"a length of kind {size}, expected a definite one"
        raise ItemError(msg)
    return int.from_bytes(_bytes(file, 1 << (size - 24)))


def _bytes(file: BinaryIO, n_bytes: int) -> bytes:
    data = file.read(n_bytes)
    if len(data) < n_bytes:
        msg = "the file ends"
        raise ItemError(msg)
    return data
