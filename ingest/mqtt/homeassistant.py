"""Home Assistant finds a dog by itself: the device discovery document and its removal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from analysis.model import Status
from ingest.mqtt.topics import (
    alert_topic,
    change_type,
    discovery_topic,
    dog_state_topic,
    events_topic,
    hub_state_topic,
)
from ingest.ports import Publication

_ON = [Status.OPEN.value, Status.WORSE.value, Status.ACKNOWLEDGED.value, Status.RECOVERING.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What is announced of one dog.

    Attributes
    ----------
    root
        Topics of the hub begin with it, such as ``spryhound/v1``.
    dog, name
        Id and what the owner calls the dog.
    version
        Of Spryhound.
    alert_kinds, event_kinds
        What may be told of this dog.
    prefix
        Home Assistant's discovery prefix.
    """

    root: str
    dog: str
    name: str
    version: str
    alert_kinds: Sequence[str]
    event_kinds: Sequence[str]
    prefix: str


def discovery_publication(discovery: Discovery) -> Publication:
    """Return the retained document; send it at each connection and at Home Assistant's birth."""
    root, dog = discovery.root, discovery.dog
    device: dict[str, Any] = {
        "ids": [f"spryhound_{dog}"],
        "name": discovery.name,
        "mf": "Spryhound",
        "mdl": "Dog with a collar",
        "sw": discovery.version,
    }
    state = dog_state_topic(root, dog)
    document = {
        "dev": device,
        "o": {"name": "spryhound", "sw": discovery.version},
        # The hub says online, stopped or offline; Home Assistant knows two words.
        "avty": [
            {
                "t": hub_state_topic(root),
                "val_tpl": "{{ 'online' if value == 'online' else 'offline' }}",
            },
            {"t": state, "val_tpl": "{{ 'online' if value_json.available else 'offline' }}"},
        ],
        "avty_mode": "all",
        "stat_t": state,
        "qos": 1,
        "cmps": _sensors(dog) | _alerts(discovery) | _events(discovery),
    }
    topic = discovery_topic(discovery.prefix, dog)
    return Publication(topic=topic, payload=msgspec.json.encode(document), retain=True)


def _sensors(dog: str) -> dict[str, dict[str, Any]]:
    measured = {"stat_cla": "measurement"}
    counted = {"stat_cla": "total_increasing"}
    table: dict[str, tuple[str, str, dict[str, Any]]] = {
        "activity": ("Activity", "minute.vedba_g", {"unit_of_meas": "g", **measured}),
        "active": ("Active today", "today.active_min", {"unit_of_meas": "min", **counted}),
        "left": ("Left of the plan today", "plan.left_min", {"unit_of_meas": "min", **measured}),
        "jumps": ("Jumps today", "today.jumps", counted),
        "phase": ("Plan phase", "plan.phase", {}),
        "worn": (
            "Collar worn today",
            "today.worn_h",
            {"unit_of_meas": "h", "ent_cat": "diagnostic"},
        ),
    }
    return {
        key: {
            "p": "sensor",
            "uniq_id": f"spryhound_{dog}_{key}",
            "default_entity_id": f"sensor.{dog}_{key}",
            "name": name,
            "val_tpl": f"{{{{ value_json.{path} | default(None) }}}}",
            **more,
        }
        for key, (name, path, more) in table.items()
    }


def _alerts(discovery: Discovery) -> dict[str, dict[str, Any]]:
    components = {}
    for kind in discovery.alert_kinds:
        topic = alert_topic(discovery.root, discovery.dog, kind)
        components[f"alert_{kind}"] = {
            "p": "binary_sensor",
            "uniq_id": f"spryhound_{discovery.dog}_alert_{kind}",
            "default_entity_id": f"binary_sensor.{discovery.dog}_{kind}",
            "name": kind.replace("_", " ").capitalize(),
            "dev_cla": "problem",
            "stat_t": topic,
            "val_tpl": f"{{{{ 'ON' if value_json.status in {_ON} else 'OFF' }}}}",
            "json_attr_t": topic,
        }
    return components


def _events(discovery: Discovery) -> dict[str, dict[str, Any]]:
    changes = [change_type(status) for status in Status]
    return {
        "events": {
            "p": "event",
            "uniq_id": f"spryhound_{discovery.dog}_events",
            "default_entity_id": f"event.{discovery.dog}_events",
            "name": "Events",
            "stat_t": events_topic(discovery.root, discovery.dog),
            "evt_typ": sorted({*discovery.event_kinds, *changes}),
        }
    }
