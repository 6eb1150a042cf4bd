"""Reads the settings: defaults, then the file, then the environment."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from analysis.errors import SettingsError
from config.collars import Collar, collar_faults
from config.environment import from_environment
from config.error_messages import Place, fault_lines
from config.schema import Settings
from config.secret_files import read_files
from config.types import TimeZone


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Return the settings.

    Relative paths in them are relative to the settings file, or without one to the working
    folder.

    Raises
    ------
    SettingsError
        If anything is wrong; the message has one line for each fault and never a secret.
    """
    if path is None:
        return check({}, environ, folder=Path(), source="settings")
    return check(_read(path), environ, folder=path.parent, source=path.name)


def check(
    raw: dict[str, Any], environ: Mapping[str, str], *, folder: Path, source: str
) -> Settings:
    """Return the settings that a parsed file (which is changed) and the environment make.

    Raises
    ------
    SettingsError
        As `load` does.
    """
    values, origins, faults = from_environment(Settings, environ)
    for place in values:
        _put(raw, place, values)
    faults += read_files(raw, Settings, folder=folder, origins=origins, source=source)
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        found = fault_lines(error, Settings, origins=origins, source=source)
        if any(each["loc"] for each in error.errors()):
            # Dogs and collars are held against each other only once every table is right.
            found += [f"{source}: {fault}" for fault in _known_collar_faults(raw)]
        faults += found
    else:
        if not faults:
            return settings
    raise SettingsError("\n".join(dict.fromkeys(faults)))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        fault = "file not found"
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        fault = f"not UTF-8 at byte {error.start}"
    except RecursionError:
        fault = "not TOML: nested too deeply"
    except ValueError as error:
        fault = f"not TOML: {error}"
    message = f"{path}: {fault}"
    raise SettingsError(message)


def _put(raw: dict[str, Any], place: Place, values: Mapping[Place, Any]) -> None:
    """Put a value of the environment into what the file says."""
    table: Any = raw
    for part in place[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            return
    key = str(place[-1])
    table[key] = values[place]
    # A secret of the environment stands for that of the file, whichever way each is given.
    other = key.removesuffix("_file") if key.endswith("_file") else f"{key}_file"
    if (*place[:-1], other) not in values:
        table.pop(other, None)


def _known_collar_faults(raw: Mapping[str, Any]) -> list[str]:
    """Return what is wrong between dogs and collars, as far as they could be read."""
    rows, dogs, home = raw.get("collars"), raw.get("dogs", {}), raw.get("home", {})
    if not isinstance(rows, list) or not isinstance(dogs, dict):
        return []
    collars = {}
    for place, row in enumerate(rows):
        try:
            collars[place] = Collar.model_validate(row)
        except ValidationError:
            continue
    try:
        zone = TypeAdapter(TimeZone).validate_python(home.get("time_zone", "UTC"))
    except (AttributeError, ValidationError):
        zone = None
    return collar_faults(collars, dogs, zone)
