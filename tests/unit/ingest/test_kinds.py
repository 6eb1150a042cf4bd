"""Whatever can be told is announced to the house."""

import json

from analysis.detectors import specs
from analysis.detectors.base import SignalSpec
from ingest.kinds import alert_kinds
from ingest.mqtt.homeassistant import Discovery, discovery_publication


def test_every_detector_whose_verdicts_are_alerts_is_announced() -> None:
    """Those that judge hours, such as the dog that does not walk, as well as those of days."""
    kinds = tuple(alert_kinds())
    judges = {spec.name for spec in specs().values() if not isinstance(spec, SignalSpec)}
    discovery = Discovery(
        root="r",
        dog="rex",
        name="Rex",
        version="1",
        alert_kinds=kinds,
        event_kinds=[],
        prefix="ha",
    )

    document = json.loads(discovery_publication(discovery).payload)

    assert {"no_movement", "irregular_gait", "reduced_activity"} <= judges <= set(kinds)
    assert {"jumping", "no_data"} <= set(kinds)
    assert {f"alert_{kind}" for kind in kinds} <= set(document["cmps"])
