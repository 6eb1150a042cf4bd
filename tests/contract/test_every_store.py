"""What every store promises: what was written is read back, the same in all of them."""

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.model import (
    AlertChange,
    Day,
    Event,
    GaitWindow,
    Level,
    Minute,
    Results,
    Status,
)
from ingest.points import alert_points, current_alerts, points_of, record_of
from ingest.ports import Point, Query, Store, Value
from ingest.stores.influx import InfluxSettings, InfluxStore
from ingest.stores.sqlite import SqliteStore
from simulators.fakes import FakeStore
from simulators.influx_gate import InfluxGate

NOON_NS = 1_763_985_600_000_000_000
MINUTE_NS = 60_000_000_000
OWN_RUN = itertools.count()

MINUTE = Minute(
    start_s=1763985600.0,
    worn_s=60.0,
    vedba_g=0.1 + 0.2,
    rest_s=20.0,
    light_s=20.0,
    walk_s=20.0,
    vigorous_s=0.0,
    clipped=1e-9,
)
WINDOW = GaitWindow(
    start_s=1763985601.52,
    end_s=1763985605.52,
    gait="walk",
    step_hz=3.1,
    stride_hz=1.55,
    rms_g=0.21,
    step_regularity=0.8,
    stride_regularity=-0.25,
    step_time_cv=0.03,
)
JUMP = Event(
    kind="jump",
    start_s=1763985602.34,
    end_s=1763985603.0,
    confidence="high",
    evidence={"landing_g": 3.0, "drop_s": 0.36},
)
DAY = Day(
    date="2025-11-24",
    start_s=1763938800.0,
    end_s=1764025200.0,
    worn_h=23.0,
    n_gait_windows=7,
    gait_sums=(7.0, 1.5, -9.25, 0.1, 1e-12, 1e12),
    jumps=2,
    resting_plan=True,
)
JUMPING = AlertChange(
    id="6f0c63a5-0000-5000-8000-000000000001",
    dog="rex",
    kind="jumping",
    severity=Level.URGENT,
    status=Status.OPEN,
    onset_s=1763985602.34,
    time_s=1763985603.0,
    count=1,
    evidence={"landing_g": 3.0},
    notify=True,
)


def point(time_ns: int = NOON_NS, **fields: float | str | bool) -> Point:
    return Point(
        measurement="event",
        dog="rex",
        kind="jump",
        run="live",
        time_ns=time_ns,
        fields=fields or {"landing_g": 3.0},
    )


def influx2_settings() -> InfluxSettings:
    """Return how to reach an InfluxDB 2.x or 3 that the environment names, or skip."""
    url = os.environ.get("SPRYHOUND_TEST_INFLUX2_URL")
    if not url:
        pytest.skip("no InfluxDB 2.x or 3: SPRYHOUND_TEST_INFLUX2_URL is not set")
    return InfluxSettings(
        url=url,
        token=os.environ.get("SPRYHOUND_TEST_INFLUX2_TOKEN", ""),
        org=os.environ.get("SPRYHOUND_TEST_INFLUX2_ORG", "spryhound"),
        bucket=os.environ.get("SPRYHOUND_TEST_INFLUX2_BUCKET", "spryhound"),
    )


@pytest.fixture(params=["fake", "sqlite", "influx1", "influx2-gate", "influx2"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return a store with nothing in it."""
    with ExitStack() as stack:
        # The server lasts for all tests, so each has a database of its own.
        bucket = f"contract {next(OWN_RUN)} of {os.getpid()}"
        match request.param:
            case "fake":
                yield FakeStore()
            case "sqlite":
                yield stack.enter_context(SqliteStore(tmp_path / "spryhound.db"))
            case "influx1":
                url = request.getfixturevalue("influx")
                yield stack.enter_context(InfluxStore(InfluxSettings(url=url, bucket=bucket)))
            case "influx2-gate":
                url = request.getfixturevalue("influx")
                with InfluxStore(InfluxSettings(url=url, bucket=bucket)) as direct:
                    direct.write([replace(point(), measurement="makes_the_database")])
                gate = stack.enter_context(InfluxGate(url, token="hush"))  # noqa: S106 (made up)
                settings = InfluxSettings(url=gate.url, bucket=bucket, token="hush")  # noqa: S106
                yield stack.enter_context(InfluxStore(settings))
            case _:
                yield stack.enter_context(InfluxStore(influx2_settings()))


@pytest.fixture
def run(request: pytest.FixtureRequest) -> str:
    """Return a run of this test alone, since a given InfluxDB 2.x may hold older ones."""
    return f"contract-{os.getpid()}-{abs(hash(request.node.name))}"


def test_a_new_store_is_empty(store: Store, run: str) -> None:
    assert store.read(Query(measurement="minute", run=run)) == []


def test_writing_nothing_changes_nothing(store: Store, run: str) -> None:
    store.write([])

    assert store.read(Query(measurement="event", run=run)) == []


def test_a_point_is_read_as_it_was_written(store: Store, run: str) -> None:
    written = replace(point(landing_g=3.25, end_s=1763985603.02), run=run)
    store.write([written])

    assert store.read(Query(measurement="event", run=run)) == [written]


def test_the_same_identity_overwrites(store: Store, run: str) -> None:
    store.write([replace(point(landing_g=1.0), run=run)])
    store.write([replace(point(landing_g=2.0), run=run)])

    assert store.read(Query(measurement="event", run=run)) == [
        replace(point(landing_g=2.0), run=run)
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"measurement": "gait"},
        {"dog": "bella"},
        {"kind": "shake"},
        {"kind": ""},
        {"run": "monday"},
        {"time_ns": NOON_NS + 1},
    ],
    ids=str,
)
def test_each_part_of_the_identity_keeps_points_apart(
    store: Store, run: str, other: dict[str, Any]
) -> None:
    """Runs get the test's own name before theirs."""
    first = replace(point(landing_g=1.0), run=run)
    changes = {**other, "run": f"{run}-{other['run']}"} if "run" in other else other
    second = replace(first, fields={"landing_g": 2.0}, **changes)
    store.write([first, second])

    found = [
        store.read(
            Query(
                measurement=each.measurement,
                dog=each.dog,
                kind=each.kind,
                run=each.run,
                start_ns=each.time_ns,
                end_ns=each.time_ns + 1,
            )
        )
        for each in (first, second)
    ]
    assert found == [[first], [second]]


def test_times_are_half_open_and_kept_to_the_nanosecond(store: Store, run: str) -> None:
    written = [replace(point(NOON_NS + ns), run=run) for ns in (0, 1, 2, 3)]
    store.write(written)

    found = store.read(
        Query(measurement="event", run=run, start_ns=NOON_NS + 1, end_ns=NOON_NS + 3)
    )
    assert found == written[1:3]


def test_points_come_oldest_first_however_they_were_written(store: Store, run: str) -> None:
    written = [replace(point(NOON_NS + i * MINUTE_NS), run=run) for i in range(5)]
    store.write([written[i] for i in (3, 0, 4)])
    store.write([written[i] for i in (2, 1)])

    assert store.read(Query(measurement="event", run=run)) == written


@pytest.mark.parametrize(("newest", "n_found"), [(0, 0), (1, 1), (3, 3), (5, 5), (99, 5)])
def test_the_newest_are_the_last_ones(store: Store, run: str, newest: int, n_found: int) -> None:
    written = [replace(point(NOON_NS + i * MINUTE_NS), run=run) for i in range(5)]
    store.write(written)

    found = store.read(Query(measurement="event", run=run, newest=newest))
    assert found == written[5 - n_found :]


def test_any_run_finds_all_runs(store: Store, run: str) -> None:
    written = [replace(point(NOON_NS + i), run=f"{run}-{i}", dog=run) for i in range(2)]
    store.write(written)

    assert store.read(Query(measurement="event", dog=run, run=None)) == written


def test_types_are_kept(store: Store, run: str) -> None:
    """3.0 is not 3, true is not 1, and "3" is neither."""
    fields: dict[str, Value] = {
        "whole": 3.0,
        "tenth": 0.1,
        "tiny": 5e-324,
        "huge": 1.7976931348623157e308,
        "minus": -0.5,
        "count": 3,
        "most": 2**63 - 1,
        "least": -(2**63),
        "yes": True,
        "no": False,
        "text": "3",
        "empty": "",
    }
    store.write([replace(point(), run=run, measurement="types", fields=fields)])

    (found,) = store.read(Query(measurement="types", run=run))
    assert found.fields == fields
    assert {name: type(value) for name, value in found.fields.items()} == {
        name: type(value) for name, value in fields.items()
    }


def test_a_field_that_comes_later_keeps_its_type_too(store: Store, run: str) -> None:
    first = replace(point(NOON_NS, worn_s=60.0), run=run, measurement="later")
    second = replace(point(NOON_NS + 1, worn_s=60.0, tail_hz=2.0), run=run, measurement="later")
    store.write([first])
    store.read(Query(measurement="later", run=run))
    store.write([second])

    found = store.read(Query(measurement="later", run=run))
    assert found == [first, second]
    assert type(found[1].fields["tail_hz"]) is float


@pytest.mark.parametrize(
    "text",
    [
        "Bäckchen 犬 🐕",
        "a,b",
        "a b",
        "a=b",
        'say "sit"',
        "it's",
        "back\\slash",
        "end\\",
        "\\\\,\\ \\=",
        "two\nlines",
        "tab\tand\r",
        "100 %25",
        "; DROP DATABASE x",
    ],
)
def test_any_text_comes_back_whole(store: Store, run: str, text: str) -> None:
    written = Point(
        measurement="event",
        dog=text,
        kind=text,
        run=f"{run}{text}",
        time_ns=NOON_NS,
        fields={"note": text, f"evidence_{text}": 1.0},
    )
    store.write([written, replace(written, dog="other")])

    found = store.read(Query(measurement="event", dog=text, kind=text, run=f"{run}{text}"))
    assert found == [written]


def test_records_of_every_sort_come_back(store: Store, run: str) -> None:
    results = Results(minutes=[MINUTE], gait=[WINDOW], events=[JUMP], days=[DAY], alerts=[JUMPING])
    store.write(points_of("rex", run, results))

    def only(measurement: str) -> Point:
        (found,) = store.read(Query(measurement=measurement, dog="rex", run=run))
        return found

    assert record_of(only("minute"), Minute) == MINUTE
    assert record_of(only("gait"), GaitWindow) == WINDOW
    assert record_of(only("event"), Event) == JUMP
    assert record_of(only("day"), Day) == DAY
    assert record_of(only("alert"), AlertChange) == JUMPING


def test_an_alert_stands_as_its_newest_change_says(store: Store, run: str) -> None:
    """Two changes at one sample time keep their order, and so does each alert its own."""
    worse = replace(JUMPING, status=Status.WORSE, count=2)
    acknowledged = replace(JUMPING, status=Status.ACKNOWLEDGED, count=2, time_s=1763985700.0)
    stiff = replace(
        JUMPING,
        id="6f0c63a5-0000-5000-8000-000000000002",
        kind="stiff_gait",
        severity=Level.WARNING,
        onset_s=JUMPING.onset_s - 100.0,
    )
    store.write(alert_points("rex", run, [JUMPING, worse]))

    assert current_alerts(store, "rex", run) == [worse]

    store.write(alert_points("rex", run, [stiff, acknowledged]))

    assert current_alerts(store, "rex", run) == [stiff, acknowledged]


def test_more_points_than_fit_into_one_request_all_arrive(store: Store, run: str) -> None:
    written = [replace(point(NOON_NS + i, landing_g=float(i)), run=run) for i in range(5001)]
    store.write(written)

    assert store.read(Query(measurement="event", run=run)) == written
