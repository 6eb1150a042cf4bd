"""The time zone that this machine is set to."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

_ETC = Path("/etc")


def zone_of_machine(environ: Mapping[str, str], etc: Path = _ETC) -> str:
    """Return the IANA name of the machine's time zone; ``UTC`` if it cannot be told."""
    for name in (environ.get("TZ", "").removeprefix(":"), _from_link(etc), _from_file(etc)):
        if name and _is_known(name):
            return name
    return "UTC"


def _from_link(etc: Path) -> str:
    """Return what ``localtime`` links to, below the folder of all zones."""
    try:
        target = str((etc / "localtime").resolve())
    except (OSError, RuntimeError):
        return ""
    return target.partition("/zoneinfo/")[2]


def _from_file(etc: Path) -> str:
    try:
        return (etc / "timezone").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
