"""What a service manager hears, and that it cannot hold up the daemon."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ingest.app.systemd import ServiceManager


@pytest.fixture
def manager() -> Iterator[socket.socket]:
    """Return a socket that hears what is said to it, at an abstract address of Linux."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as board:
        board.bind("")
        board.settimeout(5.0)
        yield board


def supervisor_at(board: socket.socket) -> ServiceManager:
    """Return a supervisor that was told where to report, as systemd writes it."""
    name: bytes = board.getsockname()
    return ServiceManager({"NOTIFY_SOCKET": os.fsdecode(name).replace("\0", "@", 1)})


def test_ready_alive_and_stopping_are_told_in_the_words_of_sd_notify(
    manager: socket.socket,
) -> None:
    supervisor = supervisor_at(manager)

    supervisor.ready()
    supervisor.alive()
    supervisor.stopping()

    assert [manager.recv(64) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_a_path_is_an_address_too(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as board:
        board.bind(str(tmp_path / "notify"))
        board.settimeout(5.0)
        ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "notify")}).ready()

        assert board.recv(64) == b"READY=1"


def test_without_a_manager_nothing_is_said() -> None:
    with capture_logs() as logged:
        ServiceManager({}).ready()

    assert logged == []


def test_a_manager_that_is_gone_does_not_end_the_daemon_and_is_logged_once(tmp_path: Path) -> None:
    """Service managers are restarted when they are upgraded."""
    supervisor = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")})

    with capture_logs() as logged:
        supervisor.alive()
        supervisor.alive()

    assert [each["event"] for each in logged] == ["service manager not told"]


def test_a_manager_that_does_not_read_does_not_hold_up_the_daemon(manager: socket.socket) -> None:
    """A queue of datagrams is full after some hundreds; a blocking send would never return."""
    supervisor = supervisor_at(manager)

    with capture_logs() as logged:
        for _ in range(5000):
            supervisor.alive()

    assert len(logged) == 1
    assert manager.recv(64) == b"WATCHDOG=1"
