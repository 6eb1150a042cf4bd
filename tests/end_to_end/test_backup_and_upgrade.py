"""A store that was backed up, or made by an earlier version, goes on to the same results."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from simulators.testing.daemon_harness import DaemonHarness, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(150)]
STORES = Path(__file__).resolve().parents[1] / "golden" / "stores"
N_PACKETS = 46
"""In the short story, as tests of the daemon's life say too."""


def test_a_backup_in_the_middle_goes_on_to_the_same_end(
    make_home: Callable[..., DaemonHarness], story_csv: Path, tmp_path: Path
) -> None:
    """Backup while packets come, all lost, restored, and the collar sends everything again."""
    home, file = make_home(), tmp_path / "rex.backup"
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"
    with home.beside("replay", "--publish", "--speed", "20", str(story_csv)):
        assert wait_until(lambda: home.n_packets() >= 10, 60.0), home.log
        backup = home.run("backup", str(file))
    assert backup.returncode == 0, backup.stderr
    refused = home.run("restore", str(file), "--force")
    send_all(home, story_csv)
    assert home.terminate(within_s=10.0) == 0, home.log
    undisturbed = (home.points("minute"), home.events(), home.points("alert"))
    assert (refused.returncode, "is in use by process" in refused.stderr) == (1, True)

    restored = home.run("restore", str(file), "--force")
    assert restored.returncode == 0, restored.stderr
    assert 10 <= home.n_packets() < N_PACKETS
    home.start()
    send_all(home, story_csv)

    assert home.terminate(within_s=10.0) == 0, home.log
    assert (home.points("minute"), home.events(), home.points("alert")) == undisturbed


def test_a_store_of_the_first_version_goes_on_to_the_same_end(
    make_home: Callable[..., DaemonHarness], story_csv: Path
) -> None:
    """Half of the story in each version, beside a home that has all of it in this one."""
    undisturbed, home = make_home(), make_home()
    undisturbed.start()
    assert undisturbed.messages.heard("hub/state", "online") == "online"
    send_all(undisturbed, story_csv)
    assert undisturbed.terminate(within_s=10.0) == 0, undisturbed.log
    home.start()
    assert home.messages.heard("hub/state", "online") == "online"
    with home.beside("replay", "--publish", "--speed", "20", str(story_csv)):
        assert wait_until(lambda: home.n_packets() >= 10, 60.0), home.log
    assert home.terminate(within_s=10.0) == 0, home.log

    make_old(home.database)
    home.start()
    send_all(home, story_csv)

    assert home.terminate(within_s=10.0) == 0, home.log
    assert home.points("minute") == undisturbed.points("minute")
    assert home.points("alert") == undisturbed.points("alert")
    assert home.events() == undisturbed.events()


def make_old(store: Path) -> None:
    """Lay the packets out as the first version did."""
    packets = (STORES / "1-first.sql").read_text(encoding="utf-8").split(";")[0]
    with closing(sqlite3.connect(store)) as connection:
        connection.executescript(
            f"BEGIN; ALTER TABLE packets RENAME TO newer; {packets};"  # noqa: S608  # ours
            "INSERT INTO packets SELECT * FROM newer; DROP TABLE newer;"
            "PRAGMA user_version=1; COMMIT;"
        )


def send_all(home: DaemonHarness, story_csv: Path) -> None:
    """Have the collar send the whole story; what the daemon has, it drops."""
    done = home.run("replay", "--publish", str(story_csv))
    assert done.returncode == 0, done.stderr
    assert wait_until(lambda: home.n_packets() == N_PACKETS, 30.0), home.log
    assert wait_until(lambda: len(home.points("alert")) == 1, 30.0), home.log
