"""What pydantic found wrong, in words for whoever wrote the file: key, value, expectation."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.example import literal
from config.schema import Leaf, Many, node_at, nodes

SECRET_KEYS = ("password", "token", "urls")

_LONGEST = 60

_LONGEST_PART = 64

_SECRET_KEY = re.compile("passw|token|secret|urls|credential|api_?key", re.IGNORECASE)

_SECRET_TEXT = re.compile("@|://|passw|token|secret|key=", re.IGNORECASE)

_PATH = re.compile(r"(~|\.{1,2}|[A-Za-z]:)?[/\\][\w ./\\~:-]+")

_FILE_NAME = re.compile(r"([\w.-]+/)*[\w-]+\.(txt|toml|password|token|urls|secret|pem|crt)")


def shown(place: Sequence[str | int], value: object) -> str | None:
    """Return a wrong value for an error message, or None if it must not be shown."""
    keys = [str(each) for each in place]
    if keys and keys[-1].endswith("_file"):
        return path_shown(str(value)) if isinstance(value, str) else None
    if any(_SECRET_KEY.search(key) for key in keys):
        return None
    if isinstance(value, int) and value.bit_length() > 64:
        return "a very large number"
    if isinstance(value, str) and _SECRET_TEXT.search(value):
        return None
    if not isinstance(value, bool | int | float | str | date | time):
        return None
    return shortened(printable(repr(value) if isinstance(value, str) else literal(value)))


def path_shown(text: str) -> str | None:
    """Return a path for an error message, or None if it might be the secret itself.

    Someone who writes the token where its file belongs finds neither in a log.
    """
    looks_it = _PATH.fullmatch(text) or _FILE_NAME.fullmatch(text)
    longest = max(len(part) for part in re.split(r"[/\\]", text))
    if looks_it is None or "://" in text or longest > _LONGEST_PART:
        return None
    return printable(repr(text))


def key_shown(place: Sequence[str | int]) -> str:
    """Return a place as a dotted key on one line.

    Examples
    --------
    >>> key_shown(("dogs", "Old Rex", "plan"))
    'dogs."Old Rex".plan'
    """
    parts = [str(each) for each in place if each != "[key]"]
    return ".".join(part if re.fullmatch(r"[\w-]+", part) else _odd(part) for part in parts)


def shortened(text: str) -> str:
    """Return a text cut to 60 characters."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _odd(part: str) -> str:
    return shortened(printable(literal(part)))


def printable(text: str) -> str:
    """Return a text whose control characters are written as escapes, on one line."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


Place = tuple[str | int, ...]

_EXPECTED = {
    "bool_type": "expected true or false",
    "int_type": "expected a whole number, without quotes or a point",
    "float_type": "expected a number, without quotes",
    "string_type": "expected a text in quotes",
    "finite_number": "expected a finite number",
    "model_type": "expected a table",
    "dict_type": "expected a table",
    "mapping_type": "expected a table",
    "tuple_type": "expected a list in brackets",
    "string_pattern_mismatch": "expected 1 to 32 of a-z, 0-9, '-' and '_'",
}

_REWORDED = (
    ("Value error, ", ""),
    ("Input should be", "expected"),
    ("String should have", "expected"),
    ("Value should have", "expected"),
)


def fault_lines(
    error: ValidationError,
    table: type[BaseModel],
    *,
    origins: Mapping[Place, str],
    source: str,
    below: Place = (),
) -> list[str]:
    """Return a line for each thing that pydantic found wrong.

    Parameters
    ----------
    origins
        The environment variable that gave a value, by the value's place.
    source
        What everything else came from; the beginning of a line.
    below
        Place of what was checked.
    """
    lines = []
    for each in error.errors(include_url=False, include_context=False):
        place = (*below, *each["loc"])
        variable = origins.get(place)
        whole = "" if variable is not None else f"{source}: "
        name = key_shown(place) if variable is None else variable
        lines += [f"{whole}{line}" for line in _lines(each, table, place, name)]
    return lines


def nearest(wrong: str, known: Iterable[str]) -> str:
    """Return the hint to the nearest of the known keys, or nothing."""
    near = get_close_matches(wrong, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def unknown(table: type[BaseModel], place: Place) -> str:
    """Return what to say about a key that is not known at its place."""
    around = node_at(table, place[:-1])
    if around is None or isinstance(around, Leaf | Many):
        return "unknown setting"
    return f"unknown setting{nearest(str(place[-1]), nodes(around))}"


def _lines(error: ErrorDetails, table: type[BaseModel], place: Place, name: str) -> list[str]:
    message = _expectation(error)
    if not place:
        return message.splitlines()
    node = node_at(table, place)
    if error["type"] == "tuple_type" and isinstance(node, Many):
        message = f"expected tables that are headed [[{key_shown(place)}]]"
    if error["type"] == "extra_forbidden":
        return [f"{name}: {unknown(table, place)}"]
    if error["type"] == "missing":
        return [f"{name}: missing"]
    value = shown(place, error["input"])
    return [f"{name}: {message}" if value is None else f"{name}: got {value}, {message}"]


def _expectation(error: ErrorDetails) -> str:
    message = _EXPECTED.get(error["type"], error["msg"])
    for pydantic_says, we_say in _REWORDED:
        message = message.replace(pydantic_says, we_say)
    return message
