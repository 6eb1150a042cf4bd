"""What of a wrong value may be shown: never a secret, nor what may be one."""

import re
from collections.abc import Sequence
from datetime import date, time

from config.toml_text import literal

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
