"""The real servers that tests start: they come up, go down, and keep their data."""

import queue
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from ingest.mqtt.embedded_broker import BrokerStartError
from simulators.testing.http_sink import HttpSink
from simulators.testing.servers import Influx, Mosquitto

WITHIN_S = 10.0


def mqtt(server: Mosquitto, client_id: str, heard: "queue.Queue[bytes]") -> Client:
    """Connect with a session that stays, and hear everything."""
    client = Client(CallbackAPIVersion.VERSION2, client_id, clean_session=False)
    granted: queue.Queue[None] = queue.Queue()

    def keep(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        heard.put(bytes(message.payload))

    client.on_message = keep
    client.on_connect = lambda *_: subscribe(client)
    client.on_subscribe = lambda *_: granted.put(None)
    client.connect(server.host, server.port)
    client.loop_start()
    granted.get(timeout=WITHIN_S)
    return client


def subscribe(client: Client) -> None:
    """Ask for everything below ``a``."""
    client.subscribe("a/#", qos=1)


def close(client: Client) -> None:
    """Disconnect in good order."""
    client.disconnect()
    client.loop_stop()


def query(url: str, text: str) -> str:
    """Return InfluxDB's answer to an InfluxQL statement."""
    request = Request(f"{url}/query", data=urlencode({"q": text, "db": "trial"}).encode())  # noqa: S310  # our own server
    with urlopen(request, timeout=WITHIN_S) as answer:  # noqa: S310  # our own server
        body: bytes = answer.read()
    return body.decode()


@pytest.mark.slow
@pytest.mark.broker
def test_messages_for_a_client_that_is_away_survive_a_restart_of_mosquitto(
    broker: Mosquitto, tmp_path: Path
) -> None:
    assert broker.pid  # Mosquitto is on this machine
    heard: queue.Queue[bytes] = queue.Queue()
    with Mosquitto(folder=tmp_path) as server:
        close(mqtt(server, "daemon", heard))
        sender = mqtt(server, "sender", queue.Queue())
        for n in range(1200):
            sender.publish("a/b", str(n).encode(), qos=1).wait_for_publish(WITHIN_S)
        close(sender)
        port = server.port
        server.stop()

        server.start()

        assert server.port == port
        daemon = mqtt(server, "daemon", heard)
        assert [int(heard.get(timeout=WITHIN_S)) for _ in range(1200)] == list(range(1200))
        close(daemon)


@pytest.mark.broker
def test_a_power_cut_costs_at_most_what_came_since_the_last_save(
    broker: Mosquitto, tmp_path: Path
) -> None:
    """The shipped file saves after every 100 changes; each message here is one change."""
    assert broker.pid
    heard: queue.Queue[bytes] = queue.Queue()
    with Mosquitto(folder=tmp_path) as server:
        close(mqtt(server, "daemon", heard))
        sender = Client(CallbackAPIVersion.VERSION2, "sender")
        sender.connect(server.host, server.port)
        sender.loop_start()
        for n in range(450):
            sender.publish("a/b", str(n).encode(), qos=1).wait_for_publish(WITHIN_S)
        close(sender)

        server.kill()
        server.start()

        daemon = mqtt(server, "daemon", heard)
        kept = [int(heard.get(timeout=WITHIN_S)) for _ in range(350)]
        assert kept == list(range(350))
        close(daemon)


@pytest.mark.influx
def test_influxdb_keeps_its_data_over_a_kill(influx: str, tmp_path: Path) -> None:
    assert influx.startswith("http://127.0.0.1:")
    with Influx(folder=tmp_path) as server:
        query(server.url, "CREATE DATABASE trial")
        line = b"minute,dog=rex vedba_g=0.25 1000000000"
        request = Request(f"{server.url}/write?db=trial", data=line)  # noqa: S310  # our own server
        urlopen(request, timeout=WITHIN_S).close()  # noqa: S310  # our own server

        server.kill()
        server.start()

        assert "0.25" in query(server.url, "SELECT vedba_g FROM minute")


@pytest.mark.broker
def test_a_setting_that_mosquitto_does_not_know_is_in_its_log(
    broker: Mosquitto, tmp_path: Path
) -> None:
    assert broker.pid
    server = Mosquitto(folder=tmp_path, settings={"max_quid": "1"})

    with pytest.raises(BrokerStartError, match="ended with code"):
        server.start()

    assert "max_quid" in server.log


def test_the_catcher_keeps_requests_and_answers_by_its_script(http_catcher: HttpSink) -> None:
    http_catcher.answer(201)

    for body in (b"one", b"two"):
        request = Request(f"{http_catcher.url}/hook", data=body, headers={"X-Title": "Rex"})  # noqa: S310  # our own server
        with urlopen(request, timeout=WITHIN_S) as answer:  # noqa: S310  # our own server
            assert answer.status == (201 if body == b"one" else 204)

    first, second = http_catcher.wait_for(2)
    assert (first.body, second.body) == (b"one", b"two")
    assert (first.path, first.headers["x-title"]) == ("/hook", "Rex")


def test_the_catcher_says_how_many_requests_were_missing(http_catcher: HttpSink) -> None:
    with pytest.raises(TimeoutError, match=r"0 requests came within 0\.01 s, not 1"):
        http_catcher.wait_for(1, within_s=0.01)
