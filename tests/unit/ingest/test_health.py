"""The hub's health is told with the age of the oldest thing that was not delivered."""

import json

from ingest.health import ConsumerHealth, HubHealth
from ingest.processing.publications import health_publication


def test_the_oldest_unsent_row_is_that_of_the_slowest_follower() -> None:
    """A follower without waiting rows has nothing old."""
    health = HubHealth(
        time_s=5.0,
        drops={"encoding": 2},
        followers={
            "influx": ConsumerHealth(n_waiting=3, oldest_s=40.0, failures=1, last_error="refused"),
            "mqtt": ConsumerHealth(n_waiting=0, oldest_s=99.0),
        },
    )

    sent = health_publication("spryhound/v1", health)

    payload = json.loads(sent.payload)
    assert (sent.topic, sent.retain) == ("spryhound/v1/hub/health", True)
    assert payload["oldest_unsent_s"] == 40.0
    assert payload["drops"] == {"encoding": 2}
    assert payload["followers"]["influx"]["last_error"] == "refused"


def test_a_hub_without_followers_has_nothing_unsent() -> None:
    assert HubHealth(time_s=0.0).oldest_unsent_s == 0
