"""Files that the settings name: secrets are read from them, and all of them must be there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from config.error_messages import Place, key_shown, path_shown, printable
from config.schema import Leaf, node_at, nodes

_MOST_BYTES = 65536


def read_files(
    raw: dict[str, Any],
    table: type[BaseModel],
    *,
    folder: Path,
    origins: Mapping[Place, str],
    source: str,
) -> list[str]:
    """Make paths absolute or relative to a folder, read secrets, and return the faults."""
    faults = []
    for name, key in _paths(table):
        _write_down_default(raw, table, (name, key))
        within = raw.get(name)
        if not isinstance(within, dict) or not isinstance(within.get(key), str | Path):
            continue
        given = str(within[key])
        if not given.strip():
            continue
        try:
            _resolve(within, key, _target(table, name, key), folder)
        except (OSError, ValueError, RuntimeError) as error:
            variable = origins.get((name, key))
            label = f"{source}: {key_shown((name, key))}" if variable is None else variable
            faults.append(f"{label}: {_why(error)}{_where(given, str(within[key]))}")
    return faults


def _write_down_default(
    raw: dict[str, Any], table: type[BaseModel], place: tuple[str, str]
) -> None:
    """Write down a path that is left out and has a default, so that it is resolved too."""
    name, key = place
    node = node_at(table, place)
    within = raw.get(name, {})
    if isinstance(node, Leaf) and isinstance(node.field.default, Path) and isinstance(within, dict):
        raw[name] = {key: node.field.default} | within


def _resolve(within: dict[str, Any], key: str, target: str | None, folder: Path) -> None:
    """Make one path absolute; read the secret from it, or see that it can be opened."""
    if target is not None and target in within:
        message = f"expected either {target!r} or {key!r}, not both"
        raise ValueError(message)
    path = within[key] = folder / Path(within[key]).expanduser()
    if target is not None:
        within[target] = _secret(path, many=target.endswith("s"))
    elif key.endswith("_file"):
        _open(path, most_bytes=1)


def _paths(table: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield table and key of every setting that is a path."""
    for name, below in nodes(table).items():
        if isinstance(below, type):
            for key, node in nodes(below).items():
                if isinstance(node, Leaf) and "Path" in str(node.field.annotation):
                    yield name, key


def _target(table: type[BaseModel], name: str, key: str) -> str | None:
    """Return the setting that the content of a file is for, if it is for one."""
    target = key.removesuffix("_file")
    is_leaf = isinstance(node_at(table, (name, target)), Leaf)
    return target if is_leaf and target != key else None


def _open(path: Path, *, most_bytes: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most_bytes)


def _secret(path: Path, *, many: bool) -> str | list[str]:
    """Return the line of a file, or its lines without remarks."""
    raw = _open(path, most_bytes=_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        message = f"larger than {_MOST_BYTES} bytes"
        raise ValueError(message)
    try:
        lines = [line.strip() for line in raw.decode("utf-8-sig").strip().splitlines()]
    except UnicodeDecodeError as error:
        message = f"not UTF-8 at byte {error.start}"
        raise ValueError(message) from None
    if many:
        return [line for line in lines if line and not line.startswith("#")]
    if len(lines) != 1:
        message = f"expected one line, the file has {len(lines)}"
        raise ValueError(message)
    return lines[0]


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "file not found"
    if isinstance(error, IsADirectoryError):
        return "expected a file, this is a folder"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror}"
    return str(error)


def _where(given: str, path: str) -> str:
    """Return the path that was tried, if what was given is no secret by mistake."""
    if path_shown(given) is None:
        return "; what is written there does not look like a path, so it is not shown"
    return f": {printable(repr(path))}"
