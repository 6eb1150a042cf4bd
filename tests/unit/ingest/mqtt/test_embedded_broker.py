"""The embedded broker: real brokers, real clients."""

import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from analysis.errors import SettingsError
from ingest.mqtt import embedded_broker
from ingest.mqtt.embedded_broker import BROKERS, EmbeddedBroker, find_mosquitto

WITHIN_S = 10.0


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest) -> Iterator[EmbeddedBroker]:
    """Each of the two brokers in turn."""
    if request.param == "mosquitto" and find_mosquitto() is None:
        pytest.skip("Mosquitto is not on this machine: apt-get install mosquitto")
    with EmbeddedBroker(name=request.param) as running:
        yield running


@contextmanager
def connected(
    broker: EmbeddedBroker, client_id: str, heard: "queue.Queue[bytes] | None" = None
) -> Iterator[Client]:
    """Give an MQTT 5 client with a session that outlives its connection."""
    client = Client(CallbackAPIVersion.VERSION2, client_id, protocol=MQTTv5)
    up = threading.Event()
    client.on_connect = lambda *_: up.set()

    def keep(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        if heard is not None:
            heard.put(bytes(message.payload))

    client.on_message = keep
    session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho has no type
    session.SessionExpiryInterval = 3600
    client.connect(broker.host, broker.port, clean_start=False, properties=session)
    client.loop_start()
    try:
        assert up.wait(WITHIN_S)
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def subscribe(client: Client, topic: str) -> None:
    """Subscribe with QoS 1 and wait until the broker has granted it."""
    granted = threading.Event()
    client.on_subscribe = lambda *_: granted.set()
    client.subscribe(topic, qos=1)
    assert granted.wait(WITHIN_S)


def test_a_message_published_with_qos_1_arrives(broker: EmbeddedBroker) -> None:
    heard: queue.Queue[bytes] = queue.Queue()
    with connected(broker, "listener", heard) as listener, connected(broker, "collar") as collar:
        subscribe(listener, "spryhound/v1/collars/+/acceleration")

        collar.publish("spryhound/v1/collars/red/acceleration", b"batch", qos=1)

        assert heard.get(timeout=WITHIN_S) == b"batch"


@pytest.mark.slow
def test_a_session_keeps_what_was_published_while_its_owner_was_away(
    broker: EmbeddedBroker,
) -> None:
    with connected(broker, "daemon") as daemon:
        subscribe(daemon, "a/#")
    with connected(broker, "collar") as collar:
        for n in range(1500):
            collar.publish("a/b", str(n).encode(), qos=1).wait_for_publish(WITHIN_S)

    heard: queue.Queue[bytes] = queue.Queue()
    with connected(broker, "daemon", heard):
        got = [heard.get(timeout=WITHIN_S) for _ in range(1500)]

    assert got == [str(n).encode() for n in range(1500)]


def test_the_largest_message_that_a_collar_may_send_passes(broker: EmbeddedBroker) -> None:
    heard: queue.Queue[bytes] = queue.Queue()
    with connected(broker, "daemon", heard) as daemon:
        subscribe(daemon, "a/#")

        daemon.publish("a/b", bytes(256 * 1024), qos=1)

        assert len(heard.get(timeout=WITHIN_S)) == 256 * 1024


@pytest.mark.parametrize("name", BROKERS)
def test_nothing_listens_and_no_process_is_left_when_the_block_ends(name: str) -> None:
    if name == "mosquitto" and find_mosquitto() is None:
        pytest.skip("Mosquitto is not on this machine: apt-get install mosquitto")
    before = children()
    with EmbeddedBroker(name=name) as broker:
        assert listens(broker.port)
        assert children() != before

    assert not listens(broker.port)
    assert children() == before


@pytest.mark.parametrize("name", BROKERS)
def test_the_broker_ends_when_its_program_is_killed(name: str) -> None:
    """``kill -9`` leaves no time to tidy up, so the broker must notice by itself."""
    if name == "mosquitto" and find_mosquitto() is None:
        pytest.skip("Mosquitto is not on this machine: apt-get install mosquitto")
    program = (
        "import sys; from ingest.mqtt.embedded_broker import EmbeddedBroker\n"
        f"with EmbeddedBroker(name={name!r}) as broker:\n"
        "    print(broker.port, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=Path(__file__).resolve().parents[4],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        assert owner.stdout is not None
        port = int(owner.stdout.readline())
        assert listens(port)
        owner.kill()

    pause = threading.Event()
    for _ in range(200):
        if not listens(port):
            break
        pause.wait(0.05)
    assert not listens(port)


@pytest.mark.parametrize("name", BROKERS)
def test_the_broker_prints_nothing(name: str) -> None:
    if name == "mosquitto" and find_mosquitto() is None:
        pytest.skip("Mosquitto is not on this machine: apt-get install mosquitto")
    program = (
        "from ingest.mqtt.embedded_broker import EmbeddedBroker\n"
        f"with EmbeddedBroker(name={name!r}): pass"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).resolve().parents[4],
        capture_output=True,
        check=True,
        timeout=30,
    )

    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_port_that_was_taken_in_the_meantime_is_given_up(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A port is free when it is looked for, and another program may be faster."""
    with socket.socket() as other:
        # Bound but deaf: nobody can connect, nor can the broker listen.
        other.bind(("127.0.0.1", 0))
        ports = iter([other.getsockname()[1], embedded_broker.free_port()])
        monkeypatch.setattr(embedded_broker, "free_port", lambda: next(ports))

        with EmbeddedBroker(name=broker.name) as second:
            assert second.port != other.getsockname()[1]
            assert listens(second.port)


def test_a_machine_without_mosquitto_gets_iotcore(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_broker, "find_mosquitto", lambda: None)

    assert EmbeddedBroker().name == "iotcore"


def test_a_machine_without_any_broker_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedded_broker, "find_mosquitto", lambda: None)
    monkeypatch.setattr(embedded_broker, "find_spec", lambda _: None)

    with pytest.raises(SettingsError, match="install the package mosquitto"):
        EmbeddedBroker()


def test_an_unknown_broker_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="'emqx' is none of mosquitto, iotcore"):
        EmbeddedBroker(name="emqx")


def listens(port: int) -> bool:
    """Tell whether something accepts connections on a loopback port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1.0):
        return True
    return False


def children() -> list[str]:
    """Return the ids of the child processes of this one, those that wait to be reaped too."""
    folders = Path("/proc/self/task").iterdir()
    return sorted(pid for each in folders for pid in (each / "children").read_text().split())
