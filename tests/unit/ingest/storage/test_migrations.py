"""A store of any earlier version opens with everything that was in it, and works on."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from analysis.errors import StoreError
from ingest.storage import database
from ingest.storage.backup import restore
from ingest.storage.journal import Journal
from simulators.testing.fakes import ManualClock, received_packet

STORES = Path(__file__).resolve().parents[3] / "golden" / "stores"
"""A store of each layout there ever was, with a row in every table."""

NAMES = sorted(each.stem for each in STORES.glob("*.sql"))
EARLIER = [each for each in NAMES if int(each.split("-")[0]) < database.SCHEMA_VERSION]
TABLES = (
    "packets", "points", "outbox", "followers", "dead_letters", "memory", "aside", "counts",
    "commands",
)  # fmt: skip
MakeStore = Callable[[str], Path]
PACKET = received_packet(collar="red", seq=8, start_s=1.79e9, arrival_s=1.79e9)


@pytest.fixture
def make_store(tmp_path: Path) -> MakeStore:
    """Return a function that makes a store as it was left by an earlier version."""

    def make(name: str) -> Path:
        path = tmp_path / f"{name}.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript((STORES / f"{name}.sql").read_text(encoding="utf-8"))
        return path

    return make


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a store holds."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            each: connection.execute(f"SELECT * FROM {each} ORDER BY 1").fetchall()  # noqa: S608  # ours
            for each in TABLES
        }


def layout(path: Path) -> dict[str, str]:
    """Return how a store is made: version, tables and indices, white space aside."""
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT name, coalesce(sql, '') FROM sqlite_master").fetchall()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    return {name: " ".join(sql.split()) for name, sql in made} | {"version": str(version)}


def test_every_version_has_a_store_here() -> None:
    versions = {int(each.split("-")[0]) for each in NAMES}

    assert versions == set(range(1, database.SCHEMA_VERSION + 1))
    assert len(EARLIER) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_a_store_becomes_what_a_new_one_is(
    make_store: MakeStore, tmp_path: Path, name: str
) -> None:
    """Of the present version too: who changes the tables has to count the version up."""
    path, new = make_store(name), tmp_path / "new.sqlite"

    database.connect(path).close()
    database.connect(new).close()

    assert layout(path) == layout(new)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_it_is_lost(make_store: MakeStore, name: str) -> None:
    path = make_store(name)
    before = rows(path)

    database.connect(path).close()

    assert rows(path) == before
    assert all(before.values())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("name", NAMES)
def test_a_collar_that_counts_from_zero_again_is_heard(make_store: MakeStore, name: str) -> None:
    """Packet 8 of boot 1 is there already, but began at another time."""
    with Journal(make_store(name), ManualClock()) as journal, journal.transaction() as tx:
        assert tx.append(PACKET) is not None


@pytest.mark.parametrize("name", EARLIER)
def test_no_position_is_given_twice(make_store: MakeStore, name: str) -> None:
    """The saved state holds all up to 57; packets up to there are gone, and never come again."""
    with Journal(make_store(name), ManualClock()) as journal, journal.transaction() as tx:
        position = tx.append(PACKET)

    assert position is not None
    assert position > 57


@pytest.mark.parametrize("name", [each for each in EARLIER if each != "1-counted"])
def test_an_upgrade_that_fails_changes_nothing(make_store: MakeStore, name: str) -> None:
    """A table is in the way of those that are made anew; the file stays as it was, and is said."""
    path = make_store(name)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE packets_1 (in_the_way)")
        connection.commit()
    before = (layout(path), rows(path))

    with pytest.raises(StoreError, match=r"sqlite: there is already .* packets_1"):
        database.connect(path)

    assert (layout(path), rows(path)) == before


@pytest.mark.parametrize("name", EARLIER)
def test_an_old_backup_is_looked_at_without_changing_it(make_store: MakeStore, name: str) -> None:
    path = make_store(name)
    content = path.read_bytes()

    database.open_read_only(path).close()

    assert path.read_bytes() == content


@pytest.mark.parametrize("name", EARLIER)
def test_an_old_backup_is_restored_with_everything_in_it(
    make_store: MakeStore, tmp_path: Path, name: str
) -> None:
    path, store = make_store(name), tmp_path / "spryhound.sqlite"
    before = rows(path)

    restore(path, store)
    database.connect(store).close()

    assert rows(store) == before
    assert layout(store)["version"] == str(database.SCHEMA_VERSION)
