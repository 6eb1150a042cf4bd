"""Whatever is in a point comes back from a real InfluxDB as it was written."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.machine_settings import Influx
from ingest.ports import Point, Query, Value
from ingest.storage.influx import InfluxStore
from ingest.storage.influx.line_protocol import decoded_name, encoded_name, line

AWKWARD = st.text(st.sampled_from([*", =\"\\\n\r\t%'#\x00\x7f\x85\u2028", "a", "n", "é", "犬"]))
TEXTS = AWKWARD | st.text(max_size=20)
NAMES = TEXTS.filter(bool)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    TEXTS,
)


def point(**changes: object) -> Point:
    parts = {"measurement": "m", "dog": "d", "kind": "k", "run": "r", "time_ns": 5} | changes
    return Point(fields={"x": 1.5}, **parts)  # type: ignore[arg-type]  # mixed on purpose


@given(NAMES)
def test_names_come_back(name: str) -> None:
    encoded = encoded_name(name)

    assert decoded_name(encoded) == name
    assert not any(char in encoded for char in "\\\n\r\x00")


@pytest.mark.parametrize("name", ["rex", "stiff_gait", "b-12", "Bäckchen 犬, = 🐕"])
def test_ordinary_names_are_kept_readable(name: str) -> None:
    assert encoded_name(name) == name


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        (3.0, "3.0"),
        (1e300, "1e+300"),
        (-0.25, "-0.25"),
        (3, "3i"),
        (True, "true"),
        (False, "false"),
        ("", '""'),
        ('a "b" \\', '"a \\"b\\" \\\\"'),
        ("a, b=c", '"a, b=c"'),
    ],
)
def test_a_value_has_its_type_in_the_spelling(value: Value, spelling: str) -> None:
    written = Point(measurement="m", dog="d", kind="", run="r", time_ns=-7, fields={"x": value})

    assert line(written) == f"m,dog=d,run=r x={spelling} -7"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"dog": "a b,c=d"}, r"m,dog=a\ b\,c\=d,kind=k,run=r x=1.5 5"),
        ({"kind": ""}, "m,dog=d,run=r x=1.5 5"),
        ({"dog": "end\\"}, "m,dog=end%5C,kind=k,run=r x=1.5 5"),
        ({"measurement": "a b"}, r"a\ b,dog=d,kind=k,run=r x=1.5 5"),
    ],
    ids=["separators", "empty kind", "backslash", "measurement"],
)
def test_a_line_is_escaped(changes: dict[str, str], expected: str) -> None:
    assert line(point(**changes)) == expected


@pytest.mark.influx
@pytest.mark.slow
def test_any_point_comes_back_from_the_database(influx: str) -> None:
    """Each example has a measurement of its own, since a field's type is for ever."""
    own = itertools.count()
    with InfluxStore(Influx(url=influx, bucket="properties")) as store:

        @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
        @given(
            dog=NAMES,
            kind=TEXTS,
            run=NAMES,
            time_ns=st.integers(-(2**62), 2**62),
            fields=st.dictionaries(TEXTS.map("f_".__add__), VALUES, min_size=1, max_size=4),
        )
        def check(dog: str, kind: str, run: str, time_ns: int, fields: dict[str, Value]) -> None:
            written = Point(
                measurement=f"m{next(own)}",
                dog=dog,
                kind=kind,
                run=run,
                time_ns=time_ns,
                fields=fields,
            )
            store.write([written])

            (found,) = store.read(
                Query(measurement=written.measurement, dog=dog, kind=kind, run=run)
            )
            assert found == written
            assert {name: type(value) for name, value in found.fields.items()} == {
                name: type(value) for name, value in fields.items()
            }

        check()
