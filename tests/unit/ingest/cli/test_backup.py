"""The store as one file, and back: nothing is replaced unasked, and nothing unsound is kept."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from textwrap import dedent

import pytest
from typer.testing import Result

from ingest.storage import database, repair
from ingest.storage.journal import Journal, daemon_lock
from simulators.testing.fakes import ManualClock

Type = Callable[..., Result]


@pytest.fixture
def store(home: Path) -> Path:
    """Return a store in which three packets were lost."""
    return lose(home / "store" / "spryhound.sqlite", 3)


def lose(store: Path, n: int) -> Path:
    with Journal(store, ManualClock()) as journal, journal.transaction() as tx:
        tx.count("missing", n)
    return store


def lost(store: Path) -> int:
    with Journal(store, ManualClock()) as journal:
        return journal.counts()["missing"]


def damage(file: Path) -> None:
    """Overwrite the second half of a file; its header is whole."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    file.write_bytes(content)


@pytest.fixture
def writer(store: Path) -> Iterator[sqlite3.Connection]:
    """Have the store open in the middle of a transaction, as a daemon has."""
    connection = database.connect(store)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE counts SET n = 99")
    yield connection
    connection.close()


def test_what_was_kept_comes_back_and_the_later_store_is_kept_aside(
    spryhound: Type, store: Path, home: Path
) -> None:
    done = spryhound("backup", "rex.backup")
    assert done.exit_code == 0, done.stderr
    lose(store, 4)

    assert spryhound("restore", "rex.backup", "--force").exit_code == 0

    assert lost(store) == 3
    assert lost(home / "store" / "spryhound.sqlite.before") == 7
    assert store.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("writer")
def test_a_backup_beside_a_writer_holds_what_was_committed(spryhound: Type, home: Path) -> None:
    assert spryhound("backup", "rex.backup").exit_code == 0

    assert lost(home / "rex.backup") == 3


@pytest.mark.usefixtures("store")
def test_a_backup_is_one_file_and_its_owners_alone(spryhound: Type, home: Path) -> None:
    spryhound("backup", "rex.backup")

    (file,) = home.glob("*rex.backup*")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("store")
def test_a_file_that_exists_is_kept_unless_told(spryhound: Type, home: Path) -> None:
    file = home / "rex.backup"
    file.write_text("mine")

    refused = spryhound("backup", "rex.backup")
    assert (refused.exit_code, file.read_text()) == (1, "mine")
    assert "--force replaces it" in refused.stderr

    assert spryhound("backup", "rex.backup", "--force").exit_code == 0
    assert lost(file) == 3


def test_a_store_is_not_its_own_backup(spryhound: Type, store: Path) -> None:
    assert spryhound("backup", str(store), "--force").exit_code == 1
    assert lost(store) == 3


def test_a_store_that_exists_is_kept_unless_told(spryhound: Type, store: Path) -> None:
    spryhound("backup", "rex.backup")
    lose(store, 4)

    refused = spryhound("restore", "rex.backup")

    assert refused.exit_code == 1
    assert "--force replaces it" in refused.stderr
    assert lost(store) == 7


def test_no_store_is_replaced_while_a_daemon_runs(spryhound: Type, store: Path) -> None:
    spryhound("backup", "rex.backup")
    lose(store, 4)

    with daemon_lock(store):
        refused = spryhound("restore", "rex.backup", "--force")

    assert refused.exit_code == 1
    assert "is in use by process" in refused.stderr
    assert lost(store) == 7


def test_a_damaged_backup_is_refused_and_the_store_stays(
    spryhound: Type, store: Path, home: Path
) -> None:
    spryhound("backup", "rex.backup")
    damage(home / "rex.backup")

    refused = spryhound("restore", "rex.backup", "--force")

    assert refused.exit_code == 1
    assert "rex.backup" in refused.stderr
    assert lost(store) == 3
    assert not list(store.parent.glob("*.new"))
    assert not list(store.parent.glob("*.before"))


def test_a_damaged_store_makes_no_backup_but_may_be_replaced(
    spryhound: Type, store: Path, home: Path
) -> None:
    spryhound("backup", "rex.backup")
    damage(store)

    assert spryhound("backup", "second.backup").exit_code == 1
    assert not (home / "second.backup").exists()
    assert spryhound("restore", "rex.backup", "--force").exit_code == 0
    assert lost(store) == 3


@pytest.mark.parametrize("content", [b"", b"time,x,y,z\n" * 1000])
def test_what_is_no_store_is_not_restored(spryhound: Type, home: Path, content: bytes) -> None:
    rmtree(home / "store")
    (home / "other").write_bytes(content)

    refused = spryhound("restore", "other")

    assert refused.exit_code == 1
    assert "other" in refused.stderr
    assert not (home / "store" / "spryhound.sqlite").exists()
    assert (home / "other").read_bytes() == content


def test_a_log_that_was_left_behind_does_not_meet_the_backup(
    spryhound: Type, store: Path, home: Path
) -> None:
    """The store itself is gone, its log is not: SQLite would play it into either file."""
    spryhound("backup", "rex.backup")
    lose(store, 4)
    spryhound("restore", "rex.backup", "--force")
    connection = database.connect(store)
    connection.execute("UPDATE counts SET n = 99")
    log = store.with_name("spryhound.sqlite-wal")
    left = log.read_bytes()
    connection.close()
    store.unlink()
    log.write_bytes(left)
    assert left

    assert spryhound("restore", "rex.backup").exit_code == 0

    assert lost(store) == 3
    assert lost(home / "store" / "spryhound.sqlite.before") == 7


@pytest.mark.slow
def test_a_power_cut_before_the_last_step_leaves_the_store_that_was_there(
    spryhound: Type, store: Path
) -> None:
    """Killed right before the backup gets the store's name; the log was not played in yet."""
    spryhound("backup", "rex.backup")
    lose(store, 4)
    left = kill(
        store,
        """
        connection = database.connect(store)
        connection.execute("UPDATE counts SET n = 9")
        os.kill(os.getpid(), signal.SIGKILL)""",
    )
    assert left == -signal.SIGKILL
    assert store.with_name("spryhound.sqlite-wal").stat().st_size > 0

    died = kill(
        store,
        """
        def watch(event, arguments):
            if event == "os.rename" and str(arguments[1]).endswith(".sqlite"):
                os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(watch)
        backup.restore(Path("rex.backup"), store, force=True)""",
    )

    assert died == -signal.SIGKILL
    assert lost(store) == 9
    assert lost(store.with_name("spryhound.sqlite.before")) == 9


def kill(store: Path, program: str) -> int:
    """Run a program that ends itself like a power cut, and return how it ended."""
    start = """
        import os, signal, sys
        from pathlib import Path
        from ingest.storage import backup, database
        store = Path(sys.argv[1])"""
    whole = [sys.executable, "-c", dedent(start) + dedent(program), str(store)]
    return subprocess.run(whole, check=False).returncode


def test_a_store_that_was_found_damaged_is_not_rebuilt_over_the_backup(
    spryhound: Type, store: Path
) -> None:
    """The next start finds neither a mark nor a file that waits to take the place."""
    spryhound("backup", "rex.backup")
    repair.mark(store)
    store.with_name("spryhound.sqlite.rebuilt").write_bytes(store.read_bytes())

    assert spryhound("restore", "rex.backup", "--force").exit_code == 0

    assert repair.rescue(store, ManualClock()) is None
    assert lost(store) == 3


def test_a_folder_that_is_not_there_is_named(spryhound: Type, store: Path) -> None:
    refused = spryhound("backup", "nowhere/rex.backup")

    assert store.exists()
    assert refused.exit_code == 1
    assert "nowhere/rex.backup cannot be written" in refused.stderr
