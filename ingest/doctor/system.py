"""Whether the settings make a home: dogs, collars, and a file that nobody else reads."""

import stat
import tomllib
from pathlib import Path

from config.schema import Settings
from ingest.doctor.base import Finding, Ward, ok, skipped, warning

_SECRETS = (
    ("mqtt", "password"),
    ("influx", "password"),
    ("influx", "token"),
    ("notify", "urls"),
    ("web", "password"),
)


def check(ward: Ward) -> list[Finding]:
    """Return whether the settings are complete; that they are valid was checked as they loaded."""
    settings = ward.settings
    if ward.path is None:
        findings = [skipped("no settings file; everything has its default", "run `spryhound init`")]
    else:
        findings = [ok(f"{ward.path} is valid"), *_privacy(ward.path)]
    if not settings.dogs:
        findings.append(
            warning("no dog under [dogs]", "run `spryhound init`, or add [dogs.ID] to the settings")
        )
    return findings + _without_collar(settings)


def _privacy(path: Path) -> list[Finding]:
    """Return a warning if others may read secrets that stand in the file itself."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    if not any(tables.get(table, {}).get(key) for table, key in _SECRETS):
        return []
    if not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    return [warning(f"{path} holds secrets and others may read it", f"chmod 600 {path}")]


def _without_collar(settings: Settings) -> list[Finding]:
    worn = {collar.dog for collar in settings.collars}
    lonely = [dog for dog in settings.dogs if dog not in worn]
    # With one dog and no collars listed, it wears them all.
    if not lonely or (not settings.collars and len(settings.dogs) == 1):
        return []
    return [
        warning(
            f"no collar for {', '.join(lonely)}",
            "add [[collars]] with the collar's id and the dog, or its packets belong to nobody",
        )
    ]
