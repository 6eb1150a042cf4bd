"""Whose file it is, who may read it, and that a transaction is all or nothing."""

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.errors import StoreError
from ingest.storage import database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "spryhound.db"


def make(path: Path) -> None:
    database.connect(path).close()


def test_a_new_file_is_ours_and_only_the_owner_may_read_it(path: Path) -> None:
    make(path)

    connection = database.connect(path)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    assert version == database.SCHEMA_VERSION
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_files_beside_it_are_the_owners_alone_too(path: Path) -> None:
    """The log of a WAL database holds the same data."""
    connection = database.connect(path)
    with database.transaction(connection, path):
        connection.execute("INSERT INTO counts VALUES ('lost', 1)")

    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    connection.close()
    assert "spryhound.db-wal" in modes
    assert set(modes.values()) == {0o600}


def test_every_commit_reaches_the_disk(path: Path) -> None:
    """2 is FULL: an acknowledged packet outlives a power cut."""
    connection = database.connect(path)
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    connection.close()

    assert (synchronous, mode) == (2, "wal")


def test_what_was_written_is_there_when_opened_again(path: Path) -> None:
    connection = database.connect(path)
    with database.transaction(connection, path):
        connection.execute("INSERT INTO counts VALUES ('lost', 1)")
    connection.close()

    again = database.connect(path)
    rows = again.execute("SELECT cause, n FROM counts").fetchall()
    again.close()
    assert rows == [("lost", 1)]


def test_an_error_inside_a_transaction_leaves_nothing(path: Path) -> None:
    connection = database.connect(path)
    broken = ("INSERT INTO counts VALUES ('lost', 1)", "INSERT INTO nowhere VALUES (1)")
    with (
        pytest.raises(StoreError, match=r"spryhound\.db: no such table: nowhere"),
        database.transaction(connection, path),
    ):
        [connection.execute(each) for each in broken]

    rows = connection.execute("SELECT * FROM counts").fetchall()
    connection.close()
    assert rows == []


def test_a_file_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (a)")
    other.execute("PRAGMA application_id=7")
    other.close()

    with pytest.raises(StoreError, match=r"spryhound\.db: is a database of another program"):
        make(path)

    other = sqlite3.connect(path)
    tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    other.close()
    assert tables == [("theirs",)]


def test_a_file_without_a_mark_but_with_tables_is_another_programs(path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (a)")
    other.close()

    with pytest.raises(StoreError, match="another program"):
        make(path)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"time,x,y,z\n" * 1000)

    with pytest.raises(StoreError, match=r"spryhound\.db: file is not a database"):
        make(path)

    assert path.read_bytes().startswith(b"time,x,y,z")


def test_a_damaged_file_is_refused_with_its_name(path: Path) -> None:
    """The page of the table of tables is overwritten; the header is whole."""
    make(path)
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)

    with pytest.raises(StoreError, match=r"spryhound\.db: .*malformed"):
        make(path)


def test_a_file_of_a_later_version_is_refused(path: Path) -> None:
    make(path)
    later = sqlite3.connect(path)
    later.execute(f"PRAGMA user_version={database.SCHEMA_VERSION + 1}")
    later.close()

    known = database.SCHEMA_VERSION
    said = f"has schema {known + 1}, this Spryhound knows {known}; upgrade it"
    with pytest.raises(StoreError, match=said):
        make(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        make(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"file/spryhound\.db: cannot be opened"):
        make(tmp_path / "file" / "spryhound.db")


def test_a_second_connection_does_not_let_go_of_the_first_ones_locks(path: Path) -> None:
    """Another process that comes and goes meanwhile must not take the log for abandoned."""
    first = database.connect(path)
    with database.transaction(first, path) as connection:
        connection.execute("INSERT INTO counts VALUES ('before', 1)")
    second = database.connect(path)
    visit = "import sys, pathlib; from ingest.storage import database; "
    visit += "database.connect(pathlib.Path(sys.argv[1])).close()"

    subprocess.run([sys.executable, "-c", visit, str(path)], check=True)
    with database.transaction(first, path) as connection:
        connection.execute("INSERT INTO counts VALUES ('after', 1)")

    other = sqlite3.connect(path)
    assert other.execute("SELECT n FROM counts WHERE cause = 'after'").fetchall() == [(1,)]
    for each in (other, second, first):
        each.close()
