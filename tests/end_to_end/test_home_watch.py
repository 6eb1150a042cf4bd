"""That an alert may not reach the owner is an alert itself: on the real daemon and broker."""

import json
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from simulators.testing.daemon_harness import DaemonHarness, wait_until
from simulators.testing.http_sink import HttpSink

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(90)]
QUICK = """\
silent_watch_min = 0.05
silent_warning_min = 0.1
unsent_watch_min = 0.05
unsent_warning_min = 0.1
disk_watch = 1.0
disk_warning = 1.0
"""

LESS_THAN_A_PAGE = 3000


def kinds(home: DaemonHarness) -> set[str]:
    """Return the kinds of alert that are on."""
    return {each["kind"] for each in home.alerts() if each["status"] != "resolved"}


def severity_of(home: DaemonHarness, kind: str) -> str:
    """Return how severe the alert of a kind is; empty if there is none."""
    return next((each["severity"] for each in home.alerts() if each["kind"] == kind), "")


def test_silence_is_told_and_its_end_and_both_outlive_a_kill(
    make_home: Callable[..., DaemonHarness], http_catcher: HttpSink, story_csv: Path
) -> None:
    """Six seconds stand for two hours."""
    home = make_home(notify_urls=(http_catcher.notify_url,), watch=QUICK)
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"
    home.run("replay", "--publish", str(story_csv))

    assert wait_until(lambda: "no_data" in kinds(home), 40.0), home.log
    told = [json.loads(each.body)["title"] for each in http_catcher.wait_for(2, within_s=40.0)]
    assert any(each.startswith("Rex: no data") for each in told)
    home.kill()
    home.start()
    assert "no_data" in kinds(home)
    (silent,) = [each for each in home.alerts() if each["kind"] == "no_data"]
    retained = json.loads(home.messages.heard("dogs/rex/alerts/no_data"))
    assert retained["id"] == silent["id"]
    assert retained["do"].startswith("Look at Rex first.")


def test_an_outbox_that_cannot_be_delivered_is_an_alert(
    make_home: Callable[..., DaemonHarness], story_csv: Path
) -> None:
    """Nobody listens at the database's address; the page and the broker can still say so."""
    home = make_home(influx_url="http://127.0.0.1:9", watch=QUICK)
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"
    home.run("replay", "--publish", str(story_csv))

    assert wait_until(lambda: "outbox_stuck" in kinds(home), 40.0), home.log
    retained = json.loads(home.messages.heard("dogs/rex/alerts/outbox_stuck"))
    assert retained["title"].startswith("Spryhound: ")


def test_a_full_disk_is_an_alert(make_home: Callable[..., DaemonHarness], story_csv: Path) -> None:
    """Every disk is more than a ten-thousandth full; one that may be full is no alert."""
    full = make_home(watch="disk_watch = 0.0001\ndisk_warning = 0.0002")
    full.start()
    assert full.messages.heard("hub/state", "online") == "online"
    full.run("replay", "--publish", str(story_csv))

    assert wait_until(lambda: kinds(full) == {"jumping", "disk_full"}, 40.0), full.log


def test_what_the_owner_noted_explains_a_silence(
    make_home: Callable[..., DaemonHarness], story_csv: Path
) -> None:
    """From the command line through the daemon to the broker; without the note it is a warning."""
    noted, plain = (make_home(watch=QUICK) for _ in range(2))
    for home in (noted, plain):
        home.start()
        assert home.messages.heard("hub/state", "online") == "online"
    done = noted.run("log", "circumstance", "boarding")
    assert done.returncode == 0, done.stderr
    for home in (noted, plain):
        home.run("replay", "--publish", str(story_csv))

    assert wait_until(lambda: "no_data" in kinds(noted), 40.0), noted.log
    assert wait_until(lambda: severity_of(plain, "no_data") == "warning", 40.0), plain.log
    explained = json.loads(noted.messages.heard("dogs/rex/alerts/no_data"))
    assert explained["severity"] == "watch"
    assert explained["noted"].startswith("You noted a stay away from home.")
    assert severity_of(noted, "no_data") == "watch"


def test_a_store_that_was_damaged_and_rebuilt_is_told(
    make_home: Callable[..., DaemonHarness], http_catcher: HttpSink, story_csv: Path
) -> None:
    """Its first page is overwritten while nobody runs; told with the first packets after that."""
    home = make_home(notify_urls=(http_catcher.notify_url,))
    home.start()
    assert home.terminate(within_s=10.0) == 0
    content = home.database.read_bytes()
    home.database.write_bytes(b"\xff" * 4096 + content[4096:])

    home.start()
    assert home.messages.heard("hub/state", "online") == "online"
    assert "store_rebuilt" not in kinds(home)
    home.run("replay", "--publish", str(story_csv))

    assert wait_until(lambda: severity_of(home, "store_rebuilt") == "warning", 40.0), home.log
    told = [json.loads(each.body)["title"] for each in http_catcher.wait_for(2, within_s=40.0)]
    assert "Spryhound: its store was damaged, and was rebuilt" in told


def test_a_disk_that_takes_nothing_is_told_past_the_store_and_nothing_is_lost(
    make_home: Callable[..., DaemonHarness], http_catcher: HttpSink, story_csv: Path
) -> None:
    """No file of the daemon can hold a page of the store; then there is room again."""
    watch = "disk_watch = 1.0\ndisk_warning = 1.0\nrefused_warning_min = 0.01"
    home = make_home(notify_urls=(http_catcher.notify_url,), watch=watch)
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"
    _, hard = resource.prlimit(home.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(home.pid, resource.RLIMIT_FSIZE, (LESS_THAN_A_PAGE, hard))
    home.run("replay", "--publish", str(story_csv))

    (refusing,) = http_catcher.wait_for(1, within_s=40.0)
    assert json.loads(refusing.body)["title"].startswith("Spryhound: nothing can be stored")
    assert home.n_packets() == 0
    resource.prlimit(home.pid, resource.RLIMIT_FSIZE, (hard, hard))

    told = [json.loads(each.body) for each in http_catcher.wait_for(3, within_s=40.0)]
    assert "Everything can be stored again." in " ".join(each["message"] for each in told)
    assert wait_until(lambda: "jumping" in kinds(home), 40.0), home.log
