"""Details of long ago go; what an owner looks back on stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.ports import Point, Query
from ingest.storage import database
from ingest.storage.retention import delete_old_details
from ingest.storage.sqlite_store import SqliteStore

DAY_NS = 86_400 * 10**9
TODAY_NS = 20_000 * DAY_NS


def point(
    measurement: str, days_ago: float, *, dog: str = "rex", kind: str = "", run: str = "live"
) -> Point:
    time_ns = TODAY_NS - round(days_ago * DAY_NS)
    return Point(
        measurement=measurement, dog=dog, kind=kind, run=run, time_ns=time_ns, fields={"n": 1}
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spryhound.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(path) as store:
        yield store


def forget(path: Path, keep_days: float) -> int:
    connection = database.connect(path)
    try:
        with database.transaction(connection, path):
            return delete_old_details(connection, keep_days)
    finally:
        connection.close()


def left(store: SqliteStore, measurement: str) -> set[tuple[str, str, int]]:
    """Return dog, kind and age in days of what is left."""
    points = store.read(Query(measurement=measurement))
    return {(each.dog, each.kind, (TODAY_NS - each.time_ns) // DAY_NS) for each in points}


def test_old_details_go_and_young_ones_stay(path: Path, store: SqliteStore) -> None:
    """A hundred days: day 101 goes, day 99 stays, of every measurement and kind."""
    for days_ago in (0, 99, 101):
        store.write(
            [
                point("minute", days_ago),
                point("gait", days_ago),
                point("event", days_ago, kind="jump"),
                point("event", days_ago, kind="shake"),
            ]
        )

    assert forget(path, 100.0) == 4
    assert left(store, "minute") == left(store, "gait") == {("rex", "", 0), ("rex", "", 99)}
    assert left(store, "event") == {("rex", k, d) for k in ("jump", "shake") for d in (0, 99)}


def test_what_is_looked_back_on_stays_for_ever(path: Path, store: SqliteStore) -> None:
    """Days, alerts and the diary are small; a replay that was saved is of long ago by nature."""
    kept = [
        point("day", 999),
        point("alert", 999, kind="stiff_gait"),
        point("diary", 999, kind="dose"),
        point("minute", 999, run="replay-1"),
    ]
    store.write([point("minute", 0), *kept])

    assert forget(path, 100.0) == 0
    for each in kept:
        assert store.read(Query(measurement=each.measurement, run=each.run)) == [each]


def test_what_is_old_is_known_from_the_dogs_own_newest_minute(
    path: Path, store: SqliteStore
) -> None:
    """A dog that has worn no collar for years keeps its last days, whatever the clock says."""
    store.write([point("minute", 999, dog="old"), point("minute", 0), point("minute", 300)])
    store.write([point("event", 999, dog="lone", kind="jump")])

    assert forget(path, 100.0) == 1
    assert left(store, "minute") == {("old", "", 999), ("rex", "", 0)}
    assert left(store, "event") == {("lone", "jump", 999)}


def test_much_that_is_due_goes_bit_by_bit(path: Path, store: SqliteStore) -> None:
    """Ten days at a time, so that packets need not wait; in the end all of it has gone."""
    store.write([point("minute", days_ago + 0.5) for days_ago in range(135)])
    store.write([point("minute", 0)])

    assert [forget(path, 100.0) for _ in range(5)] == [10, 10, 10, 5, 0]
    assert len(left(store, "minute")) == 100
