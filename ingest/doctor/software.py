"""Which Python and which extras are here."""

import platform
from importlib.metadata import version
from importlib.util import find_spec

from ingest.doctor.base import Finding, Ward, ok, skipped

_EXTRAS = {
    "actfast": ("reads .cwa and .bin recordings", "devices"),
    "iotcore": ("is the broker of the demo", "demo"),
}


def check(_: Ward) -> list[Finding]:
    """Return the versions, and what cannot be done for want of an extra."""
    findings = [ok(f"Spryhound {version('spryhound')} on Python {platform.python_version()}")]
    for module, (does, extra) in _EXTRAS.items():
        if find_spec(module) is None:
            advice = f"only if you need it: pip install 'spryhound[{extra}]'"
            findings.append(skipped(f"{module}, which {does}, is not installed", advice))
        else:
            findings.append(ok(f"{module}, which {does}, is installed"))
    return findings
