"""The stores that hold one contract, each with nothing in it."""

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.machine_settings import Influx
from ingest.ports import Point, Store
from ingest.storage.influx import InfluxStore
from ingest.storage.sqlite_store import SqliteStore
from simulators.testing.fakes import FakeStore
from simulators.testing.influx_proxy import InfluxProxy

OWN_RUN = itertools.count()
MAKES_THE_DATABASE = Point(
    measurement="first", dog="rex", kind="", run="live", time_ns=0, fields={"x": 1.0}
)


def influx2_settings() -> Influx:
    """Return how to reach an InfluxDB 2.x or 3 that the environment names, or skip."""
    url = os.environ.get("SPRYHOUND_TEST_INFLUX2_URL")
    if not url:
        pytest.skip("no InfluxDB 2.x or 3: SPRYHOUND_TEST_INFLUX2_URL is not set")
    return Influx(
        url=url,
        token=SecretStr(os.environ.get("SPRYHOUND_TEST_INFLUX2_TOKEN", "")),
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
                yield stack.enter_context(InfluxStore(Influx(url=url, bucket=bucket)))
            case "influx2-gate":
                url = request.getfixturevalue("influx")
                with InfluxStore(Influx(url=url, bucket=bucket)) as direct:
                    direct.write([MAKES_THE_DATABASE])
                gate = stack.enter_context(InfluxProxy(url, token="hush"))  # noqa: S106 (made up)
                settings = Influx(url=gate.url, bucket=bucket, token=SecretStr("hush"))
                yield stack.enter_context(InfluxStore(settings))
            case _:
                yield stack.enter_context(InfluxStore(influx2_settings()))


@pytest.fixture
def run(request: pytest.FixtureRequest) -> str:
    """Return a run of this test alone, since a given InfluxDB 2.x may hold older ones."""
    return f"contract-{os.getpid()}-{abs(hash(request.node.name))}"
