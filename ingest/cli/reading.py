"""What somebody typed about a recording, checked, as what its reader needs to know."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from analysis.errors import SettingsError
from ingest.recordings.reader import FASTEST_HZ, SLOWEST_HZ

TIME_UNITS = ("s", "ms", "us", "ns", "iso", "datenum")
_ROLES = ("time", "x", "y", "z")


def one_of(option: str, asked: str | None, known: Iterable[str]) -> str | None:
    """Return one of the known words, or None if nothing was asked.

    Raises
    ------
    SettingsError
        If it is another word; so do all functions here.
    """
    if asked is not None and asked not in known:
        msg = f"{option}: got {asked!r}, expected one of {', '.join(known)}"
        raise SettingsError(msg)
    return asked


def possible_hz(rate_hz: float | None) -> float | None:
    """Return a rate that a collar may have."""
    if rate_hz is not None and not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        msg = f"--rate-hz: got {rate_hz:g}, expected {SLOWEST_HZ:g} to {FASTEST_HZ:g}"
        raise SettingsError(msg)
    return rate_hz


def start_s(start: str | None, zone: str) -> float | None:
    """Return the Unix time of a moment; one without an offset is in the given zone."""
    if start is None:
        return None
    try:
        moment = datetime.fromisoformat(start)
    except ValueError as error:
        msg = f"--start: got {start!r}, expected such as 2026-11-23T07:30:00+01:00"
        raise SettingsError(msg) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp()


def columns(told: Sequence[str]) -> Mapping[str, str]:
    """Return which column plays which role.

    Examples
    --------
    >>> columns(["x=ax", "y=ay", "z=4"])
    {'x': 'ax', 'y': 'ay', 'z': '4'}
    """
    roles = dict(each.partition("=")[::2] for each in told)
    for role, name in roles.items():
        if role not in _ROLES or not name:
            msg = f"--column: got '{role}={name}', expected {', '.join(_ROLES)}, then = and a name"
            raise SettingsError(msg)
    return roles
