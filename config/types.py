"""What one value of the settings file may be."""

import re
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    SecretStr,
    StringConstraints,
)

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        message = f"expected an IANA time zone such as 'Europe/Berlin'{hint}"
        raise ValueError(message) from None
    return name


def _host(name: str) -> str:
    if re.search(r"[/@\s]", name) is not None:
        message = "expected a host name or address alone, without scheme, user or path"
        raise ValueError(message)
    return name


def _web_address(text: str) -> str:
    message = "expected an address such as 'http://127.0.0.1:8086', without user and password"
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError(message) from None
    if not fits or "@" in text or parts.query or parts.fragment:
        raise ValueError(message)
    return text.rstrip("/")


def _topic(text: str) -> str:
    if re.fullmatch(r"[^#+/\x00]+(/[^#+/\x00]+)*", text) is None:
        message = "expected a topic such as 'spryhound/v1', without '#', '+' or empty parts"
        raise ValueError(message)
    return text


def _path(value: object) -> object:
    """Return text as a path; the file is strict, and TOML has no paths."""
    if isinstance(value, str):
        if not value.strip() or "\x00" in value:
            message = "expected the path of a file or folder"
            raise ValueError(message)
        return Path(value)
    if not isinstance(value, Path):
        message = "expected a path in quotes"
        raise ValueError(message)  # noqa: TRY004  # pydantic gathers ValueError only
    return value


def _clock(value: object) -> object:
    """Return `22:00` or `"22:00"` as a time of day; TOML itself asks for seconds."""
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return time.fromisoformat(value)
    if not isinstance(value, time) or value.tzinfo is not None:
        message = "expected a local time such as 22:00:00"
        raise ValueError(message)
    return value


def _day(value: object) -> object:
    if isinstance(value, datetime) or not isinstance(value, date):
        message = "expected a date such as 2026-11-01, without quotes"
        raise ValueError(message)  # noqa: TRY004  # pydantic gathers ValueError only
    return _in_our_time(value)


def _moment(value: object) -> object:
    if not isinstance(value, date):
        message = "expected a date such as 2026-11-01, or a date and time, without quotes"
        raise ValueError(message)  # noqa: TRY004  # pydantic gathers ValueError only
    return _in_our_time(value)


def _in_our_time(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        message = f"expected a year from {_FIRST_YEAR} to {_LAST_YEAR}"
        raise ValueError(message)
    return day


def _not_blank(name: str) -> str:
    if not name.strip():
        message = "expected a name, not nothing"
        raise ValueError(message)
    return name


Clock = Annotated[time, BeforeValidator(_clock)]
Day = Annotated[date, BeforeValidator(_day)]
FilePath = Annotated[Path, BeforeValidator(_path)]
Host = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_host)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
Moment = Annotated[date, PlainValidator(_moment)]
"""A `date`, or its subclass `datetime`."""
Name = Annotated[str, StringConstraints(max_length=100), AfterValidator(_not_blank)]
Port = Annotated[int, Field(ge=1, le=65535)]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
Topic = Annotated[str, StringConstraints(max_length=200), AfterValidator(_topic)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


def revealed(secret: SecretStr | None) -> str:
    """Return a secret in plain text; empty if there is none."""
    return "" if secret is None else secret.get_secret_value()
