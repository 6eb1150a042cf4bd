"""A known fault of a dependency fails the audit; only a recorded exception that lasts passes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tests.security.audit import EXCEPTIONS, exceptions, judge

TODAY = date(2026, 11, 26)
# As pip-audit 2.10 prints them.
FAULT = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-11"], "fix_versions": ["1.1"]}
GOOD = {"name": "h11", "version": "0.16.0", "vulns": []}
BAD = {"name": "odd", "version": "1.0", "vulns": [FAULT]}
UNKNOWN = {"name": "new", "skip_reason": "Dependency not found on PyPI"}


def said(*report: Mapping[str, Any], accepted: str = "") -> tuple[bool, str]:
    """Return whether an audit passes, and what it says."""
    judgement = judge(report, exceptions(accepted), TODAY)
    return judgement.passes, "\n".join(judgement.lines)


def test_no_fault_passes_and_says_how_many_were_asked_about() -> None:
    assert said(GOOD) == (True, "1 of 1 dependencies were audited")


def test_a_fault_fails_and_is_named_with_what_mends_it() -> None:
    passes, text = said(GOOD, BAD)

    assert not passes
    assert "odd 1.0: PYSEC-2026-1, fixed in 1.1" in text


@pytest.mark.parametrize("name", ["PYSEC-2026-1", "CVE-2026-11"])
def test_an_exception_passes_until_its_day_is_over(name: str) -> None:
    for day, passes in (("2026-11-26", True), ("2026-11-25", False)):
        assert said(BAD, accepted=f"# why\n{name} {day} not used here")[0] is passes


def test_an_exception_for_another_fault_does_not_help() -> None:
    assert not said(BAD, accepted="PYSEC-2026-2 2027-01-01 another")[0]


@pytest.mark.parametrize("report", [(), (UNKNOWN,)], ids=["nothing", "all unknown"])
def test_a_service_that_answers_nothing_is_said_and_does_not_fail(report: tuple[Any, ...]) -> None:
    """pip-audit itself says "No known vulnerabilities found" then."""
    passes, text = said(*report)

    assert passes
    assert text.startswith("NOT AUDITED")


def test_a_single_dependency_that_was_not_asked_about_is_named() -> None:
    assert "not audited: new: Dependency not found" in said(GOOD, UNKNOWN)[1]


def test_each_recorded_exception_has_a_day_and_a_reason() -> None:
    assert all(reason for _, reason in exceptions(EXCEPTIONS.read_text()).values())
