"""A daemon whose SQLite file was damaged while it was off: it says so and goes on."""

import re
from pathlib import Path

import pytest

from simulators.testing.daemon_harness import DaemonHarness, DaemonHarnessSettings, wait_until
from simulators.testing.servers import Mosquitto

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(120)]


def test_a_daemon_starts_on_a_damaged_store_and_says_it_loudly(
    tmp_path: Path, broker: Mosquitto
) -> None:
    wanted = DaemonHarnessSettings(name="damaged", broker_port=broker.port)
    with DaemonHarness(tmp_path / "home", wanted) as home:
        home.start()
        home.kill()
        content = bytearray(home.database.read_bytes())
        content[:100] = b"\xff" * 100
        home.database.write_bytes(content)

        home.start()
        home.messages.say("collars/rex-collar/acceleration", b"no packet")

        assert wait_until(lambda: "store_rebuilt" in counted(home), 30.0)
        (kept,) = home.database.parent.glob("spryhound.sqlite.damaged-*Z")
        assert kept.read_bytes() == content
        (line,) = re.findall(r".*the store was damaged; it is kept aside.*", home.log)
        assert "error" in line
        assert kept.name in line


def counted(home: DaemonHarness) -> str:
    return home.messages.heard("hub/health")
