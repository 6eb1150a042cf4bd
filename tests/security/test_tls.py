"""Off the machine the broker is spoken to with TLS, and only if it can prove who it is."""

import http.client
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.mqtt.embedded_broker import free_port
from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings, wait_until
from simulators.testing.servers import Mosquitto
from tests.security.harness.certificates import Authority

pytestmark = [pytest.mark.broker, pytest.mark.slow]
HERE = "DNS:localhost,IP:127.0.0.1"


@dataclass(frozen=True)
class Encrypted:
    """A broker with a certificate, whom to trust, and whom not to."""

    port: int
    ca_file: Path
    other_ca_file: Path


@pytest.fixture(scope="module")
def certified(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encrypted]:
    """Start a broker whose certificate is good."""
    assert broker.pid
    folder = tmp_path_factory.mktemp("tls")
    ca, other = Authority(folder=folder, name="home"), Authority(folder=folder, name="other")
    server = Mosquitto(folder=folder / "good", settings=ca.sign("good", HERE))
    with server:
        yield Encrypted(server.port, ca.file, other.file)


def household(folder: Path, port: int) -> DaemonHarness:
    return DaemonHarness(folder, DaemonHarnessSettings(name="tls", broker_port=port))


def broker_finding(home: DaemonHarness) -> dict[str, str]:
    """Return what the doctor says of the broker."""
    done = home.run("doctor", "--json")
    (finding,) = [each for each in json.loads(done.stdout) if each["subject"] == "broker"]
    return dict(finding)


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch, certified: Encrypted) -> Encrypted:
    """Return the broker, the environment asking for TLS and trusting its authority."""
    monkeypatch.setenv("SPRYHOUND_MQTT__TLS", "true")
    monkeypatch.setenv("SPRYHOUND_MQTT__CA_FILE", str(certified.ca_file))
    return certified


def test_a_broker_with_a_good_certificate_is_spoken_to(tmp_path: Path, trusting: Encrypted) -> None:
    with household(tmp_path, trusting.port) as home:
        assert broker_finding(home)["outcome"] == "ok"


def test_a_broker_of_an_unknown_authority_is_refused_readably(
    tmp_path: Path, trusting: Encrypted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the doctor and by the daemon, which goes on trying and never speaks in the clear."""
    monkeypatch.setenv("SPRYHOUND_MQTT__CA_FILE", str(trusting.other_ca_file))
    said = "its certificate is signed by an authority that mqtt.ca_file does not name"
    with household(tmp_path, trusting.port) as home:
        finding = broker_finding(home)
        home.start()

        assert finding["outcome"] == "failed"
        assert said in finding["text"]
        assert wait_until(lambda: said in home.log, 20.0), home.log
        assert "mqtt_connected" not in home.log


@pytest.mark.parametrize(
    ("names", "days", "said"),
    [
        (HERE, -1, "its certificate has expired"),
        ("DNS:broker.example", 2, "its certificate is for another address than mqtt.host"),
    ],
    ids=["expired", "another name"],
)
def test_a_certificate_that_is_not_good_is_refused_readably(
    tmp_path: Path, trusting: Encrypted, names: str, days: int, said: str
) -> None:
    ca = Authority(folder=tmp_path / "ca", name="home")
    server = Mosquitto(folder=tmp_path / "bad", settings=ca.sign("bad", names, days))
    assert trusting.ca_file.exists()
    with pytest.MonkeyPatch.context() as patch, server:
        patch.setenv("SPRYHOUND_MQTT__CA_FILE", str(ca.file))
        with household(tmp_path / "home", server.port) as home:
            assert said in broker_finding(home)["text"]


@pytest.mark.usefixtures("trusting")
def test_a_broker_without_tls_is_not_spoken_to_in_the_clear(
    tmp_path: Path, broker: Mosquitto
) -> None:
    with household(tmp_path, broker.port) as home:
        assert "does not speak TLS" in broker_finding(home)["text"]


def test_a_broker_with_tls_is_no_good_without_it(tmp_path: Path, certified: Encrypted) -> None:
    with household(tmp_path, certified.port) as home:
        finding = broker_finding(home)

    assert finding["outcome"] == "failed"
    assert "mqtt.tls" in finding["advice"]


def test_the_page_speaks_https_with_a_certificate(
    tmp_path: Path, broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its cookies are for HTTPS only then."""
    ca, port = Authority(folder=tmp_path / "ca", name="home"), free_port()
    files = ca.sign("page", HERE)
    monkeypatch.setenv("SPRYHOUND_WEB__ENABLED", "true")
    monkeypatch.setenv("SPRYHOUND_WEB__PORT", str(port))
    monkeypatch.setenv("SPRYHOUND_WEB__CERT_FILE", files["certfile"])
    monkeypatch.setenv("SPRYHOUND_WEB__KEY_FILE", files["keyfile"])
    with household(tmp_path / "home", broker.port) as home:
        home.start()
        trust = ssl.create_default_context(cafile=ca.file)
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=trust)
        connection.request("GET", "/")
        answer = connection.getresponse()
        connection.close()

    assert answer.status == 200
    assert "secure" in (answer.headers["set-cookie"] or "").lower()
