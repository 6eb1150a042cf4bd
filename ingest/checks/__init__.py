"""The doctor's checks, one file a subject; this list is the one place that names them."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from analysis.errors import MonitorError
from ingest.checks import (
    broker,
    clock,
    configuration,
    daemon,
    disk,
    influx,
    notifications,
    outbox,
    packets,
    page,
    software,
    store,
)
from ingest.checks.base import Finding, Outcome, Ward, failed

__all__ = ["CHECKS", "Finding", "Outcome", "Ward", "examine"]

CHECKS: Mapping[str, Callable[[Ward], list[Finding]]] = MappingProxyType(
    {
        "configuration": configuration.check,
        "software": software.check,
        "clock": clock.check,
        "disk": disk.check,
        "database": store.check,
        "daemon": daemon.check,
        "broker": broker.check,
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
