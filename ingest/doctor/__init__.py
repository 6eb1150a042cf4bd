"""The doctor's checks, one file a subject; this list is the one place that names them."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from analysis.errors import MonitorError
from ingest.doctor import (
    clock,
    daemon,
    data,
    disk,
    influx,
    network,
    notifications,
    outbox,
    packets,
    page,
    software,
    system,
)
from ingest.doctor.base import Finding, Outcome, Ward, failed

__all__ = ["CHECKS", "Finding", "Outcome", "Ward", "examine"]

CHECKS: Mapping[str, Callable[[Ward], list[Finding]]] = MappingProxyType(
    {
        "configuration": system.check,
        "software": software.check,
        "clock": clock.check,
        "disk": disk.check,
        "database": data.check,
        "daemon": daemon.check,
        "broker": network.check,
        "packets": packets.check,
        "outbox": outbox.check,
        "influxdb": influx.check,
        "notifications": notifications.check,
        "page": page.check,
    }
)


def examine(ward: Ward) -> Iterator[tuple[str, Finding]]:
    """Yield each finding with its subject; a check that cannot go on is a finding itself."""
    for subject, check in CHECKS.items():
        try:
            findings = check(ward)
        except MonitorError as error:
            findings = [failed(str(error), "put this right, then run the doctor again")]
        for finding in findings:
            yield subject, finding
