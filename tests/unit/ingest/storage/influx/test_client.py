"""What goes over the wire to each version, and what becomes of each answer."""

import base64
import gzip
import socket
from collections.abc import Iterator
from typing import Literal

import pytest
from pydantic import SecretStr

from analysis.errors import DeliveryError, RejectedError
from config.machine_settings import Influx
from ingest.ports import Point, Query
from ingest.storage.influx import InfluxStore
from simulators.testing.http_sink import HttpSink
from simulators.testing.influx_proxy import REPLY_LOST, InfluxProxy, Reply

TOKEN = "sesame-open"  # noqa: S105 (made up)
Version = Literal["auto", "1", "2", "3"]
PASSWORD = "hush"  # noqa: S105 (made up)


def point(i: int = 0, **fields: float | str) -> Point:
    return Point(
        measurement="event",
        dog="rex",
        kind="jump",
        run="live",
        time_ns=i,
        fields=fields or {"landing_g": 3.0},
    )


def points(n: int) -> list[Point]:
    return [point(i) for i in range(n)]


def settings(url: str, *, version: Version = "auto", timeout_s: float = 5.0) -> Influx:
    return Influx(
        url=url,
        version=version,
        org="home",
        bucket="dogs",
        token=SecretStr(TOKEN),
        timeout_s=timeout_s,
    )


@pytest.fixture
def gate() -> Iterator[InfluxProxy]:
    """Return a 2.9 with nothing behind it."""
    with InfluxProxy(token=TOKEN) as gate:
        yield gate


@pytest.fixture
def store(gate: InfluxProxy) -> Iterator[InfluxStore]:
    with InfluxStore(settings(gate.url)) as store:
        yield store


def test_version_2_is_written_by_its_own_interface(gate: InfluxProxy, store: InfluxStore) -> None:
    store.write([point(7)])

    (write,) = gate.writes
    assert (write.method, write.path) == ("POST", "/api/v2/write")
    assert write.query == {"org": "home", "bucket": "dogs", "precision": "ns"}
    assert write.headers["authorization"] == f"Token {TOKEN}"
    assert write.headers["content-encoding"] == "gzip"
    assert gzip.decompress(write.body) == b"event,dog=rex,kind=jump,run=live landing_g=3.0 7"


def test_version_3_is_written_like_version_2() -> None:
    with InfluxProxy(version="3.10.0") as gate, InfluxStore(settings(gate.url)) as store:
        store.write([point()])

        assert [write.path for write in gate.writes] == ["/api/v2/write"]


def test_version_1_is_written_by_the_older_interface() -> None:
    with InfluxProxy(version="1.8.10") as gate:
        login = Influx(url=gate.url, bucket="dogs", user="me", password=SecretStr(PASSWORD))
        with InfluxStore(login) as store:
            store.write([point(7)])

        (write,) = gate.writes
    assert (write.method, write.path) == ("POST", "/write")
    assert write.query == {"db": "dogs", "precision": "ns"}
    assert write.headers["authorization"] == "Basic " + base64.b64encode(b"me:hush").decode()
    assert write.lines == ["event,dog=rex,kind=jump,run=live landing_g=3.0 7"]


def test_the_version_is_asked_once_and_only_when_needed(
    gate: InfluxProxy, store: InfluxStore
) -> None:
    assert gate.passed == []

    for i in range(3):
        store.write([point(i)])

    assert [each.path for each in gate.passed].count("/ping") == 1


def test_a_given_version_is_not_asked_for(gate: InfluxProxy) -> None:
    with InfluxStore(settings(gate.url, version="2")) as store:
        store.write([point()])

    assert [each.path for each in gate.passed] == ["/api/v2/write"]


def test_nothing_to_write_is_not_sent(gate: InfluxProxy, store: InfluxStore) -> None:
    store.write([])

    assert gate.passed == []


def test_a_request_has_five_thousand_lines_at_most(gate: InfluxProxy, store: InfluxStore) -> None:
    store.write(points(12_000))

    assert [len(write.lines) for write in gate.writes] == [5000, 5000, 2000]


def test_what_is_too_large_is_sent_in_halves() -> None:
    """A line has at least 49 bytes, so 100 of them are above 2,000 and 25 below."""
    with InfluxProxy(most_bytes=2000) as gate, InfluxStore(settings(gate.url)) as store:
        store.write(points(100))

        taken = [write.lines for write in gate.writes if len("\n".join(write.lines)) <= 2000]
    written = [line for lines in taken for line in lines]
    assert [line.split()[-1] for line in written] == [str(i) for i in range(100)]


def test_one_line_that_is_too_large_is_refused_for_good() -> None:
    with (
        InfluxProxy(most_bytes=100) as gate,
        InfluxStore(settings(gate.url)) as store,
        pytest.raises(RejectedError, match="too large: 413"),
    ):
        store.write([point(note="x" * 200)])


@pytest.mark.parametrize("version", ["1.8.10", "v2.9.1"])
@pytest.mark.parametrize("status", [400, 422])
def test_a_bad_line_is_refused_with_the_servers_words(version: str, status: int) -> None:
    said = b'{"code":"invalid","message":"unable to parse: bad","error":"unable to parse: bad"}'
    with InfluxProxy(version=version) as gate, InfluxStore(settings(gate.url)) as store:
        gate.answer(Reply(status=status, body=said))

        with pytest.raises(RejectedError, match=f"for good: {status} .*unable to parse: bad"):
            store.write([point()])


@pytest.mark.parametrize("version", ["1.8.10", "v2.9.1"])
@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 503])
def test_a_passing_fault_is_told_and_the_next_write_goes_through(version: str, status: int) -> None:
    """Neither library nor adapter tries again by itself: the outbox does."""
    with InfluxProxy(version=version) as gate, InfluxStore(settings(gate.url)) as store:
        gate.answer(Reply(status=status, headers={"Retry-After": "17"}))

        with pytest.raises(DeliveryError, match=f"InfluxDB .*: {status}") as caught:
            store.write([point()])
        store.write([point()])

        assert type(caught.value) is DeliveryError
        assert caught.value.retry_after_s == 17.0
        assert len(gate.writes) == 2


def test_a_missing_bucket_is_told(gate: InfluxProxy, store: InfluxStore) -> None:
    gate.answer(Reply(status=404, body=b'{"message":"bucket \\"dogs\\" not found"}'))

    with pytest.raises(DeliveryError, match=r'create it or check .*: 404 .*"dogs" not found'):
        store.write([point()])


@pytest.mark.parametrize("version", ["1.8.10", "v2.9.1"])
def test_a_cut_connection_is_a_delivery_error(version: str) -> None:
    with InfluxProxy(version=version) as gate, InfluxStore(settings(gate.url)) as store:
        gate.answer(REPLY_LOST)

        with pytest.raises(DeliveryError, match="cannot be reached"):
            store.write([point()])


def test_a_wrong_token_is_told_and_never_shown(gate: InfluxProxy, store: InfluxStore) -> None:
    gate.token = "another"  # noqa: S105 (made up)
    gate.answer(Reply(status=401, body=f'{{"message":"token {TOKEN} is unknown"}}'.encode()))

    with pytest.raises(DeliveryError, match=r"check influx\.token.*token \*\*\* is unknown") as e:
        store.write([point()])
    with pytest.raises(DeliveryError, match="401"):
        store.read(Query(measurement="event"))

    assert TOKEN not in str(e.value)
    assert TOKEN not in repr(store)


@pytest.mark.parametrize("version", ["1", "2", "3", "auto"])
def test_a_closed_port_is_a_delivery_error(version: Version) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    with (
        InfluxStore(settings(url, version=version)) as store,
        pytest.raises(DeliveryError, match=rf"^{url}: InfluxDB cannot be reached; is it running"),
    ):
        store.write([point()])


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_server_that_never_answers_is_a_delivery_error(version: Version) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=8) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with (
            InfluxStore(settings(url, version=version, timeout_s=0.2)) as store,
            pytest.raises(DeliveryError, match="cannot be reached"),
        ):
            store.write([point()])


def test_something_else_at_the_address_is_told(http_catcher: HttpSink) -> None:
    with (
        InfluxStore(settings(http_catcher.url)) as store,
        pytest.raises(DeliveryError, match=r"does not say that it is InfluxDB.*influx\.url"),
    ):
        store.write([point()])


def test_the_version_may_come_from_the_health(http_catcher: HttpSink) -> None:
    """Some proxies drop the header; this server has no body either, so nothing is known."""
    http_catcher.answer(204, 503)
    with (
        InfluxStore(settings(http_catcher.url)) as store,
        pytest.raises(DeliveryError, match="has trouble; look at its log: 503"),
    ):
        store.write([point()])

    assert [each.path for each in http_catcher.caught] == ["/ping", "/health"]


def test_an_answer_that_is_no_result_is_a_delivery_error(http_catcher: HttpSink) -> None:
    with (
        InfluxStore(settings(http_catcher.url, version="2")) as store,
        pytest.raises(DeliveryError, match="no InfluxQL result"),
    ):
        store.read(Query(measurement="event"))


def test_reading_asks_in_influxql_with_the_token(gate: InfluxProxy, store: InfluxStore) -> None:
    with pytest.raises(DeliveryError, match="404"):
        store.read(Query(measurement="event", dog="o'rex", newest=3))

    request = gate.passed[-1]
    assert (request.method, request.path) == ("GET", "/query")
    assert request.headers["authorization"] == f"Token {TOKEN}"
    assert request.query == {
        "db": "dogs",
        "epoch": "ns",
        "q": 'SELECT * FROM "event" WHERE "dog" = \'o\\\'rex\' AND "run" = \'live\''
        " ORDER BY time DESC LIMIT 3",
    }


@pytest.mark.influx
def test_a_missing_database_of_version_1_is_made(influx: str) -> None:
    made = Influx(url=influx, bucket='a "new" one')
    with InfluxStore(made) as store:
        assert store.read(Query(measurement="event")) == []
        store.write([point()])

        assert store.read(Query(measurement="event")) == [point()]


@pytest.mark.influx
def test_a_changed_type_is_refused_with_the_name_of_the_field(influx: str) -> None:
    with InfluxStore(Influx(url=influx, bucket="conflict")) as store:
        store.write([point(1, landing_g=3.0)])

        with pytest.raises(RejectedError, match='field type conflict: input field "landing_g"'):
            store.write([point(2, landing_g="hard"), point(3, landing_g=1.0)])
        assert store.read(Query(measurement="event")) == [
            point(1, landing_g=3.0),
            point(3, landing_g=1.0),
        ]
