"""The numbers behind an alert, in plain words."""

import math

from analysis.model import AlertChange, Level, Status
from ingest.web.pages.alerts import Fact, facts_of


def change(evidence: dict[str, float], count: int = 1) -> AlertChange:
    return AlertChange(
        id="a",
        dog="rex",
        kind="reduced_activity",
        severity=Level.WARNING,
        status=Status.OPEN,
        onset_s=0.0,
        time_s=0.0,
        count=count,
        evidence=evidence,
    )


def test_known_numbers_come_in_words_and_order() -> None:
    facts = facts_of(change({"usual": 8.4, "now": 5.5, "drop": 0.345, "z": -2.2, "days": 1.0}))

    assert facts == [
        Fact(what="Change against the usual", value="34 % less"),
        Fact(what="Active then", value="5.5 min in each waking hour"),
        Fact(what="Active usually", value="8.4 min in each waking hour"),
        Fact(what="Seen on", value="1 day"),
    ]


def test_a_rise_is_not_called_a_drop() -> None:
    facts = facts_of(change({"drop": -0.1, "cadence_drop": -0.05}))

    assert [each.value for each in facts] == ["10 % more", "5 % quicker"]


def test_a_number_of_a_new_detector_is_read_by_its_unit() -> None:
    facts = facts_of(change({"turn_rate_hz": 1.234, "mystery": 3.14159, "still_share": 0.5}))

    assert facts == [
        Fact(what="Turn rate", value="1.23 a second"),
        Fact(what="Mystery", value="3.14"),
        Fact(what="Still", value="50 %"),
    ]


def test_what_the_owner_noted_is_no_measurement() -> None:
    assert facts_of(change({"drop": 0.3, "noted_heat": 1.0})) == facts_of(change({"drop": 0.3}))


def test_numbers_that_are_none_are_left_out_and_repeats_are_told() -> None:
    facts = facts_of(change({"drop": math.nan, "landing_g": math.inf}, count=3))

    assert facts == [Fact(what="Seen so far", value="3 times")]
