"""A made-up past has what its description promises."""

from datetime import date

import pytest

from analysis.model import Status
from analysis.model.dog import DogProfile
from simulators.testing.stored_results import StoredResults, make_past

UNTIL_S = 1_795_529_280.0  # Tuesday 24 November 2026, 15:08 in Berlin
PROFILE = DogProfile(id="rex", time_zone="Europe/Berlin")


@pytest.fixture(scope="module")
def past() -> StoredResults:
    return StoredResults(profile=PROFILE, until_s=UNTIL_S, n_days=20)


@pytest.mark.slow
def test_the_same_seed_makes_the_same_past(past: StoredResults) -> None:
    assert make_past(past) == make_past(past)


def test_days_end_before_the_end_and_one_is_missing(past: StoredResults) -> None:
    """20 days before today less the tenth, which is 14 November."""
    dates = [each.date for each in make_past(past).days]

    assert len(dates) == 19
    assert dates[-1] == "2026-11-23"
    assert date(2026, 11, 14).isoformat() not in dates


def test_the_last_days_are_slower_and_quieter(past: StoredResults) -> None:
    days = make_past(past).days

    assert days[-1].active_min < 0.8 * days[0].active_min
    assert days[-1].stride_hz < 0.95 * days[0].stride_hz


def test_nothing_lies_after_the_end(past: StoredResults) -> None:
    results = make_past(past)

    assert results.minutes[-1].start_s + 60.0 <= UNTIL_S
    assert max(each.end_s for each in results.events) < UNTIL_S
    assert max(each.time_s for each in results.alerts) <= UNTIL_S


@pytest.mark.slow
def test_alerts_are_on_over_and_wrong(past: StoredResults) -> None:
    statuses = {each.status for each in make_past(past).alerts}

    assert statuses >= {Status.OPEN, Status.WORSE, Status.RESOLVED, Status.FALSE_ALARM}
