"""The doctor's checks, one file a subject; this list is the one place that names them."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from analysis.errors import MonitorError
from ingest.doctor import data, network, system
from ingest.doctor.base import CheckStatus, DoctorContext, Finding, failed

__all__ = ["CHECKS", "CheckStatus", "DoctorContext", "Finding", "run_checks"]

CHECKS: Mapping[str, Callable[[DoctorContext], list[Finding]]] = MappingProxyType(
    {
        "configuration": system.check_configuration,
        "software": system.check_software,
        "clock": system.check_clock,
        "disk": data.check_disk,
        "database": data.check_database,
        "daemon": system.check_daemon,
        "broker": network.check_broker,
        "packets": data.check_packets,
        "outbox": data.check_outbox,
        "influxdb": network.check_influxdb,
        "notifications": network.check_notifications,
        "page": network.check_page,
    }
)


def run_checks(ward: DoctorContext) -> Iterator[tuple[str, Finding]]:
    """Yield each finding with its subject; a check that cannot go on is a finding itself."""
    for subject, check in CHECKS.items():
        try:
            findings = check(ward)
        except MonitorError as error:
            findings = [failed(str(error), "put this right, then run the doctor again")]
        for finding in findings:
            yield subject, finding
