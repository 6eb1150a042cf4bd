"""Spryhound's own recording: packets as they came, in a CBOR sequence (RFC 8742).

The first item is a map with the version, under the tag that marks CBOR (55799). Each further item
is an array: collar, arrival in Unix seconds, content type, payload. See docs/recordings.md.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import cbor2

from ingest.packets.packet import MOST_BYTES
from ingest.recordings.formats.base import FormatSpec, ReadOptions, RecordedPacket, refuse
from ingest.recordings.formats.binary.cbor_items import ItemError, read_item

MARK_TAG = 55_799
MARK = bytes.fromhex("d9d9f7")
VERSION = 1


def sniff(head: bytes, path: Path) -> bool:  # noqa: ARG001  # every format is asked the same way
    """Return whether a file starts with the mark of CBOR."""
    return head.startswith(MARK)


def read(path: Path, options: ReadOptions) -> Iterator[RecordedPacket]:  # noqa: ARG001  # one signature
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


def write(packets: Iterable[RecordedPacket], path: Path) -> int:
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


def item(packet: RecordedPacket) -> bytes:
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


def _packets(path: Path, file: BinaryIO) -> Iterator[RecordedPacket]:
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
                yield RecordedPacket(
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
        RecordedPacket(
            collar="collar",
            arrival_s=1_700_000_000.5,
            content_type="application/json",
            payload=b'{"seq":0,"boot":1,"t_ms":1700000000000,"rate_hz":50,"unit":"g","xyz":['
            + b",".join([b"[0.0,0.1,0.99]"] * 25)
            + b"]}",
        )
    ),
)
