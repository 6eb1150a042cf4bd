"""What the broker delivered is told apart, and nothing gets lost."""

import pytest

from ingest.processing.commands import Acknowledge
from ingest.processing.router import sort
from ingest.records import Delivery

BATCH = b'{"seq": 1, "boot": 1, "t_ms": 1780315200000, "rate_hz": 50, "xyz": [[0, 0, 1000]]}'


def delivery(topic: str, payload: bytes) -> Delivery:
    """Return a message as the link hands it on."""
    return Delivery(
        topic=topic,
        payload=payload,
        content_type="",
        arrival_s=5.0,
        retained=False,
        generation=1,
        mid=1,
        qos=1,
    )


def test_each_message_goes_to_its_own_kind_in_the_order_of_arrival() -> None:
    inbox = sort(
        [
            delivery("spryhound/v1/collars/c-1/acceleration", BATCH),
            delivery("spryhound/v1/collars/c-1/status", b'{"state": "online", "battery": 0.8}'),
            delivery("spryhound/v1/dogs/rex/command", b'{"ack": "an-id"}'),
            delivery("homeassistant/status", b"online"),
            delivery("spryhound/v1/collars/c_2/acceleration", BATCH),
        ]
    )

    assert [each.collar for each in inbox.packets] == ["c-1", "c_2"]
    assert [(each.status.state, each.status.battery) for each in inbox.statuses] == [
        ("online", 0.8)
    ]
    assert inbox.commands == [(5.0, Acknowledge(dog="rex", alert_id="an-id"))]
    assert inbox.births == 1
    assert inbox.aside == []


@pytest.mark.parametrize(
    ("topic", "payload", "cause"),
    [
        ("spryhound/v1/collars/c1/acceleration", b"{", "encoding"),
        ("spryhound/v1/collars/C1/acceleration", BATCH, "collar"),
        ("spryhound/v1/collars//acceleration", BATCH, "collar"),
        (f"spryhound/v1/collars/{'c' * 33}/acceleration", BATCH, "collar"),
        ("spryhound/v1/collars/c\u00e9/acceleration", BATCH, "collar"),
        ("acceleration", BATCH, "collar"),
        ("spryhound/v1/collars/c1/status", b"[1]", "status"),
        ("spryhound/v1/collars/c1/status", b"\xff", "status"),
        ("spryhound/v1/collars/c1/status", b"[" * 5000, "status"),
        ("spryhound/v1/collars/c1/status", b'{"state": "%s"}' % (b"x" * 33), "status"),
        ("spryhound/v1/collars/c1/status", b'{"state": "a", "boot": 1%s}' % (b"0" * 19), "status"),
        (
            "spryhound/v1/collars/c1/status",
            b'{"state": "a", "firmware": "%s"}' % (b"x" * 65),
            "status",
        ),
        ("spryhound/v1/dogs/rex/command", b"{", "command"),
        ("spryhound/v1/dogs/rex/command", b'{"jump": true}', "command"),
    ],
)
def test_what_cannot_be_understood_is_set_aside_with_its_cause(
    topic: str, payload: bytes, cause: str
) -> None:
    inbox = sort([delivery(topic, payload)])

    (aside,) = inbox.aside
    assert (aside.topic, aside.payload, aside.arrival_s) == (topic, payload, 5.0)
    assert aside.cause.startswith(f"{cause}: ")
    assert [*inbox.packets, *inbox.statuses, *inbox.commands] == []
    assert inbox.births == 0


def test_unknown_keys_of_a_status_are_for_later_collars() -> None:
    (status,) = sort(
        [delivery("r/collars/c/status", b'{"state": "sleeping", "moon": 1, "boot": "x"}')]
    ).statuses

    assert (status.status.state, status.status.boot) == ("sleeping", "x")
