"""The hub's link, against real brokers."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol, Self

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from analysis.errors import DeliveryError, RejectedError
from config.machine_settings import HomeAssistant, Mqtt
from ingest.clock import SystemClock
from ingest.mqtt.collar_publisher import CollarLink
from ingest.mqtt.subscriber import MqttLink
from ingest.ports import Clock, Publication
from ingest.records import Delivery
from simulators.testing.servers import Mosquitto

pytestmark = pytest.mark.broker


class Broker(Protocol):
    """What both kinds of broker have."""

    host: str
    port: int


@pytest.fixture(params=["broker", "embedded_broker"])
def any_broker(request: pytest.FixtureRequest) -> Broker:
    """Return Mosquitto, then iotcore."""
    found: Broker = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Return a word of this test's own for ids and topics, since brokers are shared."""
    return f"t{abs(hash(request.node.nodeid)) % 10**9}"


def until(condition: Callable[[], object], within_s: float = 15.0) -> None:
    """Return once a condition holds; fail if it does not in time."""
    pause, deadline_s = threading.Event(), time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline_s, "condition did not come true in time"
        pause.wait(0.01)


def hub(
    broker: Broker, name: str, *, clock: Clock | None = None, receive_maximum: int = 100
) -> MqttLink:
    mqtt = Mqtt(
        host=broker.host,
        port=broker.port,
        client_id=f"hub-{name}",
        root=name,
        receive_maximum=receive_maximum,
    )
    return MqttLink(mqtt, HomeAssistant(), clock or SystemClock(), slowest_retry_s=1)


def collar(broker: Broker, name: str) -> CollarLink:
    mqtt = Mqtt(host=broker.host, port=broker.port, root=name)
    return CollarLink(mqtt, f"c{name}", slowest_retry_s=1)


def batches(link: MqttLink, number: int, within_s: float = 15.0) -> list[Delivery]:
    """Return that many batches, without the collar's status."""
    found: list[Delivery] = []
    deadline_s = time.monotonic() + within_s
    while len(found) < number and time.monotonic() < deadline_s:
        received = link.receive(0.1, number - len(found))
        found += [each for each in received if each.topic.endswith("/acceleration")]
        link.acknowledge(each for each in received if not each.topic.endswith("/acceleration"))
    return found


def take_status(link: MqttLink) -> None:
    """Take and acknowledge the collar's first word, so that only batches are left to count."""
    (status,) = link.receive(10.0, 1)
    link.acknowledge([status])


def lose_power(link: MqttLink) -> None:
    """End a link as a power cut does: nothing said, nothing acknowledged."""
    link._client.suppress_exceptions = True
    link._client._sock_close()
    link._client.loop_stop()


@pytest.fixture
def watcher(any_broker: Broker, name: str) -> Iterator[list[tuple[str, bytes]]]:
    """Yield what anybody else on the broker sees below this test's topics."""
    seen: list[tuple[str, bytes]] = []
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.on_connect = lambda client, *_: client.subscribe(f"{name}/#", 1)
    client.on_message = lambda _, __, message: seen.append((message.topic, bytes(message.payload)))
    ready = threading.Event()
    client.on_subscribe = lambda *_: ready.set()
    client.connect(any_broker.host, any_broker.port)
    client.loop_start()
    assert ready.wait(10.0)
    yield seen
    client.disconnect()
    client.loop_stop()


def test_a_batch_comes_with_its_topic_type_and_arrival(any_broker: Broker, name: str) -> None:
    with hub(any_broker, name) as link, collar(any_broker, name) as sender:
        assert link.wait_connected(10.0)
        sender.send(b"one", "application/cbor")
        (batch,) = batches(link, 1)
        link.acknowledge([batch])
        health = link.healthy()

    assert batch.topic == f"{name}/collars/c{name}/acceleration"
    assert (batch.payload, batch.content_type, batch.qos) == (b"one", "application/cbor", 1)
    assert batch.arrival_s == pytest.approx(SystemClock().now_s(), abs=30.0)
    assert health.connected
    assert health.thread_alive
    assert health.packet_age_s is not None
    assert health.refused == {}


def test_what_has_arrived_and_is_not_processed_is_counted(broker: Broker, name: str) -> None:
    """The page, Prometheus and `hub/health` show it as the depth of the queue."""
    with hub(broker, name) as link, collar(broker, name) as sender:
        assert link.wait_connected(10.0)
        take_status(link)
        for payload in (b"one", b"two", b"three"):
            sender.send(payload, "application/cbor")
        until(lambda: link.queue_depth() == 3)

        link.acknowledge(batches(link, 3))

        assert link.queue_depth() == 0


def test_what_was_not_acknowledged_comes_again_to_the_next_hub(
    any_broker: Broker, name: str
) -> None:
    """The first hub takes four batches, saves two, and dies."""
    first = hub(any_broker, name)
    with collar(any_broker, name) as sender:
        first.__enter__()
        assert first.wait_connected(10.0)
        for payload in (b"1", b"2", b"3", b"4"):
            sender.send(payload)
        taken = batches(first, 4)
        first.acknowledge(taken[:2])
        sender.drain(10.0)
        # A publication answered shows that the acknowledgements before it went out.
        first.publish(Publication(topic=f"{name}/x", payload=b""))
        lose_power(first)

        again: list[bytes] = []
        with hub(any_broker, name) as second:
            while b"4" not in again:
                (batch,) = batches(second, 1)
                second.acknowledge([batch])
                again.append(batch.payload)
            assert second.healthy().session_present

    assert [each.payload for each in taken] == [b"1", b"2", b"3", b"4"]
    # At least once: iotcore may also repeat what was acknowledged last.
    assert again[-2:] == [b"3", b"4"]
    assert b"1" not in again


def test_the_hub_is_online_then_stopped(
    any_broker: Broker, name: str, watcher: list[tuple[str, bytes]]
) -> None:
    with hub(any_broker, name) as link:
        assert link.wait_connected(10.0)
        until(lambda: (f"{name}/hub/state", b"online") in watcher)

    until(lambda: (f"{name}/hub/state", b"stopped") in watcher)
    assert (f"{name}/hub/state", b"offline") not in watcher


def test_a_hub_that_dies_is_offline(
    any_broker: Broker, name: str, watcher: list[tuple[str, bytes]]
) -> None:
    link = hub(any_broker, name)
    link.__enter__()
    assert link.wait_connected(10.0)

    lose_power(link)

    until(lambda: (f"{name}/hub/state", b"offline") in watcher)


def test_a_hub_that_fails_is_offline_and_not_stopped(
    any_broker: Broker, name: str, watcher: list[tuple[str, bytes]]
) -> None:
    link = hub(any_broker, name)
    link.__enter__()
    assert link.wait_connected(10.0)

    link.__exit__(RuntimeError, RuntimeError("disk"), None)

    until(lambda: (f"{name}/hub/state", b"offline") in watcher)
    assert (f"{name}/hub/state", b"stopped") not in watcher


@pytest.mark.slow
def test_a_collar_is_online_then_lost(
    any_broker: Broker, name: str, watcher: list[tuple[str, bytes]]
) -> None:
    sender = collar(any_broker, name)
    sender.__enter__()
    topic = f"{name}/collars/c{name}/status"
    until(lambda: (topic, b'{"state":"online"}') in watcher)

    sender._client._sock_close()
    sender._client.loop_stop()

    until(lambda: (topic, b'{"state":"lost"}') in watcher)


@pytest.mark.slow
def test_the_broker_holds_back_what_is_not_acknowledged(broker: Mosquitto, name: str) -> None:
    """Receive maximum 5: five come and no sixth, until they are safe."""
    with hub(broker, name, receive_maximum=5) as link, collar(broker, name) as sender:
        assert link.wait_connected(10.0)
        take_status(link)
        # An answered publication shows that the acknowledgement before it went out.
        link.publish(Publication(topic=f"{name}/x", payload=b""))
        for k in range(20):
            sender.send(str(k).encode())
        sender.drain(10.0)
        held = batches(link, 20, within_s=1.0)
        link.acknowledge(held)
        rest = batches(link, 5)
        link.acknowledge(rest)

    assert [int(each.payload) for each in held] == list(range(5))
    assert [int(each.payload) for each in rest] == list(range(5, 10))


@pytest.mark.slow
def test_an_acknowledgement_of_a_former_connection_is_not_sent(
    broker: Mosquitto, name: str
) -> None:
    """Its packet id may belong to another message by now."""
    with hub(broker, name) as link, collar(broker, name) as sender:
        assert link.wait_connected(10.0)
        take_status(link)
        sender.send(b"kept")
        (before,) = batches(link, 1)
        link._client._sock_close()
        until(lambda: link.healthy().counts.get("connected") == 2)
        (again,) = batches(link, 1)

        link.acknowledge([before])
        assert link.healthy().counts["stale_ack"] == 1

        link._client._sock_close()
        until(lambda: link.healthy().counts.get("connected") == 3)
        (third,) = batches(link, 1)
        link.acknowledge([third])

    assert before.payload == again.payload == third.payload == b"kept"
    assert before.generation < again.generation < third.generation


class SickClock(SystemClock):
    """A clock that fails when told to."""

    sick = False

    def now_s(self) -> float:
        """Return the time, or fail."""
        if self.sick:
            msg = "the clock is sick"
            raise RuntimeError(msg)
        return super().now_s()


def test_an_exception_in_the_network_thread_does_not_deafen(broker: Mosquitto, name: str) -> None:
    clock = SickClock()
    with hub(broker, name, clock=clock) as link, collar(broker, name) as sender:
        assert link.wait_connected(10.0)
        take_status(link)
        clock.sick = True
        sender.send(b"unlucky")
        until(lambda: link.healthy().counts.get("callback_error", 0) >= 1)
        clock.sick = False
        sender.send(b"heard")
        (batch,) = batches(link, 1)
        link.acknowledge([batch])

        assert batch.payload == b"heard"
        assert link.healthy().thread_alive


@pytest.mark.slow
def test_two_hubs_with_one_name_are_noticed(broker: Mosquitto, name: str) -> None:
    with hub(broker, name) as first:
        assert first.wait_connected(10.0)
        with hub(broker, name) as second:
            assert second.wait_connected(10.0)
            until(lambda: first.healthy().counts.get("taken_over", 0) >= 1)


@pytest.mark.slow
def test_a_broker_that_restarts_is_found_again_and_keeps_what_it_held(
    tmp_path: Path, name: str
) -> None:
    with Mosquitto(folder=tmp_path) as own, hub(own, name) as link, collar(own, name) as sender:
        assert link.wait_connected(10.0)
        sender.send(b"before")
        (before,) = batches(link, 1)
        sender.drain(10.0)
        own.stop()
        until(lambda: not link.healthy().connected)
        with pytest.raises(DeliveryError, match="no connection to the broker"):
            link.publish(Publication(topic=f"{name}/x", payload=b""))
        own.start()
        assert link.wait_connected(20.0)
        (again,) = batches(link, 1)
        link.acknowledge([again])
        sender.send(b"after")
        (after,) = batches(link, 1)
        link.acknowledge([after])

        assert before.payload == again.payload == b"before"
        assert after.payload == b"after"
        assert link.healthy().session_present


@pytest.mark.slow
def test_a_session_that_the_broker_lost_is_counted(tmp_path: Path, name: str) -> None:
    settings = {"persistence": "false"}
    with Mosquitto(folder=tmp_path, settings=settings) as own, hub(own, name) as link:
        assert link.wait_connected(10.0)
        own.kill()
        until(lambda: not link.healthy().connected)
        own.start()
        until(lambda: link.healthy().counts.get("session_lost") == 1, within_s=20.0)


@pytest.mark.slow
def test_a_broker_that_is_not_there_yet_is_waited_for(tmp_path: Path, name: str) -> None:
    own = Mosquitto(folder=tmp_path)
    with hub(own, name) as link:
        until(lambda: "nothing answers" in link.healthy().last_error)
        with own:
            assert link.wait_connected(20.0)
            assert link.healthy().last_error == ""


class Doorkeeper:
    """A broker that lets anybody in and then refuses the last of what they subscribe to."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._socket.getsockname()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(10.0)
        self._socket.close()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection, connection.makefile("rb") as stream:
            while header := stream.read(2):
                # Every packet of this test is shorter than 16 KiB: two bytes of length at most.
                length = header[1]
                if length >= 128:
                    length += 128 * (stream.read(1)[0] - 1)
                body = stream.read(length)
                if header[0] == 0x10:
                    connection.sendall(bytes.fromhex("2003000000"))
                if header[0] == 0x82:
                    connection.sendall(b"\x90\x07" + body[:2] + bytes.fromhex("0001010187"))


@pytest.mark.slow
def test_a_refused_subscription_is_reported(name: str) -> None:
    """0x87 is "not authorised"; without a look at it the hub would wait for ever."""
    with Doorkeeper() as keeper, hub(keeper, name) as link:
        assert link.wait_connected(10.0)
        until(lambda: link.healthy().refused)

        assert link.healthy().refused == {"homeassistant/status": "Not authorized"}


def test_a_publication_arrives_or_says_why_not(
    any_broker: Broker, name: str, watcher: list[tuple[str, bytes]]
) -> None:
    with hub(any_broker, name) as link:
        assert link.wait_connected(10.0)
        link.publish(Publication(topic=f"{name}/dogs/rex/state", payload=b"{}", retain=True))
        until(lambda: (f"{name}/dogs/rex/state", b"{}") in watcher)

        with pytest.raises(RejectedError, match="cannot be published"):
            link.publish(Publication(topic=f"{name}/+/state", payload=b""))


@pytest.mark.slow
def test_a_collar_waits_for_a_broker_and_gives_up_in_time(tmp_path: Path, name: str) -> None:
    own = Mosquitto(folder=tmp_path)
    with collar(own, name) as sender:
        with pytest.raises(DeliveryError, match="0 messages unanswered"):
            sender.send(b"nobody is there", timeout_s=0.1)
        with own:
            sender.send(b"somebody is there")
            sender.drain(20.0)

    assert sender.refused == 0
    assert sender.sent >= 1


@pytest.mark.slow
def test_batches_keep_their_order_while_a_connection_comes_up(tmp_path: Path, name: str) -> None:
    """What waits in the client when it does is sent by another thread, after its callback.

    Ten batches are sent before there is a broker, as far as that goes, and five in the callback.
    """
    own = Mosquitto(folder=tmp_path)
    payloads = [str(number).encode() for number in range(15)]
    listening, connecting, all_sent = (threading.Event() for _ in range(3))
    with collar(own, name) as sender:
        tell = sender._client.on_connect
        assert tell is not None

        def tell_slowly(*arguments: Any) -> None:  # noqa: ANN401 (paho's)
            listening.wait(30.0)
            tell(*arguments)
            connecting.set()
            all_sent.wait(10.0)

        def send_all() -> None:
            for payload in payloads:
                if payload == b"10":
                    connecting.wait(30.0)
                sender.send(payload)
            all_sent.set()

        sender._client.on_connect = tell_slowly
        sending = threading.Thread(target=send_all)
        sending.start()
        with own, hub(own, name) as link:
            assert link.wait_connected(10.0)
            listening.set()
            received = batches(link, len(payloads), 30.0)
            sending.join()

    assert [each.payload for each in received] == payloads
