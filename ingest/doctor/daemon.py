"""Whether a daemon listens."""

from ingest.doctor.base import Finding, Ward, ok, warning
from ingest.storage.running import daemon_runs


def check(ward: Ward) -> list[Finding]:
    """Return whether a daemon has the store."""
    if daemon_runs(ward.database):
        return [ok("a daemon runs")]
    return [warning("no daemon runs on this store", "start it: spryhound run")]
