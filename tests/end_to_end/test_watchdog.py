"""The service manager hears from the daemon only while its main loop gets on."""

import os
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing

import pytest

from ingest.storage import database
from simulators.testing.daemon_harness import DaemonHarness, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(90)]
ALIVE = b"WATCHDOG=1"
BATCH = b'{"seq":0,"boot":1,"t_ms":5000,"clock":"uptime","rate_hz":50,"xyz":[[0,0,1000]]}'


def heard(manager: socket.socket, within_s: float) -> bytes:
    """Return what comes next; empty if nothing does."""
    manager.settimeout(within_s)
    try:
        return manager.recv(64)
    except TimeoutError:
        return b""


def test_a_loop_that_is_stuck_is_not_alive_and_one_that_goes_on_is(
    make_home: Callable[..., DaemonHarness],
) -> None:
    """Another process holds the store, so a packet cannot be stored; other threads live on."""
    home = make_home()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("")
        name: bytes = manager.getsockname()
        environ = {**os.environ, "NOTIFY_SOCKET": os.fsdecode(name).replace("\0", "@", 1)}
        with subprocess.Popen(home.command("run"), env=environ) as daemon:
            try:
                assert heard(manager, 30.0) == b"READY=1"
                assert [heard(manager, 5.0) for _ in range(4)] == [ALIVE] * 4

                with closing(sqlite3.connect(home.database, isolation_level=None)) as other:
                    other.execute("BEGIN IMMEDIATE")
                    assert home.messages.heard("hub/state") == "online"
                    home.messages.say("collars/c1/acceleration", BATCH)
                    assert wait_until(lambda: not heard(manager, 3.0), 20.0)
                    other.execute("ROLLBACK")

                assert heard(manager, 20.0) == ALIVE
            finally:
                daemon.terminate()
    with closing(database.connect(home.database)) as connection:
        assert connection.execute("SELECT count(*) FROM packets").fetchone() == (1,)
