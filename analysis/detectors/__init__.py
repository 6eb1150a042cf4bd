"""The detectors, one file each; `specs` finds them."""

import importlib
import pkgutil
from functools import cache

from analysis.detectors.base import Spec


@cache
def specs() -> dict[str, Spec]:
    """Return every detector's `SPEC` by name, in alphabetical order."""
    names = sorted(each.name for each in pkgutil.iter_modules(__path__) if each.name != "base")
    found = (importlib.import_module(f"{__name__}.{name}").SPEC for name in names)
    return {spec.name: spec for spec in found}
