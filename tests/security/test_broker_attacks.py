"""What a collar that was found in the street, or anybody in the network, may try at the broker."""

import queue
import threading

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.security.harness.homes import WITHIN_S, Home

pytestmark = pytest.mark.broker
V1 = "spryhound/v1"
OWN_COMMAND = f"{V1}/collars/red/command"
NOT_FOR_RED = (
    f"{V1}/collars/blue/command",
    f"{V1}/collars/blue/acceleration",
    f"{V1}/collars/red/acceleration",
    f"{V1}/dogs/rex/state",
    f"{V1}/dogs/rex/command",
    f"{V1}/hub/state",
    "homeassistant/device/spryhound_rex/config",
)


@pytest.mark.parametrize(
    "asked",
    [("#",), ("$SYS/#",), ("$share/all/#",), ("+/+/+/+/+", "+/+/+/+", "homeassistant/#")],
    ids=["all", "the broker's own", "shared", "by levels"],
)
def test_a_collar_hears_its_own_command_and_nothing_else(
    home: Home, asked: tuple[str, ...]
) -> None:
    """However it asks. Retained messages are there before it comes, others come after it."""
    heard: queue.Queue[str] = queue.Queue()
    with home.connected("spryhound") as daemon:
        for topic in NOT_FOR_RED:
            daemon.publish(topic, b"kept", qos=1, retain=True).wait_for_publish(WITHIN_S)
        with home.connected("red", heard, listen=(*asked, OWN_COMMAND)):
            for topic in NOT_FOR_RED:
                daemon.publish(topic, b"now", qos=1).wait_for_publish(WITHIN_S)
            daemon.publish(OWN_COMMAND, b"buzz", qos=1).wait_for_publish(WITHIN_S)
            assert heard.get(timeout=WITHIN_S) == OWN_COMMAND
        for topic in NOT_FOR_RED:
            daemon.publish(topic, b"", qos=1, retain=True).wait_for_publish(WITHIN_S)

    rest = list(heard.queue)
    assert set(rest) <= {OWN_COMMAND}


def test_a_last_will_is_bound_by_the_same_rules(home: Home) -> None:
    """A will is published by the broker itself, after the collar has gone."""
    heard: queue.Queue[str] = queue.Queue()
    with home.connected("spryhound", heard, listen=f"{V1}/#"):
        for topic in (f"{V1}/dogs/rex/state", f"{V1}/collars/red/status"):
            gone, dying = threading.Event(), home.client("red")
            dying.will_set(topic, b"last will", qos=1)
            dying.on_connect = lambda *_, gone=gone: gone.set()
            dying.connect(home.server.host, home.server.port)
            dying.loop_start()
            assert gone.wait(WITHIN_S)
            dying.loop_stop()
            sock = dying.socket()
            assert sock is not None
            sock.close()

        assert heard.get(timeout=WITHIN_S) == f"{V1}/collars/red/status"
    assert heard.empty()


def test_a_refused_publication_is_said_to_be_refused(home: Home) -> None:
    """So that a collar that was set up wrongly does not look well (MQTT 5 reason 135)."""
    reasons: queue.Queue[int] = queue.Queue()
    with home.connected("red") as red:
        red.on_publish = lambda *said: reasons.put(said[3].value)
        red.publish(f"{V1}/collars/blue/acceleration", b"x", qos=1)

        assert reasons.get(timeout=WITHIN_S) == 0x87
        red.publish(f"{V1}/collars/red/acceleration", b"x", qos=1)
        assert reasons.get(timeout=WITHIN_S) in {0x00, 0x10}


def test_a_message_beyond_the_limit_ends_the_connection(home: Home) -> None:
    """Of 300,000 bytes; a batch has at most 262,144."""
    gone = threading.Event()
    with home.connected("red") as red:
        red.on_disconnect = lambda *_: gone.set()
        red.publish(f"{V1}/collars/red/acceleration", bytes(262_144), qos=1).wait_for_publish(
            WITHIN_S
        )
        assert not gone.is_set()

        red.publish(f"{V1}/collars/red/acceleration", bytes(400_000), qos=1)

        assert gone.wait(WITHIN_S)


def test_what_waits_for_the_daemon_is_not_handed_to_another_user(home: Home) -> None:
    """Whoever connects under the daemon's name is let in, yet hears nothing that waited.

    Mosquitto ties no name to a user. `spryhound init` therefore makes up a name that nobody
    guesses; see docs/threat-model.md.
    """
    session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    session.SessionExpiryInterval = 60
    daemon = home.client("spryhound", "known-name")
    subscribed, heard = threading.Event(), queue.Queue[str]()
    daemon.on_subscribe = lambda *_: subscribed.set()
    daemon.connect(home.server.host, home.server.port, clean_start=False, properties=session)
    daemon.loop_start()
    daemon.subscribe(f"{V1}/collars/+/acceleration", 1)
    assert subscribed.wait(WITHIN_S)
    daemon.disconnect()
    daemon.loop_stop()
    with home.connected("blue") as blue:
        blue.publish(f"{V1}/collars/blue/acceleration", b"x", qos=1).wait_for_publish(WITHIN_S)

    thief = home.client("red", "known-name")
    thief.on_message = lambda *said: heard.put(said[2].topic)
    thief.on_connect = lambda client, *_: client.subscribe(OWN_COMMAND, 1)
    thief.connect(home.server.host, home.server.port, clean_start=False, properties=session)
    thief.loop_start()
    with home.connected("spryhound") as speaks:
        assert _comes(heard, lambda: speaks.publish(OWN_COMMAND, b"x", qos=1)) == OWN_COMMAND
    thief.disconnect()
    thief.loop_stop()


def _comes(heard: "queue.Queue[str]", say: object) -> str:
    """Return what is heard first, saying something again until it is."""
    assert callable(say)
    for _ in range(100):
        say()
        try:
            return heard.get(timeout=0.1)
        except queue.Empty:
            continue
    pytest.fail("nothing was heard")
