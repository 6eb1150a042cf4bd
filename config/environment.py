"""Settings from the environment: `SPRYHOUND_INFLUX__TOKEN` is `token` under `[influx]`."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from config.error_messages import Place, fault_lines, nearest, unknown
from config.schema import Leaf, Many, node_at, nodes

PREFIX = "SPRYHOUND_"
NOT_SETTINGS = frozenset(
    {
        "SPRYHOUND_CONFIG",
        "SPRYHOUND_MQTT_BIND",
        "SPRYHOUND_REQUIRE_SERVERS",
        "SPRYHOUND_SCREENSHOTS",
        "SPRYHOUND_UID",
    }
)
"""Variables of docker-compose.yml, `./run` and the command line."""
_TESTS = "SPRYHOUND_TEST_"


def from_environment(
    table: type[BaseModel], environ: Mapping[str, str]
) -> tuple[dict[Place, Any], dict[Place, str], list[str]]:
    """Return the values by place, the variable of each place, and a line for each fault.

    An empty variable counts as not set: that is what docker-compose makes of `${NOT_THERE:-}`.
    """
    values: dict[Place, Any] = {}
    origins: dict[Place, str] = {}
    faults: list[str] = []
    for variable, text in sorted(environ.items()):
        if not _is_setting(variable) or not text.strip():
            continue
        place: Place = tuple(variable.removeprefix(PREFIX).lower().split("__"))
        node = node_at(table, place)
        if _is_listed(table, place):
            faults.append(f"{variable}: lists are set in the file, not in the environment")
            continue
        if not isinstance(node, Leaf):
            faults.append(f"{variable}: {_misfit(table, place, node)}")
            continue
        try:
            values[place] = _value(node, text)
            origins[place] = variable
        except ValidationError as error:
            within = {(*place, *each["loc"]): variable for each in error.errors()}
            faults += fault_lines(error, table, origins=within, source=variable, below=place)
    return values, origins, faults


def variables(table: type[BaseModel], below: str = PREFIX) -> Iterator[str]:
    """Yield the name of every variable whose name does not hold a dog's."""
    for key, node in nodes(table).items():
        name = f"{below}{key.upper()}"
        if isinstance(node, Leaf):
            yield name
        elif not isinstance(node, Many):
            yield from variables(node, f"{name}__")


def _is_setting(variable: str) -> bool:
    ours = variable.startswith(PREFIX) and variable not in NOT_SETTINGS
    return ours and not variable.startswith(_TESTS)


def _misfit(table: type[BaseModel], place: Place, node: object) -> str:
    if node is not None:
        return "expected one setting; tables are set in the file"
    if len(place) == 1:
        return f"unknown setting{nearest(f'{PREFIX}{place[0]}'.upper(), variables(table))}"
    return unknown(table, place)


def _is_listed(table: type[BaseModel], place: Place) -> bool:
    """Return whether the way to a place leads through a list, whose items have no names."""
    ways = (node_at(table, place[:n]) for n in range(1, len(place)))
    return any(isinstance(each, Many) and not each.named for each in ways)


def _value(leaf: Leaf, text: str) -> Any:  # noqa: ANN401  # what the schema has there
    """Return the text as what the setting asks for; the environment knows only text."""
    value: object = text.strip()
    if get_origin(leaf.field.annotation) is tuple:
        # A comma may be part of a URL: it parts two only where another one begins.
        value = re.split(r"\s+|,\s*(?=[a-zA-Z][\w+.-]*://)", text.strip())
    elif leaf.field.annotation is date:
        value = _date(text.strip())
    return TypeAdapter(leaf.field.rebuild_annotation()).validate_python(value)


def _date(text: str) -> object:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
