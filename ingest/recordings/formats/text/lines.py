"""Text files in pieces of whole lines, so that a file of any length takes the same memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.recordings.formats.base import refuse

CHUNK_BYTES = 1 << 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some whole lines; `first_line` counts from 1."""

    first_line: int
    lines: list[str]


def chunks(path: Path) -> Iterator[Chunk]:
    """Yield a file in chunks of lines, at most `CHUNK_BYTES` each.

    Bytes that are not UTF-8 become replacement characters, so that one spoilt line costs one row.

    Raises
    ------
    RecordingError
        If the file cannot be opened, is UTF-16, or a line is longer than a chunk.
    """
    first_line, rest = 1, b""
    try:
        with path.open("rb") as file:
            while piece := file.read(CHUNK_BYTES - len(rest)):
                if first_line == 1 and piece.startswith(_UTF16):
                    raise refuse(path, "UTF-16 text, expected UTF-8", line=1)
                whole, end, rest = (rest + piece).rpartition(b"\n")
                if not end and len(rest) >= CHUNK_BYTES:
                    cause = f"longer than {CHUNK_BYTES} bytes, expected a table of short lines"
                    raise refuse(path, cause, line=first_line)
                if end:
                    chunk = _chunk(whole, first_line)
                    first_line += len(chunk.lines)
                    yield chunk
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror or error}") from error
    if rest:
        yield _chunk(rest, first_line)


def _chunk(data: bytes, first_line: int) -> Chunk:
    text = data.decode("utf-8-sig" if first_line == 1 else "utf-8", errors="replace")
    # str.splitlines would also cut at form feeds and the like, and miscount the lines.
    return Chunk(first_line=first_line, lines=text.replace("\r", "").split("\n"))
