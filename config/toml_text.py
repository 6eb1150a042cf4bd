"""Writes values as TOML, which the standard library only reads."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from pathlib import Path


def literal(value: object) -> str:
    r"""Return a value as TOML has it, on one line.

    Raises
    ------
    TypeError
        If TOML has no such value.

    Examples
    --------
    >>> print(literal('say "hi"'), literal(True), literal((0.5, 2)))
    "say \"hi\"" true [0.5, 2]
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str | Path):
        return _quoted(str(value))
    if isinstance(value, Mapping):
        pairs = (f"{_quoted(str(key))} = {literal(each)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(literal(each) for each in value) + "]"
    message = f"value is {value!r}, expected one that TOML knows"
    raise TypeError(message)


def _quoted(text: str) -> str:
    """Return a basic string: JSON's escapes are TOML's, but for delete and lone surrogates."""
    whole = text.encode(errors="replace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
