"""Recovery plans to start from; the vet decides and edits."""

import tomllib
from importlib.resources import files

from analysis.errors import SettingsError
from analysis.model.plan import Phase


def template_names() -> tuple[str, ...]:
    """Return the names of all templates, in alphabetical order."""
    names = (each.name for each in (files("config") / "plans").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_template(name: str) -> tuple[Phase, ...]:
    """Return the phases of a template.

    Raises
    ------
    SettingsError
        If there is no template of that name.
    """
    if name not in template_names():
        message = f"plan template: got {name!r}, expected one of {', '.join(template_names())}"
        raise SettingsError(message)
    text = (files("config") / "plans" / f"{name}.toml").read_text(encoding="utf-8")
    return tuple(
        Phase(**{**phase, "forbids": tuple(phase.get("forbids", ()))})
        for phase in tomllib.loads(text)["phases"]
    )
