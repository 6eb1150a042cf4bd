"""One recording, four ways: over the air, in process, and with the daemon killed on the way."""

import json
import random
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from threading import Event as Pause
from typing import Any

import pytest

from analysis.model import Minute
from config.machine_settings import Mqtt
from ingest.mqtt.collar_publisher import CollarLink
from ingest.ports import Query
from ingest.recordings.reader import open_recording
from ingest.storage.points import record_of
from ingest.storage.sqlite_store import SqliteStore
from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings, wait_until
from simulators.testing.http_sink import HttpSink

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def in_process(story_csv: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what ``replay --json`` says of the story."""
    wanted = DaemonHarnessSettings(name="in-process", broker_port=1)
    with DaemonHarness(tmp_path_factory.mktemp("in-process"), wanted) as home:
        done = home.run("replay", str(story_csv), "--json", "-")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["recordings"][0]
    return found


def assert_same(home: DaemonHarness, in_process: dict[str, Any]) -> None:
    """Wait until the daemon has heard all; then events and alerts must be those in process."""
    expected = sorted(in_process["events"], key=lambda each: (each["start_s"], each["kind"]))
    assert len(expected) >= 4
    assert len(in_process["alerts"]) == 1

    wait_until(lambda: len(home.events()) >= len(expected), 20.0)

    assert [asdict(event) for event in home.events()] == expected
    assert home.alerts() == in_process["alerts"]
    with SqliteStore(home.database) as store:
        changes = store.read(Query(measurement="alert"))
    assert [point.fields["status"] for point in changes] == ["open"]


def test_a_published_recording_gives_what_it_gives_in_process(
    make_home: Callable[..., DaemonHarness], story_csv: Path, in_process: dict[str, Any]
) -> None:
    home = make_home()
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"

    done = home.run("replay", "--publish", str(story_csv))

    assert done.returncode == 0, done.stderr
    assert_same(home, in_process)


def test_a_daemon_killed_half_way_gives_the_same(
    make_home: Callable[..., DaemonHarness], story_csv: Path, in_process: dict[str, Any]
) -> None:
    """The publication takes five seconds and goes on while the daemon is dead."""
    home = make_home()
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"
    command = home.command("replay", "--publish", "--speed", "90", str(story_csv))
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as publication:
        assert wait_until(lambda: home.n_packets() >= 20, 30.0)
        home.kill()
        n_before = home.n_packets()
        home.start()
        _, complaint = publication.communicate(timeout=60.0)

    assert publication.returncode == 0, complaint
    assert 20 <= n_before < 46
    assert_same(home, in_process)
    assert home.n_packets() == 46


def sent_in_parts(home: DaemonHarness, story_csv: Path, ends: list[int]) -> Iterator[int]:
    """Send the story as its collar would; stop at each end to let things happen."""
    packets = list(open_recording(story_csv).packets("rex-collar"))
    mqtt = Mqtt(port=home.settings.broker_port, root=home.messages.root)
    with CollarLink(mqtt, "rex-collar") as link:
        done = 0
        for end in [*ends, len(packets)]:
            for packet in packets[done:end]:
                link.send(packet.payload, packet.content_type)
            done = end
            yield end
        link.drain(30.0)


def test_ten_kills_at_random_moments_lose_nothing_and_repeat_nothing(
    make_home: Callable[..., DaemonHarness],
    story_csv: Path,
    in_process: dict[str, Any],
    http_catcher: HttpSink,
) -> None:
    """Each kill comes up to 0.2 s after packets were sent, so often in the midst of them."""
    rng = random.Random(42)  # noqa: S311  # dice, not secrets
    home = make_home(notify_urls=(http_catcher.notify_url,))
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"

    ends = sorted(rng.sample(range(1, 46), 10))
    for end in sent_in_parts(home, story_csv, ends):
        if end in ends:
            Pause().wait(rng.uniform(0.0, 0.2))
            home.kill()
            home.start()

    assert_same(home, in_process)
    assert home.n_packets() == 46
    bodies = {told.body for told in http_catcher.wait_for(1, within_s=20.0)}
    assert len(bodies) == 1
    (alert,) = in_process["alerts"]
    assert json.loads(home.messages.heard("dogs/rex/alerts/jumping"))["id"] == alert["id"]
    with SqliteStore(home.database) as store:
        minutes = [record_of(each, Minute) for each in store.read(Query(measurement="minute"))]
    assert [asdict(each) for each in minutes] == in_process["minutes"][: len(minutes)]
    assert len(minutes) >= 7
