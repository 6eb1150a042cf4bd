"""What every notifier promises: a message arrives, or a `DeliveryError` says that it did not."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from analysis.errors import DeliveryError
from ingest.notifications.apprise_notifier import AppriseNotifier
from ingest.ports import Message, Notifier
from simulators.testing.fakes import FakeNotifier
from simulators.testing.http_sink import HttpSink

URGENT = Message(title="Rex jumped", body="Rex jumped 3 times.\nSince 07:10.", severity="urgent")


def json_url(http_url: str) -> str:
    return http_url.replace("http://", "json://maker:hush@") + "/hook-of-mine"


@contextmanager
def deaf_server() -> Iterator[str]:
    """Accept connections (the system does, by the backlog) and never answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as listener:
        yield f"json://127.0.0.1:{listener.getsockname()[1]}/hook-of-mine"


@contextmanager
def dripping_server() -> Iterator[str]:
    """Answer one byte of a header at a time, faster than the read timeout, without an end."""
    stop = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        try:
            yield f"json://127.0.0.1:{listener.getsockname()[1]}/hook-of-mine"
        finally:
            stop.set()
            thread.join()


@pytest.fixture(params=["apprise", "fake"])
def notifier(
    request: pytest.FixtureRequest, http_catcher: HttpSink
) -> tuple[Notifier, Callable[[], list[tuple[str, str]]]]:
    """Return a notifier and what it has delivered so far."""

    def arrived() -> list[tuple[str, str]]:
        bodies = [json.loads(each.body) for each in http_catcher.caught]
        return [(each["title"], each["message"]) for each in bodies]

    if request.param == "fake":
        fake = FakeNotifier()
        return fake, lambda: [(each.title, each.body) for each in fake.sent]
    return AppriseNotifier(json_url(http_catcher.url)), arrived


def test_a_message_arrives_as_it_was_written(
    notifier: tuple[Notifier, Callable[[], list[tuple[str, str]]]],
) -> None:
    sender, arrived = notifier
    sender.send(URGENT)

    assert arrived() == [(URGENT.title, URGENT.body)]


def test_each_message_arrives_once_and_in_order(
    notifier: tuple[Notifier, Callable[[], list[tuple[str, str]]]],
) -> None:
    sender, arrived = notifier
    for i in range(3):
        sender.send(Message(title=f"title {i}", body=f"body {i}", severity="warning"))

    assert arrived() == [(f"title {i}", f"body {i}") for i in range(3)]


@pytest.mark.parametrize(
    ("severity", "kind"), [("watch", "info"), ("warning", "warning"), ("urgent", "failure")]
)
def test_the_severity_becomes_the_type_of_the_message(
    http_catcher: HttpSink, severity: str, kind: str
) -> None:
    """Apprise's types are what its services colour and sort by."""
    sender = AppriseNotifier(json_url(http_catcher.url))
    sender.send(Message(title="t", body="b", severity=severity))

    assert json.loads(http_catcher.caught[0].body)["type"] == kind


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_refusal_names_the_service_and_keeps_its_secrets(
    http_catcher: HttpSink, status: int
) -> None:
    """Neither the password nor the path of the URL may reach a log."""
    http_catcher.answer(status)
    sender = AppriseNotifier(json_url(http_catcher.url), number=2)

    with pytest.raises(DeliveryError, match=r"^notification service 2 \(JSON\)") as caught:
        sender.send(URGENT)

    assert "hush" not in str(caught.value)
    assert "hook-of-mine" not in str(caught.value)
    assert len(http_catcher.caught) == 1


def test_a_refused_message_can_be_sent_again(http_catcher: HttpSink) -> None:
    http_catcher.answer(500)
    sender = AppriseNotifier(json_url(http_catcher.url))
    with pytest.raises(DeliveryError, match="did not accept"):
        sender.send(URGENT)

    sender.send(URGENT)

    assert len(http_catcher.caught) == 2


def test_a_closed_port_is_a_delivery_error() -> None:
    """A port that was just given back by the system listens no more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(DeliveryError, match="did not accept"):
        AppriseNotifier(f"json://127.0.0.1:{port}/").send(URGENT)


def test_a_server_that_never_answers_is_a_delivery_error() -> None:
    with deaf_server() as url, pytest.raises(DeliveryError, match="did not accept"):
        AppriseNotifier(url, timeout_s=0.3).send(URGENT)


@pytest.mark.slow
def test_a_server_that_drips_its_answer_is_a_delivery_error() -> None:
    """Each byte comes within the read timeout; the whole must end all the same."""
    with dripping_server() as url, pytest.raises(DeliveryError, match="did not accept"):
        AppriseNotifier(url, timeout_s=0.3).send(URGENT)
