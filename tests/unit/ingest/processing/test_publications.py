"""What is published about a dog."""

import json
import math

from analysis.model import AlertChange, Day, Level, Minute, Status
from analysis.recovery.ramp import Cap
from ingest.processing.publications import DogState, alert_publication, state_publication

NOON_S = 1795521600.0


def test_an_alert_is_retained_by_kind_with_its_text_and_times() -> None:
    """What is not a number is left out of the evidence."""
    change = AlertChange(
        id="a1",
        dog="rex",
        kind="stiff_gait",
        severity=Level.WARNING,
        status=Status.OPEN,
        onset_s=NOON_S,
        time_s=NOON_S,
        evidence={"index": -1.7, "z": math.nan},
    )

    sent = alert_publication("spryhound/v1", change, "Rex", "Europe/Berlin")

    payload = json.loads(sent.payload)
    assert (sent.topic, sent.retain) == ("spryhound/v1/dogs/rex/alerts/stiff_gait", True)
    assert payload["onset"] == "2026-11-24T13:00:00+01:00"
    assert payload["evidence"] == {"index": -1.7}
    assert payload["title"] == "Rex walks more stiffly than usual"
    assert payload["do"].startswith("Short, level walks")
    assert payload["noted"] == ""


def test_the_state_lists_what_is_on_with_what_to_do() -> None:
    hot = AlertChange(
        id="a1",
        dog="rex",
        kind="reduced_activity",
        severity=Level.WATCH,
        status=Status.OPEN,
        onset_s=NOON_S,
        time_s=NOON_S,
        evidence={"drop": 0.3, "noted_heat": 1.0},
    )
    state = DogState(dog="rex", name="Rex", zone="UTC", time_s=NOON_S, available=True, alerts=[hot])

    (told,) = json.loads(state_publication("spryhound/v1", state).payload)["alerts"]

    assert told["title"] == "Rex moves 30 % less than usual"
    assert (told["id"], told["severity"], told["onset_s"]) == ("a1", "watch", NOON_S)
    assert told["do"].startswith("Watch how Rex stands")
    assert told["noted"].startswith("You noted hot weather.")


def test_the_state_tells_the_minute_the_day_the_plan_and_the_coverage() -> None:
    """Nine hours worn of the twelve until noon are 75 %; 12 of 30 minutes leave 18."""
    day = Day(
        date="2026-11-24",
        start_s=NOON_S - 43200,
        end_s=NOON_S + 43200,
        worn_h=9.0,
        active_min=12.0,
    )
    minute = Minute(
        start_s=NOON_S - 60,
        worn_s=60,
        vedba_g=0.1,
        rest_s=0,
        light_s=60,
        walk_s=0,
        vigorous_s=0,
    )
    state = DogState(
        dog="rex",
        name="Rex",
        zone="UTC",
        time_s=NOON_S,
        available=True,
        minute=minute,
        today=day,
        phase="strict rest",
        cap=Cap(minutes=30.0, plan_min=75.0, reason="ramp", last_week_min=26.0),
    )

    sent = state_publication("spryhound/v1", state)

    payload = json.loads(sent.payload)
    assert sent.retain
    assert payload["coverage"] == 0.75
    assert payload["plan"] == {
        "phase": "strict rest",
        "active_min_cap": 30.0,
        "left_min": 18.0,
        "plan_min_cap": 75.0,
        "cap_reason": "ramp",
        "cap_text": "The plan allows up to 75 min; last week was 26 a day, so 30 this week.",
    }
    assert payload["minute"]["vedba_g"] == 0.1


def test_nothing_known_is_told_as_nothing_known() -> None:
    """Zero minutes would read as a dog that did not move."""
    state = DogState(dog="rex", name="Rex", zone="UTC", time_s=NOON_S, available=False)

    payload = json.loads(state_publication("spryhound/v1", state).payload)

    assert (payload["minute"], payload["today"], payload["coverage"]) == (None, None, None)
    assert payload["available"] is False
