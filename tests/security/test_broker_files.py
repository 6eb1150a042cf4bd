"""The broker's files that are shipped, on a real Mosquitto: who may say and hear what."""

import queue
import subprocess
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from ingest.mqtt.embedded_broker import find_mosquitto, free_port, wait_until_listening
from simulators.testing.servers import Mosquitto
from tests.security.harness.homes import CONFIG, WITHIN_S, Home, init

pytestmark = pytest.mark.broker


def passes(home: Home, *, speaker: str, topic: str, listener: str) -> bool:
    """Tell whether what one user publishes reaches another who asked for everything.

    The daemon says a last word where everybody may hear: who has heard that, and the message
    not before it, will not hear the message any more.
    """
    last_word = {
        "spryhound": "spryhound/v1/hub/state",
        "homeassistant": "spryhound/v1/hub/state",
        "red": "spryhound/v1/collars/red/command",
        "blue": "spryhound/v1/collars/blue/command",
    }[listener]
    heard: queue.Queue[str] = queue.Queue()
    with (
        home.connected(listener, heard, listen="#"),
        home.connected(speaker) as speaks,
        home.connected("spryhound") as daemon,
    ):
        speaks.publish(topic, b"x", qos=1).wait_for_publish(WITHIN_S)
        daemon.publish(last_word, b"last word", qos=1).wait_for_publish(WITHIN_S)
        return heard.get(timeout=WITHIN_S) == topic


V1 = "spryhound/v1"


@pytest.mark.parametrize(
    ("speaker", "topic", "listener", "may"),
    [
        ("red", f"{V1}/collars/red/acceleration", "spryhound", True),
        ("red", f"{V1}/collars/red/status", "spryhound", True),
        ("red", f"{V1}/collars/blue/acceleration", "spryhound", False),
        ("red", f"{V1}/collars/blue/status", "spryhound", False),
        ("red", f"{V1}/dogs/rex/state", "spryhound", False),
        ("red", f"{V1}/dogs/rex/command", "spryhound", False),
        ("red", f"{V1}/hub/health", "spryhound", False),
        ("red", f"{V1}/collars/red/acceleration", "blue", False),
        ("spryhound", f"{V1}/dogs/rex/state", "red", False),
        ("spryhound", f"{V1}/dogs/rex/alerts/jumping", "homeassistant", True),
        ("spryhound", "homeassistant/device/spryhound_rex/config", "homeassistant", True),
        ("homeassistant", f"{V1}/dogs/rex/command", "spryhound", True),
        ("homeassistant", f"{V1}/dogs/rex/state", "spryhound", False),
        ("homeassistant", f"{V1}/collars/red/acceleration", "spryhound", False),
        ("red", f"{V1}/collars/red/acceleration", "homeassistant", False),
    ],
)
def test_each_may_say_and_hear_only_what_is_theirs(
    home: Home, speaker: str, topic: str, listener: str, *, may: bool
) -> None:
    assert passes(home, speaker=speaker, topic=topic, listener=listener) is may


@pytest.mark.parametrize("user", ["stranger", ""])
def test_who_has_no_password_is_refused(home: Home, user: str) -> None:
    answers: queue.Queue[str] = queue.Queue()
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    if user:
        client.username_pw_set(user, "guess")

    def on_connect(*arguments: object) -> None:
        answers.put(str(arguments[3]))

    client.on_connect = on_connect
    client.connect(home.server.host, home.server.port)
    client.loop_start()
    try:
        assert answers.get(timeout=WITHIN_S) == "Not authorized"
    finally:
        client.disconnect()
        client.loop_stop()


def test_secrets_are_made_once_and_differ(tmp_path: Path) -> None:
    init(tmp_path)
    names = ("influxdb/password", "influxdb/token", "spryhound/mqtt_password")
    first = [(tmp_path / name).read_text() for name in names]
    init(tmp_path)

    assert [(tmp_path / name).read_text() for name in names] == first
    assert len(set(first)) == 3
    assert {len(secret) for secret in first} == {48}
    assert (tmp_path / "influxdb/token").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["spryhound", "Red", "a/b", "#"])
def test_a_name_that_is_not_a_collars_gets_no_password(tmp_path: Path, name: str) -> None:
    init(tmp_path)

    with pytest.raises(subprocess.CalledProcessError, match="exit status 2"):
        init(tmp_path, "user", name)


def test_mosquitto_starts_with_the_shipped_file(broker: Mosquitto, tmp_path: Path) -> None:
    """As it is, but for the container's paths, the port and the user."""
    assert broker.pid
    init(tmp_path / "secrets")
    (tmp_path / "data").mkdir()
    port = free_port()
    text = (CONFIG / "mosquitto.conf").read_text()
    for shipped, here in {
        "listener 1883": f"user root\nlistener {port} 127.0.0.1",
        "/mosquitto/secrets": f"{tmp_path}/secrets/mosquitto",
        "/mosquitto/config": str(CONFIG),
        "/mosquitto/data": f"{tmp_path}/data",
    }.items():
        assert shipped in text
        text = text.replace(shipped, here)
    (tmp_path / "mosquitto.conf").write_text(text)

    with subprocess.Popen(
        [str(find_mosquitto()), "-c", str(tmp_path / "mosquitto.conf")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as server:
        wait_until_listening(server, port, WITHIN_S)
        server.terminate()
        printed = server.stdout.read().decode() if server.stdout else ""

    assert "Error" not in printed
    assert (tmp_path / "data" / "mosquitto.db").exists()
