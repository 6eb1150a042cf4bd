"""Reads the settings: defaults, then the file, then the environment."""

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from analysis.errors import SettingsError
from config.schema import Settings, detector_tables

PREFIX = "SPRYHOUND_"
IGNORED = ("SPRYHOUND_REQUIRE_SERVERS", "SPRYHOUND_TEST_")
SECRET = ("password", "token", "urls")


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Return the settings.

    Raises
    ------
    SettingsError
        If anything is wrong; the message has one line for each fault and never a secret.
    """
    source = "settings" if path is None else path.name
    raw = {} if path is None else _read(path)
    faults = _override(raw, environ)
    faults += _check_detectors(raw) + _read_secrets(raw)
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        faults += [line for each in error.errors() for line in _lines(each, Settings)]
    else:
        if not faults:
            return settings
    raise SettingsError("\n".join(f"{source}: {fault}" for fault in faults)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        fault = "file not found"
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        fault = f"not UTF-8 at byte {error.start}"
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        fault = f"not TOML: {error}"
    message = f"{path}: {fault}"
    raise SettingsError(message)


def _override(raw: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    faults = []
    for variable, text in sorted(environ.items()):
        if not variable.startswith(PREFIX) or variable.startswith(IGNORED):
            continue
        *tables, key = variable.removeprefix(PREFIX).lower().split("__")
        table: Any = raw
        for each in tables:
            table = table.setdefault(each, {}) if isinstance(table, dict) else None
        if not tables or not isinstance(table, dict):
            faults.append(f"{variable}: unknown setting")
        else:
            table[key] = [text] if key == "urls" else text
    return faults


def _check_detectors(raw: dict[str, Any]) -> list[str]:
    given = raw.get("detectors", {})
    if not isinstance(given, dict):
        return []
    faults, known, checked = [], detector_tables(), {}
    for name, table in given.items():
        if name not in known:
            faults.append(f"detectors.{name}: unknown detector{_nearest(name, known)}")
            continue
        try:
            checked[name] = dict(known[name].model_validate(table))
        except ValidationError as error:
            for each in error.errors():
                each["loc"] = ("detectors", name, *each["loc"])
                faults += _lines(each, known[name])
    raw["detectors"] = checked
    return faults


def _read_secrets(raw: dict[str, Any]) -> list[str]:
    faults = []
    for name, key in _secret_files(raw):
        table, target = raw[name], key.removesuffix("_file")
        if target in table:
            faults.append(f"{name}.{key}: expected only one of {target!r} and {key!r}")
            continue
        try:
            text = Path(table[key]).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            faults.append(f"{name}.{key}: cannot read {table[key]!r}")
        else:
            table[target] = text.splitlines() if target == "urls" else text
    return faults


def _secret_files(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("mqtt", "influx", "notify"):
        table = raw.get(name)
        if isinstance(table, dict):
            keys = [f"{each}_file" for each in SECRET]
            yield from ((name, key) for key in keys if isinstance(table.get(key), str))


def _lines(error: ErrorDetails, model: type[BaseModel]) -> list[str]:
    place = [str(each) for each in error["loc"]]
    if not place:
        return error["msg"].removeprefix("Value error, ").splitlines()
    key = ".".join(place)
    if error["type"] == "extra_forbidden":
        return [f"{key}: unknown setting{_nearest(place[-1], _siblings(model, place))}"]
    expected = error["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    value = error["input"]
    if isinstance(value, bool | int | float | str) and not set(place) & set(SECRET):
        return [f"{key}: got {value!r}, {expected}"]
    return [f"{key}: {expected}"]


def _siblings(model: type[BaseModel], place: list[str]) -> list[str]:
    for each in place[:-1]:
        field = model.model_fields.get(each)
        if field is not None and isinstance(field.annotation, type):
            model = field.annotation
    if len(place) > 2 and place[0] in {"dogs", "collars"}:
        nested = Settings.model_fields[place[0]].annotation
        model = next(a for a in nested.__args__ if hasattr(a, "model_fields"))  # type: ignore[union-attr]  # generic alias
    return list(model.model_fields)


def _nearest(wrong: str, known: Mapping[str, object] | list[str]) -> str:
    near = get_close_matches(wrong, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
