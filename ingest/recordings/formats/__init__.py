"""The file formats of recordings, one file each; `specs` finds them."""

import importlib
import pkgutil
from functools import cache

from ingest.recordings.formats.base import FormatSpec


@cache
def specs() -> dict[str, FormatSpec]:
    """Return every format's `SPEC` by name, in alphabetical order."""
    found = (
        importlib.import_module(f"{__name__}.{each.name}").SPEC
        for each in pkgutil.iter_modules(__path__)
        if each.name != "base" and not each.ispkg
    )
    return {spec.name: spec for spec in sorted(found, key=lambda spec: spec.name)}
