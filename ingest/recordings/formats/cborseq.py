"""Spryhound's own recording: packets as they came, in a CBOR sequence (RFC 8742).

The first item is a map with the version, under the tag that marks CBOR (55799). Each further item
is an array: collar, arrival in Unix seconds, content type, payload. See docs/recordings.md.
"""

import math
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import cbor2

from ingest.packets.envelope import EncodedPacket
from ingest.packets.packet import MOST_BYTES
from ingest.recordings.formats.base import FormatSpec, ReadOptions, refuse

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


MARK_TAG = 55_799

MARK = bytes.fromhex("d9d9f7")

VERSION = 1


def sniff(head: bytes, path: Path) -> bool:  # noqa: ARG001  # every format is asked the same way
    """Return whether a file starts with the mark of CBOR."""
    return head.startswith(MARK)


def read(path: Path, options: ReadOptions) -> Iterator[EncodedPacket]:  # noqa: ARG001  # one signature
    """Yield the packets of a recording, as they were journalled.

    Raises
    ------
    RecordingError
        If it is no such recording, or ends within a packet, or holds anything else.
    """
    try:
        with path.open("rb") as file:
            _check_header(path, file)
            yield from _packets(path, file)
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror or error}") from error


def write(packets: Iterable[EncodedPacket], path: Path) -> int:
    """Write a recording and return the number of packets; the file appears whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    count = 0
    with part.open("wb") as file:
        file.write(header())
        for packet in packets:
            file.write(item(packet))
            count += 1
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return count


def header() -> bytes:
    """Return the first item of a recording."""
    return cbor2.dumps(cbor2.CBORTag(MARK_TAG, {"format": "spryhound", "version": VERSION}))


def item(packet: EncodedPacket) -> bytes:
    """Return one packet as an item of a recording."""
    return cbor2.dumps(
        [packet.collar, float(packet.arrival_s), packet.content_type, packet.payload]
    )


def _check_header(path: Path, file: BinaryIO) -> None:
    try:
        if file.read(len(MARK)) != MARK:
            raise refuse(path, "not a Spryhound recording")
        found = read_item(file, longest=1024)
    except ItemError as error:
        raise refuse(path, f"the header is damaged: {error}") from error
    if not isinstance(found, dict) or found.get("format") != "spryhound":
        raise refuse(path, f"header is {found!r}, expected a Spryhound recording")
    if found.get("version") != VERSION:
        raise refuse(path, f"version is {found.get('version')!r}, expected {VERSION}")


def _packets(path: Path, file: BinaryIO) -> Iterator[EncodedPacket]:
    count = 0
    while True:
        place = file.tell()
        try:
            found = read_item(file, longest=MOST_BYTES)
        except ItemError as error:
            cause = f"{error} in packet {count + 1} at byte {place}; {count} packets were read"
            raise refuse(path, cause) from error
        if found is None:
            return
        match found:
            case [str(collar), float(arrival_s), str(content_type), bytes(payload)]:
                count += 1
                yield EncodedPacket(
                    collar=collar, arrival_s=arrival_s, content_type=content_type, payload=payload
                )
            case _:
                cause = f"packet {count + 1} at byte {place} is not [text, number, text, bytes]"
                raise refuse(path, f"{cause}; {count} packets were read")


SPEC = FormatSpec(
    name="cborseq",
    title="Spryhound recording",
    suffixes=(".cborseq",),
    sniff=sniff,
    read=read,
    example=header()
    + item(
        EncodedPacket(
            collar="collar",
            arrival_s=1_700_000_000.5,
            content_type="application/json",
            payload=b'{"seq":0,"boot":1,"t_ms":1700000000000,"rate_hz":50,"unit":"g","xyz":['
            + b",".join([b"[0.0,0.1,0.99]"] * 25)
            + b"]}",
        )
    ),
)
