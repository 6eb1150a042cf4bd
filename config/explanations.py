"""What a settings dataclass says about its fields: the ``Attributes`` of its docstring."""

from inspect import cleandoc
from itertools import pairwise
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
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line, below in pairwise([*listed.splitlines(), ""]):
        if below.startswith("---"):
            break  # the heading of the next section
        if line.startswith(" "):
            words += line.split()
        elif line:
            words = []
            found |= dict.fromkeys(line.split(", "), words)
    return {name: _quoted(" ".join(text)) for name, text in found.items()}


def _quoted(text: str) -> str:
    return text.replace("``", "'").replace("`", "'")
