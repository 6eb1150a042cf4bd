"""What every store promises: what was written is read back, the same in all of them."""

from dataclasses import replace
from typing import Any

import pytest

from ingest.ports import Point, Query, Store, Value

NOON_NS = 1_763_985_600_000_000_000
MINUTE_NS = 60_000_000_000


def point(time_ns: int = NOON_NS, **fields: float | str | bool) -> Point:
    return Point(
        measurement="event",
        dog="rex",
        kind="jump",
        run="live",
        time_ns=time_ns,
        fields=fields or {"landing_g": 3.0},
    )


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


def test_more_points_than_fit_into_one_request_all_arrive(store: Store, run: str) -> None:
    written = [replace(point(NOON_NS + i, landing_g=float(i)), run=run) for i in range(5001)]
    store.write(written)

    assert store.read(Query(measurement="event", run=run)) == written


def test_points_of_one_time_come_in_one_order(store: Store, run: str) -> None:
    """By run, dog and kind, so that two stores show the same."""
    written = [
        replace(point(), dog=f"{run}-{dog}", kind=kind, run=f"{run}-{name}")
        for name in "ab"
        for dog in "xy"
        for kind in ("", "jump", "shake")
    ]
    store.write(reversed(written))

    found = store.read(Query(measurement="event", run=None, start_ns=NOON_NS, end_ns=NOON_NS + 1))
    assert [each for each in found if each.run.startswith(run)] == written
