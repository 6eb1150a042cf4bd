"""Whether the broker lets us in, and lets our words through."""

from ingest.app.bootstrap import broker_address
from ingest.doctor.base import Finding, Ward, failed, ok
from ingest.mqtt.probe import probe


def check(ward: Ward) -> list[Finding]:
    """Return how far a message to ourselves came.

    A rule that forbids a topic is silent on many brokers: they confirm and throw away. So
    only a message that comes back shows that it is heard.
    """
    mqtt = ward.settings.mqtt
    place = f"{mqtt.host}:{mqtt.port}"
    result = probe(broker_address(ward.settings), mqtt.root, timeout_s=ward.timeout_s)
    if result.refusals:
        advice = "check mqtt.user and its password, and the broker's rules (ACL) for that user"
        return [failed(f"{place} refuses: {'; '.join(result.refusals)}", advice)]
    if not result.connected:
        advice = (
            "is the broker running, and are mqtt.host, mqtt.port and mqtt.tls right?"
            " apt-get install mosquitto makes one"
        )
        said = result.fault or f"nothing that speaks MQTT 5 answers at {place}"
        return [failed(said, advice)]
    if not result.returned:
        advice = f"let the user read and write {mqtt.root}/# (see config/mosquitto/acl)"
        return [failed(f"{place} takes a message and does not deliver it", advice)]
    return [ok(f"{place}: a message to ourselves came back")]
