"""Writes config/example.toml: every setting, what it means and its default.

``python -m config.example > config/example.toml``
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from inspect import cleandoc
from itertools import groupby
from pathlib import Path
from textwrap import wrap

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.collars import Collar
from config.dog_settings import Dog, PhaseTable, PlanTable
from config.schema import Leaf, Settings, columns, nodes


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


_WIDTH = 98

_HEAD = """\
# Every setting of Spryhound, with its default. `spryhound init` writes a shorter file to start
# from; docs/configuration.md tells more.
#
# A line '# like this' explains. A line '#key = value' is a setting at its default, or an example
# where nothing is the default: take away the '#' and change it.
# The environment can hold settings too: SPRYHOUND_MQTT__HOST is 'host' under [mqtt].
# This file is made by `python -m config.example`; what is changed here by hand is lost."""

_DOG = """\
# One table for each dog; its id after the point is 1 to 32 of a-z, 0-9, '-' and '_'."""

_PLAN = """\
# The recovery plan that the vet gave, if there is one: a template to start from, or phases."""

_PHASE = """\
# Instead of 'template': one table for each phase, in their order."""

_COLLAR = """\
# Which dog wears which collar, one table for each stretch of time. Dates begin at midnight in
# the time zone of [home]. Two stretches of one collar, or of one dog, must not overlap."""


def render_example() -> str:
    """Return what config/example.toml has to hold."""
    parts = [[_HEAD]]
    for key, node in nodes(Settings).items():
        if key == "dogs":
            parts += _dog_parts()
        elif key == "collars":
            parts.append([_COLLAR, "[[collars]]", *_settings(Collar)])
        elif isinstance(node, type):
            parts += _parts(key, node)
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _parts(name: str, table: type[BaseModel]) -> Iterator[list[str]]:
    """Yield the text of a table and of those below it."""
    lines = list(_settings(table))
    if lines:
        yield [*_remark(_summary(table)), f"[{name}]", *lines]
    for key, node in nodes(table).items():
        if isinstance(node, type):
            yield from _parts(f"{name}.{key}", node)


def _dog_parts() -> Iterator[list[str]]:
    yield [_DOG, "[dogs.rex]", *_settings(Dog)]
    yield [_PLAN, "[dogs.rex.plan]", *_settings(PlanTable, active=("template",))]
    phase = (f"#{line}" if line[:1].isalpha() else line for line in _settings(PhaseTable))
    yield [_PHASE, "#[[dogs.rex.plan.phases]]", *phase]


def _settings(table: type[BaseModel], *, active: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a line for each single setting, and before it, or after it, what it means.

    Settings that must be given are active, and so are those asked for.
    """
    around = nodes(table)
    leaves = [(key, each) for key, each in columns(table).items() if isinstance(around[key], Leaf)]
    for text, group in groupby(leaves, key=lambda pair: pair[1].description or ""):
        lines = [_line(key, each, is_active=key in active) for key, each in group]
        if len(lines) == 1 and text and len(lines[0]) + len(text) + 4 <= _WIDTH:
            yield f"{lines[0]}  # {text}"
        else:
            yield from _remark(text)
            yield from lines


def _line(key: str, field: FieldInfo, *, is_active: bool) -> str:
    if field.is_required():
        return f"{key} = {literal(_shown(field))}"
    return f"{'' if is_active else '#'}{key} = {literal(_shown(field))}"


def _shown(field: FieldInfo) -> object:
    """Return the default, or an example where nothing is the default."""
    return field.examples[0] if field.examples else field.default


def _summary(table: type[BaseModel]) -> str:
    return cleandoc(table.__doc__ or "").partition("\n\n")[0]


def _remark(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, _WIDTH - 2)]


if __name__ == "__main__":
    sys.stdout.write(render_example())
