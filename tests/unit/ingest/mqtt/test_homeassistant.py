"""The discovery document keeps the rules by which Home Assistant refuses documents."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from analysis.model import AlertChange, Event, Level, Status
from config.machine_settings import HomeAssistant, Mqtt
from ingest.mqtt.homeassistant import Discovery, discovery_publication
from ingest.mqtt.subscriber import subscriptions
from ingest.mqtt.topics import is_birth
from ingest.processing.publications import change_publication, event_publication

REX = Discovery(
    root="spryhound/v1",
    dog="rex",
    name="Rex",
    version="0.1.0",
    alert_kinds=("jumping", "stiff_gait"),
    event_kinds=("jump", "shake"),
    prefix=HomeAssistant().prefix,
)


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(discovery_publication(REX).payload)
    return found


def test_it_is_retained_at_a_topic_that_home_assistant_reads() -> None:
    sent = discovery_publication(REX)

    assert sent.retain
    assert re.fullmatch(r"homeassistant/device/[a-zA-Z0-9_-]+/config", sent.topic)


def test_the_device_has_identifiers_and_the_origin_a_name(document: dict[str, Any]) -> None:
    assert document["dev"]["ids"] == ["spryhound_rex"]
    assert document["o"]["name"] == "spryhound"


def test_each_component_has_a_platform_and_an_id_of_its_own(document: dict[str, Any]) -> None:
    components = document["cmps"].values()
    ids = [each["uniq_id"] for each in components]

    assert {each["p"] for each in components} == {"sensor", "binary_sensor", "event"}
    assert len(set(ids)) == len(ids)
    assert all(each["default_entity_id"].startswith(each["p"] + ".") for each in components)


def test_two_dogs_share_no_id(document: dict[str, Any]) -> None:
    ada = Discovery(
        root="r",
        dog="ada",
        name="Ada",
        version="1",
        alert_kinds=("jumping",),
        event_kinds=(),
        prefix="ha",
    )
    other = json.loads(discovery_publication(ada).payload)

    ids = {each["uniq_id"] for each in document["cmps"].values()}
    assert ids.isdisjoint(each["uniq_id"] for each in other["cmps"].values())


def test_all_availability_must_hold(document: dict[str, Any]) -> None:
    """The default of Home Assistant, ``latest``, would show a dead hub as alive."""
    assert document["avty_mode"] == "all"
    assert [each["t"] for each in document["avty"]] == [
        "spryhound/v1/hub/state",
        "spryhound/v1/dogs/rex/state",
    ]
    assert "availability_topic" not in document


def test_categories_and_classes_are_those_allowed(document: dict[str, Any]) -> None:
    """Sensors may be diagnostic only; an enum needs options; an event has no device class."""
    for each in document["cmps"].values():
        assert each.get("ent_cat", "diagnostic") == "diagnostic"
        assert each.get("dev_cla") != "enum" or each["ops"]
    assert "dev_cla" not in document["cmps"]["events"]


def test_every_event_that_is_published_has_an_announced_type(document: dict[str, Any]) -> None:
    """Home Assistant ignores unknown types, and any retained event."""
    announced = document["cmps"]["events"]["evt_typ"]
    sent = [
        change_publication(
            REX.root,
            AlertChange(
                id="a",
                dog="rex",
                kind="jumping",
                severity=Level.WARNING,
                status=status,
                onset_s=0.0,
                time_s=0.0,
            ),
            "Rex",
            "UTC",
        )
        for status in Status
    ]
    jump = Event(kind="jump", start_s=0.0, end_s=1.0, confidence="high")
    sent.append(event_publication(REX.root, "rex", jump, "UTC"))

    assert all(json.loads(each.payload)["event_type"] in announced for each in sent)
    assert {each.topic for each in sent} == {document["cmps"]["events"]["stat_t"]}
    assert not any(each.retain for each in sent)


def test_another_prefix_is_announced_at_and_listened_to() -> None:
    """`home_assistant.prefix` is Home Assistant's own setting, `discovery_prefix`."""
    assert (
        discovery_publication(replace(REX, prefix="ha")).topic == "ha/device/spryhound_rex/config"
    )
    listened = subscriptions(Mqtt(), HomeAssistant(prefix="ha"))
    assert "ha/status" in listened
    assert "homeassistant/status" not in listened
    assert is_birth("ha/status", b"online")


def test_only_the_birth_of_home_assistant_is_a_birth() -> None:
    assert is_birth("homeassistant/status", b"online")
    assert not is_birth("homeassistant/status", b"offline")
    assert not is_birth("spryhound/v1/hub/state", b"online")
    assert not is_birth("spryhound/v1/collars/red/status", b"online")
