"""What pydantic found wrong, in words for whoever wrote the file: key, value, expectation."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.hidden import key_shown, shown
from config.outline import Leaf, Many, node_at, nodes

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
