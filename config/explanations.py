"""What a settings dataclass says about its fields: the ``Attributes`` of its docstring."""

import re
from inspect import cleandoc
from typing import Any


def explanations(settings: type[Any]) -> dict[str, str]:
    """Return the text on each field, on one line; fields explained together share theirs.

    Fields that a class inherits are explained by the class that they come from.
    """
    found: dict[str, str] = {}
    for each in reversed(settings.__mro__):
        found |= _attributes(each.__doc__ or "")
    return found


def _attributes(docstring: str) -> dict[str, str]:
    _, _, listed = cleandoc(docstring).partition("Attributes\n----------\n")
    listed = re.split(r"\n\n\w+\n-{3,}\n", listed)[0].strip()
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", listed) if listed else ():
        names, _, text = entry.partition("\n")
        sentence = " ".join(text.replace("``", "'").replace("`", "'").split())
        found |= dict.fromkeys(names.split(", "), sentence)
    return found
