"""How the daemon begins and ends, and what everybody else sees of it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.clock import SystemClock
from simulators.testing.daemon_harness import DaemonHarness, wait_until
from simulators.testing.http_sink import HttpSink
from simulators.testing.servers import Influx, Mosquitto

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(90)]
MakeHome = Callable[..., DaemonHarness]


def test_sigterm_ends_it_within_five_seconds_and_it_says_so(make_home: MakeHome) -> None:
    home = make_home()
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"

    code = home.terminate(within_s=5.0)

    assert code == 0, home.log
    assert home.messages.heard("hub/state") == "stopped"


def test_after_a_kill_the_broker_says_offline_and_after_a_restart_online(
    make_home: MakeHome,
) -> None:
    home = make_home()
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"

    home.kill()

    assert home.messages.heard("hub/state", "offline") == "offline"
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"


def test_a_second_daemon_on_the_same_store_refuses_in_one_line(make_home: MakeHome) -> None:
    home = make_home()
    home.start()

    second = home.run("run", within_s=20.0)

    assert second.returncode == 1
    (line,) = second.stderr.splitlines()
    assert "is in use by process" in line
    assert second.stdout == ""
    assert home.is_running()


def test_health_and_state_are_published_at_the_start(make_home: MakeHome) -> None:
    today = datetime.fromtimestamp(SystemClock().now_s(), UTC).date().isoformat()
    home = make_home(plan_start=today)
    home.start()

    health = json.loads(home.messages.heard("hub/health"))
    state = json.loads(home.messages.heard("dogs/rex/state"))

    assert health["last_packet_s"] is None
    assert state["available"] is False
    assert state["plan"]["phase"] == "no jumps"


@pytest.fixture
def own_broker(tmp_path: Path, broker: Mosquitto) -> Mosquitto:
    """Return a broker that may be stopped; its program is here, since the shared one runs."""
    assert broker.port
    return Mosquitto(folder=tmp_path / "own-broker")


def test_a_daemon_may_start_before_its_broker_and_outlive_its_restart(
    own_broker: Mosquitto, make_home: MakeHome, story_csv: Path
) -> None:
    """The broker is stopped while the collar is publishing; what is left comes afterwards."""
    home = make_home(broker_port=own_broker.port)
    home.start()
    with own_broker:
        # Before the daemon has subscribed the broker has nobody to keep packets for.
        assert home.messages.heard("hub/state", "online", within_s=60.0) == "online"
        command = home.beside("replay", "--publish", "--speed", "90", str(story_csv))
        with command as publication:
            assert wait_until(lambda: home.n_packets() >= 10, 30.0), home.log
            own_broker.stop()
            n_before = home.n_packets()
            own_broker.start()
            _, complaint = publication.communicate(timeout=80.0)

        assert publication.returncode == 0, complaint
        assert n_before < 46
        assert wait_until(lambda: home.n_packets() == 46, 60.0), home.log
        assert [each["kind"] for each in home.alerts()] == ["jumping"]


@pytest.mark.influx
@pytest.mark.usefixtures("influx")
def test_the_owner_is_told_at_once_while_influxdb_is_away(
    make_home: MakeHome, tmp_path: Path, http_catcher: HttpSink, story_csv: Path
) -> None:
    server = Influx(folder=tmp_path / "own-influx")
    phone = http_catcher.notify_url
    home = make_home(influx_url=server.url, notify_urls=(phone,))
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"

    home.run("replay", "--publish", str(story_csv))
    http_catcher.wait_for(1, within_s=30.0)
    # The owner hears of the jump before the rest of the story is in.
    assert wait_until(lambda: len(home.points("minute")) >= 7, 30.0), home.log
    n_here = len(home.points("minute"))
    with server:
        assert wait_until(lambda: len(home.points_in_influx("minute")) >= n_here, 60.0), home.log

        assert home.points_in_influx("alert") == home.points("alert")
        assert home.points_in_influx("minute") == home.points("minute")
    assert len(home.points("alert")) == 1
