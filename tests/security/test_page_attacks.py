"""The page of a running daemon that was opened to the network, attacked over real sockets."""

import base64
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.mqtt.embedded_broker import free_port
from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings, wait_until
from simulators.testing.servers import Mosquitto
from tests.security.harness.processes import listening
from tests.security.harness.visitors import Answer, Visitor

pytestmark = [pytest.mark.broker, pytest.mark.slow]
PASSWORD = "correct horse battery"  # noqa: S105  # of nobody
PAGES = (
    "/",
    "/dogs/rex",
    "/alerts",
    "/alerts/x",
    "/system",
    "/metrics",
    "/nowhere",
    "//",
    "/LOGIN",
)


@dataclass(frozen=True)
class Opened:
    """A home whose page is open to the network, and its owner, who is logged in."""

    home: DaemonHarness
    port: int
    owner: Visitor


@pytest.fixture(scope="module")
def opened(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Start a daemon that listens everywhere."""
    folder, port = tmp_path_factory.mktemp("opened"), free_port()
    with _household(folder, broker) as home:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SPRYHOUND_WEB__ENABLED", "true")
            patch.setenv("SPRYHOUND_WEB__HOST", "0.0.0.0")  # noqa: S104  # that is what is tried
            patch.setenv("SPRYHOUND_WEB__PORT", str(port))
            patch.setenv("SPRYHOUND_WEB__PASSWORD", PASSWORD)
            home.start()
        owner = Visitor(port=port)
        assert owner.log_in(PASSWORD).status == 303
        yield Opened(home, port, owner)
        assert "Traceback" not in home.log
        assert "page_broken" not in home.log


def _household(folder: Path, broker: Mosquitto) -> DaemonHarness:
    return DaemonHarness(folder, DaemonHarnessSettings(name=folder.name, broker_port=broker.port))


def says_nothing_of_the_dog(answer: Answer) -> bool:
    return "Rex" not in answer.body and "spryhound_" not in answer.body


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_is_shown_or_done_without_a_login(opened: Opened, path: str, method: str) -> None:
    stranger = Visitor(port=opened.port, address="127.0.0.2")

    answer = stranger.ask(path, method=method)

    assert answer.status in {303, 401, 429}
    assert says_nothing_of_the_dog(answer)


@pytest.mark.parametrize("path", ["/", "/dogs/rex", "/alerts", "/system", "/metrics"])
def test_the_owner_sees_it_after_a_login(opened: Opened, path: str) -> None:
    answer = opened.owner.ask(path)

    assert answer.status == 200
    assert not says_nothing_of_the_dog(answer) or path in {"/alerts", "/system"}


def test_health_is_open_and_says_nothing_of_the_dog(opened: Opened) -> None:
    answer = Visitor(port=opened.port, address="127.0.0.3").ask("/health")

    assert answer.status == 200
    assert says_nothing_of_the_dog(answer)


@pytest.mark.parametrize(
    "session",
    [
        "",
        ".",
        "9999999999.",
        "9999999999." + "0" * 64,
        "9999999999.é",
        "x" * 4000,
        "-1.0",
        "nan.nan",
    ],
)
def test_a_made_up_session_is_none(opened: Opened, session: str) -> None:
    forger = Visitor(port=opened.port, address="127.0.0.4")
    forger.cookies["spryhound_session"] = session.encode().decode("latin-1")

    assert forger.ask("/").status in {303, 429}


def test_a_session_cannot_be_made_longer(opened: Opened) -> None:
    end, _, seal = opened.owner.cookies["spryhound_session"].partition(".")
    forger = Visitor(port=opened.port, address="127.0.0.5")
    forger.cookies["spryhound_session"] = f"{int(end) + 1}.{seal}"

    assert forger.ask("/").status == 303


def test_the_password_cannot_be_guessed_and_the_owner_is_not_locked_out(opened: Opened) -> None:
    """Ten tries; then not even the right one is looked at, for that address alone."""
    guesser = Visitor(port=opened.port, address="127.0.0.6")
    token = guesser.token()

    def guess(password: str) -> Answer:
        form = {"token": token, "password": password, "to": "/"}
        return guesser.ask("/login", method="POST", form=form)

    tried = [guess(f"guess number {number}").status for number in range(11)]
    right = guess(PASSWORD)
    by_basic = guesser.ask("/metrics", headers={"authorization": "Basic " + _basic(PASSWORD)})

    assert tried == [403] * 10 + [429]
    assert right.status == 429
    assert int(right.headers["retry-after"]) >= 1
    assert by_basic.status == 401
    assert "spryhound_session" not in guesser.cookies
    assert opened.owner.ask("/").status == 200
    assert Visitor(port=opened.port, address="127.0.0.7").log_in(PASSWORD).status == 303


def test_prometheus_says_the_password_with_each_request(opened: Opened) -> None:
    prometheus = Visitor(port=opened.port, address="127.0.0.8")

    def scrape(credentials: str) -> Answer:
        return prometheus.ask("/metrics", headers={"authorization": f"Basic {credentials}"})

    assert "spryhound_queue_depth" in scrape(_basic(PASSWORD)).body
    for wrong in ("", "!", _basic("wrong"), "/w=="):
        answer = scrape(wrong)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")


def _basic(password: str) -> str:
    return base64.b64encode(f"prometheus:{password}".encode()).decode()


def test_who_asks_without_end_is_slowed_down_alone(opened: Opened) -> None:
    """120 requests at once and four a second; nobody sends 200 within twenty seconds by hand."""
    flood = Visitor(port=opened.port, address="127.0.0.9")

    statuses = [flood.ask("/health").status for _ in range(200)]

    assert statuses.count(429) > 0
    assert opened.owner.ask("/").status == 200


@pytest.mark.parametrize(
    ("headers", "with_token"),
    [
        ({"origin": "http://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({}, False),
    ],
)
@pytest.mark.parametrize("path", ["/alerts/x/ack", "/alerts/x/false-alarm", "/logout", "/login"])
def test_another_site_cannot_act_for_the_owner(
    opened: Opened, path: str, headers: dict[str, str], *, with_token: bool
) -> None:
    """The browser would send the owner's cookies along; without them it is 404, not 403."""
    owner = opened.owner
    token = owner.cookies["spryhound_token"] if with_token else ""

    answer = owner.ask(path, method="POST", form={"token": token}, headers=headers)

    assert answer.status == 403
    assert owner.ask("/").status == 200
    assert opened.home.points("alert") == []


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "/\r\nx: y"]
)
def test_a_login_never_leads_elsewhere(opened: Opened, to: str) -> None:
    visitor = Visitor(port=opened.port, address="127.0.0.10")

    assert visitor.log_in(PASSWORD, to).headers["location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        b"/static/../../server.py",
        b"/static/..%2f..%2fserver.py",
        b"/static/%2e%2e/%2e%2e/server.py",
        b"/static/..%5c..%5cserver.py",
        b"/static//etc/passwd",
        b"/static/%2fetc%2fpasswd",
        b"/static/page.css%00.html",
        b"/static/" + b"a" * 5000,
        b"/static/%ff%fe",
        b"/static/",
        b"/alerts/..%2f..%2fetc%2fpasswd",
        b"/dogs/%00",
        b"/dogs/%2e%2e%2f%2e%2e%2f",
        b"http://evil.example/static/page.css",
    ],
)
def test_no_path_leads_out_of_what_is_served(opened: Opened, path: bytes) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in opened.owner.cookies.items())
    head = b"GET " + path + b" HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: "

    said = opened.owner.shout(head + cookie.encode() + b"\r\n\r\n")

    assert said.split()[1] in {b"303", b"400", b"404", b"421"}
    assert b"root:" not in said
    assert b"uvicorn" not in said


POST = b"POST /login HTTP/1.1\r\nhost: localhost\r\n"
GET = b"GET / HTTP/1.1\r\nhost: localhost\r\n"
ODD = {
    "header": (GET + b"x: " + b"a" * 200_000, b"400"),
    "path": (b"GET /" + b"a" * 200_000, b"400"),
    "body": (POST + b"content-length: 1000000000\r\n\r\n", b"413"),
    "long number": (POST + b"content-length: " + b"9" * 20 + b"\r\n\r\n", b"413"),
    "negative": (POST + b"content-length: -1\r\n\r\n", b"400"),
    "two lengths": (
        POST + b"content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"411",
    ),
    "two hosts": (GET + b"host: evil.example\r\n\r\n", b"400"),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", b"400"),
    "version": (b"GET / HTTP/x\r\nhost: localhost\r\n\r\n", b"400"),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100), b"400"),
    "foreign host": (b"GET / HTTP/1.1\r\nhost: evil.example\r\n\r\n", b"421"),
    "zero": (GET + b"x: a\x00b\r\n\r\n", b"400"),
}


@pytest.mark.parametrize(("raw", "status"), ODD.values(), ids=ODD)
def test_oversized_and_odd_requests_are_refused(opened: Opened, raw: bytes, status: bytes) -> None:
    said = Visitor(port=opened.port, address="127.0.0.11").shout(raw)

    assert said == b"" or said.split()[1] == status


def test_a_body_without_an_end_is_not_read_for_ever(opened: Opened) -> None:
    """None of 64 MiB in pieces is looked at."""
    visitor, n_sent = Visitor(port=opened.port, address="127.0.0.12"), 0
    head = b"POST /login HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
    with visitor.open() as connection:
        connection.sendall(head)
        try:
            while n_sent < 64 * 16:
                connection.sendall(b"10000\r\n" + bytes(65_536) + b"\r\n")
                n_sent += 1
        except OSError:
            pass

    assert opened.owner.ask("/").status == 200
    assert n_sent < 64 * 16


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "said", [b"", b"GET / HTTP/1.1\r\nhost: localhost\r\nx: "], ids=["mute", "slow"]
)
def test_connections_that_keep_us_waiting_are_ended(opened: Opened, said: bytes) -> None:
    """130 of them, more than are served at once; the owner gets through after ten seconds."""
    visitor = Visitor(port=opened.port, address="127.0.0.13")
    slow: list[socket.socket] = []
    try:
        for _ in range(130):
            connection = visitor.open()
            connection.sendall(said)
            slow.append(connection)

        assert wait_until(lambda: _is_served(opened.owner), 30.0)
        assert wait_until(lambda: all(_is_ended(each) for each in slow[:20]), 30.0)
    finally:
        for each in slow:
            each.close()


def _is_served(owner: Visitor) -> bool:
    try:
        return owner.ask("/").status == 200
    except OSError:
        return False


def _is_ended(connection: socket.socket) -> bool:
    connection.settimeout(0.01)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.mark.parametrize(
    ("password", "said"), [("", "expected one"), ("eleven char", "at least 12")]
)
def test_the_page_is_not_opened_without_a_good_password(
    tmp_path: Path, broker: Mosquitto, monkeypatch: pytest.MonkeyPatch, password: str, said: str
) -> None:
    monkeypatch.setenv("SPRYHOUND_WEB__ENABLED", "true")
    monkeypatch.setenv("SPRYHOUND_WEB__HOST", "0.0.0.0")  # noqa: S104  # that is what is tried
    monkeypatch.setenv("SPRYHOUND_WEB__PORT", str(free_port()))
    monkeypatch.setenv("SPRYHOUND_WEB__PASSWORD", password)
    with _household(tmp_path, broker) as home:
        done = home.run("run", within_s=30.0)

    assert done.returncode == 2
    assert "web.password" in done.stderr
    assert said in done.stderr
    assert not password or password not in done.stderr


def test_by_default_nothing_listens_beyond_this_machine(
    tmp_path: Path, broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel has it: every listening socket of the daemon is on 127.0.0.1."""
    port = free_port()
    monkeypatch.setenv("SPRYHOUND_WEB__ENABLED", "true")
    monkeypatch.setenv("SPRYHOUND_WEB__PORT", str(port))
    with _household(tmp_path, broker) as home:
        home.start()
        found = listening(home.pid)

    assert found == {f"127.0.0.1:{port}"}
