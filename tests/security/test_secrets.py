"""No secret is printed, published, shown, stored or seen from outside, whatever goes wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.mqtt.embedded_broker import free_port
from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings, wait_until
from simulators.testing.sample_recording import write_story
from tests.security.harness.echo import echo
from tests.security.harness.homes import Home
from tests.security.harness.processes import command_lines
from tests.security.harness.visitors import Visitor

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(180)]
WRONG_MQTT = "hush-mqtt-51f0a7"
INFLUX_TOKEN = "hush-token-77c2b1"  # noqa: S105  # opens nothing
INFLUX_PASSWORD = "hush-influx-90ad3e"  # noqa: S105  # opens nothing
NOTIFY = "hush-notify-3b6e4c"
PAGE = "hush-page-c81d55"
GUESS = "hush-guess-a4a4a4"
SECRETS = (WRONG_MQTT, INFLUX_TOKEN, INFLUX_PASSWORD, NOTIFY, PAGE, GUESS)


@dataclass(frozen=True)
class Troubled:
    """A home in which everything that has a secret is refused, and all that was said of it."""

    household: DaemonHarness
    said: dict[str, str]
    mqtt_password: str


def poison() -> list[bytes]:
    """Return messages that lead into every branch of trouble."""
    return [b"", b"\xff", b"{", b'{"seq": 1e999}', b"[" * 5000, b"\xa1", b'{"ack": "no-such"}']


@pytest.fixture(scope="module")
def troubled(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Troubled]:
    """Let a daemon run into errors with secrets everywhere, and keep all that can be read."""
    folder, port = tmp_path_factory.mktemp("troubled"), free_port()
    story = folder / "story.csv"
    write_story(story)
    with echo() as refuser, pytest.MonkeyPatch.context() as patch:
        wanted = DaemonHarnessSettings(
            name="troubled",
            broker_port=home.server.port,
            influx_url=f"http://127.0.0.1:{refuser}",
            notify_urls=(f"json://user:{NOTIFY}@127.0.0.1:{refuser}/{NOTIFY}",),
        )
        for name, value in {
            "MQTT__ROOT": "spryhound/v1",
            "MQTT__USER": "spryhound",
            "MQTT__PASSWORD": WRONG_MQTT,
            "INFLUX__VERSION": "2",
            "INFLUX__TOKEN": INFLUX_TOKEN,
            "WEB__ENABLED": "true",
            "WEB__PORT": str(port),
            "WEB__PASSWORD": PAGE,
        }.items():
            patch.setenv(f"SPRYHOUND_{name}", value)
        with DaemonHarness(folder / "home", wanted) as household:
            said = {"doctor, wrong password": _doctor(household)}
            household.start()
            assert wait_until(lambda: "mqtt_not_connected" in household.log, 20.0)
            household.kill()
            patch.setenv("SPRYHOUND_MQTT__PASSWORD", home.passwords["spryhound"])
            household.start()
            said |= _live(home, household, story, port)
            patch.setenv("SPRYHOUND_INFLUX__VERSION", "1")
            patch.setenv("SPRYHOUND_INFLUX__USER", "spryhound")
            patch.setenv("SPRYHOUND_INFLUX__PASSWORD", INFLUX_PASSWORD)
            said["doctor, InfluxDB 1"] = _doctor(household)
            household.terminate(within_s=10.0)
            said["log"] = household.log
            yield Troubled(household, said, home.passwords["spryhound"])


def _live(home: Home, household: DaemonHarness, story: Path, port: int) -> dict[str, str]:
    """Play an alert that cannot be delivered, send poison, and listen to everything."""
    with home.connected("spryhound") as speaks:
        for topic in ("collars/red/acceleration", "collars/red/status", "dogs/rex/command"):
            for message in poison():
                speaks.publish(f"spryhound/v1/{topic}", message, qos=1).wait_for_publish(10.0)
    played = household.run("replay", "--publish", str(story), within_s=90.0)
    owner = Visitor(port=port)
    owner.log_in(GUESS)
    owner.log_in(PAGE)

    def tried() -> bool:
        followers = owner.ask("/system").body
        return followers.count("times in a row") + followers.count("given up") >= 2

    assert wait_until(tried, 60.0), household.log
    pages = ("/", "/alerts", "/system", "/metrics", "/nowhere", "/static/no", "/login", "/health")
    health = home.last_heard("spryhound/v1/hub/health")
    assert "follower" in health
    return {
        "replay": played.stdout + played.stderr,
        "doctor": _doctor(household, "--notify"),
        "hub/health": health,
        "all that is retained": home.last_heard("#", most=100),
        "pages": "".join(owner.ask(path).body for path in pages),
        "process list": "\n".join(command_lines()),
    }


def _doctor(household: DaemonHarness, *more: str) -> str:
    told = household.run("doctor", *more), household.run("doctor", "--json", *more)
    assert json.loads(told[1].stdout)
    return "".join(each.stdout + each.stderr for each in told)


def test_trouble_was_had(troubled: Troubled) -> None:
    """Else the silence below would mean nothing."""
    said = troubled.said

    assert "Not authorized" in said["doctor, wrong password"] + said["log"]
    assert "401" in said["doctor"], said["doctor"]
    assert "did not accept" in said["doctor"]
    assert "spryhound run" in said["process list"]
    assert "dogs/rex" in said["all that is retained"]
    assert "login_failed" in said["log"]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_said_anywhere(troubled: Troubled, secret: str) -> None:
    leaks = [place for place, text in troubled.said.items() if secret in text]

    assert leaks == []


def test_the_password_that_was_made_is_said_nowhere_either(troubled: Troubled) -> None:
    leaks = [place for place, text in troubled.said.items() if troubled.mqtt_password in text]

    assert leaks == []


def test_no_secret_is_in_the_store(troubled: Troubled) -> None:
    found = [
        (path.name, secret)
        for path in (troubled.household.folder / "data").iterdir()
        for secret in SECRETS
        if secret.encode() in path.read_bytes()
    ]

    assert found == []


def test_no_exception_was_left_to_itself(troubled: Troubled) -> None:
    assert "Traceback" not in troubled.said["log"]


def test_all_files_are_the_daemons_alone(troubled: Troubled) -> None:
    """With the usual umask, which would let everybody read."""
    files = sorted((troubled.household.folder / "data").rglob("*"))

    assert files
    assert [path.name for path in files if path.stat().st_mode & 0o077] == []
