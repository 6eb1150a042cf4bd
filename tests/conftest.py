"""What every test may ask for: real servers, recordings, a place that catches HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from ingest.mqtt.embedded_broker import EmbeddedBroker
from simulators.testing.http_sink import HttpSink
from simulators.testing.servers import Influx, Mosquitto, ServerMissingError, servers_required

# Derandomised, so that a run says the same twice; found counter-examples become plain tests.
settings.register_profile("default", deadline=None, derandomize=True)
settings.load_profile("default")


SERVERS = frozenset({"broker", "embedded_broker", "influx"})
"""Fixtures that start a server."""
QUICK_FOLDERS = ("tests/unit/", "tests/contract/")
"""Where tests are that a change is tried with; the others run whole daemons, or attack them."""
LONGEST_FIRST = (
    "tests/end_to_end/test_evaluate.py",
    "tests/faults/",
    "tests/end_to_end/",
    "tests/security/",
    "tests/unit/simulators/",
)
"""Files that take longest are begun first, so that no process is left alone with one."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `./run test --quick`."""
    parser.addoption(
        "--quick", action="store_true", help="leave out what is slow or needs a server"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the longest files first; leave out what `--quick` does not run."""
    items.sort(key=rank)
    if not config.getoption("--quick"):
        return
    left_out = [each for each in items if not is_quick(each)]
    items[:] = [each for each in items if is_quick(each)]
    config.hook.pytest_deselected(items=left_out)


def rank(item: pytest.Item) -> int:
    """Return the place of a test's file: 0 is begun first."""
    starts = enumerate(LONGEST_FIRST)
    return next((at for at, start in starts if item.nodeid.startswith(start)), len(LONGEST_FIRST))


def is_quick(item: pytest.Item) -> bool:
    """Return whether a test takes less than a second and no server."""
    if item.nodeid.startswith("tests/") and not item.nodeid.startswith(QUICK_FOLDERS):
        return False
    names = frozenset(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("slow") is None and not names & SERVERS


def do_without(error: ServerMissingError) -> NoReturn:
    """Skip the test for want of a server, or fail it where servers are required."""
    if servers_required():
        pytest.fail(f"{error} (SPRYHOUND_REQUIRE_SERVERS=1)")
    pytest.skip(str(error))


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """Start Mosquitto with the shipped settings, open to this machine."""
    try:
        server = Mosquitto(folder=tmp_path_factory.mktemp("mosquitto"))
    except ServerMissingError as error:
        do_without(error)
    with server:
        yield server


@pytest.fixture(scope="session")
def influx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of an InfluxDB 1.x with nothing in it; make a database of your own."""
    try:
        server = Influx(folder=tmp_path_factory.mktemp("influx"))
    except ServerMissingError as error:
        do_without(error)
    with server:
        yield server.url


@pytest.fixture(scope="session")
def embedded_broker() -> Iterator[EmbeddedBroker]:
    """Start the broker of the demo on a machine without Mosquitto."""
    with EmbeddedBroker(name="iotcore") as broker:
        yield broker


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Return the folder of recorded sensor files beside the repository."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no recordings: there is no folder shared/data beside the repository")
    return folder


@pytest.fixture
def http_catcher() -> Iterator[HttpSink]:
    """Start a server that keeps each POST and answers 204 or what it is told."""
    with HttpSink() as catcher:
        yield catcher
